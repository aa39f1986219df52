"""A `gristmill` command as a child process in a session of its own, with signals passed on.

The terminal's Ctrl-C reaches this process alone, and not the children of the child, which ends them in order.

When the child is gone, so is what it left behind in its process group. When this process is killed, the
child gets SIGTERM (on Linux).
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

from gristmill.flows.local import die_with_parent

_PASSED_ON = {signal.SIGINT: signal.SIGINT, signal.SIGTERM: signal.SIGTERM, signal.SIGHUP: signal.SIGTERM}


def run_in_child_process(arguments: Sequence[str]) -> int:
    """Runs `gristmill` with these arguments; returns its exit status, 128 + N where signal N ended it."""
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "gristmill.cli.main", *arguments],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=die_with_parent if sys.platform == "linux" else None,
    )

    def pass_on(number: int, _: FrameType | None) -> None:
        child.send_signal(_PASSED_ON[signal.Signals(number)])

    former = {number: signal.signal(number, pass_on) for number in _PASSED_ON}
    try:
        code = child.wait()
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
    return code if code >= 0 else 128 - code
