"""Entry points of a verification process: set up once, then one verdict after another.

The verdict itself is decided in `verifiers.verdict_on`; here it is made safe: whatever a verifier raises
becomes an undecided verdict, time and memory are capped, and the process ends with its parent.

A process starts without SymPy, which takes longer to load than some thousand comparisons of plain numbers:
the first verdict that needs it is given up, SymPy is loaded outside of every limit, and the verdict is begun
again.

Limits, plainly. Those on time end the process (`time_limit.py`). The memory cap is on address space, above
what the process has when it is ready (Linux and other Unix systems with RLIMIT_AS); what Math-Verify swallows
of the resulting MemoryErrors leaves a verdict `unproved`, the rest `out-of-memory`. A process whose parent
was killed is killed too, by PR_SET_PDEATHSIG on Linux; elsewhere it ends when its present work does. This is
no sandbox: it bounds time and memory of our own code and of Math-Verify, and runs nothing that a model wrote.
"""

import ctypes
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from time import process_time

from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers import verdict_on, verdict_without_verifier, version_of
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import VerifierSettings
from gristmill.verifiers.time_limit import PROCESSOR_TIME_UP, WALL_TIME_UP, time_limit

WALL_PER_PROCESSOR_SECOND = 10.0
"""How much longer than its processor time a verification may take on the clock."""

_ALGEBRA = "sympy"
_PR_SET_PDEATHSIG = 1
_FRAMES = 8
_DETAIL_LONGEST = 4000
_state: list[VerifierSettings] = []


def set_up(settings: VerifierSettings, parent: int) -> None:
    """Runs before the first task, so that no clock pays for imports."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    for number in (signal.SIGTERM, PROCESSOR_TIME_UP, WALL_TIME_UP):
        signal.signal(number, signal.SIG_DFL)  # at once, even inside one long operation of C code
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
    seconds, started = settings.verify_timeout_seconds, process_time()
    try:
        with time_limit(seconds, WALL_PER_PROCESSOR_SECOND * seconds):
            return verdict_on(problem, response, settings)
    except MemoryError:
        reason, detail = Reason.OUT_OF_MEMORY, f"more than {settings.verify_memory_mb} MB"
    except Exception as error:  # noqa: BLE001 - the one place: what a verifier raises says nothing of the response
        if _is_withheld(error):
            _load_algebra(settings.verify_memory_mb)
            return judge(problem, response)
        reason, detail = Reason.CRASH, traceback.format_exc(limit=-_FRAMES)[:_DETAIL_LONGEST]
    return verdict_without_verifier(settings, reason, detail, process_time() - started)


def _is_withheld(error: Exception) -> bool:
    """Whether a verdict was the first to need SymPy: its import raised, by a None that stands for it."""
    missing = isinstance(error, ModuleNotFoundError) and error.name == _ALGEBRA
    return missing and _ALGEBRA in sys.modules and sys.modules[_ALGEBRA] is None


def _load_algebra(verify_memory_mb: int) -> None:
    """Loads SymPy and Math-Verify, and fills the parser's tables. The memory cap is lifted and set anew."""
    del sys.modules[_ALGEBRA]
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    from gristmill.verifiers.math.verify import compare

    compare(r"\frac{1}{2}+x", r"x+\frac{2}{4}")
    _cap_memory(verify_memory_mb)


def _load_libraries(settings: VerifierSettings) -> None:
    """Loads what a verification would load at its first use: no response pays for it in time or memory."""
    from gristmill.verifiers.language import language_of
    from gristmill.verifiers.metrics import metric
    from gristmill.verifiers.metrics.bounds import read_bound

    version_of(settings)  # imports the verifier, and asks which libraries are installed
    VerifierSettings.model_validate(settings.model_dump())  # reads the JSON Schema or grammar
    if settings.language is not None or settings.verifier == "constraints":
        language_of("The language model is loaded by this sentence.")
    for bound in settings.bounds:
        metric(read_bound(bound).name, "The models of metrics are loaded by this one.")
    if settings.verifier == "math" and _ALGEBRA not in sys.modules:
        sys.modules[_ALGEBRA] = None  # type: ignore[assignment]


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
