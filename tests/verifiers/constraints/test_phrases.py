import pytest

from gristmill.verifiers.constraints.phrases import capital_words, ends_word, is_plain, occurrences


def test_words_in_capitals_have_two_letters_or_more() -> None:
    assert capital_words("NASA I A COVID-19 Nasa 123 ÄÖ X1 中文") == 3


@pytest.mark.parametrize(
    ("phrase", "text", "count"),
    [
        ("art", "art Art's state-of-the-art (art) start arts art_x", 4),
        ("climate change", "Climate\nchange climate  change climate-change", 2),
        ("机器", "我爱机器学习", 1),
        ("C++", "C++ and c++!", 2),
        ("straße", "STRASSE", 1),
    ],
)
def test_a_phrase_is_found_whole_in_any_case(phrase: str, text: str, count: int) -> None:
    assert occurrences(phrase, text) == count


def test_a_word_that_goes_on_has_not_ended() -> None:
    assert not ends_word("Indeed", 2)
    assert not ends_word("e\u0301", 1)
    assert ends_word("In deed", 2)
    assert ends_word("In", 2)
    assert ends_word("中文", 1)


@pytest.mark.parametrize(
    ("phrase", "plain"), [("red river", True), ("a  b", False), ("a,", False), ("机器", True)]
)
def test_a_keyword_is_words_and_no_signs(phrase: str, plain: bool) -> None:
    assert is_plain(phrase) is plain
