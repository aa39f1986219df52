"""Formats that say which response is better, or which step is right: their records to the letter."""

import pytest

from gristmill.db.exports.records import StepValue
from gristmill.exports.formats import FORMATS
from gristmill.exports.rows import Context, Record
from gristmill.exports.settings import ExportSettings, OutputSettings, PairSettings, TransformSettings
from tests.exports.samples import a_problem, a_rejected, an_attempt, problem_with

PROBLEM = a_problem("1 + 1?", "2", level="easy", source="sums")
RIGHT, WRONG = an_attempt(0, "Two."), a_rejected(3, "Three.", run_id="later")
CHAT = ExportSettings()
PLAIN = ExportSettings(output=OutputSettings(form="plain"))
PAIR_METADATA = {
    "problem_id": PROBLEM.id,
    "level": "easy",
    "source": "sums",
    "chosen_run_id": "run",
    "chosen_number": 0,
    "chosen_model": "model",
    "rejected_run_id": "later",
    "rejected_number": 3,
    "rejected_model": "model",
}


def records(name: str, settings: ExportSettings, **extras: object) -> list[Record]:
    exported = problem_with(PROBLEM, RIGHT, WRONG, **extras)  # type: ignore[arg-type]
    return [row.record for row in FORMATS[name].rows(exported, Context(settings))]


def turn(role: str, content: str) -> list[Record]:
    return [{"role": role, "content": content}]


def test_dpo_has_the_prompt_once_and_two_answers_as_chats_or_plain() -> None:
    assert records("dpo", CHAT) == [
        {
            "prompt": turn("user", "1 + 1?"),
            "chosen": turn("assistant", "Two."),
            "rejected": turn("assistant", "Three."),
            "metadata": PAIR_METADATA,
        }
    ]
    assert records("dpo", PLAIN) == [
        {"prompt": "1 + 1?\n", "chosen": "Two.", "rejected": "Three.", "metadata": PAIR_METADATA}
    ]


@pytest.mark.parametrize(("right", "wrong", "margin"), [(0.75, 0.5, 0.25), (0.5, 0.75, -0.25)])
def test_reward_tells_the_margin_of_a_metric(right: float, wrong: float, margin: float) -> None:
    settings = PLAIN.model_copy(update={"pairs": PairSettings(margin_metric="mtld")})
    metrics = {"mtld": {("run", 0): right, ("later", 3): wrong}}
    assert records("reward", settings, metrics=metrics) == [
        {
            "prompt": "1 + 1?\n",
            "chosen": "Two.",
            "rejected": "Three.",
            "margin": margin,
            "metadata": PAIR_METADATA,
        }
    ]


def test_reward_without_a_metric_has_the_margin_that_changes_no_loss() -> None:
    (record,) = records("reward", CHAT)
    assert record["margin"] == 0.0
    assert record["prompt"] == turn("user", "1 + 1?")


@pytest.mark.parametrize("name", ["dpo", "reward"])
def test_pairs_are_as_many_as_are_asked_for(name: str) -> None:
    right = [an_attempt(number, f"right {number}") for number in range(3)]
    wrong = [a_rejected(number, f"wrong {number}") for number in range(3, 6)]
    for most in (1, 2, 9):
        settings = ExportSettings(pairs=PairSettings(pairs_per_problem=most))
        rows = list(FORMATS[name].rows(problem_with(PROBLEM, *right, *wrong), Context(settings)))
        assert len(rows) == min(most, 3)


def test_kto_labels_accepted_true_and_rejected_false() -> None:
    found = records("kto", PLAIN)
    assert [(one["prompt"], one["completion"], one["label"]) for one in found] == [
        ("1 + 1?\n", "Two.", True),
        ("1 + 1?\n", "Three.", False),
    ]
    assert records("kto", CHAT)[1] == {
        "prompt": turn("user", "1 + 1?"),
        "completion": turn("assistant", "Three."),
        "label": False,
        "metadata": {
            "problem_id": PROBLEM.id,
            "run_id": "later",
            "number": 3,
            "model": "model",
            "level": "easy",
            "source": "sums",
        },
    }


STEPS = {("later", 3): [StepValue(0, 2, 0.0), StepValue(2, 5, 0.25), StepValue(5, 6, 1.0)]}


@pytest.mark.parametrize(
    ("threshold", "labels"),
    [(0.0, [False, True, True]), (0.25, [False, False, True]), (0.5, [False, False, True])],
)
def test_a_step_is_right_when_its_value_is_above_the_threshold(threshold: float, labels: list[bool]) -> None:
    settings = ExportSettings(transform=TransformSettings(step_threshold=threshold))
    (record,) = records("stepwise", settings, steps=STEPS)
    assert record["prompt"] == "1 + 1?"
    assert record["completions"] == ["Th", "ree", "."]
    assert record["labels"] == labels


def test_a_response_without_stored_steps_gives_no_row() -> None:
    assert records("stepwise", CHAT) == []
    assert records("stepwise", CHAT, steps={("run", 0): []}) == []
    found = FORMATS["stepwise"].rows(problem_with(PROBLEM, RIGHT, WRONG, steps=STEPS), Context(CHAT))
    assert [row.attempts for row in found] == [(WRONG,)]
