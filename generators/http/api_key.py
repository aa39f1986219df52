"""The API key of a server, read from an environment variable and from nowhere else."""

import os

from gristmill.sampling.errors import ConfigError


def api_key(variable: str) -> str:
    """The key in that variable, "" where it is unset. Raises ConfigError where it is not printable ASCII."""
    key = os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise ConfigError(f"api_key_env: the variable {variable} holds characters that no key has")
    return key
