"""What Slack's refusals mean: gone for good, or nobody there, or perhaps done all the same."""

from scrm_bot.domain.errors import SlackRefusedError

# Slack's words for: this message is gone, this channel is, and the bot may not speak here any more
LOST = frozenset({"message_not_found", "cant_update_message", "edit_window_closed"})
UNREACHABLE = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
REVOKED = frozenset({"account_inactive", "invalid_auth", "not_authed", "not_installed", "token_revoked"})
GONE = LOST | UNREACHABLE | REVOKED
# for: nobody will read a digest there until somebody does something about it
NOBODY_READS = UNREACHABLE | {
    "account_inactive",
    "channel_is_archived",
    "invalid_auth",
    "missing_scope",
    "restricted_action",
    "token_revoked",
}
# and for: it may be there all the same
_AMBIGUOUS = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "unreachable"}
)


def is_ambiguous(refusal: SlackRefusedError) -> bool:
    """Whether Slack may have done it all the same."""
    return refusal.retry_in is None and _is_garbled(refusal)


def passes(refusal: SlackRefusedError) -> bool:
    """Whether this is Slack's own trouble, which ends by itself."""
    return refusal.retry_in is not None or _is_garbled(refusal)


def _is_garbled(refusal: SlackRefusedError) -> bool:
    return refusal.code in _AMBIGUOUS or refusal.code.startswith("http_5")
