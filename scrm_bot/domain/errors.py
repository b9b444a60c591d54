"""Everything that can go wrong, by what it means to a person.

ScrmError
├── SocialCRMError                  the API refused, or its answer is missing
│   ├── UnauthorizedError           unauthorized 401
│   ├── ForbiddenScopeError         forbidden_scope 403
│   ├── PaymentRequiredError        payment_required 402
│   ├── QuotaExceededError          quota_exceeded 402
│   ├── RateLimitedError            rate_limited 429
│   ├── NotFoundError               not_found 404
│   ├── InvalidRequestError         invalid_request 400
│   ├── SocialCRMContractError      an answer that fits nothing documented
│   ├── SocialCRMUnreachableError   never sent: nothing has changed
│   └── SocialCRMAmbiguousError     sent, answer lost: it may have been applied
├── NotConnectedError               the workspace has no key yet
├── BudgetExhaustedError            the wait for a turn is longer than the caller can wait
├── StoreUnavailableError           Redis does not answer
├── RecentLapseError                Redis may have forgotten a call that is still on its way
├── VaultError                      a sealed record cannot be opened
├── DrawingError                    a chart could not be drawn
├── SlackRefusedError               Slack answered with an error
├── UsageError                      what was typed cannot be done as typed
│   └── WhenError                   a time that does not exist, is past, or can be read two ways
├── NotPermittedError               this person may not do this
└── ApprovalError
    ├── ApprovalNotFoundError
    ├── ApprovalConflictError       someone else was faster; read again
    ├── TransitionError             the request's state does not allow this step
    │   └── AlreadyDecidedError
    ├── NotAnApproverError
    ├── SelfApprovalError
    ├── ContentChangedError         the post is no longer what was asked about
    ├── OutdatedViewError           the request is not as it was shown to whoever decided
    ├── NoApproversError            settings name nobody who could approve
    ├── ApproversUnknownError       every approver is needed, and a group of theirs cannot be read
    ├── NoApprovalsChannelError     settings name no channel for requests
    └── PausedError                 publishing through the bot is paused
"""

from typing import ClassVar


class ScrmError(Exception):
    """The base of every error this package raises on purpose."""


