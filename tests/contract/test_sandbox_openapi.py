"""The sandbox answers as its own OpenAPI document says, whatever it is sent."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from scrm_bot.demo.socialcrm.config import SandboxConfig
from scrm_bot.demo.socialcrm.endpoints import ENDPOINTS
from scrm_bot.demo.socialcrm.openapi import document
from scrm_bot.demo.socialcrm.server import RunningSandbox, serve

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    response_schema_conformance,
    content_type_conformance,
]
PLENTY = SandboxConfig(requests_per_minute=10**9, ai_calls_per_month=10**9)
PICTURE = b"p" * 1024

schema = schemathesis.openapi.from_dict(dict(document("http://127.0.0.1")))


class Served:
    """A sandbox on a thread of its own, since schemathesis calls it without an event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._running: RunningSandbox = self._wait(serve(config=PLENTY))
        self.base_url = self._running.base_url
        self.key = self._running.sandbox.create_key()

    def close(self) -> None:
        self._wait(self._running.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    sandbox = Served()
    yield sandbox
    sandbox.close()


@schema.parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_tells(case: Any, served: Served) -> None:
    case.call_and_validate(
        base_url=served.base_url, headers={"Authorization": f"Bearer {served.key}"}, checks=CHECKS
    )


def test_every_endpoint_is_in_the_document_and_nothing_else() -> None:
    paths = schema.raw_schema["paths"]

    told = {(method.upper(), f"/v1{path}") for path, methods in paths.items() for method in methods}
    assert told == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda each: each.name)
def test_the_success_of_every_endpoint_has_the_shape_that_is_told(endpoint: Any, served: Served) -> None:
    operation = schema.raw_schema["paths"][endpoint.path.removeprefix("/v1")][endpoint.method.lower()]
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")

    with httpx.Client(base_url=served.base_url, headers={"X-API-Key": served.key}) as client:
        path = endpoint.path.removeprefix("/v1").replace("{id}", _id_for(client, endpoint.path))
        answer = client.request(endpoint.method, path, json=sent)
    expected = operation["responses"][str(answer.status_code)]
    assert answer.is_success, answer.text
    if "content" in expected:
        told = {
            **expected["content"]["application/json"]["schema"],
            "components": schema.raw_schema["components"],
        }
        jsonschema.validate(answer.json(), told)
    else:
        assert answer.content == b""


def _id_for(client: httpx.Client, path: str) -> str:
    """A fresh draft, or media whose bytes have come."""
    if "/media/" not in path:
        made = client.post("/posts", json={"body": "New", "account_ids": ["acct_1"]})
        return str(made.json()["id"])
    asked = {"filename": "cup.png", "content_type": "image/png", "size": len(PICTURE)}
    place = client.post("/media/upload-url", json=asked).json()
    httpx.request(place["method"], place["upload_url"], content=PICTURE, headers=place["headers"])
    return str(place["id"])
