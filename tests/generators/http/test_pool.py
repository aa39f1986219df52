"""Which server of a pool a request goes to, and the turn in which requests wait for one."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

from gristmill.generators.http.replies import BusyError
from tests.generators.servers import Held, held, one_server, pool_on, two_servers


async def test_requests_go_to_the_least_loaded_server() -> None:
    async with two_servers() as (first, second), pool_on([first, second]) as pool:
        requests = await held(pool, 6)
        assert Counter(request.url for request in requests) == {first.url: 3, second.url: 3}
        for request in requests:
            if request.url == second.url:
                await request.succeeds()
        assert {request.url for request in await held(pool, 3)} == {second.url}


async def test_requests_of_one_prompt_go_to_one_server_while_loads_are_about_the_same() -> None:
    async with two_servers() as (first, second), pool_on([first, second], ceiling=64) as pool:
        places: dict[str, set[str]] = {}
        for key in "abcdefgh":
            requests = [await Held(pool, key).began() for _ in range(4)]
            places[key] = {request.url for request in requests}
            for request in requests:
                await request.succeeds()
    assert all(len(urls) == 1 for urls in places.values())
    assert set().union(*places.values()) == {first.url, second.url}


async def test_a_request_past_the_windows_waits_for_the_first_that_ends() -> None:
    async with two_servers() as (first, second), pool_on([first, second], ceiling=1) as pool:
        one, two = await held(pool, 2)
        waiting = Held(pool)
        await asyncio.sleep(0)
        assert waiting.url == ""
        await two.succeeds()
        assert (await waiting.began()).url == two.url
        assert one.url != two.url


async def test_requests_that_wait_are_served_in_turn() -> None:
    async with one_server(ceiling=1) as pool:
        (first,) = await held(pool, 1)
        second, third = Held(pool), Held(pool)
        await first.succeeds()
        await second.began()
        assert third.url == ""
        await second.succeeds()
        await third.began()


async def test_a_waiting_request_that_is_cancelled_leaves_the_queue() -> None:
    async with one_server(ceiling=1) as pool:
        (first,) = await held(pool, 1)
        second, third = Held(pool), Held(pool)
        await asyncio.sleep(0)
        await second.cancelled()
        await first.succeeds()
        await third.began()
        assert (second.url, third.url) == ("", first.url)


async def test_a_request_that_is_cancelled_with_its_turn_in_hand_gives_it_back() -> None:
    async with AsyncExitStack() as stack, one_server(ceiling=1) as pool:
        await stack.enter_async_context(pool.slot(""))
        second, third = Held(pool), Held(pool)
        await asyncio.sleep(0)
        await stack.aclose()
        await second.cancelled()  # it has been given the room, and has not taken a step since
        await third.began()
        assert second.url == ""
        assert third.url


async def test_a_server_that_asks_for_a_pause_is_left_alone_while_others_are_used() -> None:
    async with two_servers() as (first, second), pool_on([first, second]) as pool:
        one, other = await held(pool, 2)
        assert one.url != other.url
        await one.fails(BusyError("busy", kind="http-503", retry_after_seconds=60))
        assert {request.url for request in await held(pool, 15)} == {other.url}
        assert pool.condition == ""


async def test_a_burst_of_refusals_is_one_pause_and_takes_no_server_out() -> None:
    async with one_server() as pool:
        for request in await held(pool, 16):
            await request.fails(BusyError("busy", kind="http-429"))
        await (await Held(pool).began()).succeeds()
        assert pool.condition == ""
