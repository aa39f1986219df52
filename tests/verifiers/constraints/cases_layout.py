from tests.verifiers.constraints.cases import fails, holds

CASES = (
    holds("title", "<<A day at sea>>\n\nIt rained."),
    fails("title", "# A day at sea\n\nIt rained."),
    # It may stand anywhere, within one line.
    holds("title", "It rained. **<<A day>>**"),
    fails("title", "<<A day\nat sea>>"),
    # Nothing is no title, and neither is a shift to the left.
    fails("title", "<<>> << >> <<...>> 1 << 2"),
    holds("title", "<<<<day>>>>"),
    holds("bullets-exactly", "Buy:\n- milk\n- tea", count=2),
    fails("bullets-exactly", "Buy:\n- milk", count=2),
    # Indented or not; numbers are no bullets.
    holds("bullets-exactly", "- milk\n  - tea\n\t- salt\n1. rice", count=3),
    # Asterisks, plus signs and dots are bullets as well, and not what was asked for.
    fails("bullets-exactly", "* milk\n* tea", count=2),
    fails("bullets-exactly", "- milk\n+ tea", count=2),
    fails("bullets-exactly", "- milk\n• tea", count=1),
    # What needs white space after it has none; bold at the start of a line is no bullet.
    fails("bullets-exactly", "-milk\n**tea**\n*salt*", count=1),
    # Rules and empty bullets do not count.
    holds("bullets-exactly", "- milk\n- - -\n* * *\n- \n-- tea", count=1),
    holds("sections-exactly", "Section 1\nMilk.\nSection 2\nTea.", splitter="Section", count=2),
    fails("sections-exactly", "Section 1\nMilk.", splitter="Section", count=2),
    # Markdown's signs for headings and bold may stand before it, and words after it.
    holds("sections-exactly", "## Section 1: milk\n**Section 2**\nTea", splitter="Section", count=2),
    holds("sections-exactly", "**Day 1:** rain\nDay 2 - sun\n_Day 3._\nSnow", splitter="Day", count=3),
    # A section without a word is none, nor are numbers that do not go on from one another.
    fails("sections-exactly", "Section 1: milk\n**Section 2**\n---", splitter="Section", count=2),
    fails("sections-exactly", "Section 9\nSection 9\nSection 9", splitter="Section", count=3),
    fails("sections-exactly", "Part 9\na\nPart 9\nb", splitter="Part", count=2),
    fails("sections-exactly", "Part 2\na\nPart 1\nb", splitter="Part", count=2),
    # A line of prose that begins like it is a mention, and so is a decimal.
    fails("sections-exactly", "Part 1, as said\nPart 2 has it", splitter="Part", count=2),
    holds("sections-exactly", "Part 1\nSee\nPart 2.5 and\nPart 2 again", splitter="Part", count=1),
    # A number in letters, another case, and a number without a space are not what was asked for.
    fails("sections-exactly", "Section one\nsection 2\nSection3", splitter="Section", count=1),
    # In the middle of a line it is a mention, and begins nothing.
    fails("sections-exactly", "Section 1 comes before Section 2.", splitter="Section", count=2),
    holds("highlights-at-least", "It is *very* nice and **warm**.", count=2),
    fails("highlights-at-least", "It is _very_ nice.", count=1),
    # A product is no highlight, for there is white space inside the asterisks.
    fails("highlights-at-least", "2 * 3 * 4 = 24", count=1),
    fails("highlights-at-least", "2*3*4 = 24 and a*b*c", count=1),
    holds("highlights-at-least", "这是*重点*内容", count=1),
    holds("highlights-at-least", "(*so*), _*so*_, ***so***.", count=3),
    holds("highlights-at-least", "* item with *stress*", count=1),
    fails("highlights-at-least", "*from line\nto line*", count=1),
    # Asterisks around nothing, or around signs, do not count; a row of them is a rule.
    fails("highlights-at-least", "** ** **** *** *...* ******", count=1),
    holds("placeholders-at-least", "Dear [name], of [address].", count=2),
    fails("placeholders-at-least", "Dear (name), of {address}.", count=1),
    # A link is none, and neither is an empty box.
    fails("placeholders-at-least", "[here](http://example.com) [ ]", count=1),
    # An index, a reference and a box that is ticked are none.
    fails("placeholders-at-least", "a[0] + b[i] = f(x)[name]", count=1),
    fails("placeholders-at-least", "- [x] milk\n- [X] tea\nAs said [1], [2, 3].", count=1),
    holds("placeholders-at-least", "亲爱的[姓名]: [first name][N]", count=3),
    # Brackets in brackets hold one, the inner one.
    fails("placeholders-at-least", "[[name]] [] [...] [a\nb]", count=2),
    holds("postscript", "Come by.\n\nP.S. Bring milk.", marker="P.S."),
    fails("postscript", "Come by. Bring milk.", marker="P.S."),
    # It need not be a paragraph of its own, but it begins a line.
    holds("postscript", "Come by.\nP.S. Bring milk.", marker="P.S."),
    fails("postscript", "Come by. P.S. Bring milk.", marker="P.S."),
    # One kind is not the other.
    fails("postscript", "Come by.\n\nP.P.S. Bring milk.", marker="P.S."),
    # A marker without words, without a text before it, or in mid-text is no postscript.
    fails("postscript", "Come by.\n\nP.S. ...", marker="P.S."),
    fails("postscript", "P.S. Bring milk.", marker="P.S."),
    fails("postscript", "Come.\n\nP.S. Bring milk.\n\nAnd so on.", marker="P.S."),
)
