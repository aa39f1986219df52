import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gristmill.sampling.records import FinishReason, Outcome, Problem, Response, Verdict
from gristmill.verifiers import VerifierSettings, version_of, worker
from gristmill.verifiers.math.verify import math_version, verify_math
from gristmill.verifiers.pool import VerifierPool
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.structure.verify import structure_version, verify_structure

SCHEMA = json.dumps({"type": "object", "properties": {"answer": {"type": "integer"}}, "required": ["answer"]})
BY_SCHEMA = VerifierSettings(verifier="structure", json_schema=SCHEMA)
BY_REGEX = VerifierSettings(verifier="structure", regex=r"\d+ apples?")
BY_GRAMMAR = VerifierSettings(verifier="structure", grammar='start: "a"+')
GATED = VerifierSettings(regex=r"So: .*\\boxed\{\d+\}")
PROBLEM = Problem("id", "prompt", "5")
MODULE_LOOP = pytest.mark.asyncio(loop_scope="module")


def response(text: str, finish_reason: FinishReason = FinishReason.STOP) -> Response:
    return Response(text, finish_reason, 1, 1, 0.1, "model")


@pytest.mark.parametrize(
    ("settings", "text", "reason"),
    [
        (BY_SCHEMA, ' {"answer": 7}\n', Reason.VALID),
        (BY_SCHEMA, '{"answer": "7"}', Reason.SCHEMA_VIOLATION), (BY_SCHEMA, "7 apples", Reason.NOT_JSON),
        (BY_SCHEMA, f"```json\n{SCHEMA}\n```", Reason.NOT_JSON), (BY_SCHEMA, "", Reason.EMPTY),
        (BY_REGEX, "7 apples", Reason.VALID), (BY_REGEX, "7 apples\n", Reason.REGEX_MISMATCH),
        (BY_REGEX, "So 7 apples", Reason.REGEX_MISMATCH), (BY_REGEX, "7 apples.", Reason.REGEX_MISMATCH),
        (BY_GRAMMAR, "aaa", Reason.VALID), (BY_GRAMMAR, "aab", Reason.GRAMMAR_MISMATCH),
    ],
)  # fmt: skip
def test_the_structure_alone_decides(settings: VerifierSettings, text: str, reason: Reason) -> None:
    verdict = verify_structure(PROBLEM, response(text), settings)
    assert verdict.reason is reason
    assert verdict.outcome is (Outcome.ACCEPTED if reason is Reason.VALID else Outcome.REJECTED)
    assert (verdict.verifier, verdict.version) == ("structure", version_of(settings))


def test_a_response_that_was_cut_off_is_that_before_anything_else() -> None:
    for text in ('{"answer": 7}', '{"answer": '):
        verdict = verify_structure(PROBLEM, response(text, FinishReason.LENGTH), BY_SCHEMA)
        assert verdict.reason is Reason.CUT_OFF


def test_the_detail_of_a_verdict_can_be_stored() -> None:
    text = r'{"answer": "\ud800\u0000"}'
    detail = verify_structure(PROBLEM, response(text), BY_SCHEMA).detail
    assert detail.startswith("$.answer: ")
    detail.encode()
    assert "\0" not in detail


def test_the_version_names_library_kind_and_text() -> None:
    rules, library, kind = structure_version(BY_SCHEMA).split("/")
    assert rules.isdigit()
    assert library.startswith("jsonschema-")
    assert kind.startswith("json-schema-")
    assert structure_version(BY_GRAMMAR).split("/")[1].startswith("lark-")
    other = VerifierSettings(verifier="structure", json_schema=SCHEMA + " ")
    assert structure_version(other) != structure_version(BY_SCHEMA)
    assert structure_version(VerifierSettings()) == ""


def test_the_structure_is_part_of_the_version_of_every_verifier() -> None:
    assert version_of(VerifierSettings()) == math_version(VerifierSettings())
    assert version_of(GATED) == f"{math_version(GATED)}+{structure_version(GATED)}"
    assert version_of(BY_SCHEMA) == structure_version(BY_SCHEMA)


def worker_verdict(monkeypatch: pytest.MonkeyPatch, settings: VerifierSettings, given: Response) -> Verdict:
    monkeypatch.setattr(worker, "_state", [settings])
    return worker.judge(PROBLEM, given)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (r"So: \boxed{5}", Reason.EQUAL),
        (r"So: \boxed{6}", Reason.WRONG_ANSWER),
        (r"\boxed{5}", Reason.REGEX_MISMATCH),
        (r"\boxed{6}", Reason.REGEX_MISMATCH),
    ],
)
def test_a_structure_is_a_gate_before_another_verifier(
    monkeypatch: pytest.MonkeyPatch, text: str, reason: Reason
) -> None:
    verdict = worker_verdict(monkeypatch, GATED, response(text))
    assert verdict.reason is reason
    assert (verdict.verifier, verdict.version) == ("math", version_of(GATED))


