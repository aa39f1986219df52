"""Filters with a blocklist and a benchmark, to which one instruction is known."""

from pathlib import Path

import pytest

from gristmill.verifiers.filters.instructions import InstructionFilters, Known
from gristmill.verifiers.filters.settings import FilterSettings
from tests.verifiers.filters.instructions import ITEM, KNOWN


@pytest.fixture
def settings(tmp_path: Path) -> FilterSettings:
    (tmp_path / "blocklist.txt").write_text("# not these\nforbidden phrase\nSchimpfwort # a word\n")
    (tmp_path / "benchmark.txt").write_text(f"{ITEM}\nName three primary colours of light.\n")
    return FilterSettings(
        blocklist=str(tmp_path / "blocklist.txt"), benchmark=(str(tmp_path / "benchmark.txt"),)
    )


@pytest.fixture
def filters(settings: FilterSettings) -> InstructionFilters:
    return InstructionFilters(settings, [Known("problem-1", KNOWN)])
