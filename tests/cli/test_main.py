"""The table of commands, what `--help` imports, and how the help is laid out."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from gristmill.cli.main import COMMANDS, command_line

HEAVY = ("prefect", "math_verify", "sympy", "pyarrow", "jsonschema", "matplotlib", "jinja2", "alembic")
MODELS = ("vllm", "torch", "xllamacpp", "openai")
MAIN = "from gristmill.cli.main import COMMANDS, main\n"


def imported_by(code: str) -> set[str]:
    code = f"import sys\n{code}\nprint('modules:', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.splitlines()[-1].removeprefix("modules:").split())


@pytest.mark.parametrize("argument", ["--version", "--help", "recipes"])
def test_what_only_prints_imports_click_and_little_else(argument: str) -> None:
    found = imported_by(f"{MAIN}main([{argument!r}])")
    assert found & {*HEAVY, *MODELS, "sqlalchemy", "pydantic", "rich", "asyncio"} == set()


def test_the_help_of_every_command_imports_nothing_that_it_runs_on() -> None:
    found = imported_by(f"{MAIN}for name in COMMANDS:\n    main([name, '--help'])")
    assert found & {*HEAVY, *MODELS, "sqlalchemy", "rich", "lark"} == set()


def test_a_verification_process_imports_no_command() -> None:
    assert imported_by("import gristmill.cli.main") & {*HEAVY, "click", "sqlalchemy", "pydantic"} == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_entry_of_the_table_is_a_command_of_that_name(name: str) -> None:
    result = CliRunner().invoke(command_line(), [name, "--help"], prog_name="gristmill")
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: gristmill {name} ")


def test_the_commands_are_listed_by_what_they_are_for() -> None:
    lines = CliRunner().invoke(command_line(), ["--help"]).output.splitlines()
    titles = [line for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert titles == ["Options:", "Make data:", "Look at it:", "Train on it:", "Operate:"]
