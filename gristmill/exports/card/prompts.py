"""What stands in the prompts and responses of an export, in words: the bare problem, markers, styles.

Said so that who trains on the rows knows how to prompt the model that comes of it.
"""

from collections.abc import Iterator

from gristmill.exports.card.markdown import block, name, table
from gristmill.exports.settings import ExportSettings, MarkerName, TransformSettings, style_weights

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
_WITHOUT_RESPONSES = ("rlvr", "reference")
_STYLES = (
    ("worked examples with reasoning, then the question", "reasoning and answer"),
    ("worked examples with answers alone, then the question", "answer alone"),
    ("the question alone", "reasoning and answer"),
    ("the question alone", "answer alone"),
)


def prompt_section(settings: ExportSettings) -> Iterator[str]:
    transform = settings.transform
    if settings.output.format in _WITHOUT_RESPONSES:
        yield (
            "Prompts are the bare problems. Nothing in them asks for a form of the answer, such as "
            "`\\boxed{}`: where a reward looks for one, add that to the prompt."
        )
        return
    bare = "Prompts are the bare problems" + (
        ", with what is described below" if transform.styles or transform.markers else ""
    )
    yield (
        f"{bare}: without the template (wording, system prompt, worked examples) that the responses were "
        "drawn with. Responses may follow the wording of that template all the same, as by putting the "
        "answer into `\\boxed{}`; a model trained on the rows does so without being asked."
    )
    if settings.output.form == "plain":
        yield f"Prompts are plain text and end with the separator {name(repr(settings.output.separator))}."
    yield from _styles(transform)
    yield from _markers(transform)


def _styles(transform: TransformSettings) -> Iterator[str]:
    if transform.styles is None:
        return
    weights = style_weights(transform.styles)
    shares = ["every response"] * len(_STYLES)
    if weights is not None:
        shares = [f"{weight / sum(weights):.1%}" for weight in weights]
    rows = [(*words, share) for words, share in zip(_STYLES, shares, strict=True)]
    yield (
        "Prompts and responses were rewritten in four styles. A problem without a reference that is an "
        "answer has those with reasoning alone."
    )
    yield table(("prompt", "response", "share"), rows)
    yield "Prompt the model in the same words; the first asks for reasoning, the second for the answer alone:"
    yield block("Q: PROBLEM\nLet's think step by step\n\nQ: PROBLEM\nA:")
    yield (
        f"In-context prompts have {transform.shots} worked examples in that form before the question, with "
        "an empty line between. A response ends with `The answer is ...`, unless it said so by itself."
    )


def _markers(transform: TransformSettings) -> Iterator[str]:
    if not transform.markers:
        return
    yield (
        "The last line of a prompt and the first of a response are markers, tags that tell of the response. "
        "A response always begins with all that it has; prompts "
        f"{_dropout(transform)}. In a value `&`, `<`, `>` and what does not print stand as `&#38;` and so on."
    )
    metric = transform.marker_metric
    rows = [
        (
            f"`{marker}`",
            MARKERS_IN_WORDS[marker] + (f" ({name(metric)})" if metric and "quality" in marker else ""),
        )
        for marker in transform.markers
    ]
    yield table(("marker", "value"), rows)
    dropped = transform.marker_dropout_all or transform.marker_dropout_each
    yield (
        "To steer the model, write a last line of markers into the prompt, in this order; "
        + ("left out, the model works them out by itself" if dropped else "no prompt here is without them")
        + ". Take the first line off what it answers:"
    )
    yield block("PROBLEM\n" + "".join(f"<{marker}>VALUE</{marker}>" for marker in transform.markers))


def _dropout(transform: TransformSettings) -> str:
    every, each = transform.marker_dropout_all, transform.marker_dropout_each
    parts = []
    if every:
        parts.append(f"{every:.1%} of them have none")
    if each:
        parts.append(f"each marker is missing in {each:.1%} of {'the others' if every else 'them'}")
    return f"lose some by lot: {', and '.join(parts)}" if parts else "have them all, too"
