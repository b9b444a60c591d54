"""Trouble on request, for tests and demos: what goes wrong, where and how often."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal, cast, get_args

from scrm_bot.demo.socialcrm.errors import STATUS, ApiError

FaultKind = Literal["drop", "drop_after", "delay", "429", "500", "503", "error", "garbage", "fail"]
KINDS: Final[tuple[str, ...]] = get_args(FaultKind)


@dataclass(slots=True, kw_only=True)
class Fault:
    """One trouble.

    drop        the connection closes and nothing was done
    drop_after  the request is done, then the connection closes without an answer; for `seconds` from then on
                the thing it was about cannot be reached at all
    delay       the request is done after `seconds`
    429, 500    refused with rate_limited (retry after `seconds`), or a crash of the server
    503         down for maintenance, as a proxy in front of it would say
    error       refused with any documented `code`
    garbage     a page of HTML with status 200 where JSON belongs
    fail        a post that goes out ends as failed; `path` matches its /publish
    """

    id: str
    kind: FaultKind
    code: str
    message: str
    method: str
    path: str
    seconds: float
    times_left: int | None  # None: until removed

    def matches(self, method: str, path: str) -> bool:
        return self.method in {"*", method} and fnmatchcase(path, self.path)

    def refusal(self) -> ApiError:
        match self.kind:
            case "429":
                retry = self.seconds or 1
                return ApiError("rate_limited", "Too many requests. Slow down and retry.", retry_after=retry)
            case "500":
                return ApiError("internal_error", "Something broke on our side.", status=500)
            case "503":
                return ApiError("unavailable", "Down for maintenance.", status=503)
            case _:
                retry_after = self.seconds or None
                return ApiError(self.code, self.message, retry_after=retry_after)


class Faults:
    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._made = 0

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._faults))

    def add(
        self,
        kind: str,
        *,
        code: str = "invalid_request",
        message: str = "Refused on request.",
        method: str = "*",
        path: str = "*",
        times: int | None = 1,
        seconds: float = 0.0,
    ) -> Fault:
        """Ask for trouble; `times=None` keeps it until `clear`."""
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}.")
        if code not in STATUS:
            raise ValueError(f"code must be one of {', '.join(STATUS)}.")
        self._made += 1
        fault = Fault(
            id=f"fault_{self._made}",
            kind=cast("FaultKind", kind),
            code=code,
            message=message,
            method=method.upper(),
            path=path,
            seconds=seconds,
            times_left=times,
        )
        self._faults.append(fault)
        return fault

    def silence(self, path: str) -> Fault:
        """Nothing at this path or below it answers, until that is removed."""
        return self.add("drop", path=f"{path}*", times=None)

    def remove(self, fault: Fault) -> None:
        """End one trouble; nothing when it is used up already."""
        if fault in self._faults:
            self._faults.remove(fault)

    def clear(self) -> None:
        self._faults.clear()

    def for_request(self, method: str, path: str) -> Fault | None:
        """The first trouble of this request, used up once."""
        return self._take(method, path, publication=False)

    def for_publication(self, post_id: str) -> str | None:
        """Why this post fails to go out, when that was asked for."""
        fault = self._take("POST", f"/v1/posts/{post_id}/publish", publication=True)
        return fault.message if fault else None

    def _take(self, method: str, path: str, *, publication: bool) -> Fault | None:
        for fault in self._faults:
            if (fault.kind == "fail") is publication and fault.matches(method, path):
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times_left is None:
            return
        fault.times_left -= 1
        if fault.times_left <= 0:
            self._faults.remove(fault)
