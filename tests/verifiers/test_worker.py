import subprocess
import sys
from dataclasses import replace

import pytest

from gristmill.sampling.records import FinishReason, Outcome, Problem, Response, Verdict
from gristmill.verifiers import VERIFIERS, VerifierSettings, worker
from gristmill.verifiers.math.verify import math_version
from gristmill.verifiers.reasons import Reason

SETTINGS = VerifierSettings()


def broken_verifier(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    raise (MemoryError() if response.text == "memory" else KeyError(response.text))


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process set up as a worker whose verifier is broken."""
    broken = replace(VERIFIERS["math"], module=__name__, verify=broken_verifier.__name__)
    monkeypatch.setitem(VERIFIERS, "math", broken)
    monkeypatch.setattr(worker, "_state", [SETTINGS])


def judged(text: str) -> Verdict:
    return worker.judge(Problem("id", "prompt", "5"), Response(text, FinishReason.STOP, 1, 1, 0.1, "model"))


@pytest.mark.usefixtures("broken")
def test_a_broken_verifier_leaves_the_verdict_open_and_its_traceback_is_kept() -> None:
    verdict = judged("five\0\ud800")
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.CRASH)
    assert verdict.detail.startswith("Traceback")
    assert "KeyError" in verdict.detail
    assert "broken_verifier" in verdict.detail
    assert (verdict.verifier, verdict.version) == ("math", math_version(SETTINGS))


@pytest.mark.usefixtures("broken")
def test_running_out_of_memory_is_no_wrong_answer() -> None:
    verdict = judged("memory")
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.OUT_OF_MEMORY)


def test_a_process_is_ready_only_after_it_was_set_up() -> None:
    assert not worker.ready()


LOADING = r"""
import os, resource, sys
from gristmill.sampling.records import FinishReason, Problem, Response
from gristmill.verifiers import VerifierSettings, worker

def shown(reference, text):
    cap = resource.getrlimit(resource.RLIMIT_AS)[0]
    response = Response(text, FinishReason.STOP, 1, 1, 0.1, "model")
    verdict = worker.judge(Problem("id", "", reference), response)
    print(verdict.reason, "sympy.core" in sys.modules, resource.getrlimit(resource.RLIMIT_AS)[0] > cap)

worker.set_up(VerifierSettings(verify_timeout_seconds=0.4, verify_memory_mb=128), os.getppid())
shown("5", r"\boxed{5.0}")
shown(r"\frac{x}{2}", r"\boxed{0.5x}")
shown(r"\frac{x}{2}", r"\boxed{x/3}")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the memory cap")
def test_sympy_is_loaded_by_the_first_verdict_that_needs_it_outside_of_time_and_memory() -> None:
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["equal False False", "equal True True", "wrong-answer True False"]
