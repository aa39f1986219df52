"""Honest solutions of many habits pass as before, and those beside them that are wrong fail: labelled
responses in the forms of HumanEval, MBPP and LeetCode.
"""

import pytest

from gristmill.verifiers.reasons import Reason
from tests.verifiers.code.test_faked_success import SLOWER
from tests.verifiers.code.test_verify import SQUARE, verdict

CHECK = """
METADATA = {'author': 'test'}

def check(candidate):
    assert candidate(2) == 4, "first: " + str(candidate(2))
    assert abs(candidate(1.5) - 2.25) < 1e-6
    for i in range(20):
        assert candidate(i) == i ** 2

check(f)
"""
UNITTEST = """
import unittest
class T(unittest.TestCase):
    def test_square(self):
        self.assertEqual(f(2), 4)
        self.assertRaises(TypeError, f, None)
result = unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
assert result.wasSuccessful()
"""
RAISES = "try:\n    f(-1)\nexcept ValueError as error:\n    assert str(error) == 'negative'\n"
RAISES += "else:\n    assert False"
ROTATED = "m = [[1, 2], [3, 4]]\nrow = m[0]\nf(m)\nassert m == [[3, 1], [4, 2]]"
LIST = "class ListNode:\n    def __init__(self, val=0, next=None): self.val, self.next = val, next\n"
STACK = "class Stack:\n    def __init__(self): self.all = []\n    def push(self, x): self.all.append(x)\n"
STACK += "    def pop(self): return self.all.pop()\n    def __len__(self): return len(self.all)\n"
STACKED = "s = Stack()\nassert not s\ns.push(1)\ns.push(2)\nassert (len(s), s.pop(), s.all) == (2, 2, [1])"
POINT = "from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef f(x): return P(x, x + 1)"

