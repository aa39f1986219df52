"""The list of tasks: how it is begun, and how a model goes on with it. Sloppy cases are of a kind that
SmolLM2-135M-Instruct wrote.
"""

import pytest

from gristmill.generators.makers.self_instruct import self_instruct_parse, self_instruct_prompt
from gristmill.sampling.candidates import Material


def seed(text: str, given: str = "") -> Material:
    return Material(text, text, text, given)


def test_the_examples_are_tasks_on_a_line_each_and_the_model_goes_on_after_the_last() -> None:
    examples = [seed("Name a river.", "Rhine"), seed("Sort these:\n1. b\n2. a\n\nNow."), seed("Sum up.")]
    prompt = self_instruct_prompt(None, examples, 0)
    assert "Task 1: Name a river.\nTask 2: Sort these: 1. b 2. a\nTask 3: Sum up.\n" in prompt
    assert "numbered from Task 4 on" in prompt
    assert "Rhine" not in prompt


def test_without_an_example_the_list_begins_with_task_1() -> None:
    assert "numbered from Task 1 on" in self_instruct_prompt(None, [], 3)


LISTS = {
    "as asked": ("Task 9: Write a poem.\nTask 10: Name a river.", ["Write a poem.", "Name a river."]),
    "talk before and after": (
        "Here are more tasks:\n\nTask 9: Write a poem.\nTask 10: Name a river.\n\nI hope this helps!",
        ["Write a poem.", "Name a river."],
    ),
    "over several lines": (
        "Task 9: Write a poem\nabout rain.\n\nTask 10: Go.",
        ["Write a poem about rain.", "Go."],
    ),
    "bold labels": ("**Task 9:** Write it.\n**Task 10**: Go.", ["Write it.", "Go."]),
    "bold tasks": (
        "**Task 9: Write it.**\n**Task 10: Use **bold** type.**",
        ["Write it.", "Use **bold** type."],
    ),
    "bold labels without a colon": ("**Task 4** Write it.\n**Task 5** Go.", ["Write it.", "Go."]),
    "headings": ("### Task 9: Write it.\n## Task 10\n: Go.", ["Write it. ## Task 10 : Go."]),
    "full stops": ("Task 1. Name it.\nTask 2. Do it.", ["Name it.", "Do it."]),
    "brackets": ("Task 1) Name it.\nTask 2) Do it.", ["Name it.", "Do it."]),
    "dashes": ("Task 1 - Name it.\nTask 2 \u2013 Do it.", ["Name it.", "Do it."]),
    "no blank, no capital": ("task4: Name it.\ntask5: Do it.", ["Name it.", "Do it."]),
    "a hash sign": ("Task #9: Name it.", ["Name it."]),
    "all on one line": ("Task 9: Name it. Task 10: Do it.", ["Name it.", "Do it."]),
    "numbers alone": ("9. Name it.\n10) Do it.\n11: Say it.", ["Name it.", "Do it.", "Say it."]),
    "bullets": ("* Name it.\n- Do it.\n\u2022 Say it.", ["Name it.", "Do it.", "Say it."]),
    "quoted lines": ("> Task 9: Name it.\n> Task 10: Do it.", ["Name it.", "Do it."]),
    "a list within a task is part of it": (
        "Task 9: Sort these:\n1. pears\n2. apples\nTask 10: Do it.",
        ["Sort these: 1. pears 2. apples", "Do it."],
    ),
    "a task that speaks of another": ("Task 9: Undo task 3. Then go.", ["Undo task 3. Then go."]),
    "a task with a number in it": ("9. Add 1.5 and 2.5", ["Add 1.5 and 2.5"]),
    "after an empty line": ("Task 9:\n\nName it.\n\nTask 10:\n\nDo it.", ["Name it.", "Do it."]),
    "an empty task": ("Task 9:\nTask 10: Do it.\nTask 11: ", ["Do it."]),
    "an answer after the task": (
        "Task 9: Name a river.\n\nThe Rhine.\n\nTask 10: Go.",
        ["Name a river.", "Go."],
    ),
    "windows line ends": ("Task 9: Name it.\r\nTask 10: Do it.\r\n", ["Name it.", "Do it."]),
    "no list": ("I cannot think of any other task.", []),
    "a number in a sentence": ("There are 3. I know them.", []),
    "a year at the start of a line": ("2021. That was it.", []),
    "nothing": ("", []),
    "white space": (" \n\t", []),
    "hostile characters": ("Task 9: \x00\ud800\u202eName it.", ["\x00\ud800\u202eName it."]),
}


@pytest.mark.parametrize(("text", "tasks"), LISTS.values(), ids=LISTS)
def test_the_tasks_of_a_list_are_read_in_order(text: str, tasks: list[str]) -> None:
    proposals = self_instruct_parse(text, ended=True)
    assert [proposal.prompt for proposal in proposals] == tasks
    assert all(
        (proposal.reference, proposal.quote, proposal.answer) == ("", "", "") for proposal in proposals
    )


@pytest.mark.parametrize(
    ("text", "tasks"),
    [
        ("Task 9: Name it.\nTask 10: Do it.\nTask 11: Half of a", ["Name it.", "Do it."]),
        ("Task 9: Name it. Task 10:", ["Name it."]),
        ("Task 9: Half of", []),
        ("- Name it.\n- Half", ["Name it."]),
        ("no list", []),
        ("", []),
    ],
)
def test_a_response_that_was_cut_off_loses_its_last_task(text: str, tasks: list[str]) -> None:
    assert [proposal.prompt for proposal in self_instruct_parse(text, ended=False)] == tasks


def test_of_an_endless_list_the_first_twenty_are_taken() -> None:
    text = "\n".join(f"Task {number}: Do thing {number}." for number in range(1, 500))
    assert [p.prompt for p in self_instruct_parse(text, ended=True)] == [
        f"Do thing {number}." for number in range(1, 21)
    ]
