import asyncio
import time
from contextlib import AsyncExitStack, nullcontext

import pytest

from gristmill.generators.http.chat import LONGEST_TEXT
from gristmill.generators.http.openai_server import open_openai_server
from gristmill.generators.scripted.script import Script, scripted_response, sum_problems
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import OutageError, RefusedError, UnavailableError, UnreadableError
from gristmill.sampling.records import Draw, FinishReason, Message
from tests.generators.drawing import PROBLEM, PROMPT, draw_number, generator_on
from tests.stub.faults import at_every, at_first, parse_fault
from tests.stub.server import StubServer, serve
from tests.stub.spoilt import SPOILT, UNREADABLE


async def test_a_draw_brings_the_response_of_its_seed() -> None:
    stub = StubServer(Script(pass_rate=0.5, tokens=90))
    async with generator_on(stub) as generator:
        for number in range(5):
            draw = draw_number(number)
            response = await generator.draw(draw, PROMPT)
            text = "\n".join(message.content for message in PROMPT)
            expected = scripted_response(stub.script, PROBLEM.id, PROBLEM.reference, draw, text)
            assert (response.text, response.finish_reason) == (expected.text, expected.finish_reason)
            assert response.completion_tokens == expected.completion_tokens
            assert response.model == "stub"
            assert 0 < response.seconds < 5
    assert [(asked.problem, asked.seed) for asked in stub.gauge.asked] == [
        (PROBLEM.id, draw_number(number).seed) for number in range(5)
    ]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("500", "http-500"),
        ("503@0", "http-503"),
        ("redirect", "redirect"),
        ("close", "connection"),
        ("reset", "connection"),
        ("hang", "timeout"),
        ("trickle", "timeout"),
        ("truncated", "bad-body"),
        ("html", "bad-body"),
        ("huge", "bad-body"),  # blanks over 16 MB, and no end
        ("word", "bad-body"),
        ("empty", "bad-body"),
    ],
)
async def test_a_fault_is_unavailable_of_its_kind_and_passes(fault: str, kind: str) -> None:
    stub = StubServer(schedule=at_first([parse_fault(fault)] * 3))
    seconds = 0.3 if kind == "timeout" else 60
    async with generator_on(stub, tries=2, request_timeout_seconds=seconds) as generator:
        with pytest.raises(UnavailableError) as caught:
            await generator.draw(draw_number(0), PROMPT)
        assert caught.value.kind == kind
        assert stub.gauge.requests == 2
        response = await generator.draw(draw_number(0), PROMPT)
    assert stub.gauge.requests == 4
    assert response.text


@pytest.mark.parametrize(
    ("fault", "kind"), [("400", "http-400"), ("401", "auth"), ("404", "http-404"), ("413", "too-long")]
)
async def test_a_refusal_is_not_tried_again(fault: str, kind: str) -> None:
    stub = StubServer(schedule=at_every(1, [parse_fault(fault)]))
    async with generator_on(stub) as generator:
        with pytest.raises(RefusedError) as caught:
            await generator.draw(draw_number(0), PROMPT)
    assert caught.value.kind == kind
    assert stub.gauge.requests == 1


@pytest.mark.parametrize(("fault", "times"), [("html", 3), ("abort", 3), ("deep", 3), ("redirect", 4)])
async def test_what_a_reply_holds_is_asked_for_a_few_times_and_takes_no_server_out(
    fault: str, times: int
) -> None:
    stub = StubServer(schedule=at_every(1, [parse_fault(fault)]))
    async with generator_on(stub, tries=4) as generator:
        (endpoint,) = generator.endpoints
        size = endpoint.limit.size
        for number in range(8):
            with pytest.raises(UnavailableError) as caught:
                await generator.draw(draw_number(number), PROMPT)
            assert isinstance(caught.value, UnreadableError) == (fault != "redirect")
            assert (endpoint.up, endpoint.has_room, generator.condition) == (True, True, "")
        assert endpoint.limit.size >= size
        assert len(generator.drain_failures()) == 8 * (times - 1)
    assert stub.gauge.requests == 8 * times


async def test_a_reply_that_cannot_be_read_is_asked_for_elsewhere() -> None:
    garbled = StubServer(schedule=at_every(1, [parse_fault("html")]))
    async with serve(garbled), serve(StubServer()) as sound:
        settings = {"server": [garbled.url, sound.url], "backoff_seconds": 0.001}
        async with open_openai_server(GeneratorSettings.model_validate(settings), {}, 4, None) as generator:
            for number in range(20):
                await generator.draw(draw_number(number, f"problem {number}"), PROMPT)
            assert all(endpoint.up for endpoint in generator.endpoints)
    assert garbled.gauge.requests > 0
    assert sound.gauge.requests == 20


