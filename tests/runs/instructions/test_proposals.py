"""From a response to problems: what is checked by the maker's own rule, and what a problem made so holds."""

import json

import pytest

from gristmill.generators.makers import MakerName
from gristmill.runs.instructions.proposals import CHECKS, Reading
from gristmill.sampling.records import FinishReason, Problem, Response, problem_id
from gristmill.verifiers.constraints import constraint, read_constraints, written
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.grounding.verify import read_source
from gristmill.verifiers.reasons import Reason

PASSAGE = "In 2018 the glacier lost 1,200 tonnes of ice. It is the third largest of the Alps."
PARENTS = ("seed", "other")


def response(text: str, finish_reason: FinishReason = FinishReason.STOP) -> Response:
    return Response(text, finish_reason, 0, 0, 0.0, "m")


def brief(reference: str, level: str = "kind") -> Problem:
    origin = {"maker": "m", "file": "a.md", "line": "3"}
    return Problem("brief", "Make one.", reference, level, "m", PARENTS, origin)


def faults(maker: MakerName, reference: str, text: str) -> list[Finding | None]:
    return [read.fault for read in Reading(maker, "run").proposals(brief(reference), response(text))]


@pytest.mark.parametrize("maker", MakerName)
@pytest.mark.parametrize("text", ["", " ", "nothing of the form", "\x00\ud800", "<answer>", "{}"])
def test_no_response_makes_reading_fail(maker: MakerName, text: str) -> None:
    for finish_reason in FinishReason:
        found = Reading(maker, "run").proposals(brief(PASSAGE), response(text, finish_reason))
        assert [read for read in found if maker is not MakerName.EXTRACT] == []


def test_a_problem_inherits_from_its_brief_and_names_its_run() -> None:
    text = "<answer>Name a river.</answer><answer>Name a lake.</answer>"
    one, two = Reading(MakerName.EXPAND, "run").proposals(brief("Name it."), response(text))
    assert (one.text, two.text) == ("Name a river.", "Name a lake.")
    assert one.problem == Problem(
        problem_id("Name a river.", ""),
        "Name a river.",
        "",
        "kind",
        "expand",
        PARENTS,
        {"maker": "m", "file": "a.md", "line": "3", "run": "run", "brief": "brief"},
    )
    assert one.fault is None
    assert one.note == ""


def test_a_response_that_was_cut_off_gives_what_is_complete_in_it() -> None:
    text = "<answer>Name a river.</answer><answer>Name a"
    cut = Reading(MakerName.EXPAND, "run").proposals(brief("x"), response(text, FinishReason.LENGTH))
    assert [read.text for read in cut] == ["Name a river."]
    filtered = Reading(MakerName.EXTRACT, "run").proposals(brief("x"), response("Name", FinishReason.OTHER))
    assert filtered == []


PARENT = "Name 3 rivers of Norway."


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("List exactly 3 long rivers in Norway, by name.", None),
        ("List exactly three long rivers in Norway.", "3"),
        ("List 3 long rivers of the north.", "Norway"),
        ("List some rivers.", "3, Norway"),
    ],
)
def test_a_refinement_that_lost_numbers_or_names_of_its_parent_has_a_fault(
    text: str, missing: str | None
) -> None:
    expected = None if missing is None else Finding(Reason.CONTENT_LOST, f"missing: {missing}")
    assert faults(MakerName.REFINE, PARENT, f"<answer>{text}</answer>") == [expected]


