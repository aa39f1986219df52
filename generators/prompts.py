"""Registry of prompt templates, and rendering a problem into chat messages by one of them.

A template is data: a system message ("" for none), worked examples as turns of a chat, and the form of the
question. A run records `describe(name)`, so that its prompts can be reproduced years later. The examples are
ours; none comes from a data set that a run could draw for.
"""

import json
from dataclasses import asdict, dataclass

from gristmill.sampling.errors import ConfigError
from gristmill.sampling.records import Message, Problem, Prompt


@dataclass(frozen=True, slots=True)
class Example:
    """A question and the answer that shows the form wanted."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Template:
    """`question` holds `{problem}` once; examples are put through it as well."""

    name: str
    question: str = "{problem}"
    system: str = ""
    examples: tuple[Example, ...] = ()


_STEPS = "Reason step by step, and put your final answer within \\boxed{}."

_BOX = "Give the answer as \\boxed{number}."

_PYTHON = (
    "Solve the problem step by step. Where it helps, write Python in a ```python fence: it is run, and what "
    "it prints follows in an ```output fence. Put your final answer within \\boxed{}."
)

_PYTHON_EXAMPLES = (
    Example(
        "Each of 17 shelves holds 23 jars. How many jars are there?",
        "```python\nprint(17 * 23)\n```\n```output\n391\n```\nThe answer is \\boxed{391}.",
    ),
    Example(
        "A baker has 148 rolls and sells 59 of them. How many rolls are left?",
        "```python\nprint(148 - 59)\n```\n```output\n89\n```\nThe answer is \\boxed{89}.",
    ),
)

_EXAMPLES = (
    Example("What is 8 + 5?", "8 + 5 = 13. The answer is \\boxed{13}."),
    Example(
        "A baker has 14 rolls and bakes 9 more. How many rolls are there now?",
        "14 + 9 = 23. The answer is \\boxed{23}.",
    ),
    Example(
        "Each of 6 shelves holds 7 jars. How many jars are there?",
        "6 * 7 = 42. The answer is \\boxed{42}.",
    ),
)

TEMPLATES: dict[str, Template] = {
    template.name: template
    for template in (
        Template("boxed", question=f"{{problem}}\n\n{_STEPS}"),
        Template("plain"),
        Template("short", question=f"{{problem}}\n{_BOX}"),
        Template("python", question=f"{{problem}}\n\n{_PYTHON}"),
        Template("python-few-shot", question=f"{{problem}}\n{_PYTHON}", examples=_PYTHON_EXAMPLES),
        Template("boxed-few-shot", question=f"{{problem}}\n{_BOX}", examples=_EXAMPLES),
    )
}


def render(name: str, problem: Problem) -> Prompt:
    """The chat that asks for a response to `problem`. Raises ConfigError for an unknown template."""
    template = _template(name)
    turns = [Message("system", template.system)] if template.system else []
    for example in template.examples:
        turns.append(Message("user", _question(template, example.question)))
        turns.append(Message("assistant", example.answer))
    return (*turns, Message("user", _question(template, problem.prompt)))


def describe(name: str) -> str:
    """The whole template as JSON. Raises ConfigError for an unknown one."""
    return json.dumps(asdict(_template(name)), ensure_ascii=False)


def _template(name: str) -> Template:
    try:
        return TEMPLATES[name]
    except KeyError as exc:
        raise ConfigError(f"template: {name!r} is not known; known: {', '.join(TEMPLATES)}") from exc


def _question(template: Template, problem: str) -> str:
    """By replacement, not by format: problems hold braces."""
    return template.question.replace("{problem}", problem, 1)
