"""Plain values, written as JSON: all that passes between the process of a solution and that of its test.

The idea: a value is written as what its exact type is, and what is read is of a type from one table, made
here of its parts: numbers, texts, containers, and some of the standard library's and numpy's. So nothing that
a solution defined (an `__eq__`, say) ever runs in the process that compares. An instance of a subclass is
written as the plain value beneath it, read by the methods of the type itself.

Standard library alone: it runs in the sandbox.
"""

import importlib
from collections import deque, namedtuple
from collections.abc import Callable, Iterable
from typing import Any

_DEEPEST = 100
_EXACT_IN_JSON = 1 << 53
_NUMPY_KINDS = "biufcUS"


def _whole(kind: Any, parts: list[Any]) -> Any:
    return kind(parts)


def _each(kind: Any, parts: list[Any]) -> Any:
    return kind(*parts)


def _hex(kind: Any, parts: list[Any]) -> Any:
    return kind.fromhex(*parts)


def _view(name: str) -> Callable[[Any, list[Any]], Any]:
    return lambda _, parts: getattr(dict(parts), name)()


def _moment(*names: str) -> Callable[[Any], Iterable[Any]]:
    return lambda value: [getattr(value, name) for name in names]


_DATE, _TIME = ("year", "month", "day"), ("hour", "minute", "second", "microsecond")
_TYPES: dict[str, tuple[Callable[[Any], Iterable[Any]], Callable[[Any, list[Any]], Any]]] = {
    "builtins.list": (list.__iter__, _whole),
    "builtins.tuple": (tuple.__iter__, _whole),
    "builtins.set": (set.__iter__, _whole),
    "builtins.frozenset": (frozenset.__iter__, _whole),
    "builtins.dict": (dict.items, _whole),
    "builtins.bytes": (lambda value: [bytes.hex(value)], _hex),
    "builtins.bytearray": (lambda value: [bytearray.hex(value)], _hex),
    "builtins.complex": (lambda value: [value.real, value.imag], _each),
    "builtins.range": (lambda value: [value.start, value.stop, value.step], _each),
    "builtins.dict_keys": (lambda value: [(key, None) for key in value], _view("keys")),
    "builtins.dict_values": (enumerate, _view("values")),
    "builtins.dict_items": (iter, _view("items")),
    "collections.OrderedDict": (dict.items, _whole),
    "collections.Counter": (dict.items, lambda kind, parts: kind(dict(parts))),
    "collections.deque": (iter, _whole),
    "fractions.Fraction": (lambda value: [value.numerator, value.denominator], _each),
    "decimal.Decimal": (lambda value: [str(value)], _each),
    "datetime.date": (_moment(*_DATE), _each),
    "datetime.time": (_moment(*_TIME, "tzinfo"), _each),
    "datetime.datetime": (_moment(*_DATE, *_TIME, "tzinfo"), _each),
    "datetime.timedelta": (_moment("days", "seconds", "microseconds"), _each),
}
"""Of each type, by its name: a value's parts, and the value of its parts again."""

_NUMBERS: dict[type, Callable[[Any], Any]] = {
    int: lambda value: int.__add__(value, 0),
    float: float.__float__,
    str: str.__str__,
}


class Writer:
    """Writes values. `other` is asked for what stands for a value that is not plain; `flattened` tells
    whether an instance of a subclass, which may be more than its plain value, was among those written.
    """

    def __init__(self, other: Callable[[object], object]) -> None:
        self._other = other
        self.flattened = False

    def written(self, value: Any, depth: int = 0) -> Any:
        kind = type(value)
        if value is None or kind in (bool, str, float):
            return value
        if kind is int:
            return value if abs(value) < _EXACT_IN_JSON else ["int", hex(value)]
        if depth > _DEEPEST:
            return self._other(value)
        name = f"{kind.__module__}.{kind.__qualname__}"
        if kind.__module__ == "numpy" and hasattr(value, "dtype") and value.dtype.kind in _NUMPY_KINDS:
            parts = [value.dtype.str, [*map(int, value.shape)], value.reshape(-1).tolist()]
            return ["numpy", *(self.written(part, depth + 1) for part in parts)]
        if name not in _TYPES:
            return self._flattened(value, kind, depth)
        return self._parts(name, value, depth)

    def _parts(self, name: str, value: Any, depth: int) -> list[Any]:
        return [name, *(self.written(part, depth + 1) for part in _TYPES[name][0](value))]

    def _flattened(self, value: Any, kind: type, depth: int) -> Any:
        """What lies beneath an instance of a subclass of a plain type."""
        for base in kind.__mro__[1:]:
            name = f"{base.__module__}.{base.__qualname__}"
            if base not in _NUMBERS and name not in _TYPES:
                continue
            self.flattened = True
            if base in _NUMBERS:
                return self.written(_NUMBERS[base](value), depth)
            parts = self._parts(name, value, depth)
            fields = getattr(kind, "_fields", None)
            if base is tuple and fields is not None:
                return ["named", kind.__name__, list(fields), *parts[1:]]
            return parts
        return self._other(value)


def read(written: Any, other: Callable[[list[Any]], object]) -> Any:
    """The value of what a Writer wrote; `other` reads what the table does not know. Raises ValueError,
    TypeError or one of their like at what no Writer writes.
    """
    if not isinstance(written, list):
        if isinstance(written, dict):
            raise TypeError("a value is written without objects")
        return written
    name, *parts = written
    if name == "int":
        return int(parts[0], 16)
    if name == "named":
        return namedtuple(parts[0], parts[1])(*(read(part, other) for part in parts[2:]))
    if name != "numpy" and name not in _TYPES:
        return other(written)
    values = [read(part, other) for part in parts]
    if name == "numpy":
        return _numpy(*values)
    module, _, kind = name.rpartition(".")
    return _TYPES[name][1](getattr(importlib.import_module(module), kind, None), values)


def _numpy(kind: str, shape: list[int], values: list[Any]) -> Any:
    """An array, or the number where it has no dimension."""
    import numpy  # where the solution has it, the test has it

    if numpy.dtype(kind).kind not in _NUMPY_KINDS:
        raise ValueError(f"no plain array: {kind}")
    return numpy.array(values, dtype=kind).reshape(shape)[()]


def restore(old: Any, new: Any) -> Any:
    """Makes a container equal to `new` where it lies, as the call that was given it left it; what cannot be
    changed is replaced. Returns what now stands for it.
    """
    if type(old) is not type(new):
        return new
    if isinstance(old, list):
        kept = [restore(*pair) for pair in zip(old, new, strict=False)]
        old[:] = kept + new[len(kept) :]
    elif isinstance(old, dict):
        merged = {key: restore(old[key], value) if key in old else value for key, value in new.items()}
        old.clear()
        old.update(merged)
    elif isinstance(old, set | bytearray | deque):
        old.clear()
        (old.update if isinstance(old, set) else old.extend)(new)
    elif isinstance(old, tuple) and len(old) == len(new):
        for pair in zip(old, new, strict=True):
            restore(*pair)
        return old
    else:
        return new
    return old
