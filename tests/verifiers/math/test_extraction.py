import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.sampling.records import FinishReason, Outcome, Problem, Response
from gristmill.verifiers.math.extraction import find_answer
from gristmill.verifiers.math.verify import verify_math
from gristmill.verifiers.settings import Extraction, VerifierSettings
from tests.verifiers.math.statement_cases import CASES, LENIENT_CASES

BOXED = [
    (r"So \boxed{5}.", "5"), (r"\boxed{3} or rather \boxed{7}", "7"),
    (r"\boxed{\frac{1}{2}}", r"\frac{1}{2}"), (r"\boxed{ \{1, 2\} }", r"\{1, 2\}"),
    (r"\boxed{\left\{x \mid x > 0\right\}}", r"\left\{x \mid x > 0\right\}"), (r"\fbox{12}", "12"),
    (r"\boxed 5", "5"), (r"$\boxed5$", "5"), (r"\boxed{\boxed{5}}", "5"), (r"a set { and \boxed{6}", "6"),
    (r"an end } and \boxed{6}", "6"), (r"\\boxed{8}", "8"),
    (r"\begin{cases} a \\ b \end{cases} \boxed{9}", "9"),
]  # fmt: skip

PHRASES = [
    ("x\n#### 72", "72"), ("#### 1\n#### 1,234\nbye", "1,234"), ("The answer is 5.", "5"),
    ("The answer is 3.5.", "3.5"), ("the final answer is: $x=5$. I hope it is correct.", "$x=5$"),
    ("Answer: **42**", "42"), ("Answer:\n42", "42"),
    ("The answer to the question is 12 because 3*4=12.", "12"), ("The answer is 7, since 3+4=7.", "7"),
    ("The answer is 11 and so we are done.", "11"), ("The answer is 7. No: the answer is 8.", "8"),
    ("The answers are 3 and 4.", "3 and 4"),
    ("The answer is \\[ \\frac{1}{2} \\] as said.", r"\frac{1}{2}"),
    ("The answer is $12 per day.", "$12 per day"), ("The answer is $$x = 3$$.", "x = 3"),
    ("#### Step 2: conclude\nSo the answer is 42.", "42"), ("#### 1. Add\nThe answer is 42.", "42"),
    ("#### 42\n#### Notes", "42"), ("#### Final Answer: 42", "42"), ("#### **Final Answer:** 42", "42"),
    ("#### The answer is 42", "42"), ("#### Final Answer\n42", "42"), ("### Final Answer\n\n42", "42"),
    ("**Final Answer**\n\n42", "42"),
    ("The answer is 42. I am confident that this answer is correct.", "42"),
    ("The answer is 7. I checked: the answer is no guess.\nThe answer is B.", "B"),
    ("The answer is White.", "White"), ("The answer should be 42", "42"), ("The answer is 42</s>", "42"),
    ("The answer is 42.<|im_end|>", "42"), ("#### 42<|im_end|>", "42"),
]  # fmt: skip

LENIENT = [
    (r"We get $x^2$ and then $y = 5$ in all.", "y = 5"), (r"so \(a+b\) it is", "a+b"),
    ("There were 12 and now there are 1,234.", "1,234"), ("She pays $15 and then $7 more.", "$7"),
    ("It is -3/4 of it", "-3/4"), ("50% of them", "50%"),
]  # fmt: skip


def answer_of(text: str, extraction: Extraction) -> str | None:
    found = find_answer(text, extraction)
    return None if found is None else found.answer


@pytest.mark.parametrize(("text", "answer"), BOXED)
def test_the_last_box_is_the_answer_under_every_setting(text: str, answer: str) -> None:
    assert {answer_of(text, extraction) for extraction in Extraction} == {answer}


@pytest.mark.parametrize(("text", "answer"), PHRASES)
def test_phrases_announce_answers_but_not_under_boxed_only(text: str, answer: str) -> None:
    assert answer_of(text, Extraction.BOXED_ONLY) is None
    assert answer_of(text, Extraction.PHRASES) == answer


