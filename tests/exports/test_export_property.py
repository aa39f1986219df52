"""Any store content comes back equal from every format and every container, by plain readers and by the
library that trainers load with.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import Engine, writing
from gristmill.db.steps import add_steps
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.export import export
from gristmill.exports.formats import FORMATS
from gristmill.exports.transforms.unicode import restored
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Attempt, Problem, Verdict, problem_id
from tests.exports.disks import quick_folder
from tests.exports.expected import Stored, expected, steps_in, without_moments
from tests.exports.loading import records
from tests.exports.samples import HOSTILE, HOSTILE_TEXTS
from tests.exports.stores import OUTCOMES, add_run, an_attempt, settings

RUN = "run \u202e"
MOST_PROBLEMS = 3
ATTEMPTS = OUTCOMES[:3]
"""One of each outcome."""

PROBLEMS = st.builds(
    lambda prompt, reference, level, source, parents, origin: Problem(
        problem_id(prompt, reference), prompt, reference, level, source, tuple(parents), origin
    ),
    HOSTILE,
    HOSTILE,
    HOSTILE,
    HOSTILE,
    st.lists(HOSTILE, max_size=2, unique=True),
    st.dictionaries(HOSTILE, HOSTILE, max_size=2),
)
VERDICTS = st.builds(
    lambda reason, verifier, version, detail, answer, span: Verdict(
        ATTEMPTS[0], reason, verifier, version, detail, answer, span, 0.5
    ),
    HOSTILE,
    HOSTILE,
    HOSTILE,
    HOSTILE,
    st.none() | HOSTILE,
    st.none() | st.tuples(st.integers(0, 9), st.integers(9, 20)),
)


@st.composite
def attempts_on(draw: st.DrawFn, problem: Problem) -> list[Attempt]:
    """At most one of each outcome."""
    made = []
    for number, outcome in enumerate(draw(st.permutations(ATTEMPTS))[: draw(st.integers(0, 3))]):
        verdict = replace(draw(VERDICTS), outcome=outcome)
        logprob = draw(st.none() | st.floats(-1e300, 0))
        attempt = an_attempt(problem, number, outcome, draw(HOSTILE), verdict=verdict, logprob=logprob)
        made.append(replace(attempt, response=replace(attempt.response, model=draw(HOSTILE))))
    return made


@st.composite
def stores(draw: st.DrawFn) -> Stored:
    problems = draw(st.lists(PROBLEMS, max_size=MOST_PROBLEMS, unique_by=lambda problem: problem.id))
    return {problem.id: (problem, draw(attempts_on(problem))) for problem in problems}


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with quick_folder() as place:
        yield place


def filled(folder: Path, stored: Stored) -> Engine:
    """A new store in the folder; every attempt has the steps `steps_in` its text."""
    engine = open_engine(f"sqlite:///{folder / uuid4().hex}.db")
    prepare_schema(engine)
    attempts = [attempt for _, of_problem in stored.values() for attempt in of_problem]
    add_run(engine, RUN, [problem for problem, _ in stored.values()], attempts)
    with writing(engine) as session:
        for attempt in attempts:
            steps = steps_in(attempt.response.text)
            add_steps(session, RUN, attempt.draw.problem_id, attempt.draw.number, steps)
    return engine


@pytest.mark.full
@limits(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(stored=stores(), containers=st.permutations(sorted(CONTAINERS)))
def test_any_content_comes_back_equal_from_every_format(
    folder: Path, stored: Stored, containers: list[str]
) -> None:
    engine = filled(folder, stored)
    for place, name in enumerate(FORMATS):
        wanted = expected(name, RUN, stored)
        container = containers[place % len(containers)]
        asked, out = settings(name, container, filter={"runs": [RUN]}), folder / uuid4().hex
        if not wanted:
            with pytest.raises(ConfigError, match="there is nothing to export"):
                export(engine, asked, out)
            continue
        made = export(engine, asked, out)
        assert without_moments(records(made)) == wanted
        shutil.rmtree(made.path)
    engine.dispose()


_LOAD = """
import json, sys
from pathlib import Path
from datasets import load_dataset, load_from_disk

folder, done = Path(sys.argv[1]), {}
for made in sorted(path for path in folder.iterdir() if path.is_dir()):
    if (made / "dataset_dict.json").exists():
        loaded = {"from disk": load_from_disk(str(made))}
    else:
        kind = "parquet" if "parquet" in made.name else "json"
        files = {"train": str(next((made / "data").glob("train.*")))}
        cache = str(folder / "cache")
        loaded = {"by its card": load_dataset(str(made), cache_dir=cache)}
        loaded["by its file"] = load_dataset(kind, data_files=files, cache_dir=cache)
    for how, splits in loaded.items():
        schema = splits["train"].features.arrow_schema
        done[f"{made.name} {how}"] = {
            "splits": {name: split.to_list() for name, split in splits.items()},
            "features": {field.name: str(field.type) for field in schema},
        }
Path(sys.argv[2]).write_text(json.dumps(done))
"""


LOADED = [name for name in CONTAINERS if name != "jsonl.zst" or find_spec("zstandard")]
"""That library reads Zstandard where the package `zstandard` is installed."""


def loaded_by_datasets(folder: Path, out: Path) -> dict[str, Any]:
    """What that library makes of every export in the folder, by name and way of loading."""
    variables = {"HF_HOME": str(out.parent / "hf"), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, str(folder), str(out)],
        env=os.environ | variables,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def awkward() -> Stored:
    """Every hostile text in every place; two columns are null everywhere."""
    stored: dict[str, tuple[Problem, list[Attempt]]] = {}
    for text in HOSTILE_TEXTS:
        id_ = problem_id(text, f"{text} reference")
        problem = Problem(id_, text, f"{text} reference", text, text, (text,), {text: text})
        verdict = Verdict(ATTEMPTS[0], text, text, text, text, None)
        stored[id_] = (
            problem,
            [
                replace(
                    an_attempt(problem, number, outcome, f"{text}{number}", logprob=None, model=text),
                    verdict=replace(verdict, outcome=outcome),
                )
                for number, outcome in enumerate(ATTEMPTS)
            ],
        )
    return stored


@pytest.mark.full
def test_the_library_of_trainers_loads_every_format_from_every_container(tmp_path: Path) -> None:
    pytest.importorskip("datasets")
    stored = awkward()
    features = {}
    with quick_folder() as quick:
        engine = filled(quick, stored)
        (quick / "made").mkdir()
        for name in FORMATS:
            for container in LOADED:
                asked = settings(name, container, filter={"runs": [RUN]}, splits={"test": 1e-9})
                made = export(engine, asked, quick / "made" / f"{name} {container}")
                features[made.path.name] = made.manifest.features
        engine.dispose()
        found = loaded_by_datasets(quick / "made", quick / "found.json")
    assert len(found) == len(FORMATS) * (2 * len(LOADED) - 1)
    for name, loaded in found.items():
        exported, _, how = name.partition(" by " if " by " in name else " from ")
        wanted = expected(exported.split()[0], RUN, stored)
        assert len(wanted) >= 12
        assert without_moments(restored(loaded["splits"].pop("train"))) == wanted, name
        assert not any(loaded["splits"].values())
        if how != "its file":  # where nothing tells the type, that of a column of nulls is null
            assert loaded["features"] == features[exported], name
