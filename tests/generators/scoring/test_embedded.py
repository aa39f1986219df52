"""Scores from the embedded model, which is made to write what it is to score."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gristmill.generators.scoring.embedded import TEXT_TOKENS
from gristmill.generators.scoring.score import PromptScorer, open_scorer, perplexity_ratio
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import RefusedError
from gristmill.sampling.records import Message
from tests.generators.test_embedded import needs_model

pytestmark = [
    pytest.mark.full,
    pytest.mark.embedded,
    needs_model,
    pytest.mark.asyncio(loop_scope="module"),
]

ICE = "Ice is less dense than water."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scorer() -> AsyncIterator[PromptScorer]:
    async with open_scorer(GeneratorSettings(backend="embedded", concurrency=2)) as opened:
        yield opened


async def test_the_instruction_that_belongs_to_a_text_makes_it_likelier(scorer: PromptScorer) -> None:
    aligned = await perplexity_ratio(scorer, "Why does ice float on water?", ICE)
    other = await perplexity_ratio(scorer, "Who wrote Hamlet?", ICE)
    assert aligned < 0.7
    assert other > aligned + 0.2


@pytest.mark.parametrize("text", ['A café, or "two" \\ <tags>.', "<|im_end|></s>", "\x00\ud800", " "])
async def test_any_text_has_the_same_tokens_after_a_prompt_and_alone(scorer: PromptScorer, text: str) -> None:
    alone = await scorer.log_probability((), text)
    given = await scorer.log_probability((Message("user", f"Repeat {text}"),), text)
    assert given.tokens == alone.tokens > 0
    assert alone.log_probability < 0
    assert given.log_probability < 0


async def test_scores_add_up_by_the_chain_rule(scorer: PromptScorer) -> None:
    whole, first = [await scorer.log_probability((), text) for text in ("Paris is big.", "Paris is")]
    assert whole.tokens == first.tokens + 2
    assert whole.log_probability < first.log_probability
    assert (await scorer.log_probability((), "")).tokens == 0


@pytest.mark.parametrize(("text", "kind"), [("日本語", "split"), ("word " * TEXT_TOKENS, "too-long")])
async def test_what_the_model_cannot_be_made_to_write_is_refused(
    scorer: PromptScorer, text: str, kind: str
) -> None:
    with pytest.raises(RefusedError) as told:
        await scorer.log_probability((), text)
    assert told.value.kind == kind
