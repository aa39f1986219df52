import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.metrics import METRICS, check_metric, metric

WITHOUT_MODEL = [name for name in METRICS if name != "toxicity"]
SHARES = [name for name in METRICS if name.endswith(("share", "characters")) and name != "characters"]
PIECES = [
    "a",
    "é",
    "word ",
    "THE ",
    "1.",
    "...",
    "…",
    "\n",
    "\n- ",
    "{",
    "#",
    "\0",
    "\ud800",
    "\u202e",
    "你",
    "。",
]


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_of_nothing_is_zero(name: str) -> None:
    assert metric(name, "") == 0.0
    assert METRICS[name].name == name
    assert METRICS[name].what


@given(st.text(st.characters()) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_every_metric_of_any_text_is_a_finite_number_of_at_least_zero(text: str) -> None:
    for name in WITHOUT_MODEL:
        value = metric(name, text)
        assert type(value) is float, name
        assert math.isfinite(value), name
        assert value >= 0, name


@given(st.text(st.characters()) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_shares_are_at_most_one(text: str) -> None:
    assert len(SHARES) == 11
    for name in SHARES:
        assert metric(name, text) <= 1 + 1e-12, name


def test_an_unknown_metric_is_a_fault_of_the_configuration() -> None:
    for ask in (check_metric, lambda name: metric(name, "text")):
        with pytest.raises(ConfigError, match=r"'wit' is not known; known are characters, words, .*mtld"):
            ask("wit")


def many_words(count: int) -> str:
    rng = random.Random(7)
    names = ["".join(rng.choices("abcdefghij", k=rng.randint(1, 9))) for _ in range(5000)]
    return " ".join(rng.choices(names, k=count))


@pytest.mark.full
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (many_words(60_000), 60_000),
        ('."' * 200_000, 0),
        ("\n" + " " * 400_000 + "x", 1),
        ("\n \n" * 130_000, 0),
        ("\n1" * 150_000, 150_000),
        ("io" * 200_000, 1),
        ("\ud800\0" * 200_000, 0),
    ],
    ids=lambda given: ascii(given)[:8],
)
def test_metrics_take_time_linear_in_the_text(text: str, words: int) -> None:
    """What is quadratic takes ten minutes and more."""
    found = {name: metric(name, text) for name in WITHOUT_MODEL}
    assert (found["characters"], found["words"]) == (len(text), words)
    assert all(math.isfinite(value) for value in found.values())
