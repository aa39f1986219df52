"""Text from outside made safe to print: control characters are shown as escapes and do nothing."""


def visible(text: str) -> str:
    """The text with every character that a terminal could obey written as its escape; line feeds stay."""
    shown = "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)
    return shown.encode("utf-8", "replace").decode()
