"""Formats, columns, styles and markers in words, for the reader of a data card.

A new format has an entry here; a test sees to it that no column goes without.
"""

import pyarrow as pa

from gristmill.exports.card.markdown import Markdown
from gristmill.exports.settings import MarkerName

FORMATS_IN_WORDS: dict[str, str] = {
    "sft": "responses that models gave and verifiers accepted, as chats",
    "prompt-completion": "responses that models gave and verifiers accepted, apart from their prompts",
    "alpaca": "responses that models gave and verifiers accepted, as instruction and output",
    "sharegpt": "responses that models gave and verifiers accepted, as conversations",
    "openai": "responses that models gave and verifiers accepted, as chats with no other column",
    "reference": "problems with their own reference as the answer; no response of a model is in it",
    "dpo": "pairs of an accepted and a rejected response to one problem",
    "reward": "pairs of an accepted and a rejected response to one problem, with a margin",
    "kto": "single responses, labelled true where a verifier accepted and false where it rejected them",
    "rlvr": "problems with their right answers and how often models solved them; no response is in it",
    "stepwise": "responses by steps, each step labelled right or wrong",
    "raw": "every response with all of its verdicts and metrics, accepted or not",
}
"""What a row holds, to go on after `the format: `."""

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
"""What a column means in every format that has no other meaning for it in `_COLUMNS`."""

_PAIR_METADATA = (
    "Of what the row was made: the problem's id, level and source; run, number and model of both responses."
)
_COLUMNS: dict[str, dict[str, str]] = {
    "alpaca": {
        "instruction": "The prompt.",
        "input": "Always empty: the prompt is whole in `instruction`.",
        "output": "The response that was accepted.",
    },
    "sharegpt": {
        "conversations": "Two turns: `human` has the prompt, `gpt` the response.",
    },
    "reference": {
        "messages": "The chat: the user's turn is the problem, the assistant's its reference.",
        "metadata": "The problem's id, level and source, and the ids of the problems it was made from.",
    },
    "dpo": {"metadata": _PAIR_METADATA},
    "reward": {
        "margin": "By how much the chosen response is the better one; below it is said by which measure.",
        "metadata": _PAIR_METADATA,
    },
    "kto": {
        "completion": "The response.",
        "label": "True where it was accepted, false where it was rejected.",
    },
    "rlvr": {
        "messages": "The problem as one turn of the user, for open-instruct.",
        "ground_truth": "The right answer; empty where the problem has no reference.",
        "dataset": "The verifier, by the name that open-instruct looks it up by.",
        "data_source": "The problem's source, by which verl chooses its reward.",
        "prompt": "As `messages`, for verl and TRL.",
        "ability": "The verifier.",
        "reward_model": "For verl: `rule`, and the right answer.",
        "extra_info": "For verl: the problem's id, the verifier, the level.",
        "pass_rate": "Accepted over decided responses; null where none was decided.",
        "attempts": "Responses that were drawn.",
        "accepted": "Of these, how many were accepted.",
        "rejected": "Of these, how many were rejected.",
        "undecided": "Of these, how many no verifier could decide.",
    },
    "stepwise": {
        "prompt": "The prompt, as plain text.",
        "completions": "The steps of one response, in order.",
        "labels": "For each step whether its value is above the threshold.",
    },
    "raw": {
        "prompt": "The problem.",
        "reference": "What its verifier compares with: an answer, constraints, a rubric.",
        "origin": "What is known of the problem's making, as JSON.",
        "parents": "Ids of the problems that it was made from.",
        "run_id": "The run that drew the response.",
        "number": "Which response of its run to its problem, from 0.",
        "model": "The model that gave it.",
        "seed": "The seed that it was drawn with.",
        "text": "The response.",
        "finish_reason": "Why it ended: `stop`, or `length` where it was cut off.",
        "prompt_tokens": "Tokens of the prompt, with its template.",
        "completion_tokens": "Tokens of the response.",
        "cumulative_logprob": "Sum of its tokens' log probabilities; null where they were not asked for.",
        "seconds": "How long it took to draw.",
        "created_at": "When it was stored.",
        "ordinal": "Which of the verdicts is the current one.",
        "outcome": "The current verdict: `accepted`, `rejected` or `undecided`.",
        "reason": "Why, in one word of a fixed list.",
        "verifier": "The verifier that gave it.",
        "verdicts": "All verdicts, oldest first: with version, detail, the answer found and where it stands.",
        "metrics": "Metrics that were stored, by name.",
    },
}


def column_meaning(format_name: str, column: str) -> Markdown:
    """The meaning of a column in a format; "" where it has none."""
    return Markdown(_COLUMNS.get(format_name, {}).get(column, _USUAL_COLUMNS.get(column, "")))


def type_words(kind: pa.DataType) -> str:
    """An Arrow type to be read: `list of {role: string, content: string}`."""
    if isinstance(kind, pa.StructType):
        return "{" + ", ".join(f"{field.name}: {type_words(field.type)}" for field in kind) + "}"
    if isinstance(kind, pa.ListType | pa.LargeListType):
        return f"list of {type_words(kind.value_type)}"
    return str(kind)
