"""Channel between a test and the solution that it asks: messages on two pipes, and what is made of an answer.

A question is `[what, names of keyword arguments, arguments]`; an answer has the value (of an exception its
arguments), and the arguments that the call changed, each as `plain_values.py` writes it. Nothing that an
answer holds is believed: it is read into plain values, and into exceptions of the built-in types.

Standard library alone: it runs in the sandbox.
"""

import builtins
import json
import os
from typing import Any

from gristmill.verifiers.code.plain_values import Writer, read, restore

_LENGTH_BYTES = 8
_LONGEST_MESSAGE = 64 << 20
_UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    RecursionError,
    ImportError,
)


class StoppedError(BaseException):
    """The test cannot go on: the solution is gone, or what is asked cannot be said in plain values."""


def send(end: int, message: object) -> None:
    """Raises ValueError where the message cannot be written, or is too long."""
    text = json.dumps(message).encode()
    if len(text) > _LONGEST_MESSAGE:
        raise ValueError("a message is too long")
    data = memoryview(len(text).to_bytes(_LENGTH_BYTES, "big") + text)
    while data:
        data = data[os.write(end, data) :]


def receive(end: int) -> Any:
    """The next message, None after the last one. Raises ValueError at what is none."""
    length = int.from_bytes(_exactly(end, _LENGTH_BYTES), "big")
    if length > _LONGEST_MESSAGE:
        raise ValueError("a message is too long")
    return json.loads(_exactly(end, length) or "null")


def _exactly(end: int, size: int) -> bytes:
    data = bytearray()
    while len(data) < size and (chunk := os.read(end, size - len(data))):
        data += chunk
    return bytes(data) if len(data) == size else b""


class Channel:
    """A test's end. `wrap` makes of a number what stands for an object of the solution, and `number` tells it
    again, None of anything else. `handed` says that the test was given such an object, `flattened` that it
    was given the plain value of what may have been more; `stopped` says why it was stopped: "gone",
    "unsendable" or "unplain".
    """

    def __init__(self, asks: int, answers: int) -> None:
        self._asks, self._answers = asks, answers
        self.handed = self.flattened = False
        self.stopped = ""

    def wrap(self, number: int) -> object:
        raise NotImplementedError

    def number(self, value: object) -> int | None:
        raise NotImplementedError

    def ready(self) -> bool:
        """Waits for the solution's first message: whether it ran to its end."""
        try:
            return receive(self._answers) is not None
        except ValueError:
            return False

    def stop(self, why: str) -> StoppedError:
        self.stopped = self.stopped or why
        return StoppedError(self.stopped)

    def ask(self, what: str, *args: Any, **kwargs: Any) -> Any:
        """The answer; raises the exception that it is."""
        if self.stopped:
            raise StoppedError(self.stopped)
        given = [*args, *kwargs.values()]
        writer = Writer(self._sendable)
        try:
            send(self._asks, [what, list(kwargs), [writer.written(each) for each in given]])
            answer = receive(self._answers)
            if answer is None:
                raise self.stop("gone")
            value, error = self._read(what, given, answer)
        except BrokenPipeError:
            raise self.stop("gone") from None
        except _UNREADABLE:
            raise self.stop("unplain") from None
        if error is not None:
            raise error
        return value

    def _sendable(self, value: object) -> list[Any]:
        number = self.number(value)
        if number is not None:
            return ["remote", number]
        name = getattr(value, "__name__", "")
        if isinstance(name, str) and getattr(builtins, name, None) is value:
            return ["builtin", name]
        raise self.stop("unsendable")

    def _read(self, what: str, given: list[Any], answer: dict[str, Any]) -> tuple[Any, BaseException | None]:
        def other(written: list[Any]) -> object:
            kind, number = written
            if kind != "remote" or type(number) is not int:
                raise ValueError(f"no value: {kind}")
            self.handed = self.handed or what != "name"
            return self.wrap(number)

        self.flattened = self.flattened or answer["flattened"] is not False
        for position, written in answer["changed"]:
            restore(given[position], read(written, other))
        value = read(answer["value"], other)
        return value, _exception(answer["error"], value, what) if answer["error"] else None


def _exception(error: list[Any], args: Any, what: str) -> BaseException:
    """The nearest built-in exception, as the names of the types tell. The end of an iteration is one only
    where a next element was asked for: elsewhere it would end a loop of the test, and pass it.
    """
    names, told = error
    found = (getattr(builtins, name, None) for name in names)
    kinds = (each for each in found if isinstance(each, type) and issubclass(each, BaseException))
    kind = next(kinds, Exception)
    if issubclass(kind, StopIteration | StopAsyncIteration) and what != "next":
        kind = RuntimeError
    exception = kind.__new__(kind, *args)
    exception.__dict__["shown"] = str(told)
    return exception


def shown(error: BaseException) -> str:
    """Type and message in one line, as at the end of a traceback (whose module takes long to import)."""
    if told := error.__dict__.get("shown", ""):
        return str(told)
    kind = type(error)
    name = (
        kind.__qualname__
        if kind.__module__ in ("builtins", "__main__")
        else f"{kind.__module__}.{kind.__qualname__}"
    )
    message = str(error).strip().partition("\n")[0]
    return f"{name}: {message}" if message else name
