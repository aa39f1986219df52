"""Client of Prefect's REST API as its UI uses it: what tests start, cancel and look at.

Each function waits for what it names. With a stub server, `prefect_api` ends a test in which nothing happens
any more: no request to the stub, no new state of a flow run.
"""

import asyncio
from collections.abc import AsyncIterator, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import httpx

from tests.progress import progressing
from tests.stub.server import StubServer

FINAL = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
_LOOK_SECONDS = 0.1
_PATIENCE_SECONDS = 180.0
_STILL_SECONDS = 600.0
"""A server that starts on a loaded machine, and a client that tries again, take minutes."""
Found = dict[str, Any]
"""An object of the API, as it comes."""


class CsrfTokens(httpx.Auth):
    """Gives each request that changes something a token of its own, as Prefect's client and UI do."""

    requires_response_body = True

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        if request.method != "GET":
            client = uuid4().hex
            reply = yield httpx.Request(
                "GET", request.url.copy_with(path="/api/csrf-token", query=f"client={client}".encode())
            )
            if reply.is_success:  # else it is away, and the request will tell
                request.headers.update(
                    {"Prefect-Csrf-Client": client, "Prefect-Csrf-Token": reply.json()["token"]}
                )
        yield request


class PrefectApi:
    """Of one server, which may be away for a while: then each look waits until it is back."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self.states: set[str] = set()
        """Ids of all states of flow runs that were seen."""

    async def find(self, what: str, **filters: object) -> list[Found]:
        """`what` is a collection, such as `flow_runs`; the filters are those of its endpoint."""
        found: list[Found] = await self._post(f"/{what}/filter", filters)
        return found

    async def deployment(self, name: str) -> Found:
        """By `flow/deployment`, as soon as it is registered and somebody asks for its runs."""
        while True:
            reply = await self._get(f"/deployments/name/{name}")
            if reply.status_code == httpx.codes.OK:
                found: Found = reply.json()
                if found["status"] == "READY":
                    return found
            await asyncio.sleep(_LOOK_SECONDS)

    async def start(self, deployment: str, parameters: Mapping[str, object]) -> str:
        """What the button Run does; gives the flow run's id."""
        found = await self.deployment(deployment)
        body = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
        run: Found = await self._post(f"/deployments/{found['id']}/create_flow_run", body)
        return str(run["id"])

    async def schedule(self, deployment: str, schedule: Mapping[str, object], **more: object) -> None:
        """Attaches an active schedule to a deployment."""
        found = await self.deployment(deployment)
        body = [{"schedule": schedule, "active": True, **more}]
        await self._post(f"/deployments/{found['id']}/schedules", body)

    async def cancel(self, run_id: str) -> None:
        """What the button Cancel does."""
        body = {"state": {"type": "CANCELLING"}}
        result: Found = await self._post(f"/flow_runs/{run_id}/set_state", body)
        assert result["status"] == "ACCEPT", result

    async def run(self, run_id: str) -> Found:
        reply = await self._get(f"/flow_runs/{run_id}")
        reply.raise_for_status()
        found: Found = reply.json()
        self.states.add(str(found["state_id"]))
        return found

    async def until(self, run_id: str, *states: str) -> Found:
        """The flow run once its state is one of these types. Raises when it ends in another."""
        return await self._until(run_id, states, FINAL)

    async def until_completed(self, run_id: str) -> Found:
        """Of a run that crashes on the way, and is started again."""
        return await self._until(run_id, ("COMPLETED",), ("FAILED", "CANCELLED"))

    async def _until(self, run_id: str, states: Sequence[str], wrong: Sequence[str]) -> Found:
        while (found := await self.run(run_id))["state_type"] not in states:
            if found["state_type"] in wrong:
                raise AssertionError(f"{found['state_type']}: {found['state']['message']}")
            await asyncio.sleep(_LOOK_SECONDS)
        return found

    async def artifacts(self, run_id: str) -> dict[str, Found]:
        """Those of a flow run, by key."""
        only = {"flow_run_id": {"any_": [run_id]}}
        return {str(found["key"]): found for found in await self.find("artifacts", artifacts=only)}

    async def messages(self, run_id: str) -> list[str]:
        """The run's log, in order."""
        only = {"flow_run_id": {"any_": [run_id]}}
        return [str(line["message"]) for line in await self.find("logs", logs=only, sort="TIMESTAMP_ASC")]

    async def _post(self, path: str, body: object) -> Any:
        reply = await self._answer("POST", path, body)
        assert reply.is_success, f"{path}: {reply.status_code} {reply.text}"
        return reply.json()

    async def _get(self, path: str) -> httpx.Response:
        return await self._answer("GET", path)

    async def _answer(self, method: str, path: str, body: object = None) -> httpx.Response:
        """The answer of a server that is there and whose database is not locked just now."""
        while True:
            with suppress(httpx.TransportError):
                reply = await self._client.request(method, path, json=body)
                if reply.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    return reply
            await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def prefect_api(url: str, stub: StubServer | None = None) -> AsyncIterator[PrefectApi]:
    """`url` ends in /api. Raises TimeoutError in the block when the stub and the flow runs stand still."""
    async with httpx.AsyncClient(base_url=url, timeout=_PATIENCE_SECONDS, auth=CsrfTokens()) as client:
        api = PrefectApi(client)
        if stub is None:
            yield api
            return
        async with progressing(lambda: (stub.gauge.requests, len(api.states)), _STILL_SECONDS):
            yield api
