"""`gristmill export` and the commands about exports, called the way the console script calls them."""

import json
from pathlib import Path
from typing import Any

import pytest

from gristmill.cli.main import main
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.manifest import Manifest, read_manifest
from gristmill.exports.query import CONTAMINATED
from gristmill.exports.settings import EXPORT_SECTIONS, KeepSettings
from tests.exports.loading import contents
from tests.exports.stores import MODEL_B, PROBLEMS, RUN_A, RUN_B
from tests.support.commands import Workplace


def records(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "data" / "train.jsonl").read_text().splitlines()]


def exported(workplace: Workplace, *arguments: str) -> tuple[list[dict[str, Any]], Manifest]:
    """The records and the manifest of an export to the folder `out`."""
    workplace.does("export", *arguments, "--out", "out", "--replace")
    return records(workplace.folder / "out"), read_manifest(workplace.folder / "out")


def test_without_flags_it_is_chats_in_a_folder_named_for_run_and_format(filled: Workplace) -> None:
    said = filled.does("export", RUN_A)
    folder = filled.folder / "run-a-sft"
    assert said.splitlines()[0] == "run-a-sft: 60 rows from 30 problems"
    assert {"README.md", "data/train.jsonl", "manifest.json", "provenance.parquet"} == contents(folder).keys()
    for record in records(folder):
        user, assistant = record["messages"]
        assert (user["role"], assistant["role"]) == ("user", "assistant")
        assert user["content"].startswith("Question ")
        assert assistant["content"].startswith("By run-a, try ")
    for file in read_manifest(folder).files:
        assert f"  {file.path}  {file.bytes:,} bytes  SHA-256 {file.sha256}" in said.splitlines()


def test_several_runs_are_in_a_folder_of_their_own_name(filled: Workplace) -> None:
    said = filled.does("export", RUN_A, RUN_B, "--format", "kto", "--validation", "0.2")
    assert said.startswith("export-kto: 245 rows from 40 problems (train ")
    assert ", validation " in said.splitlines()[0]
    runs = {record["metadata"]["run_id"] for record in records(filled.folder / "export-kto")}
    assert runs == {RUN_A, RUN_B}


def test_a_run_that_is_named_twice_counts_once(filled: Workplace) -> None:
    once, _ = exported(filled, RUN_A)
    twice, manifest = exported(filled, RUN_A, RUN_A)
    assert twice == once
    assert manifest.settings.filter.runs == (RUN_A,)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_its_flag(filled: Workplace, name: str) -> None:
    found, manifest = exported(filled, RUN_A, "--format", name)
    assert manifest.settings.output.format == name
    assert len(found) == manifest.rows > 0


def test_a_format_in_plain_text(filled: Workplace) -> None:
    found, _ = exported(filled, RUN_A, "--format", "dpo", "--form", "plain", "--pairing", "length-matched")
    assert {type(record[name]) for record in found for name in ("prompt", "chosen", "rejected")} == {str}


RECIPE = """
[output]
format = "kto"
container = "parquet"
[filter]
run_recipes = ["dart-uniform"]
levels = ["1", "2"]
[keep]
per_problem = 1
keep = "longest"
[card]
license = "apache-2.0"
"""


def test_a_recipe_says_what_is_exported_and_flags_stand_in_its_place(filled: Workplace) -> None:
    recipe = str(filled.write("kto.toml", RECIPE))
    filled.does("export", "--recipe", recipe)
    manifest = read_manifest(filled.folder / "export-kto")
    assert manifest.settings.filter.runs == (RUN_A, RUN_B)
    assert manifest.counts["level"].keys() == {"1", "2"}
    assert manifest.settings.output.container == "parquet"
    assert "license: apache-2.0" in (filled.folder / "export-kto" / "README.md").read_text()
    arguments = ("--recipe", recipe, "--container", "jsonl", "--levels", "3", "--keep", "shortest")
    found, manifest = exported(filled, *arguments)
    assert {record["metadata"]["level"] for record in found} == {"3"}
    assert manifest.settings.keep == KeepSettings(per_problem=1, keep="shortest")


