import pytest

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
from scrm_bot.socialcrm.endpoints import PUBLISH_POST
from scrm_bot.socialcrm.refusals import refusal, retry_after
from tests.unit.socialcrm.seam import KEY, refused

DOCUMENTED: list[tuple[str, int, type[SocialCRMError]]] = [
    ("unauthorized", 401, UnauthorizedError),
    ("forbidden_scope", 403, ForbiddenScopeError),
    ("payment_required", 402, PaymentRequiredError),
    ("quota_exceeded", 402, QuotaExceededError),
    ("rate_limited", 429, RateLimitedError),
    ("not_found", 404, NotFoundError),
    ("invalid_request", 400, InvalidRequestError),
]


def read(status: int, body: bytes, **headers: str) -> SocialCRMError:
    return refusal(PUBLISH_POST, status, body, headers, window=60.0)


@pytest.mark.parametrize("status", [None, 400, 418, 503])
@pytest.mark.parametrize(("code", "documented", "kind"), DOCUMENTED)
def test_the_code_decides_whatever_the_status_is(
    code: str, documented: int, kind: type[SocialCRMError], status: int | None
) -> None:
    error = read(status or documented, refused(code, documented).content)

    assert type(error) is kind
    assert (error.message, error.endpoint, error.code) == ("No.", "POST /posts/{id}/publish", code)


def test_a_missing_scope_is_the_documented_one() -> None:
    error = read(403, refused("forbidden_scope", 403).content)

    assert isinstance(error, ForbiddenScopeError)
    assert error.scope == "posts:publish"


def test_a_message_is_short_and_never_shows_a_key() -> None:
    error = read(401, refused("unauthorized", 401, f"{KEY} is wrong. " * 100).content)

    assert "aaaa" not in error.message
    assert len(error.message) == 500


@pytest.mark.parametrize("message", ["", ',"message":null', ',"message":["No."]', ',"message":7'])
def test_a_message_may_be_missing_or_no_text_and_the_code_decides_all_the_same(message: str) -> None:
    error = read(402, f'{{"error":{{"code":"quota_exceeded"{message}}}}}'.encode())

    assert (type(error), error.message) == (QuotaExceededError, "")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 60.0),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": " 7 "}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "-1"}, 60.0),
        ({"retry-after": "nan"}, 60.0),
        ({"retry-after": "1e9"}, 60.0),
        ({"retry-after": "٣"}, 60.0),
        ({"retry-after": "Tue, 01 Dec 2026 09:00:00 GMT"}, 60.0),  # of a server that says no time
        ({"retry-after": "Tue, 01 Dec 2026 09:00:30 GMT", "date": "Tue, 01 Dec 2026 09:00:00 GMT"}, 30.0),
        ({"retry-after": "Tue, 01 Dec 2026 09:00:30 -0000", "date": "Tue, 01 Dec 2026 09:00:00 GMT"}, 30.0),
        ({"retry-after": "Tue, 01 Dec 2026 08:00:00 GMT", "date": "Tue, 01 Dec 2026 09:00:00 GMT"}, 0.0),
        ({"retry-after": "Fri, 01 Jan 2027 09:00:00 GMT", "date": "Tue, 01 Dec 2026 09:00:00 GMT"}, 3600.0),
        ({"retry-after": "Tue, 31 Feb 2026 09:00:00 GMT", "date": "Tue, 01 Dec 2026 09:00:00 GMT"}, 60.0),
        ({"retry-after": "soon", "date": "Tue, 01 Dec 2026 09:00:00 GMT"}, 60.0),
        ({"retry-after": "99999"}, 3600.0),
        ({"retry-after": "9" * 400}, 3600.0),
        ({"retry-after": "29.999999523162842"}, pytest.approx(30.0)),
        ({"retry-after": "30."}, 30.0),
        ({"retry-after": "1000000"}, 3600.0),
    ],
)
@pytest.mark.parametrize("body", [refused("rate_limited", 429).content, b"<html>Too many</html>", b""])
def test_a_429_waits_as_told_or_for_the_window(headers: dict[str, str], seconds: float, body: bytes) -> None:
    error = read(429, body, **headers)

    assert isinstance(error, RateLimitedError)
    assert error.retry_in == seconds


ODD = [
    b"",
    b"null",
    b"[]",
    b'"unauthorized"',
    b'{"error":"unauthorized"}',
    b'{"error":{"message":"x"}}',
    b'{"error":{"code":7}}',
    b'{"error":{"code":"teapot","message":"x"}}',
    b'{"code":"unauthorized"}',
    b"\xff\xfe",
    b"<html>",
]


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("status", [302, 400, 401, 402, 404, 418])
def test_a_body_that_fits_nothing_is_an_error_of_its_own(status: int, body: bytes) -> None:
    error = read(status, body)

    assert type(error) is SocialCRMContractError
    assert error.endpoint == PUBLISH_POST.name


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_s_own_failure_tells_nothing_about_the_request(status: int, body: bytes) -> None:
    assert type(read(status, body)) is SocialCRMAmbiguousError


def test_no_header_is_no_wait() -> None:
    assert retry_after({}) is None


def test_a_429_with_a_code_that_nobody_documented_is_a_rate_limit_all_the_same() -> None:
    body = b'{"error":{"code":"too_many_requests","message":"Slow down."}}'

    error = read(429, body, **{"retry-after": "7"})

    assert isinstance(error, RateLimitedError)
    assert (error.retry_in, error.message) == (7.0, "Slow down.")
