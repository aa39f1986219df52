import subprocess
import sys
from typing import get_args

import pytest

from gristmill.verifiers import VERIFIERS, VerifierSettings, version_of
from gristmill.verifiers.settings import VerifierName

HEAVY = (
    "math_verify", "sympy", "pebble", "jsonschema", "lark", "pyarrow", "numpy", "sqlalchemy", "py3langid",
)  # fmt: skip
LIGHT_MODULES = ("gristmill.verifiers", "gristmill.verifiers.filters.settings", "gristmill.verifiers.worker")


def test_every_verifier_that_can_be_chosen_is_registered() -> None:
    assert tuple(VERIFIERS) == get_args(VerifierName)


@pytest.mark.parametrize("name", VERIFIERS)
def test_a_registered_verifier_can_be_loaded_and_has_a_version(name: VerifierName) -> None:
    schema = "true" if name == "structure" else None
    settings = VerifierSettings(verifier=name, json_schema=schema, verify_timeout_seconds=60)
    verify, _ = VERIFIERS[name].load()
    assert callable(verify)
    assert version_of(settings)[:1].isdigit()


def test_registry_and_settings_load_no_parser_and_no_algebra() -> None:
    program = f"import sys, {', '.join(LIGHT_MODULES)}; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    loaded = set(run.stdout.split())
    assert loaded & set(HEAVY) == set()
    assert {name for name in loaded if name.startswith("gristmill.verifiers.")} == {
        "gristmill.verifiers.answer_part",
        "gristmill.verifiers.filters",
        "gristmill.verifiers.filters.settings",
        "gristmill.verifiers.finding",
        "gristmill.verifiers.language",
        "gristmill.verifiers.reasons",
        "gristmill.verifiers.settings",
        "gristmill.verifiers.time_limit",
        "gristmill.verifiers.verdict_text",
        "gristmill.verifiers.worker",
    }
