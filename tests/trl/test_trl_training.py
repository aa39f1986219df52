"""Two steps of training on what was exported: the loss is a number and the weights move."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from tests.trl.exported import PROBLEMS, Exports
from tests.trl.tiny_model import TinyModel
from tests.trl.trainers import dpo_trainer, grpo_trainer, kto_trainer, reward_trainer, sft_trainer

if TYPE_CHECKING:
    from datasets import Dataset
    from trl import DPOTrainer, GRPOTrainer, KTOTrainer, RewardTrainer, SFTTrainer

    Trainer: TypeAlias = DPOTrainer | GRPOTrainer | KTOTrainer | RewardTrainer | SFTTrainer

pytestmark = [pytest.mark.trl, pytest.mark.slow]

TRAINERS: "list[tuple[str, str, Callable[[TinyModel, Dataset, Path], Trainer]]]" = [
    ("sft", "conversational", sft_trainer),
    ("prompt-completion", "conversational", sft_trainer),
    ("prompt-completion", "plain", sft_trainer),
    ("dpo", "conversational", dpo_trainer),
    ("dpo", "plain", dpo_trainer),
    ("kto", "conversational", kto_trainer),
    ("reward", "conversational", reward_trainer),
]
IN_CI = [("sft", "conversational"), ("dpo", "conversational")]


@pytest.mark.parametrize(
    ("name", "form", "make"),
    [pytest.param(*case, marks=pytest.mark.ci if case[:2] in IN_CI else ()) for case in TRAINERS],
)
def test_two_steps_change_the_weights(
    exports: Exports,
    tiny_model: TinyModel,
    tmp_path: Path,
    name: str,
    form: str,
    make: "Callable[[TinyModel, Dataset, Path], Trainer]",
) -> None:
    _check_training(make(tiny_model, exports.load(name, form, "parquet"), tmp_path))


@pytest.mark.filterwarnings("ignore:TRL currently supports vLLM versions:UserWarning")
@pytest.mark.filterwarnings("ignore:`torch.jit.script_method` is deprecated:DeprecationWarning")
def test_grpo_gives_the_reward_function_the_ground_truth_of_each_prompt(
    exports: Exports, tiny_model: TinyModel, tmp_path: Path
) -> None:
    seen: dict[str, str] = {}

    def reward(
        prompts: list[list[dict[str, str]]],
        completions: list[list[dict[str, str]]],
        ground_truth: list[str],
        **_: object,
    ) -> list[float]:
        seen.update(
            {prompt[0]["content"]: truth for prompt, truth in zip(prompts, ground_truth, strict=True)}
        )
        return [float(len(completion[0]["content"])) for completion in completions]

    _check_training(
        grpo_trainer(tiny_model, exports.load("rlvr", "conversational", "parquet"), tmp_path, reward)
    )
    assert seen
    assert seen.items() <= {problem.prompt: problem.reference for problem in PROBLEMS}.items()


def _check_training(trainer: "Trainer") -> None:
    before = {name: weights.detach().clone() for name, weights in trainer.model.named_parameters()}
    trainer.train()
    losses = [step["loss"] for step in trainer.state.log_history if "loss" in step]
    assert len(losses) == 2
    assert all(math.isfinite(float(loss)) for loss in losses)
    after = dict(trainer.model.named_parameters())
    assert all(weights.isfinite().all() for weights in after.values())
    assert any(not weights.equal(before[name]) for name, weights in after.items())
