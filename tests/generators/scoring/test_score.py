"""The ratio of perplexities, the frame of a prompt, and where in it the text begins."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.scoring.score import (
    Score,
    ScriptedScorer,
    first_of,
    frame,
    open_scorer,
    perplexity_ratio,
)
from gristmill.generators.scoring.scripted import MET_LOGPROB, NEW_LOGPROB, scripted_tokens
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Message, Prompt

any_text = st.text(st.characters(exclude_categories=()))  # surrogates as well


class Fixed:
    """A model that finds every text `given` times e likely after a prompt, and `alone` without one."""

    def __init__(self, given: Score, alone: Score) -> None:
        self._scores = {True: given, False: alone}

    async def log_probability(self, prompt: Prompt, continuation: str) -> Score:
        return self._scores[bool(prompt)]


@pytest.mark.parametrize(
    ("given", "alone", "ratio"),
    [
        (Score(-10, 10), Score(-20, 10), math.exp(-1)),
        (Score(-20, 10), Score(-10, 10), math.e),
        (Score(-10, 5), Score(-20, 10), 1),
        (Score(0, 0), Score(0, 0), 1),
        (Score(-9999, 1), Score(-1, 1), math.exp(700)),
        (Score(-1, 1), Score(-9999, 1), 0),
    ],
)
async def test_the_ratio_is_of_perplexities_per_token(given: Score, alone: Score, ratio: float) -> None:
    assert await perplexity_ratio(Fixed(given, alone), "Ask", "text") == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("prompt", "framed"),
    [
        ((), "Response:\n"),
        ((Message("user", "Why?"),), "Instruction:\nWhy?\n\nResponse:\n"),
        (
            (Message("system", "Be brief."), Message("user", "Why?")),
            "System:\nBe brief.\n\nInstruction:\nWhy?\n\nResponse:\n",
        ),
        ((Message("user", "\ud800"),), "Instruction:\n?\n\nResponse:\n"),
    ],
)
def test_a_prompt_is_framed_in_plain_words(prompt: Prompt, framed: str) -> None:
    assert frame(prompt) == framed


@pytest.mark.parametrize(
    ("tokens", "text", "first"),
    [
        (["Response", ":\n", "The", " sky"], "The sky", 2),
        (["<s>", "Response", ":\n", "The", " sky"], "The sky", 3),
        (["Response", ":", "\nThe", " sky"], "The sky", 2),
        (["Response", ":\n", "", "", "日", "x"], "日x", 2),
        (["Response", ":\n", "�", "�", "x"], "日x", None),
        (["Response:\nThe sky"], "The sky", 0),
        ([], "The sky", None),
        (["a"], "", 1),
    ],
)
def test_a_token_that_straddles_the_border_is_the_texts(
    tokens: list[str], text: str, first: int | None
) -> None:
    assert first_of(tokens, text) == first


async def test_by_script_shared_words_make_a_fragment_likelier() -> None:
    text = "The tides follow the moon, which pulls the oceans."
    async with open_scorer(GeneratorSettings(backend="scripted")) as scorer:
        aligned = await perplexity_ratio(scorer, "How does the moon make tides in the oceans?", text)
        other = await perplexity_ratio(scorer, "How do I boil an egg?", text)
    assert aligned == pytest.approx(math.exp(-3 * 2 / 9))  # two of nine words, 3 nats each
    assert other == 1


@given(any_text, any_text)
async def test_the_script_scores_any_text(instruction: str, fragment: str) -> None:
    score = await ScriptedScorer().log_probability((Message("user", instruction),), fragment)
    assert score.log_probability <= 0
    assert (score.tokens > 0) == bool(fragment)
    assert 0 < await perplexity_ratio(ScriptedScorer(), instruction, fragment) <= 1


def test_vllm_in_process_refers_to_a_server() -> None:
    settings = GeneratorSettings(backend="vllm", model="m")
    with pytest.raises(ConfigError, match=r"backend: 'vllm' cannot score .* use a vLLM server"):
        open_scorer(settings)


@given(st.text())
def test_tokens_join_to_the_text(text: str) -> None:
    assert "".join(token for token, _ in scripted_tokens(text)) == text


def test_a_long_word_that_stood_before_is_likelier() -> None:
    tokens = scripted_tokens("Rivers and rivers, and\tRIVERS. ")
    assert [token for token, _ in tokens] == ["Rivers", " and", " rivers,", " and", "\tRIVERS.", " "]
    met = {" rivers,": MET_LOGPROB, "\tRIVERS.": MET_LOGPROB}
    assert [logprob for _, logprob in tokens] == [met.get(token, NEW_LOGPROB) for token, _ in tokens]
