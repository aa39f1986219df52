"""What is told of pairs: their margin, what a rule needs to make any, and how far two orders are apart."""

import math
from collections.abc import Mapping

import pytest

from gristmill.exports.pairs import pairs, requirement
from gristmill.exports.settings import Pairing, PairSettings
from tests.exports.paired import accepted, paired, rejected
from tests.exports.samples import problem_with


@pytest.mark.parametrize(
    ("pairing", "metric", "margin"),
    [
        ("random", "mtld", -2.5),
        ("hard", "mtld", -2.5),
        ("length-matched", None, None),
        ("random", "absent", None),
    ],
)
def test_the_margin_is_the_difference_of_the_metric_where_both_have_it(
    pairing: Pairing, metric: str | None, margin: float | None
) -> None:
    problem = problem_with(
        None,
        accepted(0, 10, -1.0),
        rejected(1, 10, -1.0),
        metrics={"mtld": {("run", 0): 1.5, ("run", 1): 4.0}},
    )
    (pair,) = pairs(problem, paired(pairing, 1, metric))
    assert pair.margin == margin


@pytest.mark.parametrize("values", [(1.5, None), (math.nan, 1.0), (math.inf, 1.0), (1e308, -1e308)])
def test_a_margin_that_is_no_finite_number_is_none(values: tuple[float | None, float | None]) -> None:
    metrics: Mapping[str, dict[tuple[str, int], float]] = {
        "mtld": {("run", at): value for at, value in enumerate(values) if value is not None}
    }
    (pair,) = pairs(
        problem_with(None, accepted(0), rejected(1), metrics=metrics), paired("random", 1, "mtld")
    )
    assert pair.margin is None


@pytest.mark.parametrize(
    ("pairing", "metric", "said"),
    [
        ("random", None, None),
        ("length-matched", "mtld", None),
        ("hard", "mtld", "--pairing hard needs responses of runs drawn with --logprobs"),
        (
            "max-margin",
            None,
            "--pairing max-margin needs responses of runs drawn with --logprobs, or give --margin-metric",
        ),
        ("max-margin", "mtld", "--pairing max-margin needs responses that have the metric 'mtld'"),
    ],
)
def test_a_rule_says_what_it_needs(pairing: Pairing, metric: str | None, said: str | None) -> None:
    assert requirement(PairSettings(pairing=pairing, margin_metric=metric)) == said
