"""`gristmill diff`: what it prints, and that text from outside does nothing to the terminal."""

from pathlib import Path

import pytest

from gristmill.cli.exports import diff
from gristmill.exports.rows import Row
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.errors import DataError
from tests.exports.manifests import a_folder, a_run
from tests.exports.samples import an_attempt

ROWS = [("train", problem, Row({}, (an_attempt(),))) for problem in ("p1", "p2", "p3")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "a", ROWS)


def printed(capsys: pytest.CaptureFixture[str], *paths: Path) -> str:
    capsys.readouterr()
    diff.main(list(map(str, paths)), standalone_mode=False)
    return capsys.readouterr().out


def test_the_same_is_said_to_be_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    again = a_folder(folder.parent / "b", ROWS)
    assert printed(capsys, folder, again) == "The two exports are the same\n"
    assert printed(capsys, folder / "manifest.json", again) == "The two exports are the same\n"


def test_differences_are_printed_by_section_and_the_rows_with_examples(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = [*ROWS[:1], ("test", "p2", ROWS[1][2])]
    runs = {"run": a_run(), "\x1b[31m[red]two": a_run()}
    files = [{"path": "data/train.jsonl", "bytes": 7, "sha256": "0123456789abcdef" * 4}]
    out = printed(capsys, folder, a_folder(folder.parent / "b", moved, runs=runs, files=files))
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "\x1b" not in out
    titles = ["Rows compared", "Some of them", "Runs", "Counts", "Files and checksums"]
    assert [line for line in lines if line in {*titles, "Rows"}] == titles
    assert lines.index("rows 3 2") > lines.index("only in A p3 run 0")
    assert any(line.startswith("\\x1b[31m[red]two - {") for line in lines)
    for line in (
        "rows 3 2",
        "data/train.jsonl 10 bytes, 0c 7 bytes, 0123456789abcdef...",
        "in both, in the same split 1",
        "in both, in another split 1",
        "only in A 1",
        "only in B 0",
        "moved p2 run 0",
        "only in A p3 run 0",
    ):
        assert line in lines, line
    assert not any(line.startswith("gristmill") for line in lines)


def test_without_provenance_it_says_that_rows_were_not_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = a_folder(folder.parent / "b", ROWS[:1], files=[])
    (other / "provenance.parquet").unlink()
    assert "The rows were not compared" in printed(capsys, folder, other)


def test_the_same_data_of_another_moment_are_said_to_be_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(capsys, folder, a_folder(folder.parent / "b", ROWS, as_of="2027-01-01T00:00:00Z"))
    assert out.startswith("The data are the same, byte for byte\n")
    assert "Rows compared" not in out
    assert "2027-01-01T00:00:00Z" in out


def test_every_field_of_a_manifest_has_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes: dict[str, object] = {
        "settings": ExportSettings.model_validate({"output": {"seed": 7}}),
        "left_out": {"contaminated problems": 4},
        "features": {"other": "string"},
        "versions": {"pyarrow": "1"},
        "inputs": {"items.jsonl": "0d"},
        "gristmill": "9",
        "files": [],
        "runs": {"run": a_run(generation={"template": "plain"})},
    }
    out = printed(capsys, folder, a_folder(folder.parent / "b", ROWS[:2], **changes))
    lines = [" ".join(line.split()) for line in out.splitlines()]
    places = [
        lines.index(line)
        for line in (
            "Rows compared",
            "output.seed 0 7",
            "run: generation: template boxed plain",
            "left out: contaminated problems - 4",
            "Columns",
            "Made with",
            "Files and checksums",
        )
    ]
    assert places == sorted(places)
    assert {"gristmill 0.1.0 9", "version of pyarrow 26.0.1 1", "input items.jsonl - 0d"} <= set(lines)


def test_what_is_no_export_is_told(folder: Path) -> None:
    with pytest.raises(DataError, match="no manifest can be read"):
        diff.main([str(folder), str(folder.parent)], standalone_mode=False)
