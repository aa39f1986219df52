"""Scores from the embedded model, which is made to write what it is to score."""

import pytest

from generators.embedded_scorer import TEXT_TOKENS
from generators.scoring import open_scorer, perplexity_ratio
from generators.settings import GeneratorSettings
from sampling.errors import RefusedError
from sampling.records import Message
from tests.generators.test_embedded import needs_model

pytestmark = [pytest.mark.embedded, needs_model]

SETTINGS = GeneratorSettings(backend="embedded", concurrency=4)
ICE = "Ice is less dense than water."


async def test_the_instruction_that_belongs_to_a_text_makes_it_likelier() -> None:
    async with open_scorer(SETTINGS) as scorer:
        aligned = await perplexity_ratio(scorer, "Why does ice float on water?", ICE)
        other = await perplexity_ratio(scorer, "Who wrote Hamlet?", ICE)
    assert aligned < 0.7
    assert other > aligned + 0.2


async def test_a_text_has_the_same_tokens_after_a_prompt_and_alone() -> None:
    text = 'A café — or "two" \\ <tags>.'
    async with open_scorer(SETTINGS) as scorer:
        alone = await scorer.log_probability((), text)
        given = await scorer.log_probability((Message("user", f"Repeat 日本語 {text}"),), text)
        assert (await scorer.log_probability((), "")).tokens == 0
    assert given.tokens == alone.tokens > 5
    assert alone.log_probability < given.log_probability < 0


@pytest.mark.parametrize(("text", "kind"), [("日本語", "split"), ("word " * TEXT_TOKENS, "too-long")])
async def test_a_text_that_cannot_be_written_is_refused(text: str, kind: str) -> None:
    async with open_scorer(SETTINGS) as scorer:
        with pytest.raises(RefusedError) as told:
            await scorer.log_probability((), text)
    assert told.value.kind == kind
