"""Forms of tests: what they test, and where they run."""

import ast

import pytest

from gristmill.verifiers.code.forms import form_of

BESIDE = {
    "assert f(2) == 4": {"f"},
    "assert Solution().f([1]) == 2": {"Solution"},
    "import math\nassert math.isclose(f(2), g(4))": {"f", "g"},
    "assert sorted(f(x) for x in h()) == [1]": {"f", "h"},
    "def check(candidate):\n    assert candidate(2) == 4\n\ncheck(f)": {"f"},
    "assert sum(10, 15) == 6": {"sum"},
    "assert f(1) is None and f(2) is True": {"f"},
    "solution = Solution()\nseed = 4\nassert solution.f(seed) == 2": {"Solution"},
    "try:\n    f(1)\nexcept ValueError as error:\n    assert str(error) == 'no'": {"f"},
    "class T:\n    def test(self): assert f(2) == 4\nT().test()": {"f"},
    "result = f(2)\nassert result == 4": {"f"},
}
INSIDE = [
    "a = [1]\nassert f(a) is not a", "import sys\nsys.stdin = g()\nassert f() == 1", "assert callable(f(1))",
    "from contextlib import redirect_stdout\nassert f(1) == 2",
    "import inspect\nassert inspect.isgenerator(f())",
    "from unittest.mock import patch\nwith patch('builtins.input', return_value='1'):\n    assert f() == 1",
]  # fmt: skip
FALLBACK = [
    "import random\nrandom.seed(0)\nassert f() == 5", "try:\n    f()\nexcept Bad:\n    pass",
    "class T(Base): pass\nassert T().f() == 1", "assert V(1) + V(2) == V(3)",
    "a = f(1)\nb = g(1)\nassert a == b",
    "import pytest\nwith pytest.raises(Bad):\n    f()", "import asyncio\nassert asyncio.run(f()) == 1",
    "assert f.__doc__ == 'x'", "from solution import f\nassert f(1) == 1",
]  # fmt: skip


@pytest.mark.parametrize(("snippet", "names"), BESIDE.items())
def test_a_comparison_with_a_plain_value_is_made_beside_the_solution(snippet: str, names: set[str]) -> None:
    form = form_of(ast.parse(snippet))
    assert (set(form.names), form.inside, form.fallback) == (names, False, False)


@pytest.mark.parametrize("snippet", INSIDE)
def test_what_could_pass_without_reason_elsewhere_runs_in_the_solutions_process(snippet: str) -> None:
    assert form_of(ast.parse(snippet)).inside


@pytest.mark.parametrize("snippet", FALLBACK)
def test_what_could_fail_without_reason_elsewhere_is_tried_there_too(snippet: str) -> None:
    form = form_of(ast.parse(snippet))
    assert (form.inside, form.fallback) == (False, True)
