"""Mutual exclusion of runs at an inference server, by a global concurrency limit of Prefect for each server.

The limit is named after the server, `gristmill-gpu1-8000`, and made with one slot where there is none; what a
person has set since is left alone (2 lets two runs share the server, 0 holds all of them off). A run takes
its slots when it first needs its servers, all of them or none, and gives them back at its end. A run that
misses nothing takes none.

A slot is a lease that is renewed beside the run. The flow run bears the lease's id as a label, so that one
that was killed gives it back when it is started again. Where it is not, the slot comes free within
`LEASE_SECONDS` and the quarter of a minute that Prefect takes to notice. Prefect keeps leases in memory
unless its setting `PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE` says otherwise, and forgets them when it is
restarted, while the slots stay taken: a run that still goes on then frees its own and takes it anew. After
the loss of both, a person sets the limit's active slots to 0. Nothing here can end a run, or hold one up
while Prefect is away: it then goes on without.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from time import monotonic
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from prefect import get_run_logger
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate
from prefect.client.schemas.objects import ConcurrencyLeaseHolder, FlowRun
from prefect.context import GLOBAL_SETTINGS_CONTEXT
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound

from gristmill.flows.flow_runs import AWAY, this_flow_run
from gristmill.flows.lifecycle import foreground
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.open_generators import Generators
from gristmill.sampling.ports import Generator
from gristmill.sampling.records import Problem
from gristmill.verifiers.settings import VerifierSettings

LEASE_SECONDS = 60.0
"""The least that Prefect allows."""

LEASE_LABEL = "gristmill.lease"
"""Of a flow run: the lease that it holds, or held last."""

POLL_SECONDS = 3.0
RENEW_SECONDS = 15.0
_CALL_SECONDS = 10.0
_AWAY_SECONDS = 60.0
_SAY_SECONDS = 60.0
_NOT_NOW = (httpx.codes.LOCKED, httpx.codes.UNPROCESSABLE_ENTITY)
"""All slots are taken; there are none at all, a person having set the limit to 0."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def limit_name(server: str) -> str:
    """Name of the limit for a base URL. A loopback address is another server on each machine, and gets the
    machine's name.
    """
    parts = urlsplit(server)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    place = f"{socket.gethostname()}-127.0.0.1" if host in _LOOPBACK else host
    return f"gristmill-{re.sub(r'[^a-z0-9]+', '-', place.lower()).strip('-')}-{port}"


class SlotHoldingGenerators(Generators):
    """Generators that hold a slot of each server, from when one is first opened until they are closed."""

    def __init__(self) -> None:
        super().__init__()
        self._turns = AsyncExitStack()
        self._held: tuple[str, ...] = ()

    async def generator(
        self, settings: GeneratorSettings, problems: Mapping[str, Problem], verifier: VerifierSettings
    ) -> Generator:
        if settings.server and settings.server != self._held:
            await self._turns.aclose()
            await self._turns.enter_async_context(server_slots(settings.server))
            self._held = settings.server
        return await super().generator(settings, problems, verifier)

    async def close(self) -> None:
        self._held = ()
        try:
            await super().close()
        finally:
            await self._turns.aclose()


@asynccontextmanager
async def server_slots(servers: Sequence[str]) -> AsyncIterator[None]:
    """Holds a slot of each server while the block runs; waits for them before it."""
    flow_run = this_flow_run()
    names = sorted({limit_name(server) for server in servers})
    if flow_run is None or not names or _is_the_commands_own_prefect():
        yield
        return
    async with get_client() as client:
        slots = _Slots(client, names, flow_run)
        await slots.wait()
        renewing = asyncio.create_task(slots.renew())
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            await slots.release()


def _is_the_commands_own_prefect() -> bool:
    """True if `gristmill run` started a temporary Prefect, which nobody else sees, but whose database lasts.

    The address was then set after the settings were read.
    """
    return foreground.get() is not None and GLOBAL_SETTINGS_CONTEXT.settings.api.url is None


