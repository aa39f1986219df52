"""Data sets of questions `q` and references `a` that tests write, and the problems loaded from them."""

import json
from collections.abc import Mapping
from pathlib import Path

from gristmill.problems.load import Loaded, load_problems
from gristmill.problems.settings import DatasetSettings, OnBadRow


def lines(path: Path, *rows: Mapping[str, object]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def numbered(path: Path, count: int) -> str:
    return lines(path, *({"q": f"q{n}", "a": n} for n in range(count)))


def load(
    dataset: str, *, limit: int | None = None, shuffle: int | None = None, bad: OnBadRow = "stop"
) -> Loaded:
    return load_problems(
        DatasetSettings(
            dataset=dataset,
            prompt_field="q",
            reference_field="a",
            limit=limit,
            shuffle_seed=shuffle,
            on_bad_row=bad,
        )
    )


def prompts(loaded: Loaded) -> list[str]:
    return [problem.prompt for problem in loaded.problems]
