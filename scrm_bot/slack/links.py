"""Addresses of posts in SocialCRM's own pages, on the one domain that the settings name."""

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_POST = re.compile(r"post_[A-Za-z0-9_-]{1,120}", re.ASCII)
_MOST = 2000


@dataclass(frozen=True, slots=True)
class LinkDomain:
    """`name` is a domain such as `app.socialcrm.org`, "" where links are left alone."""

    name: str = ""

    def post_in(self, url: str) -> str | None:
        """The id of the post that an address on the domain, or below it, is about."""
        if not self.name or len(url) > _MOST:
            return None
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            return None
        if parts.scheme not in {"http", "https"} or not self._is_ours(host):
            return None
        found = [segment for each in parts.path.split("/") if _POST.fullmatch(segment := unquote(each))]
        return found[-1] if found else None

    def page_of(self, post_id: str) -> str:
        """Where people find a post, "" where no domain is named."""
        return f"https://{self.name}/posts/{post_id}" if self.name and _POST.fullmatch(post_id) else ""

    def _is_ours(self, host: str) -> bool:
        return host == self.name or host.endswith(f".{self.name}")


NO_LINKS = LinkDomain()
