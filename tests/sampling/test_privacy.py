"""The accountant of Aug-PE against the paper's settings, the curve, and what must hold for any noise."""

from itertools import pairwise
from math import erfc, exp, inf, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.errors import ConfigError
from gristmill.sampling.privacy import delta_of, epsilon, sigma_for

# Private texts, sigma and the epsilon that ten rounds have: the noise that the paper sets for 1, 2 and 4 on
# Yelp, OpenReview and PubMed.
SETTINGS = [
    (1_939_290, 15.34, 1.0045),
    (1_939_290, 8.03, 2.0024),
    (1_939_290, 4.24, 4.0053),
    (8_396, 11.60, 1.0000),
    (8_396, 6.22, 1.9967),
    (8_396, 3.38, 3.9922),
    (75_316, 13.26, 0.9992),
    (75_316, 7.01, 1.9972),
    (75_316, 3.75, 3.9992),
]


@pytest.mark.parametrize(("samples", "sigma", "expected"), SETTINGS)
def test_the_noise_of_the_paper_keeps_the_epsilon_that_it_claims(
    samples: int, sigma: float, expected: float
) -> None:
    assert epsilon(sigma, 10, samples) == pytest.approx(expected, abs=1e-4)


def plain_delta(value: float, mu: float) -> float:
    """The curve as it is written down; good where nothing overflows and nothing cancels."""

    def normal(x: float) -> float:
        return erfc(-x / sqrt(2)) / 2

    return normal(-value / mu + mu / 2) - exp(value) * normal(-value / mu - mu / 2)


@given(sigma=st.floats(0.2, 30), rounds=st.integers(1, 50), samples=st.integers(10, 10**7))
def test_the_answer_lies_on_the_curve(sigma: float, rounds: int, samples: int) -> None:
    value = epsilon(sigma, rounds, samples)
    mu = sqrt(rounds) / sigma
    if 0 < value < 300:
        assert plain_delta(value, mu) == pytest.approx(delta_of(samples), rel=1e-4)
    if value == 0:
        assert plain_delta(0.0, mu) <= delta_of(samples) * (1 + 1e-9)


@given(wanted=st.floats(1e-3, 1e6), rounds=st.integers(1, 10**6), samples=st.integers(2, 10**15))
def test_the_least_noise_for_an_epsilon_keeps_it(wanted: float, rounds: int, samples: int) -> None:
    sigma = sigma_for(wanted, rounds, samples)
    assert epsilon(sigma, rounds, samples) <= wanted * (1 + 1e-6)
    assert epsilon(sigma * 0.99, rounds, samples) >= wanted * (1 - 1e-6)


def test_more_noise_is_more_privacy_and_more_rounds_are_less() -> None:
    for softer, harder in pairwise([0.01, 0.1, 1.0, 10.0, 100.0]):
        assert epsilon(softer, 10, 5000) > epsilon(harder, 10, 5000)
    for fewer, more in pairwise([1, 2, 10, 1000]):
        assert epsilon(5.0, fewer, 5000) < epsilon(5.0, more, 5000)


def test_rounds_count_as_their_square_root_in_noise() -> None:
    assert epsilon(10.0, 100, 5000) == pytest.approx(epsilon(1.0, 1, 5000), rel=1e-9)


def test_the_ends_of_the_scale_are_numbers() -> None:
    assert epsilon(0.0, 1, 100) == inf
    assert epsilon(1e-300, 1, 100) == inf
    assert epsilon(1e300, 10**6, 10**15) == 0.0
    # Nearly all of the loss is mu squared over 2 where mu is large.
    assert epsilon(1e-6, 1, 10**12) == pytest.approx(5e11, rel=1e-4)


def test_delta_is_one_over_n_log_n() -> None:
    assert delta_of(8_396) == pytest.approx(1 / (8_396 * log(8_396)))


@pytest.mark.parametrize(
    ("sigma", "rounds", "samples", "field"),
    [
        (-1.0, 1, 10, "sigma: -1.0"),
        (float("nan"), 1, 10, "sigma: nan"),
        (inf, 1, 10, "sigma: inf"),
        (1.0, 0, 10, "rounds: 0"),
        (1.0, 10**400, 10, "rounds: 1000"),
        (1.0, 1, 1, "samples: 1 "),
        (1.0, 1, 10**400, "samples: 1000"),
    ],
)
def test_numbers_that_mean_nothing_are_named(sigma: float, rounds: int, samples: int, field: str) -> None:
    with pytest.raises(ConfigError, match=f"^{field}"):
        epsilon(sigma, rounds, samples)


@pytest.mark.parametrize("wanted", [0.0, -1.0, inf, float("nan")])
def test_an_epsilon_that_no_noise_keeps_is_refused(wanted: float) -> None:
    with pytest.raises(ConfigError, match=r"^epsilon: "):
        sigma_for(wanted, 1, 10)
