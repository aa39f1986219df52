import pytest

from gristmill.verifiers.math.disproof import disproved
from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.math.symbolic import read_expression

DIFFERENT = [
    (r"(-\infty,3]", "x<3"), ("x<-1", "x>3"), ("x^2<4", "x<2"), (r"\frac{1}{x}>0", "x<3"),
    (r"\sqrt{x}<2", "x<5"), (r"x<10^{400}", "x<3"), ("[0,1]", "[0,2]"), ("[0,1]", "x^2"), ("[0,1]", "3"),
    (r"\{1,2\}", r"\{1,3\}"), ("x-y+3=0", "x-y+4=0"), ("x^2+y^2=1", "x^2+y^2=2"), ("x^2=4", "x=2"),
    (r"\begin{pmatrix}1\\2\end{pmatrix}", r"\begin{pmatrix}1\\3\end{pmatrix}"), ("5", "x>5"),
]  # fmt: skip

NOT_SURELY = [
    (r"x \le 3", r"(-\infty,3]"), ("x^2+1=0", "x^2+2=0"), ("x-y+3=0", "2x-2y+6=0"),
    (r"\sin x=0", r"\sin x=1"), ("x+y<1", "x+y<2"), (r"\{1,2\}", r"\{2,1\}"),
]  # fmt: skip


def told_apart(one: str, other: str) -> bool:
    wanted, given = read_expression(normalise(one)), read_expression(normalise(other))
    assert wanted is not None
    assert given is not None
    return disproved(wanted, given)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_is_told_apart_in_either_order(one: str, other: str) -> None:
    assert told_apart(one, other)
    assert told_apart(other, one)


@pytest.mark.parametrize(("one", "other"), NOT_SURELY)
def test_what_is_equal_or_out_of_reach_is_not_called_different(one: str, other: str) -> None:
    assert not told_apart(one, other)
