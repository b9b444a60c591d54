"""Every error in words."""

from scrm_bot.domain import errors
from scrm_bot.views import problems
from tests.goldens import Cases

PUBLISH = "POST /posts/{id}/publish"
READ = "GET /posts"


def _told(error: errors.UnauthorizedError) -> errors.UnauthorizedError:
    error.admin_told = True
    return error


ERRORS: dict[str, Exception] = {
    "unauthorized": errors.UnauthorizedError("Invalid key", endpoint=READ),
    "unauthorized_admin_told": _told(errors.UnauthorizedError("Invalid key", endpoint=READ)),
    "forbidden_scope": errors.ForbiddenScopeError("No.", endpoint=PUBLISH, scope="posts:publish"),
    "forbidden_scope_unnamed": errors.ForbiddenScopeError("No.", endpoint=PUBLISH),
    "payment_required": errors.PaymentRequiredError("Pay.", endpoint=PUBLISH),
    "quota_exceeded": errors.QuotaExceededError("Enough.", endpoint="POST /ai/rewrite"),
    "quota_exceeded_somewhere": errors.QuotaExceededError("Enough."),
    "rate_limited": errors.RateLimitedError("Slow down.", retry_in=29.2),
    "not_found_post": errors.NotFoundError("No.", endpoint="GET /posts/{id}"),
    "not_found": errors.NotFoundError("No.", endpoint="POST /media/{id}/confirm"),
    "invalid_request": errors.InvalidRequestError("body is too long.", endpoint="POST /posts"),
    "invalid_request_silent": errors.InvalidRequestError(),
    "contract": errors.SocialCRMContractError("odd", endpoint="POST /posts"),
    "contract_reading": errors.SocialCRMContractError("odd", endpoint=READ),
    "unreachable": errors.SocialCRMUnreachableError("refused", endpoint=PUBLISH),
    "ambiguous": errors.SocialCRMAmbiguousError("timed out", endpoint=PUBLISH),
    "ambiguous_reading": errors.SocialCRMAmbiguousError("timed out", endpoint=READ),
    "socialcrm": errors.SocialCRMError("teapot", endpoint=PUBLISH),
    "socialcrm_silent": errors.SocialCRMError(),
    "not_connected": errors.NotConnectedError(),
    "lapse": errors.RecentLapseError(retry_in=80),
    "budget": errors.BudgetExhaustedError(retry_in=130),
    "store": errors.StoreUnavailableError(),
    "vault": errors.VaultError(),
    "drawing": errors.DrawingError("the drawing process ended"),
    "slack_not_in_channel": errors.SlackRefusedError("not_in_channel", method="chat.postMessage"),
    "slack_archived": errors.SlackRefusedError("is_archived", method="chat.postMessage"),
    "slack_slow": errors.SlackRefusedError("ratelimited", method="chat.update", retry_in=30),
    "slack_slow_for_a_while": errors.SlackRefusedError("ratelimited", method="chat.update"),
    "slack_trigger": errors.SlackRefusedError("expired_trigger_id", method="views.open"),
    "slack_windows": errors.SlackRefusedError("push_limit_reached", method="views.push"),
    "slack_token_expired": errors.SlackRefusedError("token_expired", method="oauth.v2.access", retry_in=30.0),
    "slack_other": errors.SlackRefusedError("fatal_error", method="views.open"),
    "usage": errors.UsageError("There is no post 9 in your latest list.", field="post", verb="show"),
    "usage_bare": errors.UsageError("That is too long."),
    "when": errors.WhenError("That time has passed."),
    "not_permitted": errors.NotPermittedError("an admin"),
    "approval_not_found": errors.ApprovalNotFoundError(),
    "conflict": errors.ApprovalConflictError(),
    "transition": errors.TransitionError("undo", state="publishing", by="UEDITOR"),
    "already_decided": errors.AlreadyDecidedError("approve", state="rejected", by="UAPPROVER"),
    "already_decided_by_you": errors.AlreadyDecidedError("approve", state="pending", by="UAPPROVER"),
    "not_an_approver": errors.NotAnApproverError(),
    "self_approval": errors.SelfApprovalError(),
    "content_changed": errors.ContentChangedError(),
    "outdated_view": errors.OutdatedViewError(),
    "no_approvers": errors.NoApproversError(),
    "approvers_unknown": errors.ApproversUnknownError("S1"),
    "already_decided_and_handed_over": errors.AlreadyDecidedError(
        "reassign", state="pending", by="UAPPROVER"
    ),
    "no_channel": errors.NoApprovalsChannelError(),
    "paused": errors.PausedError(by="UADMIN", reason="Sad news"),
    "paused_without_reason": errors.PausedError(by="UADMIN"),
    "approval": errors.ApprovalError(),
    "scrm": errors.ScrmError(),
    "unforeseen": RuntimeError("secret detail"),
}

CASES: Cases = {
    **{
        f"problems.explain.{name}": problems.explain(error, request_id="req_1")
        for name, error in ERRORS.items()
    },
    "problems.explain.without_request": problems.explain(RuntimeError("x")),
    "problems.explain.usage_of_a_verb": problems.explain(errors.UsageError("Which post?"), verb="show"),
    "problems.explain.scope_of_a_person": problems.explain(ERRORS["forbidden_scope"], connected_by="UADMIN"),
    "problems.explain.rate_limited_queued": problems.explain(ERRORS["rate_limited"], queued=True),
}
