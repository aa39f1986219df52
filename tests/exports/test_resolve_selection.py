"""The choice that runs make among their responses: an export makes the same unless it is told another."""

import pytest
from sqlalchemy import Engine

from gristmill.db.attempts import record
from gristmill.db.problems import add_problems
from gristmill.db.sessions import writing
from gristmill.exports.formats import FORMATS
from gristmill.exports.resolve import metric_names
from gristmill.exports.settings import ExportSettings, KeepSettings
from tests.exports.resolved_runs import HIGHEST, of_data_set, refused, resolved, start
from tests.exports.stores import PROBLEMS, an_attempt

LOWEST = {"select_by": "mtld", "select": "lowest"}
WORDS = {"select_by": "words"}
OF_ACCEPTED_ALONE = [name for name, made in FORMATS.items() if len(made.outcomes) == 1]


@pytest.fixture
def choosing(engine: Engine) -> Engine:
    """Runs that choose one response of each problem, named for how, and `plain`, which does not choose."""
    for run_id, selection in (
        ("highest", HIGHEST),
        ("again", HIGHEST),
        ("lowest", LOWEST),
        ("words", WORDS),
        ("plain", {}),
    ):
        start(engine, run_id, of_data_set(**selection))
    with writing(engine) as session:
        add_problems(session, "highest", PROBLEMS[:1], {})
        record(session, "highest", [an_attempt(PROBLEMS[0], 0)], [], [])
    return engine


@pytest.mark.parametrize(
    ("run_ids", "metric", "which"),
    [
        (["highest"], "mtld", "highest"),
        (["lowest"], "mtld", "lowest"),
        (["words"], "words", "highest"),
        (["highest", "again"], "mtld", "highest"),
    ],
)
def test_a_run_that_chooses_exports_its_choice_among_all_that_are_accepted(
    choosing: Engine, run_ids: list[str], metric: str, which: str
) -> None:
    found = resolved(choosing, filter={"runs": run_ids}).settings
    assert found.keep == KeepSettings.model_validate({"per_problem": 1, "keep": which, "keep_metric": metric})
    assert found.filter.with_surplus, "the best may be beyond the quota"


def test_a_run_that_chooses_may_be_asked_for_its_best_few(choosing: Engine) -> None:
    found = resolved(choosing, filter={"runs": ["highest"]}, keep={"per_problem": 3}).settings
    assert (found.keep.per_problem, found.keep.keep, found.keep.keep_metric) == (3, "highest", "mtld")


@pytest.mark.parametrize("name", FORMATS)
def test_the_choice_is_made_for_formats_of_accepted_responses_alone(choosing: Engine, name: str) -> None:
    found = resolved(choosing, output={"format": name}, filter={"runs": ["highest"]}).settings
    assert (found.keep.keep == "highest") is (name in OF_ACCEPTED_ALONE)
    assert found.filter.with_surplus is (name in OF_ACCEPTED_ALONE or name == "raw"), "raw shows everything"


def test_the_formats_of_accepted_responses_alone_are_those_for_supervised_training() -> None:
    assert set(OF_ACCEPTED_ALONE) == {"sft", "prompt-completion", "alpaca", "sharegpt", "openai"}


@pytest.mark.parametrize(
    "run_ids", [["highest", "lowest"], ["highest", "words"], ["highest", "plain"], ["plain", "lowest"]]
)
def test_runs_that_choose_differently_are_not_mixed_unless_one_says_how(
    choosing: Engine, run_ids: list[str]
) -> None:
    said = refused(choosing, filter={"runs": run_ids})
    assert "by different rules" in said
    assert "--keep" in said
    assert "--with-surplus" in said
    asked: list[dict[str, object]] = [
        {"filter": {"runs": run_ids, "with_surplus": True}},
        {"filter": {"runs": run_ids}, "keep": {"keep": "random"}},
        {"filter": {"runs": run_ids}, "output": {"format": "dpo"}},
    ]
    for sections in asked:
        expected = ExportSettings.model_validate(sections)
        in_order = expected.filter.model_copy(update={"runs": tuple(sorted(run_ids))})
        assert resolved(choosing, **sections).settings == expected.model_copy(update={"filter": in_order})


@pytest.mark.parametrize(
    "told",
    [
        {"filter": {"runs": ["highest"], "with_surplus": True}},
        {"filter": {"runs": ["highest"]}, "keep": {"keep": "first"}},
        {"filter": {"runs": ["highest"]}, "keep": {"keep": "lowest", "keep_metric": "words"}},
        {"filter": {"runs": ["highest"], "with_surplus": True}, "keep": {"per_problem": 2}},
    ],
)
def test_what_is_asked_for_stands_in_place_of_the_runs_choice(
    choosing: Engine, told: dict[str, object]
) -> None:
    assert resolved(choosing, **told).settings == ExportSettings.model_validate(told)


@pytest.mark.parametrize(
    ("sections", "pairs", "names"),
    [
        ({}, True, []),
        ({"keep": {"keep": "lowest", "keep_metric": "words"}}, False, ["words"]),
        ({"pairs": {"margin_metric": "mtld"}}, True, ["mtld"]),
        ({"pairs": {"margin_metric": "mtld"}}, False, []),
        ({"transform": {"markers": ["quality"], "marker_metric": "mtld"}}, False, ["mtld"]),
        (
            {
                "keep": {"keep": "highest", "keep_metric": "mtld"},
                "pairs": {"margin_metric": "words"},
                "transform": {"markers": ["quality"], "marker_metric": "mtld"},
            },
            True,
            ["mtld", "words"],
        ),
    ],
)
def test_the_metrics_that_an_export_goes_by_are_named_once(
    sections: dict[str, object], pairs: bool, names: list[str]
) -> None:
    assert metric_names(ExportSettings.model_validate(sections), pairs=pairs) == names