@pytest.mark.parametrize(("text", "answer"), LENIENT)
def test_the_last_formula_or_number_counts_under_lenient_alone(text: str, answer: str) -> None:
    assert answer_of(text, Extraction.PHRASES) is None
    assert answer_of(text, Extraction.LENIENT) == answer


@pytest.mark.parametrize("box", [r"\boxed{", r"\boxed{5", r"\boxed{}", r"\boxed{answer}"])
def test_a_last_box_without_an_answer_leaves_none(box: str) -> None:
    text = rf"It is \boxed{{4}} and then {box}"
    assert {answer_of(text, extraction) for extraction in Extraction} == {None}


@pytest.mark.parametrize(("extraction", "answer"), [*zip(Extraction, ("5", "6", "6"), strict=True)])
def test_a_phrase_after_a_box_counts_where_phrases_do(extraction: Extraction, answer: str) -> None:
    assert answer_of(r"\boxed{5}. So the answer is 6.", extraction) == answer


def test_boxes_together_are_one_answer_and_their_span_covers_them() -> None:
    text = r"So $x=\boxed{1}$ and $x=\boxed{2}$."
    found = find_answer(text, Extraction.PHRASES)
    assert found is not None
    assert (found.answer, found.parts) == ("1, 2", ("1", "2"))
    assert text[found.start : found.end] == r"1}$ and $x=\boxed{2"


VERDICTS = {"+": Outcome.ACCEPTED, "-": Outcome.REJECTED, "?": Outcome.UNDECIDED}


@pytest.mark.parametrize(
    ("extraction", "kind", "reference", "text", "verdict"),
    [
        *((Extraction.PHRASES, *case) for case in CASES),
        *((Extraction.LENIENT, *case) for case in LENIENT_CASES),
    ],
)
def test_labelled_responses_get_their_verdict(
    extraction: Extraction, kind: str, reference: str, text: str, verdict: str
) -> None:
    response = Response(text, FinishReason.STOP, 1, 1, 0.1, "model")
    given = verify_math(Problem("id", "", reference), response, VerifierSettings(extraction=extraction))
    assert given.outcome is VERDICTS[verdict], (kind, given)


def test_nothing_is_found_where_nothing_is_said() -> None:
    assert {answer_of("We do not know.", extraction) for extraction in Extraction} == {None}


PIECES = [
    r"\boxed", "boxed", "{", "}", "<answer>", "答案是", " and ", "not", "(", r"\{", r"\}", "####",
    "the answer is ", " 5", "$", r"\[", r"\]", "\n", ".", "x", "\\", "é",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), st.sampled_from(list(Extraction)))
def test_the_span_is_where_the_answer_stands(text: str, extraction: Extraction) -> None:
    found = find_answer(text, extraction)
    if found is not None:
        assert found.parts or text[found.start : found.end] == found.answer
        assert found.answer == found.answer.strip() != ""


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("piece", "answer"),
    [
        (r"\boxed{", None), ("answer is ", "answer is"),
        *(
            pytest.param(*each, marks=pytest.mark.full)
            for each in [
                (r"\boxed", r"\boxed"), ("{", None), ("}", None), ("####", None), ("$", "$"), (r"\[", None),
                (r"\(", None), ("answer ", None), ("9,", "9," * 1999 + "9"), ("answer: ", None),
                ("<answer>", None), ("Answer:\n", None), ("答案是 ", "答案是"), ("$ ", None),
                (r"\boxed{1} and ", "1"), ("the answer is 5 or ", "5 or"),
            ]
        ),
    ],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_linear_time(piece: str, answer: str | None) -> None:
    """What is quadratic takes an hour."""
    assert answer_of(piece * (1_000_000 // len(piece)), Extraction.LENIENT) == answer
