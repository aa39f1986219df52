"""Privacy accountant of Aug-PE: the (epsilon, delta) of its noisy votes of private texts.

In each round every private text votes for one synthetic text, and the histogram of votes is published with
Gaussian noise of standard deviation sigma on every bin. Adding or taking away one text changes one bin by
one, so a round is a Gaussian mechanism of sensitivity 1, and `rounds` of them are together one Gaussian
mechanism with mu = sqrt(rounds) / sigma. Its exact curve is

    delta(epsilon) = Phi(-epsilon / mu + mu / 2) - exp(epsilon) * Phi(-epsilon / mu - mu / 2)

with Phi the standard normal distribution function, solved here for delta = 1 / (N ln N) of N private texts.

Sources: Xie et al. 2024 (arXiv 2403.01749); Balle and Wang 2018 for the curve; Dong, Roth and Su 2019 for the
composition.

Limits: this is the arithmetic alone. Nothing here draws noise or counts votes, and there is no recipe of
private evolution yet. It holds where a private text has one vote in each round (k votes: multiply the noise
by sqrt(k)) and where noise is drawn from a true Gaussian; noise in floating point only comes near to one.
"""

from collections.abc import Callable
from math import erfc, exp, expm1, inf, isfinite, log, log1p, pi, sqrt

from gristmill.sampling.errors import ConfigError

_MOST_ROUNDS = 1_000_000
_MOST_SAMPLES = 10**15

_FAR = -30.0
"""Below it erfc loses digits and then is 0; the series in `_log_normal` has 13 right digits there."""


def delta_of(samples: int) -> float:
    """1 / (N ln N): the chance of a breach that the method allows. Raises ConfigError for fewer than 2.

    As in the paper: the less the data, the more it allows, 0.72 for two texts.
    """
    return exp(_log_delta_of(samples))


def epsilon(sigma: float, rounds: int, samples: int) -> float:
    """What noise `sigma` keeps over all `rounds`: infinity without noise, 0 under very much of it.

    Raises ConfigError for numbers that mean nothing.
    """
    if not isfinite(sigma) or sigma < 0:
        raise ConfigError(f"sigma: {sigma} is no standard deviation; give a number of 0 or more")
    _check_rounds(rounds)
    target = _log_delta_of(samples)
    mu = sqrt(rounds) / sigma if sigma else inf
    # What zero-concentrated privacy gives for the same mechanism, which is never below the exact value.
    highest = mu * mu / 2 + mu * sqrt(-2 * target)
    if not isfinite(highest):
        return inf
    if _log_delta(0.0, mu) <= target:
        return 0.0
    return _boundary(highest, lambda value: _log_delta(value, mu) <= target)


def sigma_for(wanted: float, rounds: int, samples: int) -> float:
    """The least noise for which `epsilon` is at most `wanted`, which must be above 0. Raises ConfigError."""
    if not isfinite(wanted) or wanted <= 0:
        raise ConfigError(f"epsilon: {wanted} is no goal; give a finite number above 0")
    _check_rounds(rounds)
    target = _log_delta_of(samples)
    # delta(0) < mu, so that mu = delta is private whatever epsilon is.
    most = sqrt(rounds) * exp(-target)
    return _boundary(most, lambda sigma: _log_delta(wanted, sqrt(rounds) / sigma) <= target)


def _log_delta_of(samples: int) -> float:
    if not 2 <= samples <= _MOST_SAMPLES:
        raise ConfigError(f"samples: {samples} cannot be N in 1 / (N ln N); give 2 to {_MOST_SAMPLES:,}")
    return -log(samples) - log(log(samples))


def _check_rounds(rounds: int) -> None:
    if not 1 <= rounds <= _MOST_ROUNDS:
        raise ConfigError(f"rounds: {rounds} is no number of rounds; give 1 to {_MOST_ROUNDS:,}")


def _boundary(high: float, private: Callable[[float], bool]) -> float:
    """The least number in (0, high] from which on `private` holds, to the last bit of a float."""
    low = 0.0
    while low < (middle := (low + high) / 2) < high:
        if private(middle):
            high = middle
        else:
            low = middle
    return high


def _log_delta(value: float, mu: float) -> float:
    """The natural logarithm of delta(value), minus infinity where it is below every float.

    Both terms are taken as logarithms, so that exp(value) never overflows and a small delta keeps its digits.
    """
    first = _log_normal(-value / mu + mu / 2)
    second = value + _log_normal(-value / mu - mu / 2)
    share = -expm1(min(0.0, second - first))
    return first + log(share) if share > 0 else -inf


def _log_normal(x: float) -> float:
    """ln Phi(x). Far to the left it is the density times an asymptotic series for the ratio of the two."""
    if x > _FAR:
        return log(erfc(-x / sqrt(2)) / 2) if x < 5 else log1p(-erfc(x / sqrt(2)) / 2)
    inverse = 1 / (x * x)
    series = inverse * (-1 + inverse * (3 + inverse * (-15 + inverse * 105)))
    return -x * x / 2 - log(-x) - log(2 * pi) / 2 + log1p(series)
