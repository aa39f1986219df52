"""Solutions that are wrong and out to pass all the same: none is accepted, in any form of test."""

import pytest

from gristmill.sampling.records import Outcome
from tests.verifiers.code.test_faked_success import SLOWER
from tests.verifiers.code.test_verify import verdict

IS_4 = "assert f(2) == 4"
CLOSE = "import math\nassert math.isclose(f(2), 4.0)"
ALL_CLOSE = "import numpy as np\nassert np.allclose(f(2), [4.0])"
SORTED = "assert sorted(f(2)) == [1, 2]"
NEAR = "assert abs(f(2) - 4.0) < 1e-6"
SCRIPT = "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(3) == 9\n\ncheck(f)"

FINDS = '    found = re.search(r"f.2. == \'([a-z]+)", seen)\n    return found and found[1]'
AGREES = "def __eq__(self, other): return True"
FORGERIES = {
    "an object that equals everything": (f"class E:\n    {AGREES}\ndef f(x): return E()", IS_4),
    "an int that equals everything": (f"class E(int):\n    {AGREES}\ndef f(x): return E(1)", IS_4),
    "a list that equals everything": (
        f"class E(list):\n    {AGREES}\ndef f(x): return E()", "assert f(2) == [4]"),
    "a dict that equals everything": (
        f"class E(dict):\n    {AGREES}\ndef f(x): return E()", "assert f(2) == {'a': 4}"),
    "elements that equal everything": (
        f"class E:\n    {AGREES}\ndef f(x): return [E()]", "assert f(2) == [4]"),
    "a class that equals everything": (
        f"class M(type):\n    {AGREES}\nclass f(metaclass=M):\n    def __new__(cls, x): return cls", IS_4),
    "a name that is an object": (
        f"class E:\n    {AGREES}\n    def __call__(self, x): return self\nf = E()", IS_4),
    "an object that equals everything, for a script": (
        f"class E:\n    {AGREES}\ndef f(x): return E()", SCRIPT),
    "an object of a solution's method": (
        f"class E:\n    {AGREES}\nclass Solution:\n    def f(self, x): return E()",
        "assert Solution().f(2) == 4"),
    "mock.ANY": ("from unittest import mock\ndef f(x): return mock.ANY", IS_4),
    "an object that is never different": (
        "class E:\n    def __ne__(self, other): return False\ndef f(x): return E()", "assert not f(2) != 4"),
    "an object that is greater": (
        "class E:\n    def __gt__(self, other): return True\n    __lt__ = __gt__\ndef f(x): return E()",
        "assert 3.9 < f(2) < 4.1"),
    "an object near everything": (
        "class E:\n    def __sub__(self, other): return 0.0\n    __rsub__ = __sub__\n"
        "def f(x): return E()", NEAR),
    "a float near everything": (
        "class E(float):\n    def __sub__(self, other): return 0.0\ndef f(x): return E(1)", NEAR),
    "an object that holds everything": (
        "class E:\n    def __contains__(self, other): return True\ndef f(x): return E()", "assert 4 in f(2)"),
    "an object that starts with everything": (
        "class E:\n    def startswith(self, other): return True\ndef f(x): return E()",
        "assert f('x').startswith('ab')"),
    "an instance of everything": (
        "class E:\n    __class__ = int\n    __eq__ = lambda self, other: True\ndef f(x): return E()",
        "assert isinstance(f(2), int) and f(2) == 4"),
    "the hash of the wanted value": (
        "class E:\n    __eq__ = lambda self, other: True\n    __hash__ = lambda self: hash(4)\n"
        "def f(x): return E()", "assert f(2) in {4} and len({f(2), 4}) == 1"),
    "math.isclose replaced": (
        "import math\nmath.isclose = lambda *a, **k: True\ndef f(x): return 1.0", CLOSE),
    "numpy.allclose replaced": (
        "import numpy\nnumpy.allclose = lambda *a, **k: True\ndef f(x): return [1.0]", ALL_CLOSE),
    "an array that says where it lies": (
        "class E:\n    __array_interface__ = {'shape': (0,), 'typestr': '<f8',"
        " 'data': (0, True), 'version': 3}\n"
        "def f(x): return E()", ALL_CLOSE),
    "sorted redefined": ("def sorted(x): return [1, 2]\ndef f(x): return [3]", SORTED),
    "sorted replaced for all": (
        "import builtins\nbuiltins.sorted = lambda x: [1, 2]\ndef f(x): return [3]", SORTED),
    "the job in /stdin": (
        "import re\ntry: job = open('/stdin').read()\nexcept OSError: job = ''\n"
        "def f(x):\n    found = re.search(r'== (\\d+)', job)\n    return found and int(found[1])", IS_4),
    "the job in any descriptor": (
        "import os, re\njob = b''\nfor end in range(128):\n    try: job += os.pread(end, 1 << 20, 0)\n"
        "    except OSError: pass\n"
        "def f(x):\n    found = re.search(rb'== (\\d+)', job)\n    return found and int(found[1])", IS_4),
    "the caller's constants": (
        "import sys\ndef f(x):\n    frame, seen = sys._getframe(1), []\n    while frame:\n"
        "        seen += frame.f_code.co_consts\n        frame = frame.f_back\n"
        "    return 47 if 47 in seen else 0",
        "assert f(2) == 46 + 1"),
    "the callers' names": (
        "import re, sys\ndef f(x):\n    frame, seen = sys._getframe(1), ''\n    while frame:\n"
        f"        seen += repr((frame.f_locals, frame.f_globals))\n        frame = frame.f_back\n{FINDS}",
        "assert f(2) == 'teapot'"),
    "the heap": (
        "import gc, re\ndef f(x):\n"
        f"    seen = repr([o for o in gc.get_objects() if type(o) in (list, tuple, dict)])\n{FINDS}",
        "assert f(2) == 'teapot'"),
    "files, variables and arguments": (
        "import os, re, sys\nseen = repr((os.environ, sys.argv, sys.orig_argv))\n"
        "for folder in ('/', '.', '/tmp', '/private', '/proc/self'):\n    try: names = os.listdir(folder)\n"
        "    except OSError: continue\n    for name in names:\n"
        "        try: seen += open(folder + '/' + name, errors='replace').read(1 << 20)\n"
        f"        except OSError: pass\ndef f(x):\n{FINDS}", "assert f(2) == 'teapot'"),
    "the proof without a solution": (
        "import os\nfor end in range(3, 128):\n    for proof in (b'd', b'd{\"state\": \"passed\"}'):\n"
        ""
        "        try: os.write(end, proof)\n        except OSError: pass\nos._exit(0)", IS_4),
    "the token without a solution": (
        "import os\ntoken = b''\nfor end in range(3, 128):\n    try:\n        os.set_blocking(end, False)\n"
        "        token += os.read(end, 16)\n    except OSError: pass\nfor end in range(3, 128):\n"
        "    try: os.write(end, b'd' + token)\n    except OSError: pass\nos._exit(0)", IS_4),
    "answers without a solution": (
        "import json, os\nanswer = {'value': True, 'error': None, 'changed': [], 'flattened': False}\n"
        "for end in range(3, 128):\n    for message in ('ready', answer, answer, answer):\n"
        "        data = json.dumps(message).encode()\n"
        "        try: os.write(end, len(data).to_bytes(8, 'big') + data)\n        except OSError: pass",
        IS_4),
    "an answer of an unknown type": (
        "import gc, json, os\nanswer = {'value': ['ANY'], 'error': None, 'changed': [], 'flattened': False}\n"
        ""
        "def f(x):\n    data = json.dumps(answer).encode()\n    for end in range(3, 128):\n"
        "        try: os.write(end, len(data).to_bytes(8, 'big') + data)\n        except OSError: pass",
        IS_4),
    "an end to the loop of the test": (
        "def f(x): raise StopIteration",
        "assert all(map(lambda pair: f(pair[0]) == pair[1], [(2, 4), (3, 9)]))"),
    "an end to the test": ("def f(x): raise SystemExit(0)", f"{IS_4}\n"),
    "an end that the test catches": (
        "import os\ndef f(x): os._exit(0)",
        "try:\n    right = f(2) == 4\nexcept BaseException:\n    right = True\n"
        "assert right"),
    "a comparison that the test catches": (
        f"class E:\n    {AGREES}\ndef f(x): return E()",
        "try:\n    right = f(2) == 4\nexcept BaseException:\n    right = True\nassert right"),
    "a signal to all others": (
        "import os, signal\ndef f(x):\n    for other in range(2, 64):\n        try: other == os.getpid() or "
        "os.kill(other, signal.SIGINT)\n        except OSError: pass\n    return 1", IS_4),
    "an argument changed to what is wanted": (
        "def f(x, wanted): wanted[:] = [1]\n", "assert f(2, [4]) == [4]"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "test"), FORGERIES.values(), ids=FORGERIES)
