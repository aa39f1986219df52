"""Whatever two texts hold, they are compared, in bounded time."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.math.piecewise import compare_piecewise
from gristmill.verifiers.math.set_equality import compare_sets
from gristmill.verifiers.math.verify import LONGEST_ANSWER, compare
from gristmill.verifiers.reasons import Reason

MARKS = (
    r"x y k A 12 0.5 1.4142135623730951 - + = < \le \ne \in \mathbb{Z} \mathbb{R} \cup \setminus ( ) [ ] \{ "
    r"\} { } , | : \frac{1}{2} \frac \sqrt[3]{-8} ^ _ \pi \infty \pm \det \max \lim \sin P(X>2) "
    r"\begin{cases} \end{cases} \begin{pmatrix} \end{pmatrix} \\ & \text{if} \text{and} or "
    r"\text{otherwise} (cm) \frac{m}{s} half minus million % ‰ ° below zero noon :00 to _{\text{five}} "
    r"5元 万 Option C \textbf{(C)} Answer: is \approx ! 1/0 10^{10^{10}} \mathrm{e} abcd $ \emptyset ½ ₅"
)

TEXTS = st.one_of(st.lists(st.sampled_from(MARKS.split()), max_size=7).map(" ".join), st.text(max_size=12))


@given(TEXTS, TEXTS)
@settings(max_examples=20, deadline=None)
def test_any_two_texts_are_compared(reference: str, answer: str) -> None:
    assert compare(reference, answer)[0] in Reason


@pytest.mark.full
@given(TEXTS, TEXTS)
@settings(max_examples=1500, deadline=None)
def test_any_two_of_many_texts_are_compared(reference: str, answer: str) -> None:
    assert compare(reference, answer)[0] in Reason


@pytest.mark.parametrize(
    "text", [r"\det A", r"\max f", r"\begin{pmatrix}1\\2\end{pmatrix}+1", r"\lim", r"\int"]
)
def test_what_the_parsers_fail_at_is_left_open_or_refused(text: str) -> None:
    for pair in ((text, "13"), ("13", text), (f"{text}=13", "13"), ("13", f"{text}=14"), (text, "x+1")):
        assert compare(*pair)[0] in Reason


@pytest.mark.full
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece",
    [
        "\\text{", "\\text{is ", "twenty ", "one hundred and ", " and ", "x<1 or ", "]1,2[\\cup", "(C) ",
        "5 (", "\\{x:", "\\mathbb{Z}", "5元", "/m", "minus ", "is ", "A:", "C) is ", "x=", "3:", "[[", "1,",
        "\\begin{cases}", "about ", "a+",
    ],
)  # fmt: skip
def test_long_answers_of_one_piece_take_no_longer_than_their_length(piece: str) -> None:
    """What is cubic in their length takes half an hour, what is exponential for ever."""
    text = piece * (LONGEST_ANSWER // len(piece) - 1)
    assert compare("5", text)[0] is not Reason.EQUAL
    assert normalise(piece * (100_000 // len(piece))) is not None
    for compared in (
        compare_sets(text, "x<3"),
        compare_piecewise(text, "x", lambda one, other: Reason.EQUAL),
    ):
        assert compared is not Reason.WRONG_ANSWER
