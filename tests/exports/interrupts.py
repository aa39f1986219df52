"""Ctrl-C at a chosen line, for the tests of what must survive one."""

import linecache
import sys
from types import FrameType, TracebackType
from typing import Any

from gristmill.exports.publish import folder, hashed_file

TRACED = {module.__file__ for module in (folder, hashed_file)}


class InterruptAtLine:
    """Ctrl-C when the nth line of the modules of the folder is about to run; `line` is its text."""

    def __init__(self, number: int) -> None:
        self.line = ""
        self._left = number

    def __enter__(self) -> "InterruptAtLine":
        sys.settrace(self._trace)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        sys.settrace(None)

    def _trace(self, frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename not in TRACED:
            return None
        if event == "line":
            self._left -= 1
            if self._left == 0:
                self.line = linecache.getline(frame.f_code.co_filename, frame.f_lineno)
                raise KeyboardInterrupt
        return self._trace
