from gristmill.sampling.records import FinishReason, Outcome, Problem, Response
from gristmill.verifiers import VerifierSettings, verdict_on
from gristmill.verifiers.answer_part import AnswerPart, answer_part


def response(text: str) -> Response:
    return Response(text, FinishReason.STOP, 1, 1, 0.1, "model")


def test_the_answer_part_stands_in_the_response_where_it_says() -> None:
    given = response("First 2+3.\nSo \\boxed{5}.")
    part = answer_part(given)
    assert given.text[part.start : part.start + len(part.text)] == part.text


def test_a_span_in_the_part_is_told_as_a_span_in_the_response() -> None:
    text = "Some words before. The answer is 5."
    part = AnswerPart(text[19:], 19)
    span = part.span_in_response((14, 15))
    assert span is not None
    assert text[slice(*span)] == "5"
    assert part.span_in_response(None) is None


def test_the_span_of_a_verdict_is_one_in_the_response() -> None:
    given = response("First 2+3. So \\boxed{ 5 } it is.")
    verdict = verdict_on(Problem("id", "prompt", "5"), given, VerifierSettings())
    assert verdict.outcome is Outcome.ACCEPTED
    assert verdict.span is not None
    assert given.text[slice(*verdict.span)] == verdict.answer == "5"
