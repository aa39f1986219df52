from tests.verifiers.constraints.cases import adversarial, broken, edge, met

CASES = (
    met("title", "<<A day at sea>>\n\nIt rained."),
    broken("title", "# A day at sea\n\nIt rained."),
    # It may stand anywhere, within one line.
    edge("title", True, "It rained. **<<A day>>**"),
    edge("title", False, "<<A day\nat sea>>"),
    # Nothing is no title, and neither is a shift to the left.
    adversarial("title", False, "<<>> << >> <<...>> 1 << 2"),
    adversarial("title", True, "<<<<day>>>>"),
    met("bullets-exactly", "Buy:\n- milk\n- tea", count=2),
    broken("bullets-exactly", "Buy:\n- milk", count=2),
    # Asterisks, plus signs and dots are bullets as well, indented or not; numbers are none.
    edge("bullets-exactly", True, "* milk\n  + tea\n\t• salt\n1. rice", count=3),
    # What needs white space after it has none; bold at the start of a line is no bullet.
    edge("bullets-exactly", False, "-milk\n**tea**\n*salt*", count=1),
    # Rules and empty bullets do not count.
    adversarial("bullets-exactly", True, "- milk\n- - -\n* * *\n- \n-- tea", count=1),
    met("sections-exactly", "Section 1\nMilk.\nSection 2\nTea.", splitter="Section", count=2),
    broken("sections-exactly", "Section 1\nMilk.", splitter="Section", count=2),
    # Markdown's signs for headings and bold may stand before it, and words after it.
    edge("sections-exactly", True, "## Section 1: milk\n**Section 2**", splitter="Section", count=2),
    # A number in letters, another case, and a number without a space are not what was asked for.
    edge("sections-exactly", False, "Section one\nsection 2\nSection3", splitter="Section", count=1),
    # In the middle of a line it is a mention, and begins nothing.
    adversarial("sections-exactly", False, "Section 1 comes before Section 2.", splitter="Section", count=2),
    met("highlights-at-least", "It is *very* nice and **warm**.", count=2),
    broken("highlights-at-least", "It is _very_ nice.", count=1),
    # A product is no highlight, for there is white space inside the asterisks.
    edge("highlights-at-least", False, "2 * 3 * 4 = 24", count=1),
    edge("highlights-at-least", True, "* item with *stress*", count=1),
    edge("highlights-at-least", False, "*from line\nto line*", count=1),
    # Asterisks around nothing, or around signs, do not count; a row of them is a rule.
    adversarial("highlights-at-least", False, "** ** **** *** *...* ******", count=1),
    met("placeholders-at-least", "Dear [name], of [address].", count=2),
    broken("placeholders-at-least", "Dear (name), of {address}.", count=1),
    # A link is none, and neither is an empty box.
    edge("placeholders-at-least", False, "[here](http://example.com) [ ]", count=1),
    edge("placeholders-at-least", True, "a[0]", count=1),
    # Brackets in brackets hold one, the inner one.
    adversarial("placeholders-at-least", False, "[[name]] [] [...] [a\nb]", count=2),
    met("postscript", "Come by.\n\nP.S. Bring milk.", marker="P.S."),
    broken("postscript", "Come by. Bring milk.", marker="P.S."),
    # It need not be a paragraph of its own, but it begins a line.
    edge("postscript", True, "Come by.\nP.S. Bring milk.", marker="P.S."),
    edge("postscript", False, "Come by. P.S. Bring milk.", marker="P.S."),
    # One kind is not the other.
    edge("postscript", False, "Come by.\n\nP.P.S. Bring milk.", marker="P.S."),
    # A marker without words, without a text before it, or in mid-text is no postscript.
    adversarial("postscript", False, "Come by.\n\nP.S. ...", marker="P.S."),
    adversarial("postscript", False, "P.S. Bring milk.", marker="P.S."),
    adversarial("postscript", False, "Come.\n\nP.S. Bring milk.\n\nAnd so on.", marker="P.S."),
)
