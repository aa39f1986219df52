"""Servers of a fleet that fail: when one is out, how it comes back, and what happens when none answers."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from gristmill.generators.http.pool import Fleet
from gristmill.sampling.errors import OutageError, RefusedError, UnavailableError
from tests.generators.fleets import one_server, two_servers
from tests.generators.servers import BROKEN, Held, fail, fleet_on, held
from tests.stub.server import StubServer, serve


async def test_five_failures_in_a_row_take_a_server_out() -> None:
    async with two_servers() as (first, second), fleet_on([first, second]) as fleet:
        at_first = [request for request in await held(fleet, 10) if request.url == first.url]
        for request in at_first[:4]:
            await request.fails()
        assert fleet.condition == ""
        await at_first[4].fails()
        name = first.listener.address.removeprefix("http://")
        assert fleet.condition == f"1 of 2 servers out ({name}: http-500)"
        assert {request.url for request in await held(fleet, 10)} == {second.url}


async def test_a_success_between_them_keeps_it() -> None:
    async with one_server() as fleet:
        await fail(fleet, 4)
        await (await Held(fleet).began()).succeeds()
        await fail(fleet, 4)
        assert fleet.condition == ""


async def test_a_refusal_says_that_the_server_is_there() -> None:
    async with one_server() as fleet:
        await fail(fleet, 4)
        with pytest.raises(RefusedError):
            async with fleet.slot(""):
                raise RefusedError("too long", kind="too-long")
        await fail(fleet, 4)
        assert fleet.condition == ""


async def test_a_server_that_is_back_gets_one_request_until_it_has_answered_that() -> None:
    async with one_server() as fleet:
        await fail(fleet, 5)
        assert fleet.condition.startswith("no server answers, waiting ")
        on_trial = await Held(fleet).began()  # a probe has found it
        assert fleet.condition == ""
        others = [Held(fleet) for _ in range(3)]
        await asyncio.sleep(0)
        assert [request.url for request in others] == [""] * 3
        await on_trial.succeeds()
        for request in others:
            await request.began()


async def test_a_server_that_fails_on_trial_is_out_at_once() -> None:
    async with one_server() as fleet:
        await fail(fleet, 5)
        await fail(fleet, 1)
        assert fleet.condition.startswith("no server answers")
        await (await Held(fleet).began()).succeeds()
        await fail(fleet, 4)
        assert fleet.condition == ""


async def test_requests_from_before_an_outage_neither_count_nor_take_room_after_it() -> None:
    async with one_server(ceiling=12) as fleet:
        *late, _ = await held(fleet, 11)
        await fail(fleet, 1)
        for request in late[:4]:
            await request.fails()
        assert fleet.condition.startswith("no server answers")
        on_trial = await Held(fleet).began()
        for request in late[4:]:
            await request.fails()
        assert fleet.condition == ""
        waiting = Held(fleet)
        await asyncio.sleep(0)
        assert waiting.url == ""
        await on_trial.succeeds()
        await waiting.began()


async def test_a_late_success_does_not_stop_the_clock_of_an_outage() -> None:
    async with serve(StubServer()) as stub, fleet_on([stub], outage_seconds=0.5) as fleet:
        (late,) = await held(fleet, 1)
        await fail(fleet, 5)
        async with stub.listener.away():
            await late.succeeds()
            assert fleet.condition.startswith("no server answers")
            with pytest.raises(OutageError):
                await slot(fleet)


async def test_when_all_servers_are_away_requests_wait_and_go_on_when_one_returns() -> None:
    async with two_servers() as (first, second), fleet_on([first, second]) as fleet:
        first_away = AsyncExitStack()
        async with second.listener.away():
            await first_away.enter_async_context(first.listener.away())
            await fail_at_both(fleet)
            assert fleet.condition.startswith("no server answers, waiting ")
            waiting = Held(fleet)
            await asyncio.sleep(0)
            assert waiting.url == ""
            await first_away.aclose()
            assert (await waiting.began()).url == first.url


async def fail_at_both(fleet: Fleet) -> None:
    for request in await held(fleet, 10):
        await request.fails(UnavailableError("refused", kind="connection"))


async def test_past_the_limit_what_waits_fails_with_what_was_said_last() -> None:
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(two_servers())
        fleet = await stack.enter_async_context(fleet_on(servers, outage_seconds=0.7))
        for stub in servers:
            await stack.enter_async_context(stub.listener.away())
        await fail_at_both(fleet)
        words = r"no server has answered for 0\.7 s .* said last: .*: Connection refused$"
        for waiting in [asyncio.create_task(slot(fleet)) for _ in range(3)]:
            with pytest.raises(OutageError, match=words) as caught:
                await waiting
            assert caught.value.kind == "connection"


async def slot(fleet: Fleet) -> None:
    async with fleet.slot(""):
        pass


async def test_a_server_that_comes_back_with_another_model_stays_out() -> None:
    async with serve(StubServer()) as stub, fleet_on([stub], outage_seconds=2) as fleet:
        await fail(fleet, 5, BROKEN)
        stub.models = ["another"]
        with pytest.raises(OutageError, match="said last: it no longer serves stub") as caught:
            await slot(fleet)
        assert caught.value.kind == "other-model"


async def test_the_key_is_shown_neither_in_the_condition_nor_in_an_outage() -> None:
    key = "sk-0123456789abcdef"
    async with (
        serve(StubServer(api_key="another")) as stub,
        fleet_on([stub], outage_seconds=1, key=key) as fleet,
    ):
        await fail(fleet, 5)
        with pytest.raises(OutageError, match=r"Incorrect API key provided: Bearer \[key\]") as caught:
            await slot(fleet)
        assert key not in str(caught.value) + fleet.condition
        assert "auth" in fleet.condition
