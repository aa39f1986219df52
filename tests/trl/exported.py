"""A small store that has something for every format, and exports of it as trainers load them."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from gristmill.db.exports.records import StepValue
from gristmill.db.problems import add_problems
from gristmill.db.runs import create_run
from gristmill.db.sessions import writing
from gristmill.db.steps import add_steps
from gristmill.exports.export import export
from gristmill.exports.formats import FORMATS
from gristmill.exports.settings import ExportSettings
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.settings.snapshot import snapshot_of
from gristmill.sampling.records import Attempt, Outcome, Problem
from tests.db.samples import RUN, a_problem, an_attempt, store

if TYPE_CHECKING:
    from datasets import Dataset

PROBLEMS = [a_problem(name) for name in range(8)]
ACCEPTED, REJECTED, UNDECIDED = Outcome.ACCEPTED, Outcome.REJECTED, Outcome.UNDECIDED
OUTCOMES = (ACCEPTED, REJECTED, UNDECIDED, REJECTED, ACCEPTED)
_PAIRS = {"pairing": "max-margin", "pairs_per_problem": 2}
HOSTILE = " \ud83c \x00 \u202e\U0001f33e\u2028</s>"
"""What no format, loader or tokenizer may choke on: half of a character, NUL, right to left."""


@dataclass(frozen=True, slots=True)
class Exports:
    """Of one store, each made when it is first asked for."""

    engine: Engine
    folder: Path
    made: "dict[tuple[str, str, str], Dataset]" = field(default_factory=dict)

    def load(self, format_name: str, form: str = "conversational", container: str = "jsonl") -> "Dataset":
        """The split `train` as `datasets` loads the folder: as its card says of the files, or as saved."""
        key = (format_name, form, container)
        if key not in self.made:
            self.made[key] = self._load(*key)
        return self.made[key]

    def path(self, format_name: str, form: str = "conversational", container: str = "jsonl") -> Path:
        """The folder, which is there once it was loaded."""
        return self.folder / f"{format_name}-{form}-{container}"

    def _load(self, format_name: str, form: str, container: str) -> "Dataset":
        from datasets import load_dataset, load_from_disk

        settings = ExportSettings.model_validate(
            {
                "output": {"format": format_name, "form": form, "container": container},
                "filter": {"runs": [RUN]},
                "pairs": _PAIRS if FORMATS[format_name].wants_pairs else {},
            }
        )
        made = export(self.engine, settings, self.path(format_name, form, container))
        if container == "datasets":
            loaded = load_from_disk(str(made.path))["train"]
        else:
            loaded = load_dataset(str(made.path), split="train", cache_dir=str(self.folder / "cache"))
        assert len(loaded) == made.manifest.splits["train"] > 0
        return loaded


def fill(engine: Engine) -> None:
    """Two accepted, two rejected and one undecided response to each problem, some with steps."""
    sections = {
        "recipe": "uniform",
        "dataset": {"dataset": "problems.jsonl"},
        "policy": {"policy": "uniform", "quota": 2, "ceiling": 5},
    }
    config = snapshot_of(RunConfig.model_validate(sections))
    with writing(engine) as session:
        create_run(session, run_id=RUN, recipe="uniform", config=config, seed=7, code_version="0")
        add_problems(session, RUN, PROBLEMS, {})
    store(engine, [_attempt(problem, number) for problem in PROBLEMS for number in range(len(OUTCOMES))])
    with writing(engine) as session:
        for problem in PROBLEMS[:4]:
            add_steps(session, RUN, problem.id, 0, [StepValue(0, 5, 0.9), StepValue(5, 9, 0.0)])


def _attempt(problem: Problem, number: int) -> Attempt:
    """No two of one problem have the same text or are as likely."""
    text = f"Let me see. It is {problem.reference}{number}.{HOSTILE if number == 4 else ''}"
    attempt = an_attempt(problem, number, OUTCOMES[number], text)
    return replace(attempt, response=replace(attempt.response, cumulative_logprob=-1.0 - number))
