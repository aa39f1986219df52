"""What a filter, check or verifier finds in a text: a reason, and the evidence."""

from dataclasses import dataclass

from gristmill.sampling.records import Verdict
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.verdict_text import storable


@dataclass(frozen=True, slots=True)
class Finding:
    """`detail` is the evidence, for people: what was found, where, and what was wanted. Filters and checks
    have findings that reject alone, and answer None otherwise.
    """

    reason: Reason
    detail: str = ""

    def verdict(
        self,
        verifier: str,
        version: str,
        seconds: float = 0.0,
        *,
        answer: str | None = None,
        span: tuple[int, int] | None = None,
    ) -> Verdict:
        """Fit to be stored, whatever the text was."""
        return Verdict(
            self.reason.outcome,
            self.reason,
            verifier,
            version,
            storable(self.detail),
            None if answer is None else storable(answer),
            span,
            seconds,
        )
