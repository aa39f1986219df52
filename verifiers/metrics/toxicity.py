"""Probability that a text is toxic, by a linear model over its words: for screening only.

The model is that of `alt-profanity-check` (MIT), a support vector machine on tweets and forum posts labelled
by people; it comes in the package and nothing is fetched. Limits: English alone; it sees words and not what
is said of them, so that a text *about* abuse scores like abuse; spelling tricks deceive it.

The package is optional, for it brings scikit-learn. It is imported at first use: 1.5 s and 560 MB of address
space. 3 ms a text after that.
"""

from importlib import import_module
from importlib.util import find_spec

from gristmill.sampling.errors import ConfigError

PACKAGE = "profanity_check"


def check_installed() -> None:
    """ConfigError where the package is missing; nothing is loaded."""
    if find_spec(PACKAGE) is None:
        raise ConfigError(_MISSING)


def toxicity(text: str) -> float:
    """Probability from 0 to 1; 0.0 for a blank text. ConfigError where the package is missing."""
    if not text.strip():
        return 0.0
    try:
        model = import_module(PACKAGE)
    except ImportError as exc:
        raise ConfigError(_MISSING) from exc
    return float(model.predict_prob([text])[0])


_MISSING = "toxicity: needs scikit-learn and a model: pip install 'gristmill[toxicity]'"
