"""Guided decoding on a real server, at a temperature at which a small model rambles."""

import asyncio
import json
import re

import jsonschema
import pytest

from gristmill.generators import open_generator
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.records import (
    Draw,
    FinishReason,
    Message,
    Response,
    Structure,
    StructureKind,
    draw_seed,
)
from tests.vllm.served import Served

pytestmark = pytest.mark.vllm

SCHEMA = {
    "type": "object",
    "properties": {
        "colour": {"enum": ["red", "green", "blue"]},
        "count": {"type": "integer", "minimum": 0, "maximum": 999},
        "tags": {"type": "array", "items": {"type": "string", "maxLength": 8}, "maxItems": 2},
    },
    "required": ["colour", "count"],
    "additionalProperties": False,
}
DRAWS = 50
PROMPT = (Message("user", "Describe a ball as JSON: colour (red, green or blue), count, tags. JSON only."),)
REGEX = Structure(StructureKind.REGEX, r"[A-Z][a-z]{2,6} \d{2}")
GRAMMAR = Structure(
    StructureKind.GRAMMAR, 'start: ANSWER " " NUMBER\nANSWER: "yes" | "no"\nNUMBER: /[0-9]{3}/\n'
)


async def drawn(server: Served, structure: Structure | None, draws: int = DRAWS) -> list[Response]:
    settings = GeneratorSettings.model_validate(
        {"server": server.url, "temperature": 1.5, "top_p": 1.0, "max_tokens": 160, "concurrency": 32}
    )
    async with open_generator(settings, {}, structure) as generator:
        orders = [Draw("ball", number, draw_seed(3, "ball", number)) for number in range(draws)]
        return await asyncio.gather(*(generator.draw(order, PROMPT) for order in orders))


def is_valid(response: Response) -> bool:
    try:
        jsonschema.validate(json.loads(response.text), SCHEMA)
    except (ValueError, jsonschema.ValidationError):
        return False
    return True


@pytest.mark.ci
async def test_with_a_json_schema_all_that_ended_by_itself_is_valid(vllm_server: Served) -> None:
    structure = Structure(StructureKind.JSON_SCHEMA, json.dumps(SCHEMA))
    responses = await drawn(vllm_server, structure)
    ended = [response for response in responses if response.finish_reason is FinishReason.STOP]
    assert len(ended) >= DRAWS // 2, "most end by themselves, or the test says little"
    assert [response.text for response in ended if not is_valid(response)] == []
    assert len({response.text for response in ended}) > DRAWS // 4


async def test_without_guidance_some_are_not(vllm_server: Served) -> None:
    responses = await drawn(vllm_server, None)
    assert not all(is_valid(response) for response in responses)


@pytest.mark.parametrize(
    ("structure", "pattern"), [(REGEX, REGEX.text), (GRAMMAR, r"(yes|no) [0-9]{3}")], ids=["regex", "grammar"]
)
async def test_a_regex_and_a_grammar_hold_too(
    structure: Structure, pattern: str, vllm_server: Served
) -> None:
    responses = await drawn(vllm_server, structure, 10)
    assert [response.text for response in responses if not re.fullmatch(pattern, response.text)] == []
