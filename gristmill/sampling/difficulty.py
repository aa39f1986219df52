"""Difficulty of a problem for a generator: a Beta posterior of its pass rate.

The prior is fitted to the run's own problems (empirical Bayes): the Beta whose beta-binomial likelihood of
the tallies is the greatest. Likelihood is blind to stopping rules, so sampling until a quota is met does
not bias it. A problem that was never solved sinks by itself as its failures gather.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, lgamma, log

_FEWEST_PROBLEMS = 4
_MOST_PROBLEMS = 400
_MEAN_STEP, _WEIGHT_STEP = 0.8, 1.0
_SMALLEST_STEP = 0.02


@dataclass(frozen=True, slots=True)
class Prior:
    """Beta(a, b): `a` accepted and `b` rejected responses that a problem is taken to have had before its
    first.
    """

    a: float = 1.0
    b: float = 1.0

    def pass_rate(self, accepted: int, decided: int) -> float:
        """The posterior mean of the pass rate, in (0, 1). Undecided attempts are not among `decided`."""
        return (self.a + accepted) / (self.a + self.b + decided)


def fitted_prior(counts: Iterable[tuple[int, int]]) -> Prior:
    """The prior that best explains (accepted, decided) of the run's problems; Beta(1, 1) while there are few.

    A pure function of its input, in order. At most 400 problems, evenly spaced, are looked at. The search
    is a coordinate descent on the logits of the mean and the log of the weight a + b, which stays in [0.2,
    200].
    """
    tallies = [(accepted, decided) for accepted, decided in counts if decided > 0]
    if len(tallies) < _FEWEST_PROBLEMS:
        return Prior()
    stride = -(-len(tallies) // _MOST_PROBLEMS)
    cases = Counter(tallies[::stride])
    point = (0.0, log(2.0))
    best = _log_likelihood(point, cases)
    mean_step, weight_step = _MEAN_STEP, _WEIGHT_STEP
    while max(mean_step, weight_step) > _SMALLEST_STEP:
        moves = ((mean_step, 0.0), (-mean_step, 0.0), (0.0, weight_step), (0.0, -weight_step))
        value, step = max((_log_likelihood((point[0] + m, point[1] + w), cases), (m, w)) for m, w in moves)
        if value > best:
            best, point = value, (point[0] + step[0], point[1] + step[1])
        else:
            mean_step, weight_step = mean_step / 2, weight_step / 2
    return _prior_at(point)


def _prior_at(point: tuple[float, float]) -> Prior:
    mean = 1.0 / (1.0 + exp(-max(-7.0, min(7.0, point[0]))))
    weight = max(0.2, min(200.0, exp(min(50.0, point[1]))))
    return Prior(mean * weight, (1.0 - mean) * weight)


def _log_likelihood(point: tuple[float, float], cases: Counter[tuple[int, int]]) -> float:
    """Beta-binomial log-likelihood, less a weak pull (one nat per three units) towards the starting point."""
    prior = _prior_at(point)
    a, b = prior.a, prior.b
    ends = lgamma(a + b) - lgamma(a) - lgamma(b)
    total = -(point[0] ** 2 + (point[1] - log(2.0)) ** 2) / 9.0
    for (accepted, decided), times in cases.items():
        rejected = decided - accepted
        total += times * (ends + lgamma(a + accepted) + lgamma(b + rejected) - lgamma(a + b + decided))
    return total
