"""Servers of a pool that fail: when one is out, how it comes back, and what happens when none answers."""

import asyncio
from contextlib import AsyncExitStack, nullcontext

import pytest

from gristmill.generators.http import endpoint
from gristmill.generators.http.pool import EndpointPool
from gristmill.sampling.errors import OutageError, RefusedError, UnavailableError
from tests.generators.servers import BROKEN, Held, fail, held, one_server, pool_on, two_servers
from tests.stub.server import StubServer, serve


@pytest.fixture(autouse=True)
def quick_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first probe of a server that is out comes within 0.06 s."""
    monkeypatch.setattr(endpoint, "_FIRST_PROBE_SECONDS", 0.05)


async def test_five_failures_in_a_row_take_a_server_out() -> None:
    async with two_servers() as (first, second), pool_on([first, second]) as pool:
        at_first = [request for request in await held(pool, 10) if request.url == first.url]
        for request in at_first[:4]:
            await request.fails()
        assert pool.condition == ""
        await at_first[4].fails()
        name = first.listener.address.removeprefix("http://")
        assert pool.condition == f"1 of 2 servers out ({name}: http-500)"
        assert {request.url for request in await held(pool, 10)} == {second.url}


@pytest.mark.parametrize("refuses", [False, True])
async def test_a_success_or_a_refusal_between_them_keeps_it(refuses: bool) -> None:
    async with one_server() as pool:
        await fail(pool, 4)
        with pytest.raises(RefusedError) if refuses else nullcontext():
            async with pool.slot(""):
                if refuses:
                    raise RefusedError("too long", kind="too-long")
        await fail(pool, 4)
        assert pool.condition == ""


async def test_a_server_that_is_back_gets_one_request_until_it_has_answered_that() -> None:
    async with one_server() as pool:
        await fail(pool, 5)
        assert pool.condition.startswith("no server answers, waiting ")
        on_trial = await Held(pool).began()  # a probe has found it
        assert pool.condition == ""
        others = [Held(pool) for _ in range(3)]
        await asyncio.sleep(0)
        assert [request.url for request in others] == [""] * 3
        await on_trial.succeeds()
        for request in others:
            await request.began()


async def test_a_server_that_fails_on_trial_is_out_at_once() -> None:
    async with one_server() as pool:
        await fail(pool, 5)
        await fail(pool, 1)
        assert pool.condition.startswith("no server answers")
        await (await Held(pool).began()).succeeds()
        await fail(pool, 4)
        assert pool.condition == ""


async def test_requests_from_before_an_outage_neither_count_nor_take_room_after_it() -> None:
    async with one_server(ceiling=12) as pool:
        *late, _ = await held(pool, 11)
        await fail(pool, 1)
        for request in late[:4]:
            await request.fails()
        assert pool.condition.startswith("no server answers")
        on_trial = await Held(pool).began()
        for request in late[4:]:
            await request.fails()
        assert pool.condition == ""
        waiting = Held(pool)
        await asyncio.sleep(0)
        assert waiting.url == ""
        await on_trial.succeeds()
        await waiting.began()


async def test_a_late_success_does_not_stop_the_clock_of_an_outage() -> None:
    async with serve(StubServer()) as stub, pool_on([stub], outage_seconds=0.5) as pool:
        (late,) = await held(pool, 1)
        await fail(pool, 5)
        async with stub.listener.away():
            await late.succeeds()
            assert pool.condition.startswith("no server answers")
            with pytest.raises(OutageError):
                await slot(pool)


async def test_when_all_servers_are_away_requests_wait_and_go_on_when_one_returns() -> None:
    async with two_servers() as (first, second), pool_on([first, second]) as pool:
        first_away = AsyncExitStack()
        async with second.listener.away():
            await first_away.enter_async_context(first.listener.away())
            await fail_at_both(pool)
            assert pool.condition.startswith("no server answers, waiting ")
            waiting = Held(pool)
            await asyncio.sleep(0)
            assert waiting.url == ""
            await first_away.aclose()
            assert (await waiting.began()).url == first.url


async def fail_at_both(pool: EndpointPool) -> None:
    for request in await held(pool, 10):
        await request.fails(UnavailableError("refused", kind="connection"))


async def test_past_the_limit_what_waits_fails_with_what_was_said_last() -> None:
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(two_servers())
        pool = await stack.enter_async_context(pool_on(servers, outage_seconds=0.7))
        for stub in servers:
            await stack.enter_async_context(stub.listener.away())
        await fail_at_both(pool)
        words = r"no server has answered for 0\.7 s .* said last: .*: Connection refused$"
        for waiting in [asyncio.create_task(slot(pool)) for _ in range(3)]:
            with pytest.raises(OutageError, match=words) as caught:
                await waiting
            assert caught.value.kind == "connection"


async def slot(pool: EndpointPool) -> None:
    async with pool.slot(""):
        pass


async def test_a_server_that_comes_back_with_another_model_stays_out() -> None:
    async with serve(StubServer()) as stub, pool_on([stub], outage_seconds=0.7) as pool:
        await fail(pool, 5, BROKEN)
        stub.models = ["another"]
        with pytest.raises(OutageError, match="said last: it no longer serves stub") as caught:
            await slot(pool)
        assert caught.value.kind == "other-model"


async def test_the_key_is_shown_neither_in_the_condition_nor_in_an_outage() -> None:
    key = "sk-0123456789abcdef"
    async with (
        serve(StubServer(api_key="another")) as stub,
        pool_on([stub], outage_seconds=0.7, key=key) as pool,
    ):
        await fail(pool, 5)
        with pytest.raises(OutageError, match=r"Incorrect API key provided: Bearer \[key\]") as caught:
            await slot(pool)
        assert key not in str(caught.value) + pool.condition
        assert "auth" in pool.condition
