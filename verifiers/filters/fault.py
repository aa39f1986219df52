"""The reason and evidence with which a filter or check rejects a text; those that have none answer None."""

from dataclasses import dataclass

from gristmill.verifiers.reasons import Reason


@dataclass(frozen=True, slots=True)
class Fault:
    """`detail` is the evidence, for people: what was found, where, and what was wanted."""

    reason: Reason
    detail: str = ""
