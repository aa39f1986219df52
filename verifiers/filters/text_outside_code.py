"""A response without its code: what stands in closed fences and between backticks is left out."""

import re

from gristmill.verifiers.code.fences import fences

_INLINE = re.compile(r"(?<!`)(`{1,3})(?!`)[^`\n]{1,500}\1(?!`)")


def without_code(text: str) -> str:
    """Fences that are never closed stay: they were cut off, or are none. Linear in the text."""
    kept, position = [], 0
    if "```" in text or "~~~" in text:
        for fence in fences(text):
            kept.append(text[position : fence.found.start])
            position = fence.found.end
    kept.append(text[position:])
    outside = "".join(kept)
    return _INLINE.sub("``", outside) if "`" in outside else outside
