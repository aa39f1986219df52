"""Characters that are not seen, or that a terminal or a page could obey, written as escapes."""


def visible(text: str, keep: str = "\n", also: str = "") -> str:
    r"""The text with what does not print (`str.isprintable`: control characters, marks of direction, zero
    widths, lone surrogates, odd spaces) as `\x1b` or `\u200b`, and so the characters of `also`; those of
    `keep` stay.
    """
    if not also and text.isascii() and text.isprintable():
        return text
    return "".join(c if (c.isprintable() or c in keep) and c not in also else escape_of(c) for c in text)


def escape_of(character: str) -> str:
    """As Python writes it in a string: of two, four or eight hexadecimal digits."""
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
