import json

import pytest

from gristmill.generators.makers.constrain import constrain_parse, constrain_prompt
from gristmill.sampling.candidates import Material


def test_the_brief_is_the_instruction_as_it_is() -> None:
    assert (
        constrain_prompt(Material("a", "a", "Translate it.", "Guten Tag"), [], 0)
        == "Translate it.\n\nGuten Tag"
    )


def test_instruction_and_constraints_are_read() -> None:
    constraints = [{"kind": "words-at-least", "args": {"count": 5}}, {"kind": "no-commas", "args": {}}]
    text = json.dumps({"instruction": "Name it.\n\nUse no comma.", "constraints": constraints})
    (proposal,) = constrain_parse(text, ended=True)
    assert proposal.prompt == "Name it.\n\nUse no comma."
    assert json.loads(proposal.reference) == constraints


def test_the_order_of_keys_does_not_count() -> None:
    one = constrain_parse('{"instruction": "a", "constraints": [{"kind": "x", "args": {}}]}', ended=True)
    two = constrain_parse('{"constraints": [{"args": {}, "kind": "x"}], "instruction": "a"}', ended=True)
    assert one == two != []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Name it.",
        "[]",
        "null",
        '{"instruction": "a"}',
        '{"constraints": []}',
        '{"instruction": 3, "constraints": []}',
        '{"instruction": " ", "constraints": []}',
        '{"instruction": "a", "constraints": {}}',
        '{"instruction": "a", "constraints": [',
        '{"instruction": "a", "constraints": [' + "1" * 5000 + "]}",
        '{"instruction": "a", "constraints": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
)
def test_what_is_not_of_the_form_proposes_nothing(text: str) -> None:
    assert constrain_parse(text, ended=True) == []
