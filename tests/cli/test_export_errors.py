"""What can be wrong with an export: one line that says what to do, and what is there stays as it is."""

import pytest

from tests.support.commands import Workplace

EXPORTS = {
    "no run": (["export"], "name a run to export, or --run-recipes"),
    "no run of the recipe": (["export", "--run-recipes", "evolve"], "the store has runs of dart-uniform"),
    "unknown format": (["--format", "xml"], "--format: 'xml' is unknown; known are sft, prompt-completion, "),
    "unknown container": (["--container", "csv"], "known are jsonl, jsonl.gz, jsonl.zst, parquet"),
    "unknown metric": (
        ["--keep", "highest", "--keep-metric", "mtdl"],
        "--keep-metric: 'mtdl' is not a metric",
    ),
    "a rule without its metric": (["--keep", "lowest"], "--keep-metric"),
    "pairs of no pairs": (
        ["--pairing", "hard"],
        "--pairing does nothing for the format sft: it is for pairs (dpo, reward)",
    ),
    "a range that is empty": (["--min-tokens", "9", "--max-tokens", "8"], "min_tokens is above max_tokens"),
    "nothing left to train on": (["--validation", "0.5", "--test", "0.5"], "nothing for train"),
    "no recipe of an export": (["--recipe", "nope.toml"], "nope.toml"),
    "no file of benchmark items": (["--benchmarks", "nope.txt"], "nope.txt"),
    "no folder": (["--out", "nope/here"], "there is no folder"),
    "a file": (["--out", "notes.txt"], "notes.txt"),
    "a folder of something else": (["--out", "notes"], "notes"),
    "something else, to be replaced": (["--out", "notes", "--replace"], "notes"),
}


@pytest.mark.parametrize(("flags", "says"), EXPORTS.values(), ids=EXPORTS)
def test_an_export_that_cannot_be_is_refused_by_what_is_wrong_and_leaves_no_file(
    flags: list[str], says: str, finished: Workplace
) -> None:
    finished.write("notes.txt", "mine")
    (finished.folder / "notes").mkdir()
    finished.write("notes/today.txt", "mine")
    arguments = flags if flags[0] == "export" else ["export", "done", *flags]
    assert says in finished.refuses(*arguments)
    assert (finished.folder / "notes" / "today.txt").read_text() == "mine"


def test_an_export_that_is_there_is_replaced_only_when_asked_for(finished: Workplace) -> None:
    finished.does("export", "done", "--out", "mine")
    before = (finished.folder / "mine" / "manifest.json").read_bytes()
    assert "--replace" in finished.refuses("export", "done", "--format", "rlvr", "--out", "mine")
    assert (finished.folder / "mine" / "manifest.json").read_bytes() == before
    finished.does("export", "done", "--format", "rlvr", "--out", "mine", "--replace")
    assert b'"rlvr"' in (finished.folder / "mine" / "manifest.json").read_bytes()
