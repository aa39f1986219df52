from importlib import import_module

import pytest

from gristmill.verifiers.math.normalisation import normalise, skeleton

SAME = [
    (r"\dfrac{1}{2}", r"\frac12", r"\tfrac 1 2", r"\frac{1}2", r"$\frac{1}{2}$", r"\( \frac12 \)", "½"),
    ("1{,}234", r"1,\!234", r"1\,234", "1,234"), (r"\left( 1, 2 \right)", r"\bigl(1,2\bigr)", "(1, 2)."),
    (r"90^\circ", r"90^{\circ}", "90°", "90 degrees", r"90\text{ degrees}", r"90\degree"),
    ("50\\%", "50%", "50 percent", r"50\text{ percent}"), (r"\sqrt3", r"\sqrt{3}", "√3", "sqrt(3)"),
    (r"\frac\pi4", r"\frac{\pi}{4}", r"\dfrac{\pi}4"), (r"x \leq 3", "x <= 3", "x ≤ 3", r"x\le3"),
    ("x**2", "x^2", "**x^2**"), ("3.5e-7", r"3.5 \times 10^{-7}", "3.5×10^{-7}"),
    (r"1 \text{ or } 2", "1 or 2", "1, 2", "1 and 2"), (r"2\!x", "2x"),
    ("⅛", r"\frac{1}{8}"), ("⅖", r"\frac{2}{5}"),
    ("x¹⁰", "x^{10}"), ("10⁻³", "10^{-3}"), ("－5", "-5"),
    ("\u202e5\u202c", "5\x00", "\u200b5", "5\ud800", "5"),
]  # fmt: skip


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_one_thing_have_one_skeleton(spellings: tuple[str, ...]) -> None:
    assert len({skeleton(normalise(spelling)) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1 1/2", "11/2"), ("5!", "5"), ("$5", "5"), ("5%", "5"), ("(1,2)", "[1,2]"), ("-5", "5"),
        ("x^{2}", "x2"), ("1,234", "1, 234"),
    ],
)  # fmt: skip
def test_what_could_matter_is_kept(one: str, other: str) -> None:
    assert skeleton(normalise(one)) != skeleton(normalise(other))


def test_an_odd_dollar_sign_is_money_and_even_ones_are_marks() -> None:
    assert normalise("$5") == normalise(r"\$5") == r"\$5"
    assert normalise("$5$") == "5"


def test_words_keep_their_and() -> None:
    assert normalise("sandy oregon") == "sandy oregon"


@pytest.mark.full
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        (" ", ""), ("{", "{"), (r"\text{", r"\text{"), (r"\frac", r"\frac"), ("1 ", "1 "), (",", ""),
        ("\\", ""), ("$$", ""), ("e1", "e1"), ("sqrt(", r"\sqrt ("), ("__", "__"), ("**", ""), (r"\,", ""),
        ("and and ", "and, "),
    ],
)  # fmt: skip
def test_answers_longer_than_any_that_is_compared_are_normalised_in_the_end(piece: str, shown: str) -> None:
    """What is cubic in their length takes half an hour, what is exponential for ever."""
    count = 5 * import_module("gristmill.verifiers.math.verify").LONGEST_ANSWER // len(piece)
    assert normalise(piece * count) == (shown * count).rstrip(", ")