SECTIONS = ", ".join(EXPORT_SECTIONS)
REFUSED: dict[str, tuple[tuple[str, ...], str]] = {
    "no run": ((), "name a run to export, or --run-recipes; `gristmill runs` lists what there is"),
    "an unknown run": (("gone",), "there is no run 'gone' in this store; `gristmill runs` lists them"),
    "an unknown recipe": (
        ("--run-recipes", "x"),
        "--run-recipes: no run is of 'x'; the store has runs of dart-uniform",
    ),
    "an unknown format": (
        (RUN_A, "--format", "sfd"),
        f"--format: 'sfd' is unknown; known are {', '.join(FORMATS)}",
    ),
    "an unknown container": (
        (RUN_A, "--container", "csv"),
        f"--container: 'csv' is unknown; known are {', '.join(CONTAINERS)}",
    ),
    "an unknown metric": (
        (RUN_A, "--keep", "highest", "--keep-metric", "size"),
        "--keep-metric: 'size' is not a metric; known: characters, words, ",
    ),
    "an unknown level": (
        (RUN_A, "--levels", "6"),
        "--levels: the runs have no level '6'; they have '1', '2', '3', '4', '5'",
    ),
    "a metric without its rule": ((RUN_A, "--keep-metric", "mtld"), "--keep-metric go together"),
    "pairing without pairs": ((RUN_A, "--pairing", "hard"), "--pairing does nothing for the format sft: "),
    "markers without examples": (
        (RUN_A, "--format", "dpo", "--markers", "level"),
        "--markers does nothing for the format dpo: ",
    ),
    "shares of more than all": (
        (RUN_A, "--validation", "0.6", "--test", "0.4"),
        "validation and test together leave nothing for train",
    ),
    "a range upside down": (
        (RUN_A, "--min-tokens", "9", "--max-tokens", "8"),
        "min_tokens is above max_tokens",
    ),
    "no such folder": ((RUN_A, "--out", "absent/out"), "absent/out cannot be written: there is no folder"),
    "no such recipe": (("--recipe", "absent.toml"), "recipe absent.toml cannot be read: "),
    "a rule without its metric": ((RUN_A, "--keep", "lowest"), "--keep-metric"),
    "a file in its place": ((RUN_A, "--out", "notes.txt"), "notes.txt"),
    "a folder of something else": ((RUN_A, "--out", "notes"), "notes"),
    "something else, to be replaced": ((RUN_A, "--out", "notes", "--replace"), "notes"),
    "nothing that fits": (
        (RUN_A, "--min-tokens", "1000"),
        "satisfies all of the conditions: there is nothing to ",
    ),
    "no such benchmark": ((RUN_A, "--benchmarks", "absent.jsonl"), "absent.jsonl cannot be read: "),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused_in_one_line(filled: Workplace, what: str) -> None:
    filled.write("notes.txt", "mine")
    (filled.folder / "notes").mkdir()
    filled.write("notes/today.txt", "mine")
    arguments, told = REFUSED[what]
    assert told in filled.refuses("export", *arguments)
    assert (filled.folder / "notes" / "today.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[outputs]\nformat = 'kto'", f"outputs is no section of an export; known: {SECTIONS}"),
        ("format = 'kto'", f"format is no section of an export; known: {SECTIONS}"),
        ("[output]\nformats = 'kto'", "formats"),
        ("[output]\nseed = -1", "seed"),
        ("[output", "not TOML"),
        ("\udcff", "cannot be read"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused_in_one_line(filled: Workplace, text: str, told: str) -> None:
    recipe = filled.write("recipe.toml", text.encode("utf-8", "surrogateescape"))
    assert told in filled.refuses("export", RUN_A, "--recipe", str(recipe))


def test_an_export_that_is_there_stays_unless_it_is_to_be_replaced(filled: Workplace) -> None:
    filled.does("export", RUN_A, "--out", "out")
    before = contents(filled.folder / "out")
    told = filled.refuses("export", RUN_B, "--out", "out")
    assert told == "out is there already: name another folder or give --replace"
    assert contents(filled.folder / "out") == before
    filled.does("export", RUN_B, "--out", "out", "--replace")
    assert contents(filled.folder / "out") != before


def test_progress_is_told_on_standard_error_alone(filled: Workplace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gristmill.exports.export._LINE_SECONDS", 0.0)
    main(["export", RUN_A])
    said, errors = filled.capsys.readouterr()
    assert "of problems" not in said
    assert errors.splitlines()[-1] == "100% of problems; 60 rows"


FILTERS: dict[str, tuple[tuple[str, ...], str, set[str]]] = {
    "levels": (("--levels", "1", "--levels", "3"), "level", {"1", "3"}),
    "sources": (("--sources", "algebra"), "source", {"algebra"}),
    "models": (("--models", MODEL_B), "model", {MODEL_B}),
}


@pytest.mark.parametrize("what", FILTERS)
def test_a_filter_lets_through_what_it_names(filled: Workplace, what: str) -> None:
    flags, column, wanted = FILTERS[what]
    everything, _ = exported(filled, RUN_A, RUN_B)
    found, manifest = exported(filled, RUN_A, RUN_B, *flags)
    assert found == [record for record in everything if record["metadata"][column] in wanted]
    assert manifest.counts[column].keys() == wanted


def test_reasons_and_tokens_are_filters(filled: Workplace) -> None:
    asked = (RUN_A, RUN_B, "--format", "raw")
    raw, _ = exported(filled, *asked)
    reasons = ("--reasons", "equal", "--reasons", "unproved", "--without-reasons", "equal")
    found, _ = exported(filled, *asked, *reasons)
    assert found == [record for record in raw if record["reason"] == "unproved"] != []
    found, _ = exported(filled, *asked, "--min-tokens", "15", "--max-tokens", "30")
    assert found == [record for record in raw if 15 <= record["completion_tokens"] <= 30] != []


def test_a_band_of_pass_rates_is_a_filter(filled: Workplace) -> None:
    """Of five decided attempts on each problem of run A three were accepted."""
    asked = ("export", RUN_A, "--format", "rlvr")
    found, _ = exported(filled, *asked[1:], "--min-pass-rate", "0.6", "--max-pass-rate", "0.6")
    assert [record["pass_rate"] for record in found] == [0.6] * 30
    for band in (("--max-pass-rate", "0.5"), ("--min-pass-rate", "0.7")):
        assert "there is nothing to export" in filled.refuses(*asked, *band)


def test_problems_of_a_benchmark_are_left_out_and_counted(filled: Workplace) -> None:
    items = filled.write("items.jsonl", json.dumps({"question": f"Well. {PROBLEMS[4].prompt.upper()}"}))
    said = filled.does("export", RUN_A, "--benchmarks", str(items))
    assert f"  left out: 1 {CONTAMINATED}" in said.splitlines()
    folder = filled.folder / "run-a-sft"
    found = {record["metadata"]["problem_id"] for record in records(folder)}
    assert found == {problem.id for problem in PROBLEMS[:30]} - {PROBLEMS[4].id}
    assert read_manifest(folder).inputs.keys() == {str(items)}