def grounded(quote: str, answer: str = "It lost 1,200 tonnes of ice.") -> str:
    return f"Question: What did the glacier lose?\nAnswer: {answer}\nQuote: {quote}"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (grounded("the glacier lost 1,200 tonnes of ice"), None),
        (grounded('"the glacier lost 1,200 tonnes of ice."'), None),
        (grounded("the glacier gained 1,200 tonnes of ice"), Reason.UNGROUNDED),
        (grounded("lost ice"), Reason.UNGROUNDED),
        (grounded(""), Reason.NO_CITATION),
        (grounded("the glacier lost 1,200 tonnes of ice", "It lost 1,300 tonnes."), Reason.UNGROUNDED),
        (grounded("the glacier lost 1,200 tonnes of ice", "Warm summers melted snow."), Reason.UNGROUNDED),
    ],
)
def test_a_question_whose_quote_or_answer_the_passage_has_not_is_ungrounded(
    text: str, reason: Reason | None
) -> None:
    (fault,) = faults(MakerName.GROUNDED_QA, PASSAGE, text)
    assert (fault.reason if fault else None) is reason


def test_a_question_is_asked_with_its_passage_and_told_apart_without_it() -> None:
    quote = "the glacier lost 1,200 tonnes of ice"
    (read,) = Reading(MakerName.GROUNDED_QA, "run").proposals(brief(PASSAGE), response(grounded(quote)))
    question, answer = read.text.split("\n")
    assert (question, answer) == ("What did the glacier lose?", "It lost 1,200 tonnes of ice.")
    assert read.problem.prompt.startswith(f"{PASSAGE}\n\n")
    assert read.problem.prompt.endswith(question)
    source = read_source(read.problem.reference)
    assert (source.passage, source.quote) == (PASSAGE, quote)
    assert read.problem.id == problem_id(read.problem.prompt, read.problem.reference)


def test_the_fragment_is_the_reference_of_the_instruction_made_for_it() -> None:
    (read,) = Reading(MakerName.EXTRACT, "run").proposals(
        brief(PASSAGE, "passage"), response('Instruction: "What happened to the glacier?"')
    )
    assert (read.problem.prompt, read.problem.reference) == ("What happened to the glacier?", PASSAGE)
    assert read.problem.level == "passage"
    assert read.fault is None


def constrained(*entries: object) -> str:
    return json.dumps({"instruction": "Name it.", "constraints": list(entries)})


AT_LEAST = {"kind": "words-at-least", "args": {"count": 50}}
AT_MOST = {"kind": "words-at-most", "args": {"count": 20}}


def test_constraints_become_the_reference_in_a_form_that_their_verifier_reads() -> None:
    (read,) = Reading(MakerName.CONSTRAINED, "run").proposals(
        brief("Name it."), response(constrained(AT_LEAST))
    )
    assert read.fault is None
    assert read_constraints(read.problem.reference) == (constraint("words-at-least", {"count": 50}),)
    assert json.loads(read.problem.reference) == json.loads(written(read_constraints(read.problem.reference)))


def test_constraints_that_contradict_each_other_are_conflicting_with_evidence() -> None:
    (fault,) = faults(MakerName.CONSTRAINED, "Name it.", constrained(AT_LEAST, AT_MOST))
    assert fault is not None
    assert fault.reason is Reason.CONFLICTING
    assert fault.detail


@pytest.mark.parametrize(
    ("entries", "detail"),
    [
        ([], "not a list of 1 to 8 constraints"),
        ([{"kind": "nope"}], "constraint 1: unknown kind 'nope'"),
        ([AT_LEAST, {"kind": "words-at-most", "args": {"count": "5"}}], "constraint 2: words-at-most: count"),
        (["words"], "constraint 1: not an object"),
    ],
)
def test_constraints_that_cannot_be_read_are_unparsable(entries: list[object], detail: str) -> None:
    (fault,) = faults(MakerName.CONSTRAINED, "Name it.", constrained(*entries))
    assert fault is not None
    assert fault.reason is Reason.UNPARSABLE
    assert fault.detail.startswith(detail)


def test_only_makers_that_need_it_have_a_check_of_their_own() -> None:
    assert set(CHECKS) == {MakerName.REFINE, MakerName.GROUNDED_QA, MakerName.CONSTRAINED}
    assert faults(MakerName.EVOLVE, PARENT, "<answer>Say something else.</answer>") == [None]
