"""Reading answers in tests."""

from typing import Any

import httpx


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and code, having checked that the envelope is the documented one and nothing else."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert body["error"]["message"]
    assert answer.headers["Content-Type"].startswith("application/json")
    return answer.status_code, body["error"]["code"]


def message(answer: httpx.Response) -> str:
    return str(answer.json()["error"]["message"])


def data(answer: httpx.Response) -> Any:
    body = answer.json()
    assert answer.status_code == 200
    assert set(body) == {"data"}
    return body["data"]
