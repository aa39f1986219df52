"""The stub's own side of a fault: what is played and counted, and a server that dies and comes back."""

import asyncio
from collections import Counter
from errno import ECONNREFUSED

import aiohttp
import pytest

from tests.generators.drawing import PROMPT, draw_number, generator_on
from tests.stub.faults import Fault, FaultKind, at_numbers, parse_fault
from tests.stub.server import StubServer, serve

CHAT = {"model": "stub", "messages": [{"role": "user", "content": "What is 1 + 2?"}]}


@pytest.mark.parametrize("text", ["503", "429@1.5", "503@0", "hang", "no-usage", "reset@2"])
def test_a_fault_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_fault(text)) == text


def test_servers_that_share_a_schedule_share_its_numbers() -> None:
    fault = Fault(FaultKind.HANG)
    schedule = at_numbers({0: fault, 3: fault})
    assert [schedule(number) for number in (0, 0, 1, 1)] == [fault, None, None, fault]


async def test_what_is_played_is_counted_by_name() -> None:
    faults = {number: parse_fault(name) for number, name in enumerate(["500", "503@0", "html", "500"])}
    stub = StubServer(schedule=at_numbers(faults))
    async with generator_on(stub, tries=5) as generator:
        await generator.draw(draw_number(0), PROMPT)
    assert stub.gauge.played == Counter({"500": 2, "503@0": 1, "html": 1})
    assert [asked.fault for asked in stub.gauge.asked] == ["500", "503@0", "html", "500", ""]


async def test_a_server_that_is_away_refuses_connections_and_cuts_off_those_it_had() -> None:
    stub = StubServer(schedule=at_numbers({0: parse_fault("hang")}))
    async with serve(stub), aiohttp.ClientSession() as session:
        hangs = asyncio.create_task(ask(session, stub.url))
        await stub.gauge.until(lambda gauge: gauge.in_flight == 1)
        async with stub.listener.away():
            with pytest.raises(aiohttp.ServerDisconnectedError):
                await hangs
            with pytest.raises(aiohttp.ClientConnectorError) as caught:
                await ask(session, stub.url)
            assert caught.value.errno == ECONNREFUSED
        assert await ask(session, stub.url) == 200


async def test_the_port_of_a_server_that_is_away_is_nobody_else_s() -> None:
    stub = StubServer()
    async with serve(stub), stub.listener.away():
        port = int(stub.listener.address.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="address already in use"):
            await asyncio.start_server(lambda *_: None, "127.0.0.1", port, reuse_address=False)


async def ask(session: aiohttp.ClientSession, url: str) -> int:
    async with session.post(f"{url}/chat/completions", json=CHAT) as reply:
        await reply.read()
        return reply.status
