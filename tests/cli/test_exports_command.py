"""What becomes of an export: made again from its manifest, listed, compared, withdrawn."""

import pytest

from gristmill.exports.manifest import read_manifest
from tests.exports.loading import contents
from tests.exports.stores import MODEL_B, RUN_A, RUN_B
from tests.support.commands import Workplace


@pytest.mark.parametrize("flag", [(RUN_A,), ("--format", "kto"), ("--recipe", "r.toml"), ("--seed", "1")])
def test_a_manifest_goes_with_no_other_say_in_what_is_exported(
    filled: Workplace, flag: tuple[str, ...]
) -> None:
    filled.does("export", RUN_A)
    told = filled.refuses("export", "--manifest", "run-a-sft/manifest.json", *flag, code=2)
    assert told.startswith("--manifest says what is exported: give it without runs, recipe and filters")


@pytest.mark.parametrize("manifest", ["run-a-kto/manifest.json", "run-a-kto"])
def test_a_manifest_or_its_folder_gives_the_same_export_again(filled: Workplace, manifest: str) -> None:
    filled.does("export", RUN_A, "--format", "kto", "--test", "0.2", "--reasons", "equal")
    said = filled.does("export", "--manifest", manifest)
    assert said.startswith("run-a-kto-again: ")
    again = contents(filled.folder / "run-a-kto-again")
    assert again == contents(filled.folder / "run-a-kto")
    filled.does("export", "--manifest", manifest, "--out", "elsewhere")
    assert contents(filled.folder / "elsewhere") == again


def test_what_is_no_manifest_is_refused_in_one_line(filled: Workplace) -> None:
    filled.write("manifest.json", '{"rows": 1}')
    told = filled.refuses("export", "--manifest", "manifest.json")
    assert told.startswith("manifest.json: not a manifest that this version reads: ")
    (filled.folder / "empty").mkdir()
    told = filled.refuses("export", "--manifest", "empty")
    assert told.startswith("empty/manifest.json: no manifest can be read: ")


def test_what_was_exported_is_listed(filled: Workplace) -> None:
    assert filled.does("exports") == "nothing was exported from this store\n"
    filled.does("export", RUN_A)
    filled.does("export", RUN_B, "--format", "rlvr")
    newest, oldest = filled.does("exports").splitlines()
    assert newest.endswith(f"rlvr  25 rows  {filled.folder / 'run-b-rlvr'}")
    assert oldest.endswith(f"sft  60 rows  {filled.folder / 'run-a-sft'}")


def test_an_export_that_was_replaced_is_listed_with_the_one_in_its_place(filled: Workplace) -> None:
    filled.does("export", RUN_A, "--out", "out")
    filled.does("export", RUN_B, "--out", "elsewhere")
    filled.does("export", RUN_B, "--out", "out", "--replace")
    newest, elsewhere, oldest, mark = filled.does("exports").splitlines()
    assert newest.startswith("3 ")
    assert elsewhere.startswith("2 ")
    assert oldest.startswith("1 ")
    assert mark == "   replaced by 3"


def test_two_exports_are_compared(filled: Workplace) -> None:
    filled.does("export", RUN_A)
    filled.does("export", "--manifest", "run-a-sft")
    assert filled.does("diff", "run-a-sft", "run-a-sft-again") == "The two exports are the same\n"
    filled.does("export", RUN_A, "--with-surplus", "--out", "more")
    told = filled.does("diff", "run-a-sft", "more")
    assert "filter.with_surplus" in told
    assert ["only", "in", "B", "30"] in [line.split() for line in told.splitlines()]


@pytest.mark.parametrize(
    ("kind", "name", "refused"),
    [
        ("run", RUN_B, "run run-b was withdrawn: a reason"),
        ("model", MODEL_B, "nothing was published: model model-b was withdrawn; "),
    ],
)
def test_what_was_withdrawn_is_not_exported_again(
    filled: Workplace, kind: str, name: str, refused: str
) -> None:
    filled.does("export", RUN_A, RUN_B, "--out", "both")
    filled.does("export", RUN_A)
    told = filled.does("withdraw", kind, name, "--because", "a reason")
    assert "exports that hold its rows: 1" in told
    assert f"{filled.folder / 'both'}" in told
    assert f"{kind} {name}: a reason" in filled.does("exports")
    assert refused in filled.refuses("export", "--manifest", "both")
    assert filled.does("export", "--manifest", "run-a-sft")


def test_a_run_that_was_withdrawn_is_refused_by_name_and_left_out_by_recipe(filled: Workplace) -> None:
    filled.does("withdraw", "run", RUN_B, "--because", "a reason")
    assert filled.refuses("export", RUN_A, RUN_B) == "run run-b was withdrawn: a reason"
    filled.does("export", "--run-recipes", "dart-uniform", "--out", "out")
    assert read_manifest(filled.folder / "out").runs.keys() == {RUN_A}
