"""Encryption keys as text: read in one place, so that what the settings take is what seals."""

import re
from base64 import urlsafe_b64decode

_KEY = re.compile(r"[A-Za-z0-9_-]{43}=?", re.ASCII)
_EITHER = str.maketrans("+/", "-_")  # the same bytes in base64's other alphabet


def decoded(text: str) -> bytes | None:
    """The 32 bytes of one key, as `scrm-bot keys new` prints it; None for anything else.

    The library's decoder passes over what it does not know and stops at a `=`: two keys with a wrong sign
    between them would be the first alone.
    """
    text = text.strip().translate(_EITHER)
    return urlsafe_b64decode(text.rstrip("=") + "=") if _KEY.fullmatch(text) else None
