"""Why a text is not taken: what every filter and check answers with, or None where it has nothing to say."""

from dataclasses import dataclass

from gristmill.verifiers.reasons import Reason


@dataclass(frozen=True, slots=True)
class Fault:
    """`detail` is the evidence, for people: what was found, where, and what was wanted."""

    reason: Reason
    detail: str = ""
