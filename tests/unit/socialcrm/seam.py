"""A client whose network is a function."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from scrm_bot.domain.workspaces import Secret
from scrm_bot.ports import Lane
from scrm_bot.socialcrm.client import SocialCRMClient
from scrm_bot.socialcrm.http import Http, KeyHeader
from scrm_bot.telemetry.counts import Calls
from tests.fakes.budget import FakeBudget
from tests.fakes.clock import FixedClock

KEY = "sk_live_" + "a" * 32
BASE = "https://api.example.org/v1"

Answering = Callable[[httpx.Request], httpx.Response]


class Network:
    """Answers each request with the next of `answers`, the last one for ever; remembers what came."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    @property
    def sent(self) -> list[Any]:
        """The JSON of each request, None for one without a body."""
        return [json.loads(request.content) if request.content else None for request in self.requests]


class Bench:
    """One client, its network, its budget and its clock."""

    def __init__(
        self,
        *answers: httpx.Response | Exception,
        base: str = BASE,
        key: str = KEY,
        key_header: KeyHeader = "bearer",
        lane: Lane = Lane.PEOPLE,
        calls: Calls | None = None,
    ) -> None:
        self.network = Network(*answers)
        self.budget = FakeBudget()
        self.clock = FixedClock()
        self.http = Http(
            base,
            budget=self.budget,
            clock=self.clock,
            key_header=key_header,
            calls=calls,
            transport=httpx.MockTransport(self.network),
        )

        async def reveal() -> tuple[Secret, str]:
            return Secret(key), "fingerprint"

        self.client = SocialCRMClient(self.http, reveal, lane)


def answer(value: Any, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=json.dumps(value).encode())


def refused(code: str, status: int, message: str = "No.", **headers: str) -> httpx.Response:
    body = {"error": {"code": code, "message": message}}
    return httpx.Response(status, json=body, headers=headers)
