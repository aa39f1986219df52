import random

import pytest

from gristmill.sampling.difficulty import Prior, fitted_prior


def tallies(prior: Prior, problems: int, draws: int, seed: int = 1) -> list[tuple[int, int]]:
    rng = random.Random(seed)
    rates = [rng.betavariate(prior.a, prior.b) for _ in range(problems)]
    return [(sum(rng.random() < rate for _ in range(draws)), draws) for rate in rates]


def test_with_nothing_known_every_pass_rate_is_as_likely() -> None:
    assert fitted_prior([]) == Prior(1.0, 1.0)
    assert fitted_prior([(0, 0)] * 100) == Prior(1.0, 1.0)


@pytest.mark.parametrize("true", [Prior(4.0, 1.0), Prior(1.0, 3.0), Prior(0.5, 0.5), Prior(20.0, 20.0)])
def test_the_prior_that_made_the_tallies_is_found(true: Prior) -> None:
    found = fitted_prior(tallies(true, problems=400, draws=40))
    assert found.a / (found.a + found.b) == pytest.approx(true.a / (true.a + true.b), abs=0.04)
    assert found.a + found.b == pytest.approx(true.a + true.b, rel=0.35)


def test_the_fit_is_a_function_of_its_input() -> None:
    counts = tallies(Prior(2.0, 1.0), problems=1000, draws=7)
    assert fitted_prior(iter(counts)) == fitted_prior(list(counts))


def test_sampling_until_a_quota_is_met_does_not_bias_the_prior() -> None:
    rng = random.Random(3)
    counts = []
    for _ in range(400):
        rate, accepted, draws = rng.betavariate(2.0, 2.0), 0, 0
        while accepted < 5 and draws < 500:
            accepted, draws = accepted + (rng.random() < rate), draws + 1
        counts.append((accepted, draws))
    found = fitted_prior(counts)
    assert found.a / (found.a + found.b) == pytest.approx(0.5, abs=0.05)


def test_a_problem_never_solved_sinks_as_failures_gather() -> None:
    prior = Prior(2.0, 1.0)
    rates = [prior.pass_rate(0, draws) for draws in (0, 1, 10, 100, 1000)]
    assert rates == sorted(rates, reverse=True)
    assert 0.0 < rates[-1] < 0.003
