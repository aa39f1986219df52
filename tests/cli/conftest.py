"""What tests of several commands share."""

import shutil
from pathlib import Path

import pytest

from gristmill.db.engine import open_engine
from tests.exports.stores import fill
from tests.support.commands import Workplace


@pytest.fixture
def filled(workplace: Workplace, prepared_store: Path) -> Workplace:
    """A working directory with the standard store of exports."""
    shutil.copy(prepared_store, workplace.store)
    fill(open_engine(f"sqlite:///{workplace.store}")).dispose()
    return workplace
