from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.scoring.scripted import MET_LOGPROB, NEW_LOGPROB, scripted_tokens


@given(st.text())
def test_tokens_join_to_the_text(text: str) -> None:
    assert "".join(token for token, _ in scripted_tokens(text)) == text


def test_a_long_word_that_stood_before_is_likelier() -> None:
    assert scripted_tokens("Rivers and rivers, and\tRIVERS. ") == [
        ("Rivers", NEW_LOGPROB),
        (" and", NEW_LOGPROB),
        (" rivers,", MET_LOGPROB),
        (" and", NEW_LOGPROB),
        ("\tRIVERS.", MET_LOGPROB),
        (" ", NEW_LOGPROB),
    ]
