import pytest

from gristmill.verifiers.math.normalisation import normalise
from gristmill.verifiers.math.shapes import Kind, Shape, nests_sanely, read_list, read_shape, split_top

SHAPES = [
    ("5", Kind.SINGLE, ("5",), ""),
    ("(5)", Kind.SINGLE, ("5",), ""),
    ("((x+1))", Kind.SINGLE, ("x+1",), ""),
    ("(x+1)(x-1)", Kind.SINGLE, ("(x+1)(x-1)",), ""),
    ("1,234", Kind.SINGLE, ("1,234",), ""),
    ("1,2", Kind.LIST, ("1", "2"), ""),
    ("12,34", Kind.LIST, ("12", "34"), ""),
    ("3, 5 and 7", Kind.LIST, ("3", "5", "7"), ""),
    ("(1,2)", Kind.TUPLE, ("1", "2"), "()"),
    (r"\left(3,\frac{\pi}{2}\right)", Kind.TUPLE, ("3", r"\frac{\pi}{2}"), "()"),
    ("[0,1)", Kind.TUPLE, ("0", "1"), "[)"),
    (r"(-\infty,3]", Kind.TUPLE, (r"-\infty", "3"), "(]"),
    (r"\langle 1,2 \rangle", Kind.TUPLE, ("1", "2"), "()"),
    (r"\{1,2\}", Kind.SET, ("1", "2"), ""),
    (r"\{(1,2),(3,4)\}", Kind.SET, ("(1,2)", "(3,4)"), ""),
    (r"\emptyset", Kind.SET, (), ""),
    (r"\{\}", Kind.SET, (), ""),
    (r"(0,1) \cup [2,3)", Kind.UNION, ("(0,1)", "[2,3)"), ""),
    ("(1,2),(3,4)", Kind.LIST, ("(1,2)", "(3,4)"), ""),
    (r"\frac{1}{2},f(x,y)", Kind.LIST, (r"\frac{1}{2}", "f(x,y)"), ""),
    (r"\{x | x > 0\}", Kind.SINGLE, (r"\{x | x > 0\}",), ""),
]


@pytest.mark.parametrize(("text", "kind", "parts", "brackets"), SHAPES)
def test_the_shape_is_told_by_brackets_and_commas(
    text: str, kind: Kind, parts: tuple[str, ...], brackets: str
) -> None:
    assert read_shape(normalise(text)) == Shape(kind, parts, brackets)


def test_a_matrix_is_its_cells_row_by_row() -> None:
    matrix = read_shape(normalise(r"\begin{pmatrix} 1 & 2 \\ 3 & \frac12 \end{pmatrix}"))
    assert matrix == Shape(Kind.MATRIX, ("1", "2", "3", r"\frac{1}{2}"), columns=2)
    column = read_shape(normalise(r"\left(\begin{array}{c} 1 \\ 2 \\ \end{array}\right)"))
    assert column == Shape(Kind.MATRIX, ("1", "2"), columns=1)


def test_a_ragged_matrix_is_none() -> None:
    assert read_shape(r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}").kind is Kind.SINGLE


def test_a_number_with_separators_can_be_read_as_a_list() -> None:
    assert read_list("1,234") == Shape(Kind.LIST, ("1", "234"))


def test_separators_in_brackets_do_not_split() -> None:
    assert split_top(r"a,\{b,c\},[d,e),f", (",",)) == ("a", r"\{b,c\}", "[d,e)", "f")


def test_brackets_must_close_and_nest_as_people_write_them() -> None:
    assert nests_sanely("((1))")
    assert nests_sanely("[0,1)")
    for text in ("((1)", "1)", ")(", "{" * 1000, "(" * 51 + ")" * 51):
        assert not nests_sanely(text)
