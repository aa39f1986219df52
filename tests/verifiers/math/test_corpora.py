"""The verifier on published references: each equals itself, and neighbours are told apart."""

import json
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from gristmill.verifiers.math.extraction import find_answer
from gristmill.verifiers.math.verify import compare
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.settings import Extraction

pytestmark = pytest.mark.full

DATA = Path(__file__).parents[4] / "shared" / "data"


def rows(name: str) -> Iterator[dict[str, object]]:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def answer_of(text: str, extraction: Extraction) -> str:
    found = find_answer(text, extraction)
    assert found is not None, text[-200:]
    return found.answer


def math_references() -> list[str]:
    return [answer_of(str(row["solution"]), Extraction.BOXED_ONLY) for row in rows("math_test.jsonl")]


def test_every_gsm8k_solution_is_right() -> None:
    for row in rows("gsm8k_train.jsonl"):
        solution = str(row["answer"])
        reference = solution.partition("####")[2].strip()
        assert compare(reference, answer_of(solution, Extraction.PHRASES))[0] is Reason.EQUAL, reference


def test_every_svamp_answer_is_right_with_and_without_its_decimal() -> None:
    for row in rows("svamp.jsonl"):
        reference = str(row["Answer"])
        for answer in (reference, reference.removesuffix(".0"), f"{reference} apples", f"${reference}$"):
            assert compare(reference, answer)[0] is Reason.EQUAL, (reference, answer)


def test_every_math_solution_is_right() -> None:
    for row in rows("math_test.jsonl"):
        reference = answer_of(str(row["solution"]), Extraction.BOXED_ONLY)
        for answer in (reference, rf"\[ {reference} \]", f"$ {reference} $.".replace(r"\frac", r"\dfrac")):
            assert compare(reference, answer)[0] is Reason.EQUAL, (reference, answer)


SAME_VALUE = {(r"\frac{3}{4}", r"\frac34"), (r"120^\circ", "120"), (r"7\%", "7")}


def test_neighbouring_math_references_are_told_apart() -> None:
    references = math_references()
    reasons: Counter[Reason] = Counter()
    for one, other in list(pairwise(references))[::4]:
        reason = compare(one, other)[0]
        reasons[reason] += 1
        assert reason is not Reason.EQUAL or one == other or (one, other) in SAME_VALUE
    assert reasons.keys() == {Reason.EQUAL, Reason.WRONG_ANSWER}
