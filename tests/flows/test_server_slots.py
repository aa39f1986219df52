"""Names of the limits that runs take turns by."""

import socket

from gristmill.flows.server_slots import limit_name


def test_a_server_has_one_limit_whatever_its_path() -> None:
    names = {limit_name(f"http://{host}/v1") for host in ("GPU-1:8000", "gpu-1:8000")}
    assert names == {limit_name("https://gpu-1:8000")} == {"gristmill-gpu-1-8000"}


def test_the_port_is_that_of_the_scheme_where_none_is_given() -> None:
    assert limit_name("https://models.example.org/v1") == "gristmill-models-example-org-443"
    assert limit_name("http://models.example.org/v1") == "gristmill-models-example-org-80"


def test_a_loopback_address_is_one_server_on_each_machine() -> None:
    names = {limit_name(f"http://{host}:8000/v1") for host in ("localhost", "127.0.0.1", "[::1]")}
    assert len(names) == 1
    assert socket.gethostname().lower().split(".")[0] in names.pop()
