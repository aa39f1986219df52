import sys

import pytest

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.metrics import check_metric, metric


def test_abuse_is_likelier_toxic_than_plain_words() -> None:
    assert metric("toxicity", "You are a stupid idiot, and I hate you.") > 0.9
    assert metric("toxicity", "The train leaves at noon.") < 0.1


@pytest.mark.parametrize("text", ["\0", "\ud800", "\u202e" * 50, "x" * 100_000, "12 13", "你好"])
def test_any_text_has_a_probability(text: str) -> None:
    value = metric("toxicity", text)
    assert type(value) is float
    assert 0 <= value <= 1


def test_a_missing_package_is_named_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    check_metric("toxicity")
    monkeypatch.setitem(sys.modules, "profanity_check", None)  # Python's own way to say: not to be had
    for ask in (check_metric, lambda name: metric(name, "text")):
        with pytest.raises(ConfigError, match=r"pip install 'gristmill\[toxicity\]'"):
            ask("toxicity")
