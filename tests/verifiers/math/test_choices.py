import pytest

from gristmill.verifiers.math.choices import Choice, read_choice
from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.math.verify import compare
from gristmill.verifiers.reasons import Reason


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("C", Choice("C", "", False)), ("(C)", Choice("C", "", True)), ("Option C", Choice("C", "", True)),
        (r"\textbf{(C)}\ 12", Choice("C", "12", True)), (r"\text{(C) } 12", Choice("C", "12", True)),
        ("C) 12", Choice("C", "12", True)), ("C. 12", Choice("C", "12", False)),
        (r"\text{(B) Paris}", Choice("B", r"\text{Paris}", True)),
    ],
)  # fmt: skip
def test_a_choice_is_its_letter_and_the_value_beside_it(text: str, choice: Choice) -> None:
    assert read_choice(normalise(text)) == choice


@pytest.mark.parametrize(
    "text",
    ["12", "(A)(B)", "(A)+1", r"\text{(A)}+1", r"\text{(A)}0", r"\text{(A)} million", "CD", "C=12", "C_2"],
)
def test_formulas_are_no_choices(text: str) -> None:
    assert read_choice(normalise(text)) is None


@pytest.mark.parametrize(
    ("reference", "answer", "equal"),
    [
        ("(C)", "C", True), (r"\text{C}", "(C)", True), (r"\text{(C)}", "c", True), ("C", r"\text{C}", True),
        ("(B)", "B: 12", True), ("(C)", "B", False), ("(C)", "12", False), ("C", "B", False),
    ],
)  # fmt: skip
def test_a_choice_without_a_value_is_compared_by_its_letter(reference: str, answer: str, equal: bool) -> None:
    assert compare(reference, answer)[0] is (Reason.EQUAL if equal else Reason.WRONG_ANSWER)
