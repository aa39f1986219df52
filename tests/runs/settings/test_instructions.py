"""The settings of makers: what each needs, what cannot be, and in which words that is told."""

from typing import Any

import pytest
from pydantic import ValidationError

from gristmill.generators.makers import MAKERS, From, MakerName
from gristmill.generators.settings import GeneratorSettings
from gristmill.runs.settings.instructions import DRAWS_PER_INSTRUCTION, InstructionSettings
from gristmill.runs.settings.judge import JudgeSettings
from gristmill.runs.settings.policy import PolicySettings
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.settings.selection import SelectionSettings
from gristmill.runs.settings.shipped import shipped_recipes
from gristmill.verifiers.settings import VerifierSettings

SEEDS = {"maker": "self-instruct", "seeds": "s.jsonl"}
DOCUMENTS = {"maker": "grounded-qa", "documents": ["a.md"]}


def settings(**values: object) -> InstructionSettings:
    return InstructionSettings.model_validate(values)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown maker": ({"maker": "invent"}, "'self-instruct', 'extract-then-generate'"),
    "an unknown field": ({**SEEDS, "seed": "s.jsonl"}, "Extra inputs"),
    "no seeds": ({"maker": "refine"}, "seeds: refine needs a file of instructions, by --seeds"),
    "an empty path of seeds": ({"maker": "refine", "seeds": ""}, "at least 1 character"),
    "no documents": (
        {"maker": "extract-then-generate"},
        "documents: extract-then-generate needs a document or a folder, by --documents",
    ),
    "an empty path of a document": ({**DOCUMENTS, "documents": ["a.md", " "]}, "an empty path is named"),
    "seeds for documents": (
        {**DOCUMENTS, "seeds": "s.jsonl"},
        "seeds: grounded-qa starts from documents and takes none",
    ),
    "documents for seeds": (
        {**SEEDS, "documents": ["a.md"]},
        "documents: self-instruct starts from seeds and takes none",
    ),
    "seeds without a maker": (
        {"seeds": "s.jsonl"},
        "seeds: of use to a recipe that makes",
    ),
    "documents without a maker": (
        {"documents": ["a.md"]},
        "documents: of use to a recipe that makes",
    ),
    "a benchmark without a maker": ({"benchmark": ["b.txt"]}, "benchmark: of use to a recipe that makes"),
    "no name of a field": ({**SEEDS, "seed_field": " ,"}, "no name is given"),
    "no target": ({**SEEDS, "target": 0}, "greater than or equal to 1"),
    "no draws": ({**SEEDS, "instruction_draws": 0}, "greater than or equal to 1"),
    "no example": ({**SEEDS, "examples": 0}, "greater than or equal to 1"),
    "more examples of its own than all": (
        {**SEEDS, "examples": 2, "own_examples": 3},
        "own_examples: 3 of 2 examples cannot be the run's own",
    ),
    "a discriminator without seeds": (
        {**DOCUMENTS, "discriminator_run": "r"},
        "discriminator_run: it tells instructions from seeds",
    ),
    "too hot": ({**SEEDS, "maker_temperature": 2.1}, "less than or equal to 2"),
    "perplexity by another word": ({**DOCUMENTS, "perplexity": "yes"}, "'auto', 'on' or 'off'"),
    "a ratio of nothing": ({**DOCUMENTS, "perplexity_ratio": 0}, "greater than 0"),
    "too many constraints": ({**SEEDS, "max_constraints": 4}, "less than or equal to 3"),
    "a share of no level": ({**SEEDS, "mix": ["=1"]}, "'=1' is not LEVEL=SHARE"),
    "a level without a share": ({**SEEDS, "mix": ["writing"]}, "'writing' is not LEVEL=SHARE"),
    "a share in words": ({**SEEDS, "mix": ["writing=half"]}, "'writing=half' is not LEVEL=SHARE"),
    "a share of 0": ({**SEEDS, "mix": ["a=0", "b=1"]}, "'a=0' is not LEVEL=SHARE"),
    "a share above 1": ({**SEEDS, "mix": ["a=1.5"]}, "'a=1.5' is not LEVEL=SHARE with a share above 0"),
    "a share that is no number": ({**SEEDS, "mix": ["a=nan"]}, "'a=nan' is not LEVEL=SHARE"),
    "shares under 1": ({**SEEDS, "mix": ["a=0.5", "b=0.3"]}, "the shares add up to 0.8, not to 1"),
    "shares over 1": ({**SEEDS, "mix": ["a=0.5", "b=0.6"]}, "the shares add up to 1.1, not to 1"),
    "a level twice": ({**SEEDS, "mix": ["a=0.5", "a=0.5"]}, "a level is named twice"),
    "of the gates: words": ({**SEEDS, "min_words": 9, "max_words": 8}, "min_words: 9 is more than"),
}


