import json

import pytest

from gristmill.generators.prompts import TEMPLATES, describe, render
from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Message, Problem

BRACES = Problem("0", "What is {x} in \\frac{1}{2} of {problem}?", "1")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_problem_is_in_the_last_turn_as_it_was_read(name: str) -> None:
    prompt = render(name, BRACES)
    assert prompt[-1].role == "user"
    assert BRACES.prompt in prompt[-1].content
    assert not any(BRACES.prompt in message.content for message in prompt[:-1])


def test_plain_says_nothing_but_the_problem() -> None:
    assert render("plain", BRACES) == (Message("user", BRACES.prompt),)


def test_examples_are_turns_of_the_chat_with_a_boxed_answer_each() -> None:
    prompt = render("boxed-few-shot", BRACES)
    roles = [message.role for message in prompt if message.role != "system"]
    assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]
    assert len(roles) >= 7
    assert all(message.content.count("\\boxed{") == 1 for message in prompt if message.role == "assistant")


def test_the_worked_examples_are_right() -> None:
    """The last equation of each says what its box says, and it holds."""
    for example in TEMPLATES["boxed-few-shot"].examples:
        before, _, boxed = example.answer.partition("\\boxed{")
        left, _, right = before.rpartition(" = ")
        first, sign, second = left.split()[-3:]
        results = {
            "+": int(first) + int(second),
            "-": int(first) - int(second),
            "*": int(first) * int(second),
        }
        assert str(results[sign]) == boxed.partition("}")[0] == right.split()[0].rstrip(".")


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_description_holds_the_whole_template(name: str) -> None:
    told = json.loads(describe(name))
    template = TEMPLATES[name]
    assert (told["name"], told["system"], told["question"]) == (name, template.system, template.question)
    assert [example["answer"] for example in told["examples"]] == [
        example.answer for example in template.examples
    ]


def test_an_unknown_template_is_refused_with_the_known_ones() -> None:
    for ask in (lambda: render("boxd", BRACES), lambda: describe("boxd")):
        with pytest.raises(ConfigError, match=r"'boxd' is not known; known: .*boxed-few-shot"):
            ask()