class _Slots:
    """One slot of each of these limits, held by one lease."""

    def __init__(self, client: PrefectClient, names: list[str], flow_run: FlowRun) -> None:
        self._client = client
        self._names = names
        self._holder = ConcurrencyLeaseHolder(type="flow_run", id=flow_run.id)
        self._left_over = flow_run.labels.get(LEASE_LABEL)
        self._lease: UUID | None = None
        self._labelled: UUID | None = None
        self._taken_at = self._renewed_at = 0.0
        self._log = get_run_logger()

    async def wait(self) -> None:
        """Returns with the slots, or without them when Prefect does not answer for long."""
        await self._give_back_left_over()
        answered, said = monotonic(), 0.0
        while True:
            try:
                async with asyncio.timeout(_CALL_SECONDS):
                    if await self._take():
                        return
                answered = monotonic()
            except AWAY as error:
                self._log.debug("no answer about %s: %r", self._shown, error)
                if monotonic() - answered > _AWAY_SECONDS:
                    self._log.warning("Prefect is away: it goes on without a slot of %s", self._shown)
                    return
            if said == 0.0 or monotonic() - said > _SAY_SECONDS:
                said = monotonic()
                self._log.info("waiting for a slot of %s: another run is at work there", self._shown)
            await asyncio.sleep(POLL_SECONDS)

    async def renew(self) -> None:
        """Until it is cancelled. A lease that was lost is taken anew as soon as there is a slot. Labelling is
        done here, where a Prefect that does not answer holds nothing up.
        """
        while True:
            try:
                async with asyncio.timeout(_CALL_SECONDS):
                    if self._lease is None:
                        await self._take()
                    else:
                        await self._renew(self._lease)
                    await self._label()
            except AWAY as error:
                self._log.debug("the lease on %s was not kept up: %r", self._shown, error)
            await asyncio.sleep(RENEW_SECONDS)

    async def release(self) -> None:
        """Best effort: what cannot be given back now expires."""
        if self._lease is None:
            return
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                await self._client.release_concurrency_slots_with_lease(self._lease)
        except AWAY as error:
            self._log.debug("the lease on %s was not given back: %r", self._shown, error)

    async def _take(self) -> bool:
        await self._make_limits()
        try:
            reply = await self._client.increment_concurrency_slots_with_lease(
                self._names, 1, "concurrency", LEASE_SECONDS, self._holder
            )
        except httpx.HTTPStatusError as error:
            if error.response.status_code in _NOT_NOW:
                return False
            raise
        self._lease = UUID(reply.json()["lease_id"])
        self._taken_at = self._renewed_at = monotonic()
        return True

    async def _label(self) -> None:
        if self._lease in (None, self._labelled):
            return
        await self._client.update_flow_run_labels(self._holder.id, {LEASE_LABEL: str(self._lease)})
        self._labelled = self._lease

    async def _give_back_left_over(self) -> None:
        """Frees what the process of an earlier start of this flow run held when it was killed."""
        if self._left_over is None:
            return
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                await self._client.release_concurrency_slots_with_lease(UUID(str(self._left_over)))
            self._log.info("the slot of %s that an earlier start held was given back", self._shown)
        except (ValueError, *AWAY) as error:  # it was given back in order, or has expired
            self._log.debug("nothing was left over: %r", error)

    async def _renew(self, lease: UUID) -> None:
        try:
            await self._client.renew_concurrency_lease(lease, LEASE_SECONDS)
            self._renewed_at = monotonic()
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.GONE:
                raise
            self._lease = None
            self._log.warning("the slot of %s was lost while Prefect was away", self._shown)
            if monotonic() - self._renewed_at < LEASE_SECONDS:  # not expired: forgotten in a restart
                seconds = monotonic() - self._taken_at
                await self._client.release_concurrency_slots(self._names, 1, seconds)
            await self._take()

    async def _make_limits(self) -> None:
        for name in self._names:
            try:
                await self._client.read_global_concurrency_limit_by_name(name)
            except ObjectNotFound:
                try:
                    await self._client.create_global_concurrency_limit(
                        GlobalConcurrencyLimitCreate(name=name, limit=1)
                    )
                except ObjectAlreadyExists:
                    continue  # another run made it just now

    @property
    def _shown(self) -> str:
        return ", ".join(self._names)
