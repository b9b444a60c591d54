"""The preview below a message with a link to a post."""

from collections.abc import Iterable

from scrm_bot.domain.insights import Account
from scrm_bot.domain.posts import Post
from scrm_bot.views import networks
from scrm_bot.views.blocks import Message, code, context, escape, message, section
from scrm_bot.views.posts import status_of
from scrm_bot.views.words import plural

_MOST_BODY = 1200


def preview(post: Post, *, accounts: Iterable[Account], zone: str = "UTC") -> Message:
    """The post as it is, with nothing to press: whoever reads it there may be anybody."""
    names = networks.targets(post, accounts, most=4)
    media = [plural(len(post.media_ids), "file")] if post.media_ids else []
    text = escape(post.body, _MOST_BODY).strip() or "_No text yet._"
    facts = " · ".join([names, *media, code(post.id)])
    way_on = f"{code(f'/scrm show {post.id}', 200)} shows what can be done with it."
    return message(section(status_of(post, zone)), section(text), context(facts, way_on))
