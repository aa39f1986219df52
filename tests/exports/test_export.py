"""What is promised of every export, asked of its files by SQL: joined with the store that they came from."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gristmill.db.engine import open_engine
from gristmill.db.exports.log import list_exports
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import Engine, reading
from gristmill.exports.export import Exported, export
from gristmill.exports.formats import FORMATS
from gristmill.exports.provenance import Origin, read_provenance
from gristmill.sampling.errors import ConfigError
from tests.exports import stores
from tests.exports.disks import quick_folder
from tests.exports.loading import all_records, checksums, contents, names, records
from tests.exports.stores import QUOTA, RUN_A, RUN_B, add_run, fill, grow

SPLITS = {"validation": 0.3, "test": 0.2}
OF_RESPONSES = [name for name, made in FORMATS.items() if made.outcomes]
DECIDED = [name for name in OF_RESPONSES if name != "raw"]
_WITH_VERDICTS = """
    SELECT DISTINCT v.outcome FROM provenance p
    JOIN verdicts v ON (v.run_id, v.problem_id, v.number) = (p.run_id, p.problem_id, p.number)
"""
LAST = """
    AND v.ordinal = (SELECT max(ordinal) FROM verdicts w
    WHERE (w.run_id, w.problem_id, w.number) = (v.run_id, v.problem_id, v.number))
"""


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder with the store `store.db`, in which verdicts have changed: what was undecided is accepted,
    what was rejected is undecided.
    """
    with quick_folder() as folder:
        engine = open_engine(f"sqlite:///{folder / 'store.db'}")
        prepare_schema(engine)
        grow(fill(engine))
        engine.dispose()
        yield folder


