"""A server's key: from the environment, and from nowhere else."""

import os

from gristmill.sampling.errors import ConfigError


def api_key(variable: str) -> str:
    """The key that the environment variable holds, "" where it is unset. Raises ConfigError."""
    key = os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise ConfigError(f"api_key_env: the variable {variable} holds characters that no key has")
    return key
