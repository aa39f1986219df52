"""A store with something of everything, what is exported of it, and a tiny model. All of it is made here and
nothing is fetched. Where TRL is not installed, what needs it is skipped.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from tests.trl.exported import Exports, fill
from tests.trl.tiny_model import TinyModel, make_tiny_model

_WITHOUT_NETWORK = ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_spec("trl") is None:
        missing = pytest.mark.skip(reason="TRL is not installed here: `make test-torch` makes an environment")
        for item in items:
            if item.get_closest_marker("trl"):
                item.add_marker(missing)


@pytest.fixture(scope="session")
def without_network() -> Iterator[None]:
    """Before the libraries are imported, which read these variables then."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _WITHOUT_NETWORK:
            patch.setenv(name, "1")
        patch.setenv("HF_DATASETS_DISABLE_PROGRESS_BARS", "1")
        yield


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory, without_network: None) -> Iterator[Exports]:
    folder = tmp_path_factory.mktemp("exports")
    engine = open_engine(f"sqlite:///{folder / 'store.db'}")
    prepare_schema(engine)
    fill(engine)
    yield Exports(engine, folder)
    engine.dispose()


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory, without_network: None) -> TinyModel:
    return make_tiny_model(Path(tmp_path_factory.mktemp("tiny-model")))
