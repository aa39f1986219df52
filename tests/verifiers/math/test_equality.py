import subprocess
import sys

import pytest

from gristmill.verifiers.math.equality import compare_answers
from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.reasons import Reason


def compared(reference: str, answer: str) -> Reason:
    return compare_answers(normalise(reference), normalise(answer))


# (reference, answer): the name of each group is the rule
EQUAL = {
    "a list or set asks for no order": [
        ("1,2", "2,1"), (r"\{1,2\}", "2, 1"), ("1,2", r"\{2,1\}"), ("1,2,3", "3, 1 and 2"),
        ("(1,2),(3,4)", "(3,4),(1,2)"), (r"\emptyset", r"\{\}"), (r"\{5\}", "5"), ("5", r"\{5\}"),
        (r"\frac12,\sqrt2", r"\sqrt{2}, 0.5"),
    ],
    "a tuple may lose its brackets but not its order": [
        ("(12,34)", "12,34"),
        ("12,34", "(12,34)"),
        ("(1,234)", "1,234"),
    ],
    "an assignment may be left out": [
        ("x=5", "5"), ("5", "x=5"), ("x = 5", "x=5.0"), ("f(x)=x^2", "x^2"), ("y=2x+3", "f(x) = 3+2x"),
        (r"x \in [1,2]", "[1,2]"), ("(x,y)=(1,2)", "(1,2)"), ("(1,2)", "x=1, y=2"),
        ("2112_6", "x = 2112_6"), ("5", "x = 2+3 = 5"), (r"x_1 = 3", "3"),
    ],
    "of a sum and its result the result counts": [
        ("18", "9 * 2 = 18"), ("8", "5 apples + 3 apples = 8 apples"), ("12", "3 x 4 = 12"),
        ("12", r"\$3 \times 4 = \$12.00"), ("5", r"\sqrt{25} = 5"),
    ],
    "equations are compared up to a factor": [
        ("y=x+3", "x-y+3=0"),
        (r"\frac{x^2}{16}-\frac{y^2}{9}=1", "9x^2-16y^2=144"),
        ("2x=10", "4x=20"),
    ],
    "intervals and inequalities": [
        ("[0,1)", r"\left[ 0, 1 \right)"), (r"(-\infty,3]", r"x \le 3"), (r"x \le 3", r"(-\infty,3]"),
        ("[-2,7]", r"-2 \le x \le 7"), (r"(-\infty,1)\cup(2,\infty)", r"(2,\infty)\cup(-\infty,1)"),
        (r"(-\infty,1)\cup(2,\infty)", "x<1 or x>2"), (r"(0,\frac{1}{2})", "(0,0.5)"),
    ],
    "matrices": [
        (r"\begin{pmatrix}1\\2\end{pmatrix}", r"\begin{bmatrix}1\\2.0\end{bmatrix}"),
        (r"\begin{pmatrix}1\\2\end{pmatrix}", "(1,2)"),
        (r"\begin{pmatrix}1&2\\3&4\end{pmatrix}", r"\begin{pmatrix}1&2\\3&\frac{8}{2}\end{pmatrix}"),
    ],
    "plus or minus": [
        (r"1\pm\sqrt{2}", r"1-\sqrt2, 1+\sqrt{2}"), (r"\pm 2", "2, -2"), ("2,-2", r"\pm 2"),
        (r"x=\pm\frac12", r"\pm 0.5"), (r"\{1\pm\sqrt{5},-2\}", r"-2, 1+\sqrt5, 1-\sqrt5"),
    ],
    "units, money and degrees": [
        (r"8\pi", r"8\pi \text{ cm}^2"), (r"3\sqrt{13}", r"3\sqrt{13}\text{ units}"), ("90", r"90^\circ"),
        (r"\$ 5", "5"), ("23000", r"\$23{,}000"), (r"\frac{3}{4}\pi\text{ inches}", r"0.75\pi"),
    ],
    "words of scale multiply": [
        ("5000000", "5 million"), ("5000000", r"5\text{ million dollars}"), ("36", "3 dozen eggs"),
        ("1500000", r"\$1.5 million"), (r"2000000\pi", r"2\pi\text{ million}"), ("500", "five hundred"),
    ],
    "words and brackets around a number do not count": [
        ("5", r"\text{ 5 apples }"), ("5", "5 (apples)"), ("5", r"\$5/day"), ("5", "5 GB"),
        ("5", r"\text{five}"), ("5", "five apples"), ("5", r"\underline{5}"), ("5", r"\color{red}{5}"),
    ],
    "what an answer is called does not count": [
        ("5", r"\text{Total: } 5"), ("5", "Total = 5"), ("5", r"\text{Answer: } 5"), ("5", "AB = 5"),
        ("60", r"\angle ABC = 60^\circ"), ("5", r"x \approx 5"), ("y=x^2", "f(x)=x^2"),
    ],
    "no solution is the empty set": [
        (r"\text{no solution}", r"\emptyset"),
        (r"\emptyset", r"\text{No solution}"),
    ],
    "a modulus may be missing": [(r"3 \pmod 7", "3"), (r"3 \pmod 7", r"3 \pmod{7}")],
    "relations may be given as a union": [("x<1 or x>2", r"(-\infty,1)\cup(2,\infty)")],
    "the answer to a list may lack the blank": [("1, 234", "1,234")],
    "thousands separators do not count": [
        *(("1234567", text) for text in ("1,234,567", r"1{,}234{,}567", r"1\,234\,567", "1 234 567")),
        ("1234567", r"1,\!234,\!567"),
    ],
    "however a fraction of a factorial is written": [(r"\frac{1}{2004!}", "1/2004!")],
    "an approximation beside the exact value": [
        (r"2\sqrt{3}", r"2\sqrt{3} \approx 3.46"),
        (r"2\sqrt{3}", "3.464"),
    ],
}  # fmt: skip

