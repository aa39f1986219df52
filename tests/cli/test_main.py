"""What starting the command costs: it imports what a command needs when the command runs."""

import subprocess
import sys

import pytest


def imported_by(statement: str, *modules: str) -> set[str]:
    code = f"import sys; {statement}; print(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(done.stdout.split()) & set(modules)


@pytest.mark.parametrize("module", ["gristmill.cli.main", "gristmill.cli.commands"])
def test_no_model_library_and_no_prefect_is_imported_to_start(module: str) -> None:
    heavy = ("prefect", "vllm", "torch", "xllamacpp", "sympy", "math_verify", "openai")
    assert imported_by(f"import {module}", *heavy) == set()


def test_a_verification_process_imports_no_command() -> None:
    assert (
        imported_by("import gristmill.cli.main", "gristmill.cli.commands", "click", "sqlalchemy", "pyarrow")
        == set()
    )