LARGE = {"huge-text", "bomb", "long", "escaped"}


@pytest.mark.parametrize(
    "names", [sorted(SPOILT.keys() - LARGE), pytest.param(sorted(LARGE), marks=pytest.mark.full)]
)
async def test_of_every_spoilt_reply_comes_what_is_said_of_it_over_http_too(names: list[str]) -> None:
    stub = StubServer(seed_faults=lambda seed: parse_fault(names[seed]))
    async with generator_on(stub, tries=1, logprobs=True, request_timeout_seconds=120) as generator:
        for number, name in enumerate(names):
            with pytest.raises(UnreadableError) if name in UNREADABLE else nullcontext():
                response = await generator.draw(Draw(PROBLEM.id, number, number), PROMPT)
                assert len(response.text.encode()) <= 3 * LONGEST_TEXT
                assert (response.finish_reason is FinishReason.LENGTH) == (name in ("huge-text", "long"))


async def test_a_server_that_says_when_to_come_back_is_heeded() -> None:
    stub = StubServer(schedule=at_first([parse_fault("429@0.2")]))
    async with generator_on(stub) as generator:
        started = time.perf_counter()
        response = await generator.draw(draw_number(0), PROMPT)
        took = time.perf_counter() - started
    assert took >= 0.2
    assert response.seconds < took - 0.15  # the time of the last try alone


async def test_a_busy_server_costs_a_draw_none_of_its_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gristmill.generators.http.endpoint._FIRST_PAUSE_SECONDS", 0.001)
    stub = StubServer(schedule=at_first([parse_fault("429")] * 5))
    async with generator_on(stub, tries=1) as generator:
        await generator.draw(draw_number(0), PROMPT)
        assert [failure.kind for failure in generator.drain_failures()] == ["http-429"] * 5
    assert stub.gauge.requests == 6


async def test_a_server_that_is_busy_for_ever_is_an_outage() -> None:
    stub = StubServer(schedule=at_every(1, [parse_fault("429")]))
    async with generator_on(stub, outage_seconds=0.2) as generator:
        with pytest.raises(OutageError, match=r"no server has answered for 0\.2 s .*http-429") as caught:
            await generator.draw(draw_number(0), PROMPT)
    assert caught.value.kind == "http-429"


async def test_a_dead_server_is_a_refused_connection_and_not_a_time_out() -> None:
    async with AsyncExitStack() as client:
        async with serve(StubServer()) as stub:
            settings = GeneratorSettings.model_validate(
                {"server": stub.url, "tries": 2, "backoff_seconds": 0, "outage_seconds": 0}
            )
            generator = await client.enter_async_context(open_openai_server(settings, {}, 1, None))
            await generator.draw(draw_number(0), PROMPT)
        with pytest.raises(UnavailableError, match="refused") as caught:
            await generator.draw(draw_number(1), PROMPT)
    assert caught.value.kind == "connection"


async def test_many_draws_are_in_flight_at_once() -> None:
    stub = StubServer(Script(latency_seconds=1, sigma=0))  # the limit opens within a quarter of that
    async with generator_on(stub) as generator:
        await asyncio.gather(*(generator.draw(draw_number(number), PROMPT) for number in range(64)))
    assert stub.gauge.max_in_flight == 64


async def test_a_cancelled_draw_leaves_the_server_at_once() -> None:
    stub = StubServer(schedule=at_every(1, [parse_fault("hang")]))
    async with generator_on(stub) as generator:
        task = asyncio.create_task(generator.draw(draw_number(0), PROMPT))
        await stub.gauge.until(lambda gauge: gauge.in_flight == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with asyncio.timeout(5):
            await stub.gauge.until(lambda gauge: gauge.in_flight == 0)
    assert [asked.answered for asked in stub.gauge.asked] == [False]


async def test_a_prompt_with_a_lone_surrogate_is_sent_and_answered() -> None:
    async with generator_on(StubServer()) as generator:
        with pytest.raises(RefusedError) as caught:
            await generator.draw(draw_number(0), (Message("user", "What is \ud800 1 + 2?"),))
    assert caught.value.kind == "http-400"


async def test_two_hundred_draws_through_every_fault_are_all_there() -> None:
    names = ["500", "502", "503@0.001", "429", "close", "reset", "redirect"]
    stub = StubServer(schedule=at_every(4, [parse_fault(name) for name in names]))
    async with generator_on(stub, tries=50) as generator:
        responses = await asyncio.gather(
            *(
                generator.draw(draw_number(0, problem.id), (Message("user", problem.prompt),))
                for problem in sum_problems(200)
            )
        )
    stats = stub.gauge.stats()
    assert len(responses) == stats.distinct == stats.answered == 200
    assert stats.requests == 200 + len([asked for asked in stub.gauge.asked if not asked.answered])
