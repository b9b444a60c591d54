"""Previews of links to posts: what the team's own key may read, for people of the team."""

import logging

from scrm_bot.domain.errors import ScrmError
from scrm_bot.domain.team import Role
from scrm_bot.ports import Workspace
from scrm_bot.slack.command import LinksShared
from scrm_bot.slack.links import LinkDomain
from scrm_bot.slack.reply import Answers, Silence, Unfurl
from scrm_bot.usecases import accounts, roles, workspaces
from scrm_bot.views import unfurls

log = logging.getLogger(__name__)

MOST = 5  # previews below one message


async def run(shared: LinksShared, workspace: Workspace, link: LinkDomain) -> Answers:
    """Nobody asked for it, so what cannot be shown is left out without a word."""
    wanted = [(url, found) for url in shared.urls if (found := link.post_in(url))][:MOST]
    if not wanted:
        return Silence()
    by = shared.caller.user_id
    try:
        await roles.require(workspace, by, Role.VIEWER)
        zone, known = await workspaces.zone_for(workspace, by), await accounts.known_or_none(workspace)
    except ScrmError as error:
        log.info("links stay as they are: %s", type(error).__name__)
        return Silence()
    previews = {}
    for url, post_id in wanted:
        try:
            post = await workspace.socialcrm.get_post(post_id)
        except ScrmError as error:
            log.info("a link stays as it is: %s", type(error).__name__)
        else:
            previews[url] = unfurls.preview(post, accounts=known, zone=zone).blocks
    return Unfurl(previews) if previews else Silence()