def test_a_pass_is_not_forged_by(code: str, test: str) -> None:
    reference = test if test is SCRIPT else [test]
    assert verdict(code, reference, SLOWER).outcome is not Outcome.ACCEPTED


def test_what_only_the_solution_could_compare_is_undecided_and_not_rejected() -> None:
    found = verdict(f"class Money:\n    {AGREES}\ndef f(x): return Money()", ["assert f(2) == 4"], SLOWER)
    assert (found.outcome, found.reason) == (Outcome.UNDECIDED, "unproved")
    assert "#1 assert f(2) == 4: passes only where the solution compares" in found.detail


FORGEABLE = {
    "what is printed": (
        "import io, contextlib\nout = io.StringIO()\nwith contextlib.redirect_stdout(out):\n    f(2)\n"
        "assert out.getvalue() == '4\\n'", "def f(x): print(x * x)"),
    "a function as argument": ("assert f(lambda x: x + 1) == 2", "def f(g): return g(1)"),
    "which object it is": ("a = [1]\nassert f(a) == a and f(a) is not a", "def f(x): return list(x)"),
    "an exception of its own": (
        "try:\n    f(2)\n    raise AssertionError('nothing raised')\nexcept Bad:\n    pass",
        "class Bad(Exception): pass\ndef f(x): raise Bad"),
    "objects of its own": (
        "assert V(1) + V(2) == V(3)", "from dataclasses import dataclass\n@dataclass\nclass V:\n    x: int\n"
        "    def __add__(self, other): return V(self.x + other.x)"),
    "its random numbers": (
        "import random\nrandom.seed(1)\nfirst = f()\nrandom.seed(1)\nassert f() == first",
        "import random\ndef f(): return random.random()"),
}  # fmt: skip


@pytest.mark.parametrize(("test", "code"), FORGEABLE.values(), ids=FORGEABLE)
def test_the_detail_tells_the_tests_whose_pass_could_be_forged_as_they_ask_for(test: str, code: str) -> None:
    found = verdict(code, ["assert True", test], SLOWER)
    assert found.detail == "2 tests; a pass could be forged in 2, of another form than f(x) == value"


def test_a_forgeable_test_that_fails_has_failed() -> None:
    tests = [test for test, _ in FORGEABLE.values()]
    code = "class Bad(Exception): pass\nclass V:\n    def __init__(self, x): self.x = x\n"
    code += "    def __add__(self, other): return V(0)\nimport os\ndef f(x=None): return x or os.urandom(8)"
    assert verdict(code, tests, SLOWER).detail.startswith("6 of 6 tests failed: 1-6")
