"""No test of a response sees what another one left: names, files, processes."""

import pytest

from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.sandbox.execution import Isolation
from tests.verifiers.code.test_verify import SETTINGS, SQUARE, SQUARES, verdict

SLOWER = SETTINGS.model_copy(update={"sandbox_test_seconds": 5.0, "sandbox_seconds": 60.0})


def test_one_test_does_not_see_what_another_left() -> None:
    code = (
        "calls = []\ndef f():\n    calls.append(1)\n    open('left', 'a').write('x')\n    return len(calls)"
    )
    assert verdict(code, ["assert f() == 1", "assert f() == 1"]).reason is Reason.TESTS_PASSED


def test_a_process_that_outlives_its_test_does_not_hold_up_the_verdict() -> None:
    code = f"""
import os
if os.fork() == 0:
    os.setsid()
    while True:
        os.write(2, b"x" * 4096)
{SQUARE}
"""
    assert verdict(code, SQUARES).reason is Reason.TESTS_PASSED


LEAVES = {
    "a folder": "import os\nos.mkdir('w')",
    "a folder in /tmp": "import os, tempfile\nos.mkdir(tempfile.gettempdir() + '/w')",
    "a full disk": "import os\nfile = open(str(os.getpid()), 'wb', buffering=0)\nroom = 0\ntry:\n"
    "    while True: room += file.write(bytes(65536))\nexcept OSError: pass\nassert room > 8 << 20",
    "folders in folders": "import os\nfor _ in range(2000): os.mkdir('a' * 200); os.chdir('a' * 200)",
    "a folder closed to its owner": "import os\nos.makedirs('w/x'); os.chmod('w/x', 0); os.chmod('w', 0)",
    "a link to a folder": "import os\nos.symlink('/usr', 'w'); os.symlink('nowhere', 'v')",
    "its input": "import os\nos.remove('.stdin'); os.mkdir('.stdin')",
}


@pytest.mark.parametrize("code", LEAVES.values(), ids=LEAVES)
def test_no_test_finds_another_ones(code: str) -> None:
    code = f"{code}\n{SQUARE}"
    assert verdict(code, SQUARES, SLOWER).detail == "3 tests"


def test_processes_in_sessions_of_their_own_are_gone_before_the_next_test() -> None:
    code = f"""
import os, signal
for number in range(12):
    ready, tell_ready = os.pipe()
    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        os.write(tell_ready, b".")
        while True:
            signal.pause()
    os.read(ready, 1)
{SQUARE}
"""
    assert verdict(code, SQUARES * 2, SLOWER).detail == "6 tests"


@pytest.mark.full
def test_a_response_that_forks_for_ever_fails_and_leaves_nothing_undecided() -> None:
    code = """
import os
def f(x):
    while True:
        try:
            if os.fork() == 0:
                os.setsid()
        except OSError:
            pass
"""
    found = verdict(code, SQUARES)
    assert (found.reason, found.detail.splitlines()[-1]) == (
        Reason.TESTS_FAILED,
        "#3 assert f(2) == 4: time-out",
    )


def test_files_are_gone_without_isolation_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gristmill.verifiers.code.verify.available_isolation", lambda unsafe: Isolation.NONE)
    assert verdict(f"import os\nos.mkdir('w')\n{SQUARE}", SQUARES, SLOWER).detail == "3 tests"
