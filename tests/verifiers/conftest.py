"""The sandbox under test, as the user who runs the tests and as an ordinary one."""

import os
from collections.abc import Iterator

import pytest

from tests.verifiers.sandbox.hosts import Host, host


@pytest.fixture(scope="module", params=["as we are", pytest.param("ordinary user", marks=pytest.mark.full)])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Host]:
    ordinary = request.param == "ordinary user"
    if ordinary and os.geteuid() != 0:
        pytest.skip("this is an ordinary user already")
    with host(ordinary=ordinary) as running:
        yield running
