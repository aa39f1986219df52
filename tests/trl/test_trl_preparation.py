"""TRL's trainers prepare every row that is exported for them: none dropped, each token where it belongs."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.trl.exported import Exports
from tests.trl.tiny_model import TinyModel
from tests.trl.trainers import dpo_trainer, kto_trainer, reward_trainer, sft_trainer

if TYPE_CHECKING:
    from datasets import Dataset

pytestmark = pytest.mark.trl

FORMS = ["conversational", "plain"]


def _asked(row: "dict[str, object]", form: str) -> str:
    """The prompt as the tiny model's template writes it."""
    return f"<user>{_text(row['prompt'])}<assistant>" if form == "conversational" else str(row["prompt"])


def _text(value: object) -> str:
    """Of a plain column, or of the one turn in a chat's."""
    if isinstance(value, str):
        return value
    assert isinstance(value, list)
    [turn] = value
    return str(turn["content"])


def _decoded(model: TinyModel, rows: "Dataset", column: str) -> list[str]:
    return [str(model.tokenizer.decode(tokens)) for tokens in rows[column]]


def test_sft_takes_chats_whole(exports: Exports, tiny_model: TinyModel, tmp_path: Path) -> None:
    rows = exports.load("sft")
    prepared = sft_trainer(tiny_model, rows, tmp_path).train_dataset
    chats = [[turn["content"] for turn in row["messages"]] for row in rows]
    assert _decoded(tiny_model, prepared, "input_ids") == [
        f"<user>{asked}<assistant>{answered}<eos>" for asked, answered in chats
    ]


@pytest.mark.parametrize("form", FORMS)
def test_sft_learns_from_the_completion_alone(
    exports: Exports, tiny_model: TinyModel, tmp_path: Path, form: str
) -> None:
    rows = exports.load("prompt-completion", form)
    prepared = sft_trainer(tiny_model, rows, tmp_path).train_dataset
    assert _decoded(tiny_model, prepared, "input_ids") == [
        f"{_asked(row, form)}{_text(row['completion'])}<eos>" for row in rows
    ]
    learned = [[token for token in labels if token != -100] for labels in prepared["labels"]]
    assert [tiny_model.tokenizer.decode(tokens) for tokens in learned] == [
        f"{_text(row['completion'])}<eos>" for row in rows
    ]


@pytest.mark.parametrize("form", FORMS)
def test_dpo_tells_prompt_chosen_and_rejected_apart(
    exports: Exports, tiny_model: TinyModel, tmp_path: Path, form: str
) -> None:
    rows = exports.load("dpo", form)
    prepared = dpo_trainer(tiny_model, rows, tmp_path).train_dataset
    assert _decoded(tiny_model, prepared, "prompt_ids") == [_asked(row, form) for row in rows]
    for side in ("chosen", "rejected"):
        expected = [f"{_text(row[side])}<eos>" for row in rows]
        assert _decoded(tiny_model, prepared, f"{side}_ids") == expected


@pytest.mark.parametrize("form", FORMS)
def test_kto_keeps_each_response_with_its_label(
    exports: Exports, tiny_model: TinyModel, tmp_path: Path, form: str
) -> None:
    rows = exports.load("kto", form)
    prepared = kto_trainer(tiny_model, rows, tmp_path).train_dataset
    assert _decoded(tiny_model, prepared, "prompt_ids") == [_asked(row, form) for row in rows]
    expected = [f"{_text(row['completion'])}<eos>" for row in rows]
    assert _decoded(tiny_model, prepared, "completion_ids") == expected
    assert list(prepared["label"]) == list(rows["label"])
    assert sorted(rows["label"]) == [False] * 16 + [True] * 16


@pytest.mark.parametrize("form", FORMS)
def test_the_reward_trainer_has_both_texts_and_the_margin(
    exports: Exports, tiny_model: TinyModel, tmp_path: Path, form: str
) -> None:
    rows = exports.load("reward", form)
    prepared = reward_trainer(tiny_model, rows, tmp_path).train_dataset
    for side in ("chosen", "rejected"):
        expected = [f"{_asked(row, form)}{_text(row[side])}<eos>" for row in rows]
        assert _decoded(tiny_model, prepared, f"{side}_ids") == expected
    assert list(prepared["margin"]) == list(rows["margin"])
    assert any(margin != 0 for margin in rows["margin"])
