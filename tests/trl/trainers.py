"""TRL's trainers, each made as its users make it: a model, the set as it was loaded, a few settings."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.trl.tiny_model import TinyModel

if TYPE_CHECKING:
    from datasets import Dataset
    from trl import DPOTrainer, GRPOTrainer, KTOTrainer, RewardTrainer, SFTTrainer

SETTINGS = {
    "use_cpu": True,
    "report_to": "none",
    "save_strategy": "no",
    "disable_tqdm": True,
    "max_steps": 2,
    "per_device_train_batch_size": 4,
    "learning_rate": 0.01,
    "logging_steps": 1,
}
"""Two steps, so that the second one starts from weights that the first one changed."""


def sft_trainer(model: TinyModel, rows: "Dataset", folder: Path) -> "SFTTrainer":
    from trl import SFTConfig, SFTTrainer

    return SFTTrainer(
        model=model.language_model(),
        args=SFTConfig(output_dir=str(folder), **SETTINGS),
        train_dataset=rows,
        processing_class=model.tokenizer,
    )


def dpo_trainer(model: TinyModel, rows: "Dataset", folder: Path) -> "DPOTrainer":
    from trl import DPOConfig, DPOTrainer

    return DPOTrainer(
        model=model.language_model(),
        args=DPOConfig(output_dir=str(folder), **SETTINGS),
        train_dataset=rows,
        processing_class=model.tokenizer,
    )


def kto_trainer(model: TinyModel, rows: "Dataset", folder: Path) -> "KTOTrainer":
    from trl import KTOConfig, KTOTrainer

    return KTOTrainer(
        model=model.language_model(),
        args=KTOConfig(output_dir=str(folder), **SETTINGS),
        train_dataset=rows,
        processing_class=model.tokenizer,
    )


def reward_trainer(model: TinyModel, rows: "Dataset", folder: Path) -> "RewardTrainer":
    from trl import RewardConfig, RewardTrainer

    return RewardTrainer(
        model=model.reward_model(),
        args=RewardConfig(output_dir=str(folder), **SETTINGS),
        train_dataset=rows,
        processing_class=model.tokenizer,
    )


def grpo_trainer(model: TinyModel, rows: "Dataset", folder: Path, reward: object) -> "GRPOTrainer":
    from trl import GRPOConfig, GRPOTrainer

    return GRPOTrainer(
        model=model.language_model(),
        args=GRPOConfig(output_dir=str(folder), num_generations=2, max_completion_length=8, **SETTINGS),
        reward_funcs=reward,
        train_dataset=rows,
        processing_class=model.tokenizer,
    )
