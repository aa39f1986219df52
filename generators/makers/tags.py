"""Reading what stands between tags: the form in which most makers ask for their instructions.

A tag that is not closed holds nothing: what was cut off is no instruction. Read by finding strings, so in
time linear in the text.
"""

ANSWER = "answer"


def tagged(text: str, tag: str = ANSWER) -> list[str]:
    """What stands in each `<tag> ... </tag>`, trimmed and in order; empty ones are left out."""
    opening, closing = f"<{tag}>", f"</{tag}>"
    found, position = [], 0
    while (start := text.find(opening, position)) >= 0:
        begin = start + len(opening)
        end = text.find(closing, begin)
        if end < 0:
            break
        inner = text.rfind(opening, begin, end)  # a tag opened twice: the text belongs to the last
        content = text[inner + len(opening) if inner >= 0 else begin : end].strip()
        if content:
            found.append(content)
        position = end + len(closing)
    return found
