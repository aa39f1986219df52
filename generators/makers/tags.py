"""Reading what stands between tags: the form in which most makers ask for their instructions.

A tag that is not closed holds nothing: what was cut off is no instruction. Models write tags in any case.
One pass over the tags, so in time linear in the text.
"""

import re

_TAG = re.compile(r"<(/?)answer>", re.IGNORECASE | re.ASCII)


def tagged(text: str) -> list[str]:
    """What stands in each `<answer> ... </answer>`, trimmed and in order; empty ones are left out."""
    found, begin = [], -1
    for tag in _TAG.finditer(text):
        if not tag[1]:
            begin = tag.end()  # a tag opened twice: the text belongs to the last
            continue
        content = text[begin : tag.start()].strip() if begin >= 0 else ""
        begin = -1
        if content:
            found.append(content)
    return found