@pytest.fixture(scope="module")
def store(place: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{place / 'store.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def exported(place: Path, store: Engine) -> dict[str, Exported]:
    """Every format, with splits, surplus and several pairs of a problem: as much as can be wrong."""
    made = {}
    for name, of in FORMATS.items():
        asked = stores.settings(
            name,
            "parquet",
            splits=SPLITS,
            filter={"runs": [RUN_A, RUN_B], "with_surplus": bool(of.outcomes)},
            pairs={"pairs_per_problem": 3} if of.wants_pairs else {},
        )
        made[name] = export(store, asked, place / name)
    return made


def asked(place: Path, made: Exported, query: str) -> list[Any]:
    """The rows of a query over the store, the lines of `provenance` and the `data`: JSON by split and row."""
    with closing(sqlite3.connect(place / "store.db")) as connection:
        connection.execute(f"CREATE TEMP TABLE provenance ({', '.join(Origin._fields)})")
        connection.executemany(
            f"INSERT INTO provenance VALUES ({', '.join('?' * len(Origin._fields))})",  # noqa: S608
            read_provenance(made.path / "provenance.parquet"),
        )
        connection.execute("CREATE TEMP TABLE data (split, row, record)")
        for split in made.manifest.splits:
            rows = ((split, row, json.dumps(record)) for row, record in enumerate(records(made, split)))
            connection.executemany("INSERT INTO data VALUES (?, ?, ?)", rows)
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("name", FORMATS)
def test_no_problem_is_in_two_splits(place: Path, exported: dict[str, Exported], name: str) -> None:
    made = exported[name]
    twice = "SELECT problem_id FROM provenance GROUP BY problem_id HAVING count(DISTINCT split) > 1"
    assert asked(place, made, twice) == []
    sizes = asked(place, made, "SELECT split, count(DISTINCT problem_id) FROM provenance GROUP BY split")
    assert dict(sizes).keys() == set(made.manifest.splits)
    assert len(sizes) == 3
    assert sum(size for _, size in sizes) == made.manifest.problems


def test_a_problem_is_in_the_same_split_of_every_format(exported: dict[str, Exported]) -> None:
    places: dict[str, set[str]] = {}
    for made in exported.values():
        for line in read_provenance(made.path / "provenance.parquet"):
            places.setdefault(line.problem_id, set()).add(line.split)
    assert len(places) == 46
    assert {len(splits) for splits in places.values()} == {1}


PROMPTS = {
    "messages": "$.messages[0].content",
    "conversations": "$.conversations[0].value",
    "instruction": "$.instruction",
    "prompt": "$.prompt",
}


@pytest.mark.parametrize("name", FORMATS)
def test_no_prompt_is_in_two_splits(place: Path, exported: dict[str, Exported], name: str) -> None:
    """Asked of the data alone: of the store's problems every prompt is another."""
    made = exported[name]
    path = next(path for column, path in PROMPTS.items() if column in made.manifest.features)
    of_data = f"SELECT json_extract(record, '{path}') AS prompt, split, row FROM data"  # noqa: S608
    twice = f"SELECT prompt FROM ({of_data}) GROUP BY prompt HAVING count(DISTINCT split) > 1"  # noqa: S608
    assert asked(place, made, twice) == []
    assert {row for (row,) in asked(place, made, f"SELECT prompt FROM ({of_data})")} != {None}  # noqa: S608


@pytest.mark.parametrize("name", DECIDED)
def test_no_undecided_response_is_in_it(place: Path, exported: dict[str, Exported], name: str) -> None:
    """By the verdict that each went in by, and by the last one that the store has."""
    made = exported[name]
    found = {"accepted", "rejected"} if FORMATS[name].outcomes[1:] else {"accepted"}
    assert {row[0] for row in asked(place, made, f"{_WITH_VERDICTS} AND v.ordinal = p.ordinal")} == found
    assert {row[0] for row in asked(place, made, _WITH_VERDICTS + LAST)} == found
    ever = {row[0] for row in asked(place, made, _WITH_VERDICTS)}
    assert name == "stepwise" or "undecided" in ever  # so that the verdict of the time is what counts


@pytest.mark.parametrize("name", ["dpo", "reward"])
def test_the_chosen_one_was_accepted_and_the_rejected_one_rejected(
    place: Path, exported: dict[str, Exported], name: str
) -> None:
    query = _WITH_VERDICTS.replace("v.outcome", "p.role, v.outcome") + LAST
    found = asked(place, exported[name], query)
    assert sorted(found) == [("chosen", "accepted"), ("rejected", "rejected")]


def test_a_label_is_what_the_store_says_of_that_very_text(place: Path, exported: dict[str, Exported]) -> None:
    query = f"""
        SELECT count(*), sum(json_extract(d.record, '$.completion[0].content') = a.text),
        sum(json_extract(d.record, '$.label') = (v.outcome = 'accepted'))
        FROM data d JOIN provenance p USING (split, row)
        JOIN attempts a ON (a.run_id, a.problem_id, a.number) = (p.run_id, p.problem_id, p.number)
        JOIN verdicts v ON (v.run_id, v.problem_id, v.number) = (p.run_id, p.problem_id, p.number) {LAST}
    """  # noqa: S608
    made = exported["kto"]
    assert asked(place, made, query) == [(made.manifest.rows,) * 3]
    assert made.manifest.rows > 100


@pytest.mark.parametrize("name", OF_RESPONSES)
def test_every_row_has_its_lines_of_provenance(place: Path, exported: dict[str, Exported], name: str) -> None:
    query = "SELECT count(*), count(p.run_id) FROM data LEFT JOIN provenance p USING (split, row)"
    made = exported[name]
    lines = made.manifest.rows * (2 if FORMATS[name].wants_pairs else 1)
    assert asked(place, made, query) == [(lines, lines)]


@pytest.mark.parametrize("name", OF_RESPONSES)
def test_every_response_that_may_be_in_it_is(place: Path, exported: dict[str, Exported], name: str) -> None:
    outcomes = ", ".join(f"'{outcome.value}'" for outcome in FORMATS[name].outcomes)
    query = f"SELECT count(*) FROM verdicts v WHERE run_id <> 'run-c' AND outcome IN ({outcomes}) {LAST}"  # noqa: S608
    [(wanted,)] = asked(place, exported[name], query)
    if not (FORMATS[name].wants_pairs or FORMATS[name].wants_steps):
        assert exported[name].manifest.rows == wanted


def test_the_quota_is_kept_unless_surplus_is_asked_for(
    place: Path, store: Engine, exported: dict[str, Exported]
) -> None:
    made = export(store, stores.settings("sft", "parquet"), place / "quota")
    counted = "SELECT run_id, max(n) FROM (SELECT run_id, count(*) AS n FROM provenance {} ) GROUP BY run_id"
    query = counted.format("GROUP BY run_id, problem_id")
    assert dict(asked(place, made, query))[RUN_A] == QUOTA + 1  # it has grown
    assert dict(asked(place, exported["sft"], query))[RUN_A] > QUOTA + 1
    assert made.manifest.rows < exported["sft"].manifest.rows


def test_the_counts_of_the_manifest_are_those_of_the_data(place: Path, exported: dict[str, Exported]) -> None:
    for name, made in exported.items():
        counts = made.manifest.counts
        for dimension in ("split", "level", "source"):
            assert sum(counts[dimension].values()) == made.manifest.rows == len(all_records(made)), name
        found = asked(
            place, made, "SELECT run_id, count(*) FROM provenance GROUP BY run_id HAVING run_id <> ''"
        )
        assert counts["run"] == dict(found), name


def test_what_was_published_is_recorded_and_whole(
    place: Path, store: Engine, exported: dict[str, Exported]
) -> None:
    with reading(store) as session:
        recorded = {record.path: record for record in list_exports(session)}
    for name, made in exported.items():
        assert recorded[str(made.path)].row_count == made.manifest.rows, name
        files = contents(made.path).keys() - {"README.md", "manifest.json"}
        assert files == checksums(made).keys(), name
    assert not [name for name in names(place) if name.endswith(".part")]


@pytest.mark.parametrize("sections", [{"runs": [RUN_B]}, {"runs": [RUN_A], "min_tokens": 1_000}])
def test_an_export_by_steps_without_any_says_so(
    place: Path, store: Engine, sections: dict[str, object]
) -> None:
    before = names(place)
    with pytest.raises(ConfigError, match="stored step values: there is nothing to export"):
        export(store, stores.settings("stepwise", filter=sections), place / "none")
    assert names(place) == before


def test_pairs_by_chance_of_responses_without_any_are_refused(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    prepare_schema(engine)
    problem = stores.PROBLEMS[0]
    two = [
        stores.an_attempt(problem, number, outcome, f"{number}", logprob=None)
        for number, outcome in enumerate((stores.ACCEPTED, stores.REJECTED))
    ]
    add_run(engine, RUN_A, [problem], two)
    asked = stores.settings("dpo", filter={"runs": [RUN_A]}, pairs={"pairing": "hard"})
    with pytest.raises(ConfigError, match="needs responses of runs drawn with --logprobs; none of these"):
        export(engine, asked, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    engine.dispose()
