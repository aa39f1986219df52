"""Self-Instruct (arXiv 2212.10560): a list of tasks, seeds and accepted ones, that the model goes on with.

The list is numbered and each task is one paragraph, so that a response that goes on in the same form can be
read whatever else it says. A response that was cut off loses its last task, which may be half of one.
"""

import re
from collections.abc import Sequence

from sampling.candidates import Material, Proposal

_NUMBERED = re.compile(
    r"(?:^|(?<=\s))[#*_>\t -]{0,8}task[ \t]{0,3}#?\d{1,3}[ \t]{0,3}[.):][*_]{0,2}"
    r"|^[#*_>\t -]{0,8}\d{1,3}[.):][*_]{0,2}(?=\s)",
    re.IGNORECASE | re.MULTILINE,
)
_BULLETS = re.compile(r"^[ \t]{0,8}[*\u2022-][ \t]", re.MULTILINE)
_MOST = 20
_ASKED = 4


def self_instruct_prompt(subject: Material | None, examples: Sequence[Material], turn: int) -> str:
    """The examples as tasks 1 to n, and the wish for a few more, from n + 1 on."""
    tasks = [f"Task {number}: {_line(example.text)}" for number, example in enumerate(examples, start=1)]
    first = len(examples) + 1
    return (
        "Below is the beginning of a list of varied tasks for an assistant that reads and writes text.\n\n"
        + "\n".join(tasks)
        + f"\n\nWrite {_ASKED} more tasks, numbered from Task {first} on, one per line. Each must be "
        "complete in itself and unlike all the others. Write the tasks alone, without answers."
    )


def self_instruct_parse(text: str, ended: bool) -> list[Proposal]:
    """The numbered tasks in order, or those of a list with bullets; none where there is no list."""
    starts = list(_NUMBERED.finditer(text)) or list(_BULLETS.finditer(text))
    if not starts:
        return []
    ends = [*(match.start() for match in starts), len(text)][1:]
    tasks = [_line(text[match.end() : end]) for match, end in zip(starts, ends, strict=True)]
    whole = tasks if ended else tasks[:-1]
    return [Proposal(task) for task in whole[:_MOST] if task]


def _line(text: str) -> str:
    """The first paragraph on one line."""
    return " ".join(text.strip().split("\n\n", 1)[0].split())
