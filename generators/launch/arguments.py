"""Command-line arguments of a vLLM server: host and port are read or added, and secrets in them are found.

All other arguments are passed on; vLLM itself says what is wrong with them. Source: `vllm serve --help`.
"""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gristmill.generators.settings import SECRET_FLAGS
from gristmill.sampling.errors import ConfigError

HOST = "127.0.0.1"
_EVERYWHERE = {"0.0.0.0": HOST, "::": "::1", "": HOST}  # noqa: S104
_SECRET_VARIABLES = ("VLLM_API_KEY", "OPENAI_API_KEY", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")


@dataclass(frozen=True, slots=True)
class ServerArguments:
    """`arguments` are complete: they name host and port. `secrets` are what no message may repeat."""

    arguments: tuple[str, ...]
    host: str
    port: int
    scheme: str
    secrets: tuple[str, ...]

    @property
    def origin(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def server_arguments(
    given: Sequence[str], environment: Mapping[str, str] | None = None, secrets: Sequence[str] = ()
) -> ServerArguments:
    """Adds this machine's own address and a free port where none is given. Raises ConfigError."""
    host = _value(given, "--host")
    port = _value(given, "--port")
    listening = _EVERYWHERE.get(host, host) if host is not None else HOST
    number = free_port(listening) if port is None else _asked_port(listening, port)
    added = [] if host is not None else ["--host", HOST]
    added += [] if port is not None else ["--port", str(number)]
    scheme = "http" if _value(given, "--ssl-certfile") is None else "https"
    known = _secrets(given, os.environ if environment is None else environment)
    hidden = tuple(secret for secret in (*secrets, *known) if secret)
    return ServerArguments((*given, *added), listening, number, scheme, hidden)


def free_port(host: str = HOST) -> int:
    """A port that is free now; somebody else may take it before the server does."""
    with _socket(host) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _asked_port(host: str, text: str) -> int:
    """The port that is asked for, once it is known that nobody else would answer there."""
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 1 << 16):
        raise ConfigError(f"--port: {text!r} is no port; known: 1 to 65535, or leave it out for a free one")
    with _socket(host) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(text)))
        except OSError as exc:
            raise ConfigError(f"--port: {host}:{text} cannot be had ({exc.strerror}); name another") from exc
    return int(text)


def _socket(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)


def _value(given: Sequence[str], flag: str) -> str | None:
    """The last value of a flag, written with a space or with an equals sign."""
    found = None
    for place, part in enumerate(given):
        name, equals, value = part.partition("=")
        if name.replace("_", "-") == flag:
            found = value if equals else next(iter(given[place + 1 :]), "")
    return found


def _secrets(given: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    yield from (environment[name] for name in _SECRET_VARIABLES if environment.get(name))
    in_secret = False
    for part in given:
        name, _, value = part.partition("=")
        if part.startswith("--"):
            in_secret = name.replace("_", "-") in SECRET_FLAGS
            part = value
        if in_secret and part:
            yield part
