"""Which exports a withdrawal marks, and that none is overlooked."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from gristmill.db.exports.log import ExportRecord, list_exports, mark_exports, record_export
from gristmill.db.exports.withdrawals import Kind, withdraw
from gristmill.db.sessions import Session, reading, writing
from gristmill.db.text import escaped
from tests.db.samples import RUN, a_problem, an_attempt, commit, read, start_run, store
from tests.db.writers import SECONDS, until_blocked

Counts = Mapping[str, int]


def a_manifest(runs: Counts, models: Counts, cut_from: Mapping[str, Sequence[str]] | None = None) -> str:
    """As much of one as the records look at; `cut_from` has the models of each run."""
    from_runs = cut_from if cut_from is not None else {run: list(models) for run in runs}
    entries = {run: {"models": list(names)} for run, names in from_runs.items()}
    return json.dumps({"counts": {"run": dict(runs), "model": dict(models)}, "runs": entries})


def recorded(
    session: Session, manifest: str | None, runs: Sequence[str] = (RUN,), path: str = "/out/sft"
) -> ExportRecord:
    return record_export(
        session,
        path=path,
        format="sft",
        manifest_json=manifest,
        run_ids=runs,
        row_count=12,
        checksum="0f",
        filter_json='{"levels": ["\\ud800"]}',
    )


def withdrawn(engine: Engine, kind: Kind, name: str, reason: str = "it was wrong") -> list[ExportRecord]:
    with writing(engine) as session:
        return mark_exports(session, withdraw(session, kind, name, reason))


def marked(engine: Engine) -> dict[int, str | None]:
    return {record.id: record.withdrawn_because for record in read(engine, list_exports)}


def test_an_export_is_recorded_and_listed_newest_first(engine: Engine) -> None:
    with writing(engine) as session:
        first = recorded(session, None, ["a", "lone \ud800"])
        second = recorded(session, a_manifest({"a": 1}, {"m": 1}), path="/out/dpo")
    with reading(engine) as session:
        assert list_exports(session) == [second, first]
        stored = session.execute(text("SELECT filter, manifest FROM exports ORDER BY id")).all()
    assert first.run_ids == ("a", "lone \ud800")
    assert (first.path, first.format, first.row_count, first.checksum) == ("/out/sft", "sft", 12, "0f")
    assert (first.withdrawn_at, first.withdrawn_because) == (None, None)
    assert [tuple(row) for row in stored] == [
        ('{"levels": ["\\ud800"]}', None),
        ('{"levels": ["\\ud800"]}', a_manifest({"a": 1}, {"m": 1})),
    ]


def test_an_export_in_the_place_of_another_replaces_the_last_one_there_alone(engine: Engine) -> None:
    with writing(engine) as session:
        paths = ["/out/a", "/out/b", "/out/a", "/out/a", "/out/a/b", "/out/b "]
        first, other, second, third, *_ = [recorded(session, None, path=path) for path in paths]
    replaced = {record.id: record.replaced_by for record in read(engine, list_exports)}
    assert third.replaced_by is None
    assert {id_: by for id_, by in replaced.items() if by} == {first.id: second.id, second.id: third.id}
    assert replaced[other.id] is None


def test_an_export_that_was_replaced_is_marked_as_any_other(engine: Engine) -> None:
    """Its folder is gone, and whoever copied it is to know."""
    with writing(engine) as session:
        former = recorded(session, a_manifest({"r": 1}, {"m": 1}))
        recorded(session, a_manifest({"s": 1}, {"n": 1}))
    [found] = withdrawn(engine, Kind.RUN, "r")
    assert (found.id, found.replaced_by) == (former.id, former.id + 1)


@pytest.mark.parametrize(
    ("manifest", "marks_run", "marks_model"),
    [
        (a_manifest({"r": 3}, {"m": 3}), True, True),
        (a_manifest({"r": 2, "s": 1}, {"n": 3}), True, False),
        (a_manifest({"s": 1}, {"m": 3}), False, True),
        (a_manifest({"s": 1}, {"n": 3}, {"s": ["n"], "r": ["m"]}), False, False),
        (a_manifest({"s": 1, "r": 0}, {"n": 3, "m": 0}), False, False),
        (a_manifest({}, {}, {"r": ["m"], "s": ["n"]}), True, True),
        (a_manifest({}, {}, {"r": ["n"]}), True, False),
    ],
    ids=["both", "run", "model", "neither", "none of either", "problems alone", "their model"],
)
def test_the_manifest_says_what_an_export_holds(
    engine: Engine, manifest: str, marks_run: bool, marks_model: bool
) -> None:
    by_run = commit(engine, recorded, manifest, ["x"])
    assert bool(withdrawn(engine, Kind.RUN, "r")) is marks_run
    with writing(engine) as session:
        session.execute(text("DELETE FROM withdrawals"))
        session.execute(text("UPDATE exports SET withdrawn_at = NULL, withdrawn_because = NULL"))
    assert bool(withdrawn(engine, Kind.MODEL, "m")) is marks_model
    assert marked(engine)[by_run.id] == ("model m: it was wrong" if marks_model else None)


@pytest.mark.parametrize(
    ("further", "is_marked"),
    [
        ({"rows": 3}, True),
        ({"rows": 0}, False),
        ({"without_models": ["m"]}, False),
        ({"without_models": ["n"]}, True),
        ({"settings": {"filter": {"models": ["n"]}}}, False),
        ({"settings": {"filter": {"models": ["m", "x"]}}}, True),
    ],
    ids=str,
)
def test_problems_alone_hold_what_was_looked_at(
    engine: Engine, further: dict[str, object], is_marked: bool
) -> None:
    cut_from_both = json.loads(a_manifest({}, {}, {"r": ["m", "n"]}))
    commit(engine, recorded, json.dumps(cut_from_both | further))
    assert bool(withdrawn(engine, Kind.MODEL, "m")) is is_marked


def test_without_a_manifest_the_runs_decide(engine: Engine) -> None:
    problem = a_problem(1)
    start_run(engine, [problem])
    store(engine, [an_attempt(problem, 0)])
    with writing(engine) as session:
        ours, other = recorded(session, None, [RUN]), recorded(session, None, ["run-2"])
    assert [record.id for record in withdrawn(engine, Kind.MODEL, "tiny-model")] == [ours.id]
    assert [record.id for record in withdrawn(engine, Kind.RUN, "run-2")] == [other.id]


def test_a_marked_export_keeps_its_first_mark(engine: Engine) -> None:
    commit(engine, recorded, a_manifest({"r": 1}, {"m": 1}))
    [first] = withdrawn(engine, Kind.RUN, "r", "first")
    assert withdrawn(engine, Kind.RUN, "r", "second") == [first]
    assert withdrawn(engine, Kind.MODEL, "m", "third") == [first]
    assert first.withdrawn_because == "run r: first"
    assert first.withdrawn_at is not None


@pytest.mark.parametrize("name", ["nul \x00", "lone \ud800", "\U00100e5cd800"], ids=ascii)
@pytest.mark.parametrize("as_in_manifest", [str, escaped])
def test_a_name_that_is_escaped_is_found(engine: Engine, name: str, as_in_manifest: type[str]) -> None:
    commit(engine, recorded, a_manifest({"r": 1}, {as_in_manifest(name): 1}))
    assert len(withdrawn(engine, Kind.MODEL, name)) == 1


def test_an_export_of_what_was_withdrawn_meanwhile_is_marked_as_it_is_recorded(engine: Engine) -> None:
    withdrawn(engine, Kind.RUN, "r", "first")
    withdrawn(engine, Kind.MODEL, "m", "second")
    with writing(engine) as session:
        because = [
            recorded(session, manifest).withdrawn_because
            for manifest in (
                a_manifest({"r": 1}, {"m": 1}),
                a_manifest({"s": 1}, {"m": 1}),
                a_manifest({"s": 1}, {"n": 1}),
            )
        ]
    assert because == ["run r: first", "model m: second", None]


@pytest.mark.parametrize("recorded_first", [True, False])
def test_a_withdrawal_and_an_export_at_once_do_not_miss_each_other(
    engine: Engine, threads: ThreadPoolExecutor, recorded_first: bool
) -> None:
    def record_it(session: Session) -> None:
        recorded(session, a_manifest({"r": 1}, {"m": 1}))

    def withdraw_it(session: Session) -> None:
        mark_exports(session, withdraw(session, Kind.RUN, "r", "it was wrong"))

    first, second = (record_it, withdraw_it) if recorded_first else (withdraw_it, record_it)

    with writing(engine) as session:
        first(session)
        other = threads.submit(commit, engine, second)
        until_blocked(engine, other)
    other.result(SECONDS)
    assert set(marked(engine).values()) == {"run r: it was wrong"}
