"""What an answer that is not a success means: decided by the documented code, never by the status."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ValidationError

from scrm_bot.domain.errors import (
    ForbiddenScopeError,
    InvalidRequestError,
    NotFoundError,
    PaymentRequiredError,
    QuotaExceededError,
    RateLimitedError,
    SocialCRMAmbiguousError,
    SocialCRMContractError,
    SocialCRMError,
    UnauthorizedError,
)
from scrm_bot.log import blot
from scrm_bot.socialcrm.endpoints import Endpoint

_PLAIN: dict[str, type[SocialCRMError]] = {
    kind.code: kind
    for kind in (
        UnauthorizedError,
        PaymentRequiredError,
        QuotaExceededError,
        NotFoundError,
        InvalidRequestError,
    )
}
_LONGEST_MESSAGE = 500
LONGEST_PAUSE = 3_600.0  # seconds; then it is tried: a pause of days could be lifted by nobody
_KNOWN = {*_PLAIN, RateLimitedError.code, ForbiddenScopeError.code}
_SECONDS = re.compile(r"\d+(\.\d*)?", re.ASCII)
_LONGEST_DATE = 40


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


class _Problem(BaseModel):
    """The code decides: a message that is no text must not hide it."""

    code: str
    message: Annotated[str, BeforeValidator(_words)] = ""


class _Envelope(BaseModel):
    error: _Problem


def refusal(
    endpoint: Endpoint, status: int, body: bytes, headers: Mapping[str, str], *, window: float
) -> SocialCRMError:
    """The error that this answer stands for; a 429 that names no time means a whole `window`."""
    problem = _problem(body)
    message = blot(problem.message)[:_LONGEST_MESSAGE]
    if problem.code == RateLimitedError.code or (status == 429 and problem.code not in _KNOWN):
        told = retry_after(headers)
        return RateLimitedError(message, endpoint=endpoint.name, retry_in=window if told is None else told)
    if problem.code == ForbiddenScopeError.code:
        return ForbiddenScopeError(message, endpoint=endpoint.name, scope=endpoint.scope)
    if kind := _PLAIN.get(problem.code):
        return kind(message, endpoint=endpoint.name)
    if status >= 500:
        return SocialCRMAmbiguousError(f"answered {status}", endpoint=endpoint.name)
    return SocialCRMContractError(f"{status}, which is not documented", endpoint=endpoint.name)


def _problem(body: bytes) -> _Problem:
    try:
        return _Envelope.model_validate_json(body).error
    except ValidationError:
        return _Problem(code="")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of `Retry-After`, or until the date it names; None where there is none that makes sense."""
    told = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(told):
        return min(float(told), LONGEST_PAUSE)
    until, now = _date(told), _date(headers.get("date", ""))  # by the server's own clock
    if until is None or now is None:
        return None
    return min(max((until - now).total_seconds(), 0.0), LONGEST_PAUSE)


def _date(told: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(told[:_LONGEST_DATE])
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
