"""Every error Gristmill raises on purpose, split by what the caller can do about it.

GristmillError
├── UnavailableError   try again: a server is down, busy or slow
│   ├── OutageError    it was tried again for as long as it was to be: later, or never
│   └── UnreadableError  a reply that cannot be read: it counts against the draw, not the server
├── RefusedError       do not try again: the same request will be refused again
├── ConfigError        fix the configuration; the message names the field and the known values
├── DataError          fix the row: file, line, field and reason
└── StoreError         the store cannot be used as it is: read-only, full, locked, or of another schema

Errors of other libraries are mapped to these at the edge, `raise ... from exc`. The command line prints the
message of a GristmillError and exits 1; anything else is a bug and shows its traceback.
"""


class GristmillError(Exception):
    """The root: catch this to catch everything Gristmill raises on purpose."""


class UnavailableError(GristmillError):
    """No response came, and asking again may bring one. `kind` is a stable slug such as `timeout`."""

    def __init__(self, message: str, *, kind: str = "unavailable") -> None:
        super().__init__(message)
        self.kind = kind


class OutageError(UnavailableError):
    """Nothing has answered for as long as a run is to wait. It says nothing of the draw that it comes to."""


class UnreadableError(UnavailableError):
    """A reply came, and there is no response in it. The server that sent it is there all the same; asked with
    the same seed again, it may well send the same bytes.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, kind="bad-body")


class RefusedError(GristmillError):
    """The request itself is at fault (too long, malformed, forbidden): it will be refused again."""

    def __init__(self, message: str, *, kind: str = "refused") -> None:
        super().__init__(message)
        self.kind = kind


class ConfigError(GristmillError):
    """The configuration is wrong; the message says which field, what was given and what is known."""


class DataError(GristmillError):
    """A row of the input is wrong; the message says which file, line and field, and why."""


class StoreError(GristmillError):
    """The store cannot be used as it is; the message says why and which command mends it."""