class SocialCRMError(ScrmError):
    """The API refused a call, or did not answer it.

    `code` is the documented error code ("Errors" in the API documentation), empty where none came.
    `endpoint` is the method and the path template, such as `POST /posts/{id}/publish`. Of a refused key
    `connected_by` is who connected it and `admin_told` whether an admin hears of it, once that is known.
    """

    code: ClassVar[str] = ""

    def __init__(self, message: str = "", *, endpoint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.endpoint = endpoint
        self.connected_by = ""
        self.admin_told = False


class UnauthorizedError(SocialCRMError):
    """Missing or invalid key."""

    code = "unauthorized"


class ForbiddenScopeError(SocialCRMError):
    """The key lacks the scope; `scope` names it where the endpoint's documentation does."""

    code = "forbidden_scope"

    def __init__(self, message: str = "", *, endpoint: str = "", scope: str = "") -> None:
        super().__init__(message, endpoint=endpoint)
        self.scope = scope


class PaymentRequiredError(SocialCRMError):
    """The action needs a paid plan."""

    code = "payment_required"


class QuotaExceededError(SocialCRMError):
    """The plan's quota for this action is used up."""

    code = "quota_exceeded"


class RateLimitedError(SocialCRMError):
    """Too many requests for this key. `retry_in` is in seconds."""

    code = "rate_limited"

    def __init__(self, message: str = "", *, endpoint: str = "", retry_in: float = 60.0) -> None:
        super().__init__(message, endpoint=endpoint)
        self.retry_in = retry_in


class NotFoundError(SocialCRMError):
    """The resource does not exist, or no longer."""

    code = "not_found"


class InvalidRequestError(SocialCRMError):
    """Malformed or missing parameters; the message is SocialCRM's own."""

    code = "invalid_request"


class SocialCRMContractError(SocialCRMError):
    """The answer fits neither the documentation nor any variant this package reads."""


class SocialCRMUnreachableError(SocialCRMError):
    """No connection was made, so nothing was sent and nothing has changed."""


class SocialCRMAmbiguousError(SocialCRMError):
    """The request was sent and its answer was lost: it may or may not have been applied."""


class NotConnectedError(ScrmError):
    """The workspace has no SocialCRM key."""


class BudgetExhaustedError(ScrmError):
    """The key's turns are used up for longer than the caller can wait. `retry_in` is in seconds."""

    def __init__(self, *, retry_in: float) -> None:
        super().__init__(f"the next turn is {retry_in:.1f} s away")
        self.retry_in = retry_in


class StoreUnavailableError(ScrmError):
    """Redis does not answer. What was stored before is safe."""


class RecentLapseError(ScrmError):
    """Redis began anew a moment ago and may have forgotten the intent of a call that can still arrive.

    Nothing was stored. `retry_in`, in seconds, is when no such call can arrive any more.
    """

    def __init__(self, *, retry_in: float) -> None:
        super().__init__(f"an earlier call may still arrive for {retry_in:.1f} s")
        self.retry_in = retry_in


class VaultError(ScrmError):
    """A sealed record cannot be opened: unknown key id, a moved record, or a damaged one."""


class DrawingError(ScrmError):
    """A chart could not be drawn. The same numbers stand in the text."""


class SlackRefusedError(ScrmError):
    """Slack answered a Web API call with an error. `code` is Slack's own, `method` the call."""

    def __init__(self, code: str, *, method: str, retry_in: float | None = None) -> None:
        super().__init__(f"{method}: {code}")
        self.code = code
        self.method = method
        self.retry_in = retry_in


class UsageError(ScrmError):
    """What was typed cannot be done as typed. The message is one plain sentence for the person.

    `field` names the part it is about (`text`, `accounts`, `when`, `post`, ...), for modals.
    """

    def __init__(self, message: str, *, field: str = "", verb: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.verb = verb


class WhenError(UsageError):
    """A time that does not exist, has passed, or can be read in two ways."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="when")


class NotPermittedError(ScrmError):
    """This person may not do this; `needs` says who may, in words."""

    def __init__(self, needs: str) -> None:
        super().__init__(needs)
        self.needs = needs


class ApprovalError(ScrmError):
    """A step in an approval request that cannot be taken."""


class ApprovalNotFoundError(ApprovalError):
    """No such request in this workspace."""


class ApprovalConflictError(ApprovalError):
    """The stored request is newer than the one to be saved."""


class TransitionError(ApprovalError):
    """`state` does not allow `step` (both as their plain values)."""

    def __init__(self, step: str, *, state: str, by: str = "") -> None:
        super().__init__(f"{step} is not possible: {state}")
        self.step = step
        self.state = state
        self.by = by


class AlreadyDecidedError(TransitionError):
    """The request was decided before; `by` is who decided."""


class NotAnApproverError(ApprovalError):
    """The person is not among the approvers of this request."""


class SelfApprovalError(ApprovalError):
    """Authors do not approve their own posts in this workspace."""


class ContentChangedError(ApprovalError):
    """The post is not what was asked about any more."""


class OutdatedViewError(ApprovalError):
    """The request is not any more what was shown to the person who decided."""


class NoApproversError(ApprovalError):
    """The workspace's settings name nobody who could approve."""


class ApproversUnknownError(ApprovalError):
    """Every approver is needed, and who is in this user group cannot be read."""

    def __init__(self, group: str) -> None:
        super().__init__(group)
        self.group = group


class NoApprovalsChannelError(ApprovalError):
    """The workspace's settings name no channel for approval requests."""


class PausedError(ApprovalError):
    """Publishing and scheduling through the bot are paused; `by` and `reason` say who and why."""

    def __init__(self, *, by: str, reason: str = "") -> None:
        super().__init__(f"paused by {by}")
        self.by = by
        self.reason = reason
