import pytest

from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.structure.grammar import check_grammar, grammar_mismatch

STEPS = """
start: step+ "answer: " INT
step: "- " WORDS NL
WORDS: /[^\\n]+/
NL: "\\n"
%import common.INT
"""


def test_a_text_of_the_grammar_has_nothing_against_it() -> None:
    assert grammar_mismatch(STEPS, "- add\n- take away\nanswer: 5") is None


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("- add\nanswer: x", "line 2, column 9: 'x' does not fit"),
        ("- add\nanswer: 5\n", "line 2, column 10: '\\n' does not fit"),
        ("answer: 5", "line 1, column 1: 'answer: 5' does not fit"),
        ("- add\nanswer: ", "the text ends where the grammar asks for more"),
        (" - add\nanswer: 5", "line 1, column 1: ' - add\\nanswer: 5' does not fit"),
    ],
)
def test_a_mismatch_says_from_where_on_it_does_not_fit(text: str, detail: str) -> None:
    assert grammar_mismatch(STEPS, text) == (Reason.GRAMMAR_MISMATCH, detail)


@pytest.mark.parametrize(
    ("grammar", "text", "of_it"),
    [
        ('start: A "a"\nA: /a+/', "aaa", True),  # the longest A is the wrong one
        ('start: "a"* "a"', "aaaa", True),
        ('start: "(" start ")" | "x"', "((x))", True),
        ('start: "(" start ")" | "x"', "((x)", False),
        ('start: "a" "b"\n%ignore " "', "a b", True),
        ('start: "a" "b"', "a b", False),
        ('start: "yes"i', "YES", True),
        ('start: "yes"', "YES", False),
        ('start: "ja" | start start', "ja" * 30, True),  # ambiguous without end
        ("%import  common.INT\nstart: INT", "12", True),
        ("%import common (INT, WS)\nstart: INT WS INT", "1 2", True),
    ],
)
def test_the_grammar_is_of_characters_and_cuts_the_text_in_every_way(
    grammar: str, text: str, of_it: bool
) -> None:
    assert (grammar_mismatch(grammar, text) is None) is of_it


@pytest.mark.parametrize(
    ("grammar", "message"),
    [
        ('root ::= "a"', "expected Lark's syntax"),
        ('other: "a"', "undefined rule.*start"),
        ("start: missing", "'missing' used but not defined"),
        ('start: "a', "line 1 column 8"),
        ("start: /(/", "unterminated subpattern"),
        ("start: /a*/", "zero-width"),
        ("start: X\n%declare X", "%declare"),
        ("%import .mine.X\nstart: X", r"%import \.mine\.X: only %import common"),
        ("%import python.NAME\nstart: NAME", "only %import common"),
        ("%import common.MISSING\nstart: MISSING", "'MISSING' used but not defined"),
    ],
)
def test_a_grammar_that_is_wrong_says_why(grammar: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_grammar(grammar)
