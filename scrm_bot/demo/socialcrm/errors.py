"""Refusals in the documented envelope: one code, one HTTP status, one sentence."""

from typing import Final

STATUS: Final = {
    "unauthorized": 401,
    "forbidden_scope": 403,
    "payment_required": 402,
    "quota_exceeded": 402,
    "rate_limited": 429,
    "not_found": 404,
    "invalid_request": 400,
}


class ApiError(Exception):
    """A request the API refuses, with the code that the client decides by."""

    def __init__(
        self, code: str, message: str, *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = STATUS[code] if status is None else status
        self.retry_after = retry_after


def invalid(message: str) -> ApiError:
    return ApiError("invalid_request", message)


def missing(what: str) -> ApiError:
    return ApiError("not_found", f"{what} does not exist.")