RIGHT: dict[str, tuple[str, str | list[str]]] = {
    "asserts": (SQUARE, ["assert f(2) == 4, 'two'", "assert f(x=3) == 9", "assert not f(0)", "assert f(1)"]),
    "a check of a candidate": (SQUARE, CHECK),
    "unittest": (SQUARE, UNITTEST),
    "True, False and None": (
        "def f(x): return None if x is None else x % 2 == 0",
        ["assert f(2) is True", "assert f(3) == False", "assert f(None) is None", "assert f(None) == None"]),
    "several calls in one comparison": (
        SQUARE, ["assert (f(1), f(2)) == (1, 4)", "assert [f(x) for x in (1, 2)] == [1, 4]"]),
    "a set, in any order": (
        "def f(x): return list(set(x))",
        ["assert set(f('aab')) == {'a', 'b'}", "assert sorted(f('ba')) == ['a', 'b']"]),
    "an iterator": (
        "def f(n):\n    for i in range(n): yield i * i",
        ["assert list(f(3)) == [0, 1, 4]", "assert next(f(3)) == 0", "assert sum(f(4)) == 14",
         "assert 9 in f(9)",
         "from itertools import islice\nassert list(islice(f(10 ** 9), 2)) == [0, 1]"]),
    "map and zip": ("def f(x): return map(str, x)", ["assert list(f([1, 2])) == ['1', '2']"]),
    "a view of a dict": (
        "def f(x): return x.keys()", ["assert set(f({1: 2})) == {1}", "assert f({1: 2}) == {1}"]),
    "a defaultdict": (
        "from collections import defaultdict\ndef f(x):\n    d = defaultdict(int)\n"
        "    for c in x: d[c] += 1\n    return d",
        ["assert f('aab') == {'a': 2, 'b': 1}"]),
    "a Counter": (
        "from collections import Counter\ndef f(x): return Counter(x)",
        ["assert f('aab') == {'a': 2, 'b': 1}", "assert f('aab').most_common(1) == [('a', 2)]",
         "assert f('')['z'] == 0",
         "from collections import Counter\nassert f('ab') == Counter('ab')"]),
    "an OrderedDict": (
        "from collections import OrderedDict\ndef f(x): return OrderedDict(sorted(x.items()))",
        ["assert f({'b': 1, 'a': 2}) == {'a': 2, 'b': 1}", "assert list(f({'b': 1, 'a': 2})) == ['a', 'b']"]),
    "a named tuple": (POINT, ["assert f(1) == (1, 2)", "assert f(1).y == 2", "x, y = f(1)\nassert y == 2"]),
    "an int of a subclass": (
        "from enum import IntEnum\nclass C(IntEnum):\n    RED = 1\ndef f(): return C.RED",
        ["assert f() == 1", "assert f() == C.RED"]),
    "a str of a subclass": (
        "class S(str): pass\ndef f(x): return S(x)",
        ["assert f('a') == 'a'", "assert f('a').upper() == 'A'"]),
    "fractions and decimals": (
        "from fractions import Fraction\nfrom decimal import Decimal\n"
        "def f(x): return Fraction(1, x), Decimal(x)",
        ["from fractions import Fraction\nassert f(2) == (Fraction(1, 2), 2)", "assert f(2)[0] == 0.5"]),
    "dates": (
        "import datetime\ndef f(x): return datetime.date(2024, 1, 1) + datetime.timedelta(days=x)",
        ["from datetime import date\nassert f(31) == date(2024, 2, 1)", "assert f(0).year == 2024"]),
    "large numbers, infinity, not a number": (
        "def f(n): return [2 ** n, float('inf'), float('nan'), -0.0, 1j]",
        ["import math\na, b, c, d, e = f(20000)\nassert a == 1 << 20000 and b == math.inf and math.isnan(c)\n"
         "assert math.copysign(1, d) == -1 and e == 1j"]),
    "bytes, ranges and texts of any kind": (
        "def f(): return [b'\\x00a', bytearray(b'b'), range(3), '\\ud800\\x00\\u2028']",
        ["assert f() == [b'\\x00a', bytearray(b'b'), range(3), '\\ud800\\x00\\u2028']"]),
    "an argument changed where it lies": (
        "def f(m): m[:] = [list(row) for row in zip(*m[::-1])]", [ROTATED, f"{ROTATED}\n"
        "assert row == [3, 1]"]),
    "a dict and a set changed where they lie": (
        "def f(d, s, n): d['b'] = s.pop(); d.pop('a'); n[0].append(1)",
        ["d, s, n = {'a': 1}, {2}, ([],)\nf(d, s, n)\nassert (d, s, n) == ({'b': 2}, set(), ([1],))"]),
    "an exception": (
        "def f(x):\n    if x < 0: raise ValueError('negative')\n    return x", [RAISES, "assert f(1) == 1"]),
    "an exception of a subclass": (
        "class E(ValueError): pass\ndef f(x): raise E('negative')",
        [RAISES, "try:\n    f(1)\n    assert False, 'none'\nexcept E:\n    pass"]),
    "a function that is returned": ("def f(n): return lambda x: x + n", ["assert f(2)(3) == 5"]),
    "a class": (STACK, [STACKED]),
    "a class of solutions": (
        "class Solution:\n    def twice(self, xs: List[int]) -> Optional[List[int]]:\n"
        "        return [2 * x for x in xs]",
        ["assert Solution().twice([1]) == [2]", "s = Solution()\nassert s.twice(xs=[]) == []"]),
    "a linked list": (
        f"{LIST}class Solution:\n    def rev(self, head: Optional[ListNode]) -> Optional[ListNode]:\n"
        "        last = None\n"
        "        while head: head.next, last, head = last, head, head.next\n        return last",
        ["r = Solution().rev(ListNode(1, ListNode(2)))\n"
        "assert r.val == 2 and r.next.val == 1 and r.next.next is None"]),
    "a linked list that the test makes": (
        "class Solution:\n    def sum(self, head):\n        n = 0\n"
        "        while head: n, head = n + head.val, head.next\n"
        "        return n", [f"{LIST}assert Solution().sum(ListNode(1, ListNode(2))) == 3"]),
    "a function with a built-in one's name": (
        "def sum(a, b):\n    return a + b + 1", ["assert sum(10, 15) == 26"]),
    "numpy": (
        "import numpy as np\ndef f(x): return np.array(x) * 2, np.mean(x), np.int64(3)",
        ["import numpy as np\na, m, n = f([1, 2])\nassert (a == np.array([2, 4])).all() and a.shape == (2,)\n"
         "assert m == 1.5 and n == 3 and np.allclose(a, [2.0, 4.0])"]),
    "a name of the module that changes": (
        "N = 0\ndef f():\n    global N\n    N += 1", ["assert N == 0\nf()\nassert N == 1"]),
    "what it says of itself": (
        "def f(x):\n    'Doc.'\n    return x", ["assert f.__name__ == 'f' and f.__doc__ == 'Doc.'"]),
    "random cases": (
        "def f(a, b): return a + b",
        ["import random\nfor _ in range(50):\n    a, b = random.random(), random.randint(0, 9)\n"
        "    assert f(a, b) == a + b"]),
}  # fmt: skip


