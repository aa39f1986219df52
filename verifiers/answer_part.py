"""The answer part of a response: the text that is judged, and where it begins in the response.

Every verifier and every judge gets the text that it judges from `answer_part`, so that what belongs to the
answer is decided in one place. The answer part is the whole text.
"""

from dataclasses import dataclass

from gristmill.sampling.records import Response


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """`text` stands in the response's text from character `start` on."""

    text: str
    start: int

    def span_in_response(self, span: tuple[int, int] | None) -> tuple[int, int] | None:
        """The span in the response's text of a span in `text`."""
        return None if span is None else (span[0] + self.start, span[1] + self.start)


def answer_part(response: Response) -> AnswerPart:
    return AnswerPart(response.text, 0)
