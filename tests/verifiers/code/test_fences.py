"""Where in a response the program stands."""

import pytest

from gristmill.verifiers.code.fences import find_code

FENCES = {
    "```python\na\n```": "a\n",
    "```python\na\n```\nbetter:\n```py\nb\n```\n": "b\n",
    "```python\na\n```\n```\noutput\n```": "a\n",
    "```\na\n```": "a\n",
    "~~~ Python3\na\n```\n~~~": "a\n```\n",
    "````python\na\n```\nb\n````": "a\n```\nb\n",
    "1. So:\n   ```python\n   if a:\n       b\n   ```": "if a:\n    b\n",
    '```python title="x.py"\na\n```': "a\n",
    "```{.python}\na\n```": "a\n",
    "```python\na\n```\n```python\ncut": "a\n",
    "```python\r\na\r\n```": "a\r\n",
}
NO_FENCES = [
    "", "a = 1", "```python\na", "```\na\n```\n```\nb\n```", "```bash\nls\n```", "`a`", "```python a```",
]  # fmt: skip


@pytest.mark.parametrize(("text", "code"), FENCES.items())
def test_the_program_is_the_last_python_fence_or_the_only_one(text: str, code: str) -> None:
    found = find_code(text)
    assert found is not None
    assert found.answer == code
    assert text[found.start : found.end].replace("   ", "") == code.replace("   ", "")


@pytest.mark.parametrize("text", NO_FENCES)
def test_a_response_without_such_a_fence_has_no_code(text: str) -> None:
    assert find_code(text) is None