@pytest.mark.parametrize(("code", "tests"), RIGHT.values(), ids=RIGHT)
def test_a_right_solution_passes_with(code: str, tests: str | list[str]) -> None:
    found = verdict(code, tests, SLOWER)
    assert (found.reason, found.detail) == (Reason.TESTS_PASSED, found.detail)


WRONG: dict[str, tuple[str, str | list[str]]] = {
    "a check of a candidate, late": ("def f(x): return x * x if x < 15 else 0", CHECK),
    "unittest": ("def f(x): return x * x + (x == 2)", UNITTEST),
    "1 for True": ("def f(x): return 1", ["assert f(2) is True"]),
    "False for None": ("def f(x): return False", ["assert f(2) is None"]),
    "a tuple for a list": ("def f(x): return (1, 2)", ["assert f(0) == [1, 2]"]),
    "a deque for a list": (
        "from collections import deque\ndef f(x): return deque(x)", ["assert f([1]) == [1]"]),
    "a list for a set": ("def f(x): return [1]", ["assert f(0) == {1}"]),
    "a text for a number": ("def f(x): return '4'", ["assert f(2) == 4"]),
    "a map for a list": ("def f(x): return map(int, x)", ["assert f('12') == [1, 2]"]),
    "an iterator that ends too early": ("def f(n):\n    yield 0", ["assert list(f(3)) == [0, 1, 4]"]),
    "not a number for anything": ("def f(x): return float('nan')", ["assert f(2) == 4"]),
    "the other order": ("def f(x): return [2, 1]", ["assert f(0) == [1, 2]"]),
    "no exception": ("def f(x): return x", [RAISES]),
    "another exception": ("def f(x): raise KeyError('negative')", [RAISES]),
    "another message": ("def f(x): raise ValueError('positive')", [RAISES]),
    "a copy changed, not the argument": ("def f(m): m = [list(row) for row in zip(*m[::-1])]", [ROTATED]),
    "the same object for a copy": ("def f(x): return x", ["a = [1]\nassert f(a) == [1] and f(a) is not a"]),
    "a class": (STACK.replace("pop()", "pop(0)"), [STACKED]),
    "a class of solutions": (
        "class Solution:\n    def f(self, x): return x + 1", ["assert Solution().f(2) == 2"]),
    "a field of a named tuple": (POINT, ["assert f(1).z == 2"]),
    "numpy": ("import numpy as np\ndef f(x): return np.array(x)", ["assert f([1, 2]).tolist() == [2, 4]"]),
    "another name": ("def g(x): return x * x", ["assert f(2) == 4"]),
    "an error of its own": ("def f(x): return y * y", ["assert f(2) == 4"]),
}  # fmt: skip


@pytest.mark.parametrize(("code", "tests"), WRONG.values(), ids=WRONG)
def test_a_wrong_solution_is_rejected_that_gives(code: str, tests: str | list[str]) -> None:
    assert verdict(code, tests, SLOWER).reason is Reason.TESTS_FAILED


def test_a_result_that_is_no_plain_value_is_not_rejected_for_that() -> None:
    code = "class Money:\n    def __init__(self, x): self.x = x\n"
    code += "    def __eq__(self, other): return self.x == other"
    found = verdict(f"{code}\ndef f(x): return Money(x)", ["assert f(4) == 4", "assert f(4).x == 4"], SLOWER)
    assert (found.reason, found.detail.splitlines()[0]) == (
        Reason.UNPROVED,
        "1 of 2 tests could not be decided: 1",
    )
