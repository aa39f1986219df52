"""Descriptions of columns, styles and markers for a data card.

A format puts itself and the columns that it alone has into words (`rows.Format`); a test sees to it that no
column goes without.
"""

from collections.abc import Mapping

import pyarrow as pa

from gristmill.exports.card.markdown import Markdown
from gristmill.exports.settings import MarkerName

MARKERS_IN_WORDS: dict[MarkerName, str] = {
    "level": "level of the problem",
    "source": "source of the problem",
    "model": "model that responded",
    "verifier": "verifier that accepted the response",
    "task": "maker of the problem, where it was made",
    "language": "language of the response, ISO 639-1",
    "sentences": "sentences of the response",
    "length_tokens": "tokens of the response",
    "length_bucket": "concise (up to 128 tokens), medium (up to 512) or long",
    "quality": "the metric of the response",
    "quality_bucket": "quartile of that metric among responses in its language, 4 the highest",
}

STYLES_IN_WORDS: tuple[tuple[str, str], ...] = (
    ("worked examples with reasoning, then the question", "reasoning and answer"),
    ("worked examples with answers alone, then the question", "answer alone"),
    ("the question alone", "reasoning and answer"),
    ("the question alone", "answer alone"),
)
"""Prompt and response of each style, in the order of the weights."""

_USUAL_COLUMNS = {
    "messages": "The chat: the user's turn is the prompt, the assistant's the response.",
    "prompt": "The prompt: one turn of the user, or plain text that ends with the separator.",
    "completion": "The response that was accepted.",
    "chosen": "The response that was accepted.",
    "rejected": "A response to the same prompt that was rejected.",
    "metadata": "Of what the row was made: the problem's id, level and source; the run, number and model of "
    "the response.",
    "level": "The problem's level.",
    "source": "The problem's source.",
    "problem_id": "The hash of the problem's content.",
}
"""What a column means in every format that has no other meaning for it."""


def column_meaning(columns: Mapping[str, str], column: str) -> Markdown:
    """As the format has it in its `columns`, or as usual; "" where it has none."""
    return Markdown(columns.get(column, _USUAL_COLUMNS.get(column, "")))


def type_words(kind: pa.DataType) -> str:
    """An Arrow type to be read: `list of {role: string, content: string}`."""
    if isinstance(kind, pa.StructType):
        return "{" + ", ".join(f"{field.name}: {type_words(field.type)}" for field in kind) + "}"
    if isinstance(kind, pa.ListType | pa.LargeListType):
        return f"list of {type_words(kind.value_type)}"
    return str(kind)
