"""Which addresses are posts of ours, whatever else an address may look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrm_bot.slack.links import NO_LINKS, LinkDomain

OURS = LinkDomain("app.socialcrm.org")


@pytest.mark.parametrize(
    "url",
    [
        "https://app.socialcrm.org/posts/post_123",
        "http://app.socialcrm.org/posts/post_123/",
        "https://eu.app.socialcrm.org/w/acme/posts/post_123?tab=stats#top",
        "https://APP.SocialCRM.org:443/posts/post_123/edit",
        "https://app.socialcrm.org./posts/post_123",
        "https://app.socialcrm.org/posts/post%5F123",
    ],
)
def test_a_page_about_a_post_is_known_by_its_id(url: str) -> None:
    assert OURS.post_in(url) == "post_123"


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/posts/post_123",
        "https://app.socialcrm.org.evil.example/posts/post_123",
        "https://evilapp.socialcrm.org/posts/post_123",
        "https://app.socialcrm.org@evil.example/posts/post_123",
        "https://evil.example/https://app.socialcrm.org/posts/post_123",
        "https://evil.example\\@app.socialcrm.org.x/posts/post_123",
        "javascript:alert(1)//app.socialcrm.org/posts/post_123",
        "ftp://app.socialcrm.org/posts/post_123",
        "https://app.socialcrm.org/posts/post_1%2F..%2Fkeys",
        "https://app.socialcrm.org/posts?id=post_123",
        "https://app.socialcrm.org/posts/",
        "https://[app.socialcrm.org/posts/post_123",
        "https://app.socialcrm.org/posts/post_" + "1" * 3000,
        "",
    ],
)
def test_everything_else_is_left_alone(url: str) -> None:
    assert OURS.post_in(url) is None


def test_without_a_domain_no_link_means_anything() -> None:
    assert NO_LINKS.post_in("https://app.socialcrm.org/posts/post_123") is None
    assert NO_LINKS.page_of("post_123") == ""


@given(st.text(max_size=80))
def test_no_address_at_all_makes_it_fail(path: str) -> None:
    found = OURS.post_in(f"https://app.socialcrm.org/{path}")

    assert found is None or found.startswith("post_")


def test_the_page_of_a_post_leads_back_to_it() -> None:
    assert OURS.post_in(OURS.page_of("post_9")) == "post_9"
    assert OURS.page_of("../keys") == ""