WRONG = {
    "an ordered pair is not a set": [
        ("(1,2)", "(2,1)"),
        ("(1,2)", r"\{1,2\}"),
        ("(1,2)", r"\{2,1\}"),
        ("(1,2)", "2,1"),
    ],
    "words of scale are no units": [
        *(("5", f"5 {word}") for word in ("million", "thousand", "hundred", "dozen")),
        ("5", r"5\text{ million}"),
        ("3", "3 dozen"),
        (r"2\pi", r"2\pi\text{ million}"),
    ],
    "words that change a number are no units": [
        *(("5", f"5 {word}") for word in ("squared", "factorial", "tenths", "plus seven", "minus three")),
        *(("5", f"5 {word}") for word in ("negative", "is incorrect")), ("5", r"5\text{ tenths}"),
        ("5", r"\text{not } 5"), ("3", "3 halves"), ("3", "3 quarters"), ("5", "twenty five"),
    ],
    "small numbers are no zeros": [("1/2004!", "1/2006!")],
    "a list is no number": [("1234", "1,2,3,4"), (r"0.\overline{3}", "0.3")],
    "a set is no tuple and no interval": [(r"\{1,2\}", "(2,1)"), (r"\{1,2\}", "[1,2]")],
    "a list is no interval and no union": [("0,1", "[0,1]"), ("(1,2),(3,4)", r"(1,2)\cup(3,4)")],
    "a blank after the comma means a list": [("1,234", "1, 234"), ("1,234", "1 and 234")],
    "units of expressions count as those of numbers": [
        (r"2\pi\text{ m}", r"2\pi\text{ cm}"),
        (r"9\pi\text{ square meters}", r"9\pi\text{ cm}^2"),
        (r"\frac\pi3", r"\frac\pi3^\circ"),
    ],
    "another modulus is another answer": [(r"3 \pmod 7", r"3 \pmod 5")],
    "a whole number rounds nothing": [(r"\sqrt{1000001}", "1000.00")],
    "another label does not make another number right": [("5", r"\text{Total: } 6")],
    "a list needs all of its parts": [
        ("1,2", "1"), ("1,2", "1,2,3"), ("1,1,2", "1,2,2"), ("5", "3,5"), (r"\pm 2", "2"),
    ],
    "an end of an interval counts": [
        ("[0,3)", "[0,1]"), ("[0,1)", "[0,1]"), ("(0,1)", "[0,1]"), (r"(-\infty,3]", r"(-\infty,3)"),
        (r"(-\infty,3]", "x<3"),
    ],
    "a column is no row": [(r"\begin{pmatrix}1\\2\end{pmatrix}", r"\begin{pmatrix}1&2\end{pmatrix}")],
    "another variable is another answer": [
        ("x=5", "y=5"),
        ("x=5", "x=6"),
        ("5", "x=6"),
        ("f(x)=x^2", "g(x)=x^2"),
    ],
    "an equation of variables is no number": [("5", "x+y=5"), ("11", "2x+1=11"), ("5", "x>5")],
    "of a sum and its result the sum does not count": [
        ("5", "5 apples + 3 apples = 8 apples"),
        ("9", "9*2=18"),
    ],
    "variables are no units": [("2m", "2"), ("2c", "2"), ("3s^2", "3")],
    "words are no numbers": [("5", r"\text{no solution}"), (r"\text{even}", "5")],
    "a union needs all of its parts": [
        (r"(-\infty,1)\cup(2,\infty)", r"(-\infty,1)"),
        (r"(0,1)\cup(2,3)", r"(0,1)\cup(2,3]"),
    ],
}  # fmt: skip

