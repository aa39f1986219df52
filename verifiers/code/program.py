"""The test runner and its modules as one program, which is what the sandbox is given.

The sandbox shows nothing of Gristmill's own files, so the modules go with the program: compiled here, once,
and under their own names there until they are loaded.
"""

import marshal
from functools import cache
from pathlib import Path

_PACKAGE = "gristmill.verifiers.code"
_MODULES = ("plain_values", "channel", "remote", "solution", "asserting", "leftovers", "runner")
"""Each imports those before it alone."""

_LOAD = """
import marshal, sys
for name in {packages!r}:
    sys.modules[name] = type(sys)(name)
    sys.modules[name].__path__ = []
for name, code in marshal.loads({code!r}):
    sys.modules[name] = module = type(sys)(name)
    exec(code, module.__dict__)
for name in [name for name in sys.modules if name.partition(".")[0] == "gristmill"]:
    del sys.modules[name]
module.main()
"""


@cache
def runner_program() -> str:
    codes = [(f"{_PACKAGE}.{name}", _compiled(name)) for name in _MODULES]
    parts = _PACKAGE.split(".")
    packages = [".".join(parts[: end + 1]) for end in range(len(parts))]
    return _LOAD.format(packages=packages, code=marshal.dumps(codes))


def _compiled(name: str) -> object:
    path = Path(__file__).parent / f"{name}.py"
    return compile(path.read_text(encoding="utf-8"), f"{name}.py", "exec", dont_inherit=True)
