"""Maker `self-instruct` (arXiv 2212.10560): the model continues a list of tasks, seeds and accepted ones.

The list is numbered and each task is one paragraph, so that a response that goes on in the same form can be
read whatever else it says. A response that was cut off loses its last task, which may be half of one.
"""

import re
from collections.abc import Sequence

from gristmill.sampling.candidates import Material, Proposal

_LABELLED = re.compile(
    r"""^[#*_>\t\ -]{0,8}task[ \t]{0,3}\#?\d{1,3}
           (?:[ \t]{0,3}[.):][*_]{0,2} | [*_]{1,2}[.):]? | [ \t]{1,3}[-\u2013\u2014](?=\s))
        |(?<=\s)[*_]{0,2}task[ \t]{0,3}\#?\d{1,3}[ \t]{0,3}:[*_]{0,2}""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
"""Within a line a colon must follow: a task may speak of `task 3.` at the end of a sentence."""

_NUMBERED = re.compile(r"^[#*_>\t -]{0,8}\d{1,3}[.):][*_]{0,2}(?=\s)", re.MULTILINE)
_BULLETS = re.compile(r"^[ \t]{0,8}[*\u2022-][ \t]", re.MULTILINE)
_MOST = 20
ASKED = 4


def self_instruct_prompt(subject: Material | None, examples: Sequence[Material], turn: int) -> str:
    """The examples as tasks 1 to n, and the wish for a few more, from n + 1 on."""
    tasks = [f"Task {number}: {_line(example.text)}" for number, example in enumerate(examples, start=1)]
    first = len(examples) + 1
    return (
        "Below is the beginning of a list of varied tasks for an assistant that reads and writes text.\n\n"
        + "\n".join(tasks)
        + f"\n\nWrite {ASKED} more tasks, numbered from Task {first} on, one per line. Each must be "
        "complete in itself and unlike all the others. Write the tasks alone, without answers."
    )


def self_instruct_parse(text: str, ended: bool) -> list[Proposal]:
    """The tasks in order: those that are called so, or else those of a list with numbers, or with bullets;
    none where there is no list. A list within a task is part of it.
    """
    lists = (list(form.finditer(text)) for form in (_LABELLED, _NUMBERED, _BULLETS))
    starts = next(filter(None, lists), [])
    ends = [*(match.start() for match in starts), len(text)][1:]
    tasks = [_plain(_line(text[match.end() : end])) for match, end in zip(starts, ends, strict=True)]
    whole = tasks if ended else tasks[:-1]
    return [Proposal(task) for task in whole[:_MOST] if task]


def _plain(task: str) -> str:
    """Without the end of bold type that began before the number."""
    return task[:-2].rstrip() if task.endswith("**") and task.count("**") % 2 else task


def _line(text: str) -> str:
    """The first paragraph on one line."""
    return " ".join(text.strip().split("\n\n", 1)[0].split())
