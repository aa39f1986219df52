"""Process of a test: runs a snippet of the problem's reference, and asks a solution elsewhere what it
answers.

The solution's names are looked up there when the snippet reads them. Built-in names are those of this
process, whatever the solution calls its own, but for a function that the snippet is there to test.

Standard library alone: it runs in the sandbox.
"""

import builtins
from typing import Any

from gristmill.verifiers.code.channel import shown
from gristmill.verifiers.code.remote import RemoteChannel

_LONGEST_ERROR = 300


class _Names(dict[str, Any]):
    """The names of a snippet; what it does not define is the solution's."""

    def __init__(self, channel: RemoteChannel, tested: list[str]) -> None:
        super().__init__(__name__="test")
        self._channel, self._tested = channel, tested

    def __missing__(self, name: str) -> Any:
        if name.startswith("__") or (hasattr(builtins, name) and name not in self._tested):
            raise KeyError(name)
        return self._channel.ask("name", name)


class _Ended:
    """How a snippet ended: the context manager that catches all."""

    error: BaseException | None = None

    def __enter__(self) -> "_Ended":
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: object) -> bool:
        self.error = error
        return True


def judged(snippet: str, tested: list[str], channel: RemoteChannel) -> dict[str, object]:
    """What is to be said of the test: `state` is "passed", "failed", or what kept it from an end here, as in
    Channel ("gone", "unsendable", "unplain"); `asked` is as in RemoteChannel.
    """
    with _Ended() as ended:
        exec(compile(snippet, "test.py", "exec"), _Names(channel, tested))  # noqa: S102 - as the solution
    error = shown(ended.error)[:_LONGEST_ERROR] if ended.error is not None else ""
    return {"state": channel.stopped or _state(ended.error, channel), "error": error, "asked": channel.asked}


def _state(error: BaseException | None, channel: RemoteChannel) -> str:
    """Beside an object of the solution a failure may come of what a Remote is not; and beside a plain value
    that was more, any but that of a comparison.
    """
    if error is None:
        return "passed"
    lacking = channel.flattened and not isinstance(error, AssertionError)
    return "unplain" if channel.handed or lacking else "failed"
