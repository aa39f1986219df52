"""What two exports differ in: every field of their manifests, and every row."""

import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.exports import provenance
from gristmill.exports.compare import Example, RowComparison, compare, differences
from gristmill.exports.manifest import FileEntry, Manifest
from gristmill.exports.provenance import PROVENANCE
from gristmill.exports.rows import Row
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.errors import DataError
from tests.exports.manifests import a_folder, a_manifest, a_run
from tests.exports.samples import HOSTILE, a_rejected, an_attempt

Line = tuple[str, str, Row]


def a_row(number: int, *, ordinal: int = 0) -> Row:
    return Row({}, (an_attempt(number, ordinal=ordinal),))


@pytest.mark.parametrize(
    ("changes", "phrases"),
    [
        ({}, []),
        ({"rows": 7}, ["rows: 6 -> 7"]),
        ({"schema_revision": "0004"}, ["schema revision: 0003 -> 0004"]),
        ({"versions": {"pyarrow": "27"}}, ["version of pyarrow: 26.0.1 -> 27"]),
        ({"inputs": {"b.jsonl": "0f"}}, ["input b.jsonl is new: 0f"]),
        (
            {"settings": ExportSettings.model_validate({"filter": {"levels": ["1"], "min_tokens": 3}})},
            ['setting filter.levels: [] -> ["1"]', "setting filter.min_tokens: null -> 3"],
        ),
        (
            {"runs": {"run": a_run(attempts={"accepted: equal": 8}, quotas_sha256="ff")}},
            [
                "run run: attempts: accepted: equal: 6 -> 8",
                "run run: attempts: rejected: not-equal is gone: 2",
                "run run: attempts: undecided: time-out is gone: 1",
                "run run: quotas_sha256: 0a -> ff",
            ],
        ),
        (
            {"counts": a_manifest().counts | {"level": {"1 sum": 5, "3 root": 1}}},
            [
                "count by level: 1 sum: 4 -> 5",
                "count by level: 2 product is gone: 2",
                "count by level: 3 root is new: 1",
            ],
        ),
        (
            {"files": [FileEntry(path="data/train.jsonl", bytes=10, sha256="0d")]},
            ["file data/train.jsonl: 10 bytes, 0c -> 10 bytes, 0d"],
        ),
    ],
)
def test_every_change_is_a_phrase(changes: dict[str, object], phrases: list[str]) -> None:
    assert list(map(str, differences(a_manifest(), a_manifest(**changes)))) == phrases


def test_a_run_that_is_new_is_one_difference() -> None:
    [found] = differences(a_manifest(), a_manifest(runs={"run": a_run(), "two": a_run()}))
    assert (found.section, found.name, found.a) == ("runs", "two", None)


def test_causes_come_before_what_follows() -> None:
    new = a_manifest(rows=9, runs={}, versions={}, files=[])
    assert [found.section for found in differences(a_manifest(), new)] == [
        "versions",
        "runs",
        "rows",
        "files",
    ]


def test_any_field_of_a_manifest_counts() -> None:
    old = a_manifest()
    changed: dict[str, object] = {
        "as_of": "2027-01-01T00:00:00Z",
        "rows_sha256": "other",
        "features": {},
        "left_out": {"x": 1},
        "without_models": ["m"],
        "escaped_texts": 1,
        "problems": 4,
        "gristmill": "0.2",
    }
    for name, value in changed.items():
        new = Manifest.model_validate(old.model_dump() | {name: value})
        assert [found.section for found in differences(old, new)] == [name]


@given(HOSTILE, HOSTILE)
def test_any_name_is_told_on_one_short_line(name: str, other: str) -> None:
    names = [text.encode("utf-8", "replace").decode() for text in (name, other)]
    old, new = (a_manifest(counts={"level": {text: 1}}) for text in names)
    phrases = list(map(str, differences(old, new)))
    assert len(phrases) == (0 if names[0] == names[1] else 2)
    for phrase in phrases:
        assert phrase.isprintable()
        assert len(phrase) < 2_000


