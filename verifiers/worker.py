"""Entry points of a verification process: set up once, then one verdict after another.

The verdict itself is decided in `verifiers.verdict_on`; here it is made safe: whatever a verifier raises
becomes an undecided verdict, memory is capped, and the process ends with its parent.

Limits, plainly. The memory cap is on address space, above what the process has when it is ready (Linux and
other Unix systems with RLIMIT_AS); what Math-Verify swallows of the resulting MemoryErrors leaves a verdict
`unproved`, the rest `out-of-memory`. A process whose parent was killed is killed too, by PR_SET_PDEATHSIG on
Linux; elsewhere it ends when its present work does. This is no sandbox: it bounds time and memory of our own
code and of Math-Verify, and runs nothing that a model wrote.
"""

import ctypes
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from time import perf_counter

from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers import VERIFIERS, verdict_on, verdict_without_verifier
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings

_PR_SET_PDEATHSIG = 1
_FRAMES = 8
_DETAIL_LONGEST = 4000
_state: list[VerifierSettings] = []


def set_up(settings: VerifierSettings, parent: int) -> None:
    """Runs before the first task, so that no clock pays for imports."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once, even inside one long operation of C code
    _die_with(parent)
    _load_libraries(settings)
    _cap_memory(settings.verify_memory_mb)
    _state[:] = [settings]


def ready() -> bool:
    """Whether this process was set up."""
    return bool(_state)


def judge(problem: Problem, response: Response) -> Verdict:
    """The verdict of `verdict_on`; an undecided one, with the traceback, where that raises."""
    settings = _state[0]
    started = perf_counter()
    try:
        return verdict_on(problem, response, settings)
    except MemoryError:
        reason, detail = Reason.OUT_OF_MEMORY, f"more than {settings.verify_memory_mb} MB"
    except Exception:  # noqa: BLE001 - the one place: whatever a verifier raises says nothing of the response
        reason, detail = Reason.CRASH, traceback.format_exc(limit=-_FRAMES)[:_DETAIL_LONGEST]
    return verdict_without_verifier(settings, reason, detail, perf_counter() - started)


def _load_libraries(settings: VerifierSettings) -> None:
    """Loads what a verification would load at its first use: no response pays for it in time or memory."""
    from gristmill.verifiers.language import language_of
    from gristmill.verifiers.metrics import metric
    from gristmill.verifiers.metrics.bounds import read_bound

    VERIFIERS[settings.verifier].load()
    if settings.verifier == "math":
        from gristmill.verifiers.math.verify import compare

        compare(r"\frac{1}{2}+x", r"x+\frac{2}{4}")  # imports SymPy, fills the parser's tables
    VerifierSettings.model_validate(settings.model_dump())  # reads the JSON Schema or grammar
    if settings.language is not None or settings.verifier == "constraints":
        language_of("The language model is loaded by this sentence.")
    for bound in settings.bounds:
        metric(read_bound(bound).name, "The models of metrics are loaded by this one.")


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)


def _cap_memory(megabytes: int) -> None:
    if sys.platform != "linux":
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + megabytes * 1024 * 1024
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard < 0 else min(limit, hard), hard))
