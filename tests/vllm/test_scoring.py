"""A small real model tells instructions that belong to their fragments from those that do not."""

import asyncio
import math
from statistics import median

import pytest

from gristmill.generators.scoring.score import PromptScorer, open_scorer, perplexity_ratio
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import RefusedError
from gristmill.sampling.records import Message
from tests.vllm.pairs import PAIRS
from tests.vllm.served import Served

pytestmark = pytest.mark.vllm

APART = 37
"""A shuffled instruction is the one of the pair so many places on."""

TEXTS = (
    "Paris is the capital.",
    "naïve “café”, 日本語 🙂",
    " begins with a blank",
    "\n\tand with a tab",
    "x",
)


def settings(server: Served) -> GeneratorSettings:
    return GeneratorSettings.model_validate({"server": server.url, "concurrency": 16})


async def ratios(scorer: PromptScorer, distance: int) -> list[float]:
    instructions = [instruction for instruction, _ in PAIRS[distance:] + PAIRS[:distance]]
    pairs = zip(instructions, PAIRS, strict=True)
    return await asyncio.gather(
        *(perplexity_ratio(scorer, instruction, text) for instruction, (_, text) in pairs)
    )


async def test_the_better_half_holds_the_pairs_that_belong_together(vllm_server: Served) -> None:
    """100 pairs as they are and 100 shuffled; the filter is set at the median of all."""
    async with open_scorer(settings(vllm_server)) as scorer:
        aligned, shuffled = await ratios(scorer, 0), await ratios(scorer, APART)
    assert len(aligned) == len(shuffled) == 100
    threshold = median(aligned + shuffled)
    kept, others = (sum(ratio <= threshold for ratio in group) for group in (aligned, shuffled))
    assert kept / (kept + others) >= 0.85


async def test_a_text_has_the_same_tokens_after_any_prompt(vllm_server: Served) -> None:
    async with open_scorer(settings(vllm_server)) as scorer:
        for text in TEXTS:
            alone = await scorer.log_probability((), text)
            given = await scorer.log_probability((Message("user", f"Say: {text}"),), text)
            assert given.tokens == alone.tokens > 0
            assert given.log_probability > alone.log_probability


async def test_log_probabilities_follow_the_chain_rule(vllm_server: Served) -> None:
    """Of a text in two parts: the first, and the second after the first."""
    async with open_scorer(settings(vllm_server)) as scorer:
        whole = await scorer.log_probability((), "The capital of France is Paris.")
        first = await scorer.log_probability((), "The capital of France")
    assert whole.tokens > first.tokens
    assert whole.log_probability < first.log_probability < 0
    assert math.exp(-whole.mean) < 50


async def test_a_text_that_is_too_long_is_refused(vllm_server: Served) -> None:
    async with open_scorer(settings(vllm_server)) as scorer:
        with pytest.raises(RefusedError) as refused:
            await scorer.log_probability((), "word " * 5000)
    assert refused.value.kind == "too-long"
