import json

import pytest

from gristmill.generators.http.parameters import parameters_of
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.records import Structure, StructureKind
from tests.generators.drawing import PROMPT, draw_number, generator_on
from tests.stub.replies import LOGPROB
from tests.stub.server import StubServer

ALWAYS = {"temperature": 0.8, "top_p": 0.95, "max_tokens": 512}
NEUTRAL = {
    "top_k": 0,
    "min_p": 0.0,
    "presence_penalty": 0.0,
    "frequency_penalty": 0.0,
    "repetition_penalty": 1.0,
}
SCHEMA = Structure(StructureKind.JSON_SCHEMA, '{"type": "object", "required": ["answer"]}')
REGEX = Structure(StructureKind.REGEX, "[0-9]+")
GRAMMAR = Structure(StructureKind.GRAMMAR, 'root ::= "yes" | "no"')


def parameters(
    structure: Structure | None = None, owned_by: str | None = None, **values: object
) -> dict[str, object]:
    settings = GeneratorSettings.model_validate({"server": "http://127.0.0.1:1/v1", **values})
    return parameters_of(settings, structure, owned_by)


@pytest.mark.parametrize("owned_by", [None, "organization-owner"])
def test_a_server_is_sent_what_was_set_and_no_more(owned_by: str | None) -> None:
    assert parameters(owned_by=owned_by) == ALWAYS
    assert parameters(owned_by=owned_by, min_p=0.1, top_k=5) == {**ALWAYS, "min_p": 0.1, "top_k": 5}


def test_vllm_is_sent_what_changes_nothing_where_nothing_was_set() -> None:
    assert parameters(owned_by="vllm") == {**ALWAYS, **NEUTRAL}
    assert parameters(owned_by="vllm", min_p=0.1, repetition_penalty=1.2) == {
        **ALWAYS,
        **NEUTRAL,
        "min_p": 0.1,
        "repetition_penalty": 1.2,
    }


def test_llama_cpp_is_sent_the_same_with_its_own_name_for_one() -> None:
    renamed = {name: value for name, value in NEUTRAL.items() if name != "repetition_penalty"}
    assert parameters(owned_by="llamacpp") == {**ALWAYS, **renamed, "repeat_penalty": 1.0}
    assert parameters(owned_by="llamacpp", repetition_penalty=1.2)["repeat_penalty"] == 1.2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 0),
        ("top_p", 0.5),
        ("top_k", 40),
        ("min_p", 0),
        ("presence_penalty", -1),
        ("frequency_penalty", 2),
        ("repetition_penalty", 1.1),
        ("max_tokens", 7),
        ("logprobs", True),
    ],
)
def test_every_sampling_parameter_goes_out_under_its_name(name: str, value: float) -> None:
    assert parameters(None, None, **{name: value})[name] == value


def test_strings_that_end_a_response_go_out_as_a_list() -> None:
    assert parameters(stop=("\n\n", "Problem:"))["stop"] == ["\n\n", "Problem:"]


FORM = {"name": "response", "schema": {"type": "object", "required": ["answer"]}, "strict": True}
FORMS: list[tuple[Structure, str | None, dict[str, object]]] = [
    (SCHEMA, None, {"response_format": {"type": "json_schema", "json_schema": FORM}}),
    (SCHEMA, "llamacpp", {"response_format": {"type": "json_schema", "json_schema": FORM}}),
    (REGEX, None, {"structured_outputs": {"regex": REGEX.text}}),
    (REGEX, "llamacpp", {}),
    (GRAMMAR, None, {"structured_outputs": {"grammar": GRAMMAR.text}}),
    (GRAMMAR, "llamacpp", {}),
]


@pytest.mark.parametrize(("structure", "owned_by", "form"), FORMS)
def test_a_structure_is_asked_for_as_the_server_takes_it_and_never_without_guidance(
    structure: Structure, owned_by: str | None, form: dict[str, object]
) -> None:
    bare = parameters(owned_by=owned_by)
    assert parameters(structure, owned_by) == {**bare, **form}
    assert parameters(structure, owned_by, guided=False) == bare


async def test_the_body_of_a_request_holds_model_prompt_seed_and_parameters() -> None:
    stub = StubServer(owned_by="vllm")
    draw = draw_number(3)
    async with generator_on(stub, stop=["END"]) as generator:
        await generator.draw(draw, PROMPT)
    (body,) = stub.bodies
    messages = [{"role": message.role, "content": message.content} for message in PROMPT]
    assert json.loads(body) == {
        "model": "stub",
        "messages": messages,
        "seed": draw.seed,
        "stop": ["END"],
        **ALWAYS,
        **NEUTRAL,
    }


@pytest.mark.parametrize("asked", [True, False])
async def test_log_probabilities_are_summed_when_they_are_asked_for(asked: bool) -> None:
    async with generator_on(StubServer(), logprobs=asked) as generator:
        response = await generator.draw(draw_number(0), PROMPT)
    expected = LOGPROB * response.completion_tokens if asked else None
    assert response.cumulative_logprob == expected
