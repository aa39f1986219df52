"""Text in verdicts: fit for any database, and cut to a length that people read."""

_LONGEST_MESSAGE = 300


def storable(text: str) -> str:
    """Text that any database takes: no NUL, no lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def shortened(text: str) -> str:
    """Both ends of what is too long to be stored whole: messages begin with a value and end with a verb."""
    half = _LONGEST_MESSAGE // 2
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:half]} ... {text[-half:]}"
