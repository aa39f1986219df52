"""One Prefect server for all tests of the package that run in the same process, and a browser to look at it.

A test that kills the server leaves the next one to find it started again, with all that it had.
"""

from collections.abc import Iterator

import pytest

from tests.flows.prefect.prefect_servers import PrefectServer


@pytest.fixture(scope="session")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    server = PrefectServer(tmp_path_factory.mktemp("prefect-server"))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def server(one_server: PrefectServer) -> PrefectServer:
    """Running, whatever the test before did to it."""
    one_server.start()
    return one_server
