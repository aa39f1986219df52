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
    # Indented or not; numbers are no bullets.
    edge("bullets-exactly", True, "- milk\n  - tea\n\t- salt\n1. rice", count=3),
    # Asterisks, plus signs and dots are bullets as well, and not what was asked for.
    edge("bullets-exactly", False, "* milk\n* tea", count=2),
    edge("bullets-exactly", False, "- milk\n+ tea", count=2),
    edge("bullets-exactly", False, "- milk\n• tea", count=1),
    # What needs white space after it has none; bold at the start of a line is no bullet.
    edge("bullets-exactly", False, "-milk\n**tea**\n*salt*", count=1),
    # Rules and empty bullets do not count.
    adversarial("bullets-exactly", True, "- milk\n- - -\n* * *\n- \n-- tea", count=1),
    met("sections-exactly", "Section 1\nMilk.\nSection 2\nTea.", splitter="Section", count=2),
    broken("sections-exactly", "Section 1\nMilk.", splitter="Section", count=2),
    # Markdown's signs for headings and bold may stand before it, and words after it.
    edge("sections-exactly", True, "## Section 1: milk\n**Section 2**\nTea", splitter="Section", count=2),
    edge("sections-exactly", True, "**Day 1:** rain\nDay 2 - sun\n_Day 3._\nSnow", splitter="Day", count=3),
    # A section without a word is none, nor are numbers that do not go on from one another.
    edge("sections-exactly", False, "Section 1: milk\n**Section 2**\n---", splitter="Section", count=2),
    adversarial("sections-exactly", False, "Section 9\nSection 9\nSection 9", splitter="Section", count=3),
    adversarial("sections-exactly", False, "Part 9\na\nPart 9\nb", splitter="Part", count=2),
    adversarial("sections-exactly", False, "Part 2\na\nPart 1\nb", splitter="Part", count=2),
    # A line of prose that begins like it is a mention, and so is a decimal.
    adversarial("sections-exactly", False, "Part 1, as said\nPart 2 has it", splitter="Part", count=2),
    edge("sections-exactly", True, "Part 1\nSee\nPart 2.5 and\nPart 2 again", splitter="Part", count=1),
    # A number in letters, another case, and a number without a space are not what was asked for.
    edge("sections-exactly", False, "Section one\nsection 2\nSection3", splitter="Section", count=1),
    # In the middle of a line it is a mention, and begins nothing.
    adversarial("sections-exactly", False, "Section 1 comes before Section 2.", splitter="Section", count=2),
    met("highlights-at-least", "It is *very* nice and **warm**.", count=2),
    broken("highlights-at-least", "It is _very_ nice.", count=1),
    # A product is no highlight, for there is white space inside the asterisks.
    edge("highlights-at-least", False, "2 * 3 * 4 = 24", count=1),
    adversarial("highlights-at-least", False, "2*3*4 = 24 and a*b*c", count=1),
    edge("highlights-at-least", True, "这是*重点*内容", count=1),
    edge("highlights-at-least", True, "(*so*), _*so*_, ***so***.", count=3),
    edge("highlights-at-least", True, "* item with *stress*", count=1),
    edge("highlights-at-least", False, "*from line\nto line*", count=1),
    # Asterisks around nothing, or around signs, do not count; a row of them is a rule.
    adversarial("highlights-at-least", False, "** ** **** *** *...* ******", count=1),
    met("placeholders-at-least", "Dear [name], of [address].", count=2),
    broken("placeholders-at-least", "Dear (name), of {address}.", count=1),
    # A link is none, and neither is an empty box.
    edge("placeholders-at-least", False, "[here](http://example.com) [ ]", count=1),
    # An index, a reference and a box that is ticked are none.
    edge("placeholders-at-least", False, "a[0] + b[i] = f(x)[name]", count=1),
    adversarial("placeholders-at-least", False, "- [x] milk\n- [X] tea\nAs said [1], [2, 3].", count=1),
    edge("placeholders-at-least", True, "亲爱的[姓名]: [first name][N]", count=3),
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
