"""Constraints on a response that code can check, in the manner of IFEval (arXiv 2311.07911).

A problem's reference lists them (`read_constraints`), its prompt says them in plain English (`attached`), and
`violation` checks them. `conflicts` tells whether they contradict each other before a model is asked.

Where IFEval leaves room, the reading here is the stricter one: keywords are found whole and not inside other
words, what begins and ends a response is compared in its case, numbers of bullets and sections are exact, and
nothing counts that holds no word. The module of each family says what it counts.
"""

from gristmill.verifiers.constraints.attachment import attached, combination, conflict_with_prompt, sentences
from gristmill.verifiers.constraints.contradictions import conflict, conflicts
from gristmill.verifiers.constraints.kind import Constraint
from gristmill.verifiers.constraints.registry import CONSTRAINTS, constraint, read_constraints, written
from gristmill.verifiers.constraints.strictness import violation

__all__ = [
    "CONSTRAINTS",
    "Constraint",
    "attached",
    "combination",
    "conflict",
    "conflict_with_prompt",
    "conflicts",
    "constraint",
    "read_constraints",
    "sentences",
    "violation",
    "written",
]