OPEN = [
    (r"\frac{\pi}{2}", r"90^\circ", Reason.OTHER_UNIT),
    ("500 cm", "5 m", Reason.OTHER_UNIT),
    (r"200\pi\text{ cm}", r"2\pi\text{ m}", Reason.OTHER_UNIT),
    (r"\oops{x", "5", Reason.UNREADABLE_REFERENCE),
    (r"\oops{x", r"\text{no}", Reason.UNREADABLE_REFERENCE),
    ("x^2+1=0", "x^2+2=0", Reason.UNPROVED),
]


def flat(groups: dict[str, list[tuple[str, str]]]) -> list[tuple[str, str, str]]:
    return [(rule, *pair) for rule, pairs in groups.items() for pair in pairs]


@pytest.mark.parametrize(("rule", "reference", "answer"), flat(EQUAL))
def test_equal_answers_are_equal(rule: str, reference: str, answer: str) -> None:
    assert compared(reference, answer) is Reason.EQUAL, rule


@pytest.mark.parametrize(("rule", "reference", "answer"), flat(WRONG))
def test_different_answers_are_different(rule: str, reference: str, answer: str) -> None:
    assert compared(reference, answer) is Reason.WRONG_ANSWER, rule


@pytest.mark.parametrize(("reference", "answer", "reason"), OPEN)
def test_what_cannot_be_told_is_left_open(reference: str, answer: str, reason: Reason) -> None:
    assert compared(reference, answer) is reason


def test_an_unreadable_answer_is_one_where_the_reference_can_be_read() -> None:
    assert compared("5", r"\oops{x") is Reason.UNREADABLE_ANSWER
    assert compared("(1,2)", r"(1,\oops{)") is Reason.UNREADABLE_ANSWER


def test_plain_answers_need_no_sympy() -> None:
    script = (
        "import sys\n"
        "from gristmill.verifiers.math.verify import compare\n"
        "for pair in [('72', '72'), ('1,234', r'\\$1234.00'), ('5', '6 apples'), (r'\\frac12', '0.5'),\n"
        "             ('(1,2)', '(1,3)'), ('White', 'white'), ('1,2', '2,1')]:\n"
        "    compare(*pair)\n"
        "print('sympy' in sys.modules or 'math_verify' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