BY_FIELD = VerifierSettings(json_schema='{"required": ["answer"]}', answer_field="answer")


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({"answer": 0.5}, Reason.EQUAL),
        ({"answer": "1/2"}, Reason.EQUAL),
        ({"answer": r"\frac{1}{2}"}, Reason.EQUAL),
        ({"answer": r"It is \boxed{\frac{1}{2}}."}, Reason.EQUAL),
        ({"answer": "", "steps": r"\boxed{0.5}"}, Reason.NO_ANSWER),
        ({"answer": None}, Reason.NO_ANSWER),
        ({"answer": [0.5]}, Reason.NO_ANSWER),
        ({"answer": r"\frac{1}{3}", "steps": r"\boxed{0.5}"}, Reason.WRONG_ANSWER),
        ({"steps": r"\boxed{0.5}"}, Reason.SCHEMA_VIOLATION),
    ],
    ids=json.dumps,
)
def test_the_math_verifier_reads_the_field_of_the_answer_as_json_means_it(
    monkeypatch: pytest.MonkeyPatch, document: dict[str, object], reason: Reason
) -> None:
    monkeypatch.setattr(worker, "_state", [BY_FIELD])
    verdict = worker.judge(Problem("id", "prompt", r"\frac{1}{2}"), response(json.dumps(document)))
    assert verdict.reason is reason
    assert (verdict.version, verdict.span) == (version_of(BY_FIELD), None)
    assert "/field-answer+" in verdict.version


def test_the_math_verifier_by_itself_takes_no_text_for_json() -> None:
    assert verify_math(PROBLEM, response("answer: 5"), BY_FIELD).reason is Reason.NOT_JSON
    cut_off = response('{"answer": 5}', FinishReason.LENGTH)
    assert verify_math(PROBLEM, cut_off, BY_FIELD).reason is Reason.CUT_OFF


def test_the_gate_lets_no_response_by_that_was_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    verdict = worker_verdict(monkeypatch, GATED, response("So", FinishReason.LENGTH))
    assert verdict.reason is Reason.CUT_OFF


def test_a_schema_that_runs_in_a_circle_further_down_leaves_the_response_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    schema = {"properties": {"a": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/a"}}}
    settings = VerifierSettings(verifier="structure", json_schema=json.dumps(schema))
    verdict = worker_verdict(monkeypatch, settings, response('{"a": 1}'))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.CRASH)
    assert "RecursionError" in verdict.detail


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[VerifierPool]:
    settings = BY_SCHEMA.model_copy(update={"verify_workers": 2, "verify_timeout_seconds": 3.0})
    async with VerifierPool(settings) as opened:
        yield opened


HOSTILE = ["[" * 500_000, '{"a":' * 100_000, "9" * 1_000_000, '{"answer": 1e99999}', "\ud800", "NaN", "\0"]


@pytest.mark.full
@MODULE_LOOP
async def test_hostile_text_is_rejected_and_the_processes_live_on(pool: VerifierPool) -> None:
    verdicts = await asyncio.gather(*(pool.judge(PROBLEM, response(text)) for text in HOSTILE))
    assert {(verdict.outcome, verdict.reason) for verdict in verdicts} == {
        (Outcome.REJECTED, Reason.NOT_JSON)
    }
    assert (await pool.judge(PROBLEM, response('{"answer": 5}'))).reason is Reason.VALID


@pytest.mark.full
@pytest.mark.parametrize(
    ("structure", "text"),
    [
        ({"regex": "(a+)+b"}, "a" * 60),
        ({"json_schema": '{"items": {"pattern": "^(a+)+$"}}'}, f'["{"a" * 60}!"]'),
    ],
    ids=["regex", "pattern in a schema"],
)
async def test_a_pattern_that_backtracks_for_ever_leaves_the_response_open(
    structure: dict[str, str], text: str
) -> None:
    bounds = {"verify_timeout_seconds": 0.5, "verify_workers": 2}
    settings = VerifierSettings.model_validate({"verifier": "structure", **bounds, **structure})
    async with VerifierPool(settings) as own:
        verdict = await own.judge(PROBLEM, response(text))
    assert (verdict.outcome, verdict.reason) == (Outcome.UNDECIDED, Reason.TIME_OUT)
    assert verdict.version == structure_version(settings)