@pytest.mark.parametrize(("values", "why"), REFUSED.values(), ids=REFUSED)
def test_settings_that_cannot_be_say_why(values: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(**values)
    (fault,) = caught.value.errors()
    assert why in fault["msg"] or why in str(fault.get("ctx"))


def test_long_values_are_not_echoed_whole() -> None:
    with pytest.raises(ValidationError) as caught:
        settings(**SEEDS, mix=["x" * 10_000])
    assert len(caught.value.errors()[0]["msg"]) < 200


def test_without_a_maker_nothing_is_needed() -> None:
    assert settings().maker is None
    assert settings().most_draws == DRAWS_PER_INSTRUCTION * settings().target


def test_draws_are_so_many_for_each_instruction_or_as_many_as_are_named() -> None:
    assert settings(**SEEDS, target=30).most_draws == 30 * DRAWS_PER_INSTRUCTION
    assert settings(**SEEDS, target=30, instruction_draws=7).most_draws == 7


def test_the_mix_is_read_by_level_and_a_level_may_hold_an_equals_sign() -> None:
    assert settings(**SEEDS, mix=["a=0.25", " b c =.5", "x=1=0.25"]).shares() == {
        "a": 0.25,
        "b c": 0.5,
        "x=1": 0.25,
    }
    assert settings(**SEEDS, mix=["a=0.1"] + [f"{n}=0.3" for n in range(3)]).shares()["a"] == 0.1
    assert settings(**SEEDS).shares() == {}


def test_fields_of_seeds_are_tried_in_the_order_of_their_names() -> None:
    assert settings(**SEEDS).seed_fields() == ("instruction", "question", "problem", "prompt")
    assert settings(**SEEDS, seed_field=" a ,, b").seed_fields() == ("a", "b")


def test_every_field_has_a_flag_of_its_own_name_and_a_line_of_help() -> None:
    others = (GeneratorSettings, VerifierSettings, JudgeSettings, PolicySettings, SelectionSettings)
    names = set(InstructionSettings.model_fields)
    for other in others:
        assert not names & set(other.model_fields)
    assert all(field.description for field in InstructionSettings.model_fields.values())


def config(recipe: str, **generator: object) -> RunConfig:
    maker = MakerName(recipe)
    source = {"seeds": "s.jsonl"} if MAKERS[maker].source is From.SEEDS else {"documents": ("a.md",)}
    return run_config(recipe, {"instructions": source, "generator": generator})


@pytest.mark.parametrize("maker", MakerName)
def test_every_maker_has_a_recipe_of_its_name_that_needs_no_more_than_what_it_starts_from(
    maker: MakerName,
) -> None:
    assert shipped_recipes()[maker.value]
    made = config(maker.value, backend="scripted")
    assert made.instructions.maker is maker
    assert made.generator.template == "plain"
    assert made.policy.as_policy().ceiling >= (made.policy.quota or 0) > 0


def test_the_published_numbers_stand() -> None:
    """Self-Instruct: 8 examples, 2 of them its own. LLM See, LLM Do: 10 responses."""
    seeded = config("self-instruct", backend="scripted").instructions
    assert (seeded.examples, seeded.own_examples, seeded.rouge_limit) == (8, 2, 0.7)
    best = run_config("best-of-k", {"dataset": {"dataset": "demo"}})
    assert (best.policy.trials, best.selection.select_by, best.selection.select) == (10, "mtld", "highest")


@pytest.mark.parametrize("maker", MakerName)
def test_the_embedded_model_gets_shorter_responses_and_briefs(maker: MakerName) -> None:
    small, large = (
        config(maker.value, backend="embedded"),
        config(maker.value, server="http://127.0.0.1:1/v1"),
    )
    assert small.generator.max_tokens < large.generator.max_tokens
    assert small.instructions.examples <= large.instructions.examples
    if not MAKERS[maker].by_rule:
        assert (small.instructions.maker_max_tokens or 0) < (large.instructions.maker_max_tokens or 0)


def test_a_flag_goes_before_what_suits_the_embedded_model() -> None:
    flags: dict[str, dict[str, Any]] = {
        "instructions": {"seeds": "s.jsonl", "examples": 5},
        "generator": {"backend": "embedded"},
    }
    assert run_config("self-instruct", flags).instructions.examples == 5
