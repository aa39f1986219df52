"""Resolving the settings of an export: runs by name and recipe, withdrawals, what a format shows."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from gristmill.db.exports.withdrawals import Kind, withdraw
from gristmill.db.sessions import reading, writing
from gristmill.exports.formats import FORMATS
from gristmill.exports.resolve import resolve
from gristmill.exports.settings import ExportSettings
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.store import stored_run
from gristmill.sampling.errors import ConfigError
from tests.exports.resolved_runs import HIGHEST, of_data_set, refused, resolved, start
from tests.support.sampling_runs import made_config, seeds_file


@pytest.fixture
def runs(engine: Engine) -> Engine:
    """Four of one recipe, one of another: their names are not in order of their age."""
    for run_id, recipe, selection in (
        ("z", "dart-uniform", {}),
        ("a", "best-of-k", HIGHEST),
        ("m", "dart-uniform", {}),
        ("b", "dart-uniform", {}),
        ("c.instructions", "dart-uniform", {}),
    ):
        start(engine, run_id, of_data_set(**selection), recipe)
    return engine


@pytest.mark.parametrize(
    ("asked", "run_ids"),
    [
        ({"runs": ["b"]}, ("b",)),
        ({"runs": ["m", "b", "z"]}, ("b", "m", "z")),
        ({"runs": ["b", "b"]}, ("b",)),
        ({"run_recipes": ["best-of-k"]}, ("a",)),
        ({"run_recipes": ["dart-uniform"]}, ("b", "c.instructions", "m", "z")),
        ({"run_recipes": ["dart-uniform"], "runs": ["b"]}, ("b", "c.instructions", "m", "z")),
        ({"runs": ["c.instructions"]}, ("c.instructions",)),
    ],
)
def test_runs_are_those_named_and_those_of_the_recipes_each_once_in_order_of_name(
    runs: Engine, asked: dict[str, object], run_ids: tuple[str, ...]
) -> None:
    found = resolved(runs, filter=asked)
    assert found.run_ids == run_ids
    assert found.settings.filter.run_recipes == (), "what is resolved names its runs"


@pytest.mark.parametrize("asked", [{"run_recipes": ["best-of-k", "dart-uniform"]}, {"runs": list("zamb")}])
def test_the_order_in_which_runs_are_given_changes_nothing(runs: Engine, asked: dict[str, list[str]]) -> None:
    turned = {name: values[::-1] for name, values in asked.items()}
    first, second = (resolved(runs, filter={**order, "with_surplus": True}) for order in (asked, turned))
    assert first == second
    assert list(first.run_ids) == sorted(first.run_ids)


def test_resolving_twice_changes_nothing(runs: Engine) -> None:
    for asked in ({"run_recipes": ["dart-uniform"]}, {"runs": ["a"]}):
        once = resolved(runs, filter=asked)
        with reading(runs) as session:
            assert resolve(session, once.settings) == once


def test_what_is_asked_besides_stays_as_it_was(runs: Engine) -> None:
    sections: dict[str, object] = {
        "filter": {"runs": ["b"], "min_pass_rate": 0.25, "min_tokens": 3, "with_surplus": True},
        "keep": {"per_problem": 4, "keep": "longest"},
        "splits": {"test": 0.25},
    }
    assert resolved(runs, **sections).settings == ExportSettings.model_validate(sections)


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "no run": ({}, "name a run to export, or --run-recipes"),
    "an unknown run": ({"runs": ["b", "nope"]}, "there is no run 'nope' in this store"),
    "an unknown recipe": (
        {"run_recipes": ["evolve"]},
        "--run-recipes: no run is of 'evolve'; the store has runs of best-of-k, dart-uniform",
    ),
}


@pytest.mark.parametrize(("asked", "says"), REFUSED.values(), ids=REFUSED)
def test_runs_that_cannot_be_are_refused_by_name(runs: Engine, asked: dict[str, object], says: str) -> None:
    assert says in refused(runs, filter=asked)


def test_in_an_empty_store_no_recipe_has_a_run(engine: Engine) -> None:
    assert "the store has runs of none" in refused(engine, filter={"run_recipes": ["dart-uniform"]})


def test_settings_are_checked_before_runs_are_looked_for(engine: Engine) -> None:
    assert "--format" in refused(engine, output={"format": "xml"}, filter={"runs": ["nope"]})


def take_back(engine: Engine, kind: Kind, name: str) -> None:
    with writing(engine) as session:
        withdraw(session, kind, name, "leaked answers")


def test_a_run_that_was_withdrawn_is_refused_by_name_and_left_out_by_recipe(runs: Engine) -> None:
    take_back(runs, Kind.RUN, "m")
    assert refused(runs, filter={"runs": ["b", "m"]}) == "run m was withdrawn: leaked answers"
    by_recipe = resolved(runs, filter={"run_recipes": ["dart-uniform"]})
    assert by_recipe.run_ids == ("b", "c.instructions", "z")


def test_a_recipe_whose_runs_were_all_withdrawn_leaves_nothing_to_export(runs: Engine) -> None:
    take_back(runs, Kind.RUN, "a")
    assert "withdrawn" in refused(runs, filter={"run_recipes": ["best-of-k"]})
    assert resolved(runs, filter={"run_recipes": ["best-of-k"], "runs": ["b"]}).run_ids == ("b",)


def test_models_that_were_withdrawn_are_told_whichever_run_has_them(runs: Engine) -> None:
    assert resolved(runs, filter={"runs": ["b"]}).without_models == ()
    for name in ("n", "m", "\ud800"):
        take_back(runs, Kind.MODEL, name)
    take_back(runs, Kind.RUN, "z")
    found = resolved(runs, filter={"runs": ["b", "m"]})
    assert found.without_models == ("m", "n", "\ud800")
    assert found.run_ids == ("b", "m"), "a model of the name of a run is no run"


def test_a_run_that_made_instructions_is_refused_by_name_and_left_out_by_recipe(
    engine: Engine, tmp_path: Path
) -> None:
    seeds = str(seeds_file(tmp_path, ["Name a river."]))
    config = made_config("self-instruct", {"seeds": seeds, "target": 2})
    for run_id in ("made.instructions", "made"):
        start(engine, run_id, config, "self-instruct")
    said = refused(engine, filter={"runs": ["made.instructions"]})
    assert said.startswith("made.instructions made instructions; the responses to them are in the run")
    assert resolved(engine, filter={"run_recipes": ["self-instruct"]}).run_ids == ("made",)
    assert resolved(engine, filter={"runs": ["made"]}).run_ids == ("made",)


@pytest.mark.parametrize("run_id", ["\ud800", "b\x00", "\x00"], ids=ascii)
def test_a_run_whose_name_no_column_can_hold_is_not_there(runs: Engine, run_id: str) -> None:
    with reading(runs) as session, pytest.raises(ConfigError, match="there is no run "):
        stored_run(session, run_id)
    if run_id.isascii():
        assert "there is no run" in refused(runs, filter={"runs": ["b", run_id]})


@pytest.mark.parametrize("name", FORMATS)
def test_raw_shows_what_is_beyond_the_quota_and_the_others_where_it_is_asked(runs: Engine, name: str) -> None:
    found = resolved(runs, output={"format": name}, filter={"runs": ["b"]})
    assert found.settings.filter.with_surplus is (name == "raw")


WITH_ANSWERS = ("math", "sound")
WITHOUT_ANSWERS = ("code-tests", "constraints", "grounding", "structure")


def verified_by(verifier: str) -> RunConfig:
    """As far as a snapshot tells of it."""
    config = of_data_set()
    needs = {"regex": ".*"} if verifier == "structure" else {}
    changed = config.verifier.model_copy(update={"verifier": verifier, **needs})
    return config.model_copy(update={"verifier": changed})


def test_references_that_are_no_answers_are_not_shown_as_answers(engine: Engine) -> None:
    for verifier in (*WITH_ANSWERS, *WITHOUT_ANSWERS):
        start(engine, verifier, verified_by(verifier))
    with_answers = resolved(engine, output={"format": "reference"}, filter={"runs": WITH_ANSWERS})
    assert with_answers.run_ids == WITH_ANSWERS
    for verifier in WITHOUT_ANSWERS:
        asked = {"runs": [*WITH_ANSWERS, verifier]}
        for name in FORMATS:
            if name != "reference":
                assert resolved(engine, output={"format": name}, filter=asked)
        assert refused(engine, output={"format": "reference"}, filter=asked) == (
            f"--format reference: the references of run {verifier} are what the verifier {verifier} "
            "goes by, and no answers"
        )
