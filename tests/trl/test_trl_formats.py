"""What is exported has the types that TRL documents, by TRL's own checks.

https://huggingface.co/docs/trl/dataset_formats
"""

from typing import TYPE_CHECKING

import pytest

from tests.trl.exported import Exports
from tests.trl.tiny_model import TinyModel

if TYPE_CHECKING:
    from datasets import Dataset

pytestmark = pytest.mark.trl

FORMS = ["conversational", "plain"]
CONTAINERS = ["jsonl", "jsonl.gz", "parquet", "datasets"]
TYPES = {
    "sft": ["messages"],
    "prompt-completion": ["prompt", "completion"],
    "dpo": ["prompt", "chosen", "rejected"],
    "reward": ["prompt", "chosen", "rejected"],
    "kto": ["prompt", "completion", "label"],
}
IN_BOTH_FORMS = [
    (name, form) for name in TYPES for form in FORMS if name != "sft" or form == "conversational"
]
TURNS = {"prompt": "user", "completion": "assistant", "chosen": "assistant", "rejected": "assistant"}


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(("name", "form"), IN_BOTH_FORMS)
def test_trl_tells_chats_from_plain_text(exports: Exports, name: str, form: str, container: str) -> None:
    from trl.data_utils import is_conversational

    rows = exports.load(name, form, container)
    assert rows.column_names[: len(TYPES[name])] == TYPES[name]
    assert {is_conversational(row) for row in rows} == {form == "conversational"}


def test_the_library_reads_sizes_and_types_from_the_card(exports: Exports) -> None:
    from datasets import Value, load_dataset_builder

    exports.load("kto")
    info = load_dataset_builder(str(exports.path("kto"))).info
    assert info.splits["train"].num_examples == len(exports.load("kto"))
    assert info.features["label"] == Value("bool")


@pytest.mark.parametrize(("name", "form"), IN_BOTH_FORMS)
def test_trl_applies_the_chat_template_to_chats_alone(
    exports: Exports, tiny_model: TinyModel, name: str, form: str
) -> None:
    from trl.data_utils import maybe_apply_chat_template

    for row in exports.load(name, form):
        applied = maybe_apply_chat_template(row, tiny_model.tokenizer)
        if form == "plain":
            assert applied == row
            continue
        assert applied == {**_texts(row), **{key: row[key] for key in ["label"] if key in row}}


def _texts(row: "dict[str, list[dict[str, str]]]") -> dict[str, str]:
    """What the tiny model's template makes of a chat, written once more."""
    if "messages" in row:
        asked, answered = (turn["content"] for turn in row["messages"])
        return {"text": f"<user>{asked}<assistant>{answered}<eos>"}
    texts = {key: turns[0]["content"] for key, turns in row.items() if key in TURNS}
    asked = texts.pop("prompt")
    return {"prompt": f"<user>{asked}<assistant>", **{key: f"{text}<eos>" for key, text in texts.items()}}


@pytest.mark.parametrize("form", FORMS)
def test_pairs_taken_apart_are_the_labelled_responses(exports: Exports, form: str) -> None:
    from trl.data_utils import unpair_preference_dataset

    def triples(rows: "Dataset") -> list[tuple[str, str, bool]]:
        return sorted((str(row["prompt"]), str(row["completion"]), row["label"]) for row in rows)

    assert triples(unpair_preference_dataset(exports.load("dpo", form))) == triples(exports.load("kto", form))


@pytest.mark.parametrize("form", FORMS)
def test_the_prompt_of_a_pair_is_explicit(exports: Exports, form: str) -> None:
    from trl.data_utils import extract_prompt, maybe_extract_prompt

    for row in exports.load("dpo", form):
        assert maybe_extract_prompt(row) == row
        joined = {key: row["prompt"] + row[key] for key in ("chosen", "rejected")}
        taken = extract_prompt(joined)
        if form == "conversational":
            assert taken == {key: row[key] for key in ("prompt", "chosen", "rejected")}


def test_steps_are_as_many_as_their_labels(exports: Exports) -> None:
    """TRL 1.16 documents the type `stepwise supervision` and has no trainer for it."""
    from datasets import List, Value

    rows = exports.load("stepwise")
    types = {name: rows.features[name] for name in ("prompt", "completions", "labels")}
    assert types == {
        "prompt": Value("string"),
        "completions": List(Value("string")),
        "labels": List(Value("bool")),
    }
    assert [(row["completions"], row["labels"]) for row in rows] == [(["Let m", "e se"], [True, False])] * 4