ROWS: list[Line] = [
    ("train", "p1", a_row(0)),
    ("train", "p1", a_row(1)),
    ("train", "p2", Row({}, (an_attempt(0), a_rejected(1)))),
    ("test", "p4", Row({}, ())),
]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (ROWS, RowComparison(in_both=4)),
        ([], RowComparison(only_a=4)),
        (ROWS[:3], RowComparison(in_both=3, only_a=1, examples=[Example("only in A", "p4", "-")])),
        (
            [*ROWS[:3], ("train", "p3", a_row(7)), ROWS[3]],
            RowComparison(in_both=4, only_b=1, examples=[Example("only in B", "p3", "run 7")]),
        ),
        (
            [*ROWS[:2], ("test", "p2", ROWS[2][2]), ROWS[3]],
            RowComparison(
                in_both=3, moved=1, examples=[Example("moved", "p2", "chosen run 0, rejected run 1")]
            ),
        ),
        ([("train", "p1", a_row(0, ordinal=3)), *ROWS[1:]], RowComparison(in_both=4)),
        (
            [ROWS[0], *ROWS],
            RowComparison(in_both=4, only_b=1, examples=[Example("only in B", "p1", "run 0")]),
        ),
        (
            [*ROWS[:2], ("train", "p2", Row({}, (an_attempt(1), a_rejected(0)))), ROWS[3]],
            RowComparison(
                in_both=3,
                only_a=1,
                only_b=1,
                examples=[
                    Example("only in A", "p2", "chosen run 0, rejected run 1"),
                    Example("only in B", "p2", "chosen run 1, rejected run 0"),
                ],
            ),
        ),
    ],
    ids=["same", "none", "fewer", "more", "moved", "another verdict", "twice", "roles"],
)
def test_rows_are_compared_by_what_they_were_made_from(
    tmp_path: Path, rows: Sequence[Line], expected: RowComparison
) -> None:
    found = compare(a_folder(tmp_path / "a", ROWS), a_folder(tmp_path / "b", rows)).rows
    assert found is not None
    if len(rows) == 0:
        assert len(found.examples) == 4
        found.examples.clear()
    assert found == expected


LINES = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["train", "test"]), st.integers(0, 2)), max_size=8
)


@given(LINES, LINES)
def test_no_row_is_lost_in_the_comparison(
    tmp_path_factory: pytest.TempPathFactory, a: list[tuple[str, str, int]], b: list[tuple[str, str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("compared")
    paths = [
        a_folder(folder / name, [(split, problem, a_row(number)) for problem, split, number in sorted(lines)])
        for name, lines in (("a", a), ("b", b))
    ]
    rows = compare(*paths).rows
    assert rows is not None
    assert rows.in_both + rows.moved + rows.only_a == len(a)
    assert rows.in_both + rows.moved + rows.only_b == len(b)
    assert (rows.in_both == len(a) == len(b)) is (sorted(a) == sorted(b))


def test_the_same_exports_are_the_same_and_their_rows_are_not_read(tmp_path: Path) -> None:
    a, b = (a_folder(tmp_path / name, ROWS) for name in "ab")
    (b / PROVENANCE).unlink()
    found = compare(a, b / "manifest.json")
    assert found.same
    assert found.rows == RowComparison(in_both=4)


def test_without_provenance_other_rows_are_not_compared(tmp_path: Path) -> None:
    a, b = a_folder(tmp_path / "a", ROWS), a_folder(tmp_path / "b", ROWS[:2])
    (b / PROVENANCE).unlink()
    assert compare(a, b).rows is None


def test_rows_out_of_order_are_refused(tmp_path: Path) -> None:
    a, b = a_folder(tmp_path / "a", ROWS), a_folder(tmp_path / "b", ROWS[::-1])
    with pytest.raises(DataError, match="not in order of their problems"):
        compare(a, b)


def test_rows_are_compared_in_constant_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "_BATCH", 50)

    def many(step: int) -> Iterator[Line]:
        return (("train", f"{number:032x}", a_row(0)) for number in range(0, 2_000, step))

    a, b = a_folder(tmp_path / "a", many(1)), a_folder(tmp_path / "b", many(2))
    tracemalloc.start()
    found = compare(a, b).rows
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is not None
    assert (found.in_both, found.only_a, found.only_b, len(found.examples)) == (1_000, 1_000, 0, 5)
    assert peak < 400_000
