"""Scores from a server, over real HTTP, beside the same ones by script."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from gristmill.generators.scoring.score import PromptScorer, ScriptedScorer, open_scorer, perplexity_ratio
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError, GristmillError, RefusedError, UnavailableError
from gristmill.sampling.records import Message, Prompt
from tests.stub.faults import at_every, at_numbers, parse_fault
from tests.stub.server import StubServer, serve

ASK: Prompt = (Message("user", "How do the tides come about?"),)
TEXT = "The tides follow the moon."


@asynccontextmanager
async def scorer_on(stub: StubServer, **settings: object) -> AsyncIterator[PromptScorer]:
    async with serve(stub):
        values = {"server": stub.url, "backoff_seconds": 0.001, "request_timeout_seconds": 5, **settings}
        async with open_scorer(GeneratorSettings.model_validate(values)) as scorer:
            yield scorer


@pytest.mark.parametrize("prompt", [(), ASK], ids=["alone", "asked"])
@pytest.mark.parametrize(
    "text",
    [TEXT, "tides", " begins with a blank", "ends in one ", "naïve tides, 日本語", "日", "\ud800 tides", ""],
)
async def test_a_servers_scores_are_those_of_its_rule(prompt: Prompt, text: str) -> None:
    async with scorer_on(StubServer()) as scorer:
        score = await scorer.log_probability(prompt, text)
    assert score == await ScriptedScorer().log_probability(prompt, text)


async def test_a_ratio_over_http_is_under_one_where_words_are_shared() -> None:
    async with scorer_on(StubServer()) as scorer:
        assert await perplexity_ratio(scorer, "Explain tides.", TEXT) < 1
        assert await perplexity_ratio(scorer, "Boil an egg.", TEXT) == 1


async def test_nothing_is_generated_and_the_prompt_is_asked_for_where_tokens_do_not_join() -> None:
    stub = StubServer()
    async with scorer_on(stub) as scorer:
        await scorer.log_probability(ASK, TEXT)
        await scorer.log_probability(ASK, "日本語 tides")
    bodies = [json.loads(body) for body in stub.bodies]
    frame = "Instruction:\nHow do the tides come about?\n\nResponse:\n"
    assert [body["prompt"] for body in bodies[1:]] == [frame + TEXT, frame + "日本語 tides", frame]
    for body in bodies:
        assert (body["echo"], body["max_tokens"], body["model"]) == (True, 0, "stub")


async def test_the_first_of_several_servers_is_asked() -> None:
    first, second = StubServer(), StubServer()
    async with (
        serve(first),
        serve(second),
        open_scorer(GeneratorSettings(server=(first.url, second.url))) as scorer,
    ):
        await scorer.log_probability((), TEXT)
    assert (first.gauge.requests, second.gauge.requests) == (2, 0)


@pytest.mark.parametrize(
    "stub", [StubServer(echoes=False), StubServer(schedule=at_every(1, [parse_fault("404")]))]
)
async def test_a_server_that_gives_no_prompt_log_probabilities_is_named(stub: StubServer) -> None:
    with pytest.raises(
        ConfigError, match=r"gives no log probabilities of a prompt .*vLLM's server does"
    ) as told:
        async with scorer_on(stub):
            pass
    assert stub.url in str(told.value)


async def test_a_fault_that_passes_costs_a_try() -> None:
    faults = {number: parse_fault(name) for number, name in enumerate(("503", "429@0", "html"), start=1)}
    stub = StubServer(schedule=at_numbers(faults))
    async with scorer_on(stub, tries=4) as scorer:
        assert (await scorer.log_probability((), TEXT)).tokens == 5
    assert stub.gauge.requests == 5


@pytest.mark.parametrize(
    ("fault", "kind", "error"),
    [
        ("503", "http-503", UnavailableError),
        ("empty", "bad-body", UnavailableError),
        ("word", "bad-body", UnavailableError),
        ("413", "too-long", RefusedError),
    ],
)
async def test_a_fault_that_stays_is_told(fault: str, kind: str, error: type[GristmillError]) -> None:
    stub = StubServer(schedule=at_numbers({number: parse_fault(fault) for number in range(1, 9)}))
    async with scorer_on(stub, tries=3) as scorer:
        with pytest.raises(error) as told:
            await scorer.log_probability((), TEXT)
    assert getattr(told.value, "kind", None) == kind


async def test_the_key_is_sent_and_a_wrong_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUB_KEY", "right")
    async with scorer_on(StubServer(api_key="right"), api_key_env="STUB_KEY") as scorer:
        assert (await scorer.log_probability((), TEXT)).tokens == 5
    with pytest.raises(RefusedError) as told:
        async with scorer_on(StubServer(api_key="other"), api_key_env="STUB_KEY"):
            pass
    assert told.value.kind == "auth"
    assert "right" not in str(told.value)


async def test_a_server_that_is_launched_is_not_named_yet() -> None:
    with pytest.raises(ConfigError, match="server: scoring needs the base URL"):
        async with open_scorer(GeneratorSettings(launch="--model m")):
            pass
