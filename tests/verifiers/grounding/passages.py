"""A passage on the sea level, a source made of it, and the verdict on a response to a question about it."""

import json

from gristmill.sampling.records import FinishReason, Problem, Response, Verdict
from gristmill.verifiers.grounding.verify import verify_grounding
from gristmill.verifiers.settings import VerifierSettings

SETTINGS = VerifierSettings(verifier="grounding")
PASSAGE = (
    "Between 1901 and 2018 the mean sea level rose by 1.5 mm a year,\nand by 3.6 mm in the last\ttwelve "
    'years. Scientists call this "an unequivocal acceleration" of the trend. Roughly 1,000 gauges were read.'
)
ANSWER, QUOTE = "1.5 mm", "rose by 1.5 mm a year"


def reference(passage: str = PASSAGE, answer: str = ANSWER, quote: str = QUOTE) -> str:
    return json.dumps({"passage": passage, "answer": answer, "quote": quote})


def verdict_on(
    text: str,
    passage: str = PASSAGE,
    prompt: str = "How fast did the sea rise?",
    answer: str = ANSWER,
    quote: str = QUOTE,
) -> Verdict:
    problem = Problem("id", prompt, reference(passage, answer, quote))
    return verify_grounding(problem, Response(text, FinishReason.STOP, 1, 1, 0.1, "model"), SETTINGS)
