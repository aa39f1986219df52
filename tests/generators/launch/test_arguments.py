import pytest

from gristmill.generators.launch.arguments import free_port, server_arguments
from gristmill.sampling.errors import ConfigError

HOSTS = {
    "": "http://127.0.0.1:{port}",
    "--host 0.0.0.0": "http://127.0.0.1:{port}",
    "--host=localhost": "http://localhost:{port}",
    "--host nowhere --host 127.0.0.1": "http://127.0.0.1:{port}",
    "--ssl_certfile=/c.pem --host 127.0.0.1": "https://127.0.0.1:{port}",
}


@pytest.mark.parametrize(("given", "origin"), HOSTS.items())
def test_a_server_is_asked_where_it_listens(given: str, origin: str) -> None:
    parsed = server_arguments(["--model", "m", *given.split()], {})
    assert parsed.origin == origin.format(port=parsed.port)
    assert parsed.arguments[:2] == ("--model", "m")
    assert parsed.arguments[-2:] == ("--port", str(parsed.port))
    assert ("--host" in parsed.arguments) or "--host=localhost" in parsed.arguments


def test_a_server_listens_on_this_machine_alone_where_nothing_is_said() -> None:
    parsed = server_arguments([], {})
    assert parsed.arguments == ("--host", "127.0.0.1", "--port", str(parsed.port))


@pytest.mark.parametrize("form", ["--port {port}", "--port={port}"])
def test_a_port_that_is_given_is_kept(form: str) -> None:
    port = free_port()
    given = form.format(port=port).split()
    parsed = server_arguments(given, {})
    assert parsed.port == port
    assert parsed.arguments == (*given, "--host", "127.0.0.1")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(ConfigError, match="--port"):
        server_arguments([f"--port={port}"], {})


def test_keys_are_known_from_arguments_and_environment() -> None:
    given = ["--api-key", "one", "two", "--model", "m", "--hf_token=three"]
    parsed = server_arguments(given, {"VLLM_API_KEY": "four", "HOME": "/home"})
    assert set(parsed.secrets) == {"one", "two", "three", "four"}
