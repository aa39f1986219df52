"""Values between the processes of a solution and of its test: what is written, read again, and refused."""

import json
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Any

import pytest

from gristmill.verifiers.code.plain_values import Writer, read, restore

PAIR = namedtuple("PAIR", "x y")
PLAIN: list[Any] = [
    None, True, 0, -(2**53), 2**70, 1.5, -0.0, float("inf"), "", "\ud800\x00é", b"\x00", bytearray(b"a"), 1j,
    [], [[1], (2,)], (), {1, 2}, frozenset({"a"}), {}, {1: {"a": (None,)}, (1, 2): []}, range(2, 9, 3),
    OrderedDict(b=1, a=2), Counter("aab"), deque([1, 2]), Fraction(1, 3), Decimal("1.10"), date(2024, 2, 29),
    time(1, 2), datetime.fromisoformat("2024-01-01T05:06:07.000008"), timedelta(-1, 5),
    {}.keys(), {1: 2}.items(),
]  # fmt: skip


class _Red(IntEnum):
    RED = 1


class _Text(str):
    def __str__(self) -> str:
        return "other"


class _Rows(list[Any]):
    def __iter__(self) -> Any:
        return iter([9])


def through(value: object, flattened: bool = False) -> Any:
    """The value, written, sent and read."""
    writer = Writer(lambda other: ["remote", 0])
    written = json.loads(json.dumps(writer.written(value)))
    assert writer.flattened is flattened
    return read(written, lambda other: ("object", other))


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_a_plain_value_comes_out_as_it_is(value: object) -> None:
    found = through(value)
    assert (type(found), repr(found)) == (type(value), repr(value))


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (_Red.RED, 1), (_Text("own"), "own"), (_Rows([1, 2]), [1, 2]), (defaultdict(int, a=1), {"a": 1}),
        (PAIR(1, 2), (1, 2)), ([_Red.RED], [1]),
    ],
)  # fmt: skip
def test_an_instance_of_a_subclass_comes_out_as_the_plain_value_beneath_it(value: Any, plain: Any) -> None:
    found = through(value, flattened=True)
    assert found == plain
    assert type(found).__name__ in (type(plain).__name__, "PAIR")


def test_numbers_and_arrays_of_numpy_keep_their_type() -> None:
    numpy = pytest.importorskip("numpy")
    for value in (numpy.float32(1.5), numpy.bool_(True), numpy.arange(6).reshape(2, 3), numpy.zeros((0, 2))):
        found = through(value)
        assert (type(found), found.dtype, found.tolist()) == (type(value), value.dtype, value.tolist())


def test_what_is_no_plain_value_is_told_apart() -> None:
    nested: list[object] = []
    nested.append(nested)
    for value in (object(), Writer, iter([1]), lambda: 1):
        assert through(value) == ("object", ["remote", 0])
    assert "remote" in repr(through(nested))


@pytest.mark.parametrize(
    "written",
    [
        {}, [], [1], ["int", "x"], ["builtins.range"], ["builtins.dict", 1],
        ["builtins.set", ["builtins.list"]],
        ["fractions.Fraction", 1, 0], ["named", "x", ["import"]], ["named", "x(1)", []], ["named", "x"],
        ["datetime.date", 0, 0, 0], ["builtins.bytes", "0g"], ["builtins.list", ["os.system", "true"]],
        ["numpy", "O", ["builtins.list"], ["builtins.list"]],
    ],
    ids=repr,
)  # fmt: skip
def test_what_no_writer_writes_is_refused(written: object) -> None:
    def other(value: list[Any]) -> object:
        raise ValueError(value)

    with pytest.raises((ValueError, TypeError, ArithmeticError, LookupError)):
        read(written, other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([1, [2]], [[2], 1]), ([[1, 2], [3]], [[1], [3], 4]), ([1, 2], []), ({"a": [1]}, {"b": 1, "a": [2]}),
        ({1}, {2}), (deque([1]), deque([1, 2])), (bytearray(b"a"), bytearray(b"bc")), (([1], 2), ([3], 2)),
    ],
    ids=repr,
)  # fmt: skip
def test_a_container_is_restored_where_it_lies(old: Any, new: Any) -> None:
    assert restore(old, new) is old
    assert old == new


def test_what_lies_in_a_container_is_restored_where_it_lies() -> None:
    row = [1, 2]
    matrix = [row, [3]]
    restore(matrix, [[2], [3], []])
    assert (matrix, row) == ([[2], [3], []], [2])
