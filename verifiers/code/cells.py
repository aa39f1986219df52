"""Python cells in a response: a model calls code by a fence, and reads its output in the next one (ToRA).

Cells share their names, as in a notebook, and each runs in a sandbox of its own: what an earlier one did is
done again, silently, before the last one runs. So a response can be told again from its text alone, and
nothing of a model lives on between two requests. The form is that of ToRA (arXiv 2309.17452) and of
DART-Math: a fence of `python`, then one of `output` with what the last cell printed.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from gristmill.verifiers.code import cell_runner
from gristmill.verifiers.code.fences import PYTHON, fences
from gristmill.verifiers.sandbox.execution import Ended, Execution, Isolation, Limits
from gristmill.verifiers.sandbox.run import run_python

OUTPUT_FENCE = "```output"
"""Where a model stops writing and the machine goes on."""

_LONGEST_SHOWN = 2000


def called_cells(text: str) -> tuple[str, ...]:
    """All cells of a text that ends with one, in order; none where it ends with anything else."""
    found = [fence for fence in fences(text) if fence.language in PYTHON]
    if not found or text[found[-1].end :].strip():
        return ()
    return tuple(fence.found.answer for fence in found)


def run_cells(cells: Sequence[str], limits: Limits, isolation: Isolation) -> str:
    """What the last of `cells` shows: what it prints, its last value, or the last line of its error.

    Raises UnavailableError where the sandbox does not start.
    """
    program = Path(cell_runner.__file__).read_text(encoding="utf-8")
    return shown(run_python(program, stdin=json.dumps(list(cells)), limits=limits, isolation=isolation))


def shown(execution: Execution) -> str:
    """An execution as a model is to read it; head and tail where it is long."""
    text = execution.stdout.rstrip()
    if execution.ended is not Ended.FINISHED:
        text = f"{text}\n[ended: {execution.ended.value}]".strip()
    elif execution.exit_code != 0:
        error = execution.stderr.strip().splitlines()
        text = f"{text}\n{error[-1] if error else f'[exit code {execution.exit_code}]'}".strip()
    text = text.replace("```", "` ` `")  # a fence in it would end its own
    half = _LONGEST_SHOWN // 2
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:half]}\n[...]\n{text[-half:]}"
