"""What is listed as no way to fake success is none."""

import pytest

from gristmill.verifiers.reasons import Reason
from tests.verifiers.code.test_verify import SETTINGS, verdict

SLOWER = SETTINGS.model_copy(update={"sandbox_test_seconds": 5.0, "sandbox_seconds": 60.0})

FAKES = {
    "exits": "import sys\nsys.exit(0)",
    "leaves at once": "import os\nos._exit(0)",
    "leaves when called": "import os\ndef f(x):\n    os._exit(0)",
    "exits when called": "def f(x):\n    raise SystemExit(0)",
    "prints success": "print('[{\"passed\": true}]', flush=True)\nimport os\nos._exit(0)",
    "writes success everywhere": "import os\nfor end in range(64):\n    try: os.write(end, b'passed')\n"
    "    except OSError: pass\ndef f(x): return 1",
    "closes everything": "import os\nos.closerange(0, 64)\ndef f(x): return 1",
    "replaces the error": "import builtins\nbuiltins.AssertionError = Warning\ndef f(x): return 1",
    "kills the runner": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    "kills the runner when called": "import os\ndef f(x):\n    os.kill(os.getppid(), 9)",
    "traces": "import sys\nsys.settrace(lambda *a: None)\ndef f(x): return 1",
    "replaces exec": "import builtins\nbuiltins.exec = lambda *a: None\ndef f(x): return 1",
    "replaces compile": "import builtins\nbuiltins.compile = lambda *a: None\ndef f(x): return 1",
    "replaces exec among its own names": "__builtins__ = {'exec': lambda *a: None}\ndef f(x): return 1",
    "changes the runner's names": "import gc\nfor d in gc.get_objects():\n"
    "    if type(d) is dict and '_play_code' in d: d.update(_prove=id, run=id, exec=id)\ndef f(x): return 1",
    "replaces what the runner calls": "import os\nos.write = os._exit = lambda *a: 0\ndef f(x): return 1",
}


@pytest.mark.parametrize("code", FAKES.values(), ids=FAKES.keys())
def test_success_is_not_had_by(code: str) -> None:
    assert verdict(code, ["assert f(2) == 4"]).reason is Reason.TESTS_FAILED


def test_the_wanted_output_is_not_in_the_sandbox() -> None:
    code = """
import sys
frame, seen = sys._getframe(), ""
while frame := frame.f_back:
    seen += repr(frame.f_locals)
print("tea" + "pot" in seen, "ket" + "tle" in seen)
"""
    found = verdict(code, [{"input": "kettle", "output": "teapot"}])
    assert "printed 'False True', not 'teapot'" in found.detail


def test_built_in_names_are_themselves_again_when_the_test_runs() -> None:
    test = ["assert abs(f(2) - 4) < 1"]
    for code in (
        "__builtins__ = {'abs': lambda x: 0}\ndef f(x): return 1",
        "import builtins\nbuiltins.abs = lambda x: 0\ndef f(x): return 1",
    ):
        assert verdict(code, test).reason is Reason.TESTS_FAILED


def test_a_guess_that_passes_in_a_fork_looks_like_one_that_does_not() -> None:
    code = """
import os, sys
def f(x):
    for guess in range(8):
        child = os.fork()
        if not child:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            return guess
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            return guess
    return -1
"""
    assert verdict(code, ["assert f(2) == 4"], SLOWER).reason is Reason.TESTS_FAILED


def test_a_fork_of_the_code_does_not_answer_for_it() -> None:
    code = """
import os
def f(x):
    if os.fork() == 0:
        return 4
    os.wait()
    os._exit(0)
"""
    assert verdict(code, ["assert f(2) == 4"], SLOWER).reason is Reason.TESTS_FAILED


def test_a_trace_that_jumps_over_the_assert_is_seen() -> None:
    code = """
import sys
def f(x):
    def jump(frame, event, argument):
        if event == "line" and frame.f_lineno == 2:
            frame.f_lineno = 3
        return jump
    sys._getframe(1).f_trace = jump
    sys.settrace(lambda *a: None)
    return 1
"""
    test = "found = f(2)\nassert found == 4\ndone = True"
    found = verdict(code, [test], SLOWER)
    assert (found.reason, "AssertionError" in found.detail) == (Reason.TESTS_FAILED, True)
    inside = verdict(code, [f"{test}\ncallable(f)"], SLOWER)
    assert (inside.reason, "exit code 1" in inside.detail) == (Reason.TESTS_FAILED, True)


def test_nothing_in_the_sandbox_depends_on_the_wanted_output() -> None:
    code = """
import sys
frame, seen = sys._getframe(), []
while frame := frame.f_back:
    if isinstance(job := frame.f_locals.get("job"), dict):
        seen = sorted(item for item in job.items() if item[0] != "code")
print(seen)
"""

    def seen(output: str) -> str:
        detail = verdict(code, [{"input": "", "output": output}]).detail
        return detail.partition("printed")[2].partition(", not")[0]

    assert "('alone', True)" in seen("YES")
    assert seen("YES") == seen("NO") == seen("MAYBE" * 100)
