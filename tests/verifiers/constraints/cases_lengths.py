from tests.verifiers.constraints.cases import adversarial, broken, edge, met

CASES = (
    met("words-at-least", "One two three four.", count=3),
    broken("words-at-least", "One two.", count=3),
    # An apostrophe or a hyphen inside a word does not part it: "don't" and "well-known" are one each.
    edge("words-at-least", False, "Don't be well-known.", count=4),
    edge("words-at-least", True, "Don't be well-known.", count=3),
    # Each Chinese character counts, since nothing parts them: four of them.
    edge("words-at-least", True, "机器学习", count=4),
    # Signs are no words, however many there are.
    adversarial("words-at-least", False, "- - - ... *** ___ \u200b !! word", count=2),
    met("words-at-most", "One two three.", count=3),
    broken("words-at-most", "One two three four.", count=3),
    # A slash parts words: "and/or" is two; "3.14" and "1,000" are one each.
    edge("words-at-most", False, "and/or 3.14 1,000", count=3),
    edge("words-at-most", True, "and/or 3.14 1,000", count=4),
    # A vowel sign is a part of its word: three words in Hindi.
    edge("words-at-most", True, "मेरा नाम रवि", count=3),
    # Dots, dashes or em dashes in place of spaces hide no words.
    adversarial("words-at-most", False, "one.two…three—four", count=3),
    met("words-between", "One two three.", least=2, most=4),
    broken("words-between", "One two three four five.", least=2, most=4),
    edge("words-between", True, "one two three four", least=4, most=4),
    edge("words-between", True, "one two", least=2, most=4),
    adversarial("words-between", False, "", least=2, most=4),
    met("words-exactly", "Two words.", count=2),
    broken("words-exactly", "Now three words.", count=2),
    # The number is a word, and so is the letter of a list; the point is not.
    edge("words-exactly", True, "1. Wash", count=2),
    # A zero width space parts words as any sign does; a joiner inside a word does not.
    adversarial("words-exactly", True, "one\u200btwo", count=2),
    adversarial("words-exactly", True, "می\u200cخواهم", count=1),
    met("sentences-at-least", "It rains. We stay.", count=2),
    broken("sentences-at-least", "It rains and we stay.", count=2),
    # Neither an abbreviation nor a decimal ends a sentence.
    edge("sentences-at-least", False, "Dr. Smith paid 3.50 for milk, e.g. yesterday.", count=2),
    # An abbreviation that may come last does so where no small letter follows.
    edge("sentences-at-least", True, "We sell tea, coffee, etc. Come by!", count=2),
    # A row of full stops is no row of sentences.
    adversarial("sentences-at-least", False, ". . . . . Only one here. . . .", count=3),
    met("sentences-at-most", "It rains. We stay.", count=2),
    broken("sentences-at-most", "It rains. We stay. All is well.", count=2),
    # Without a full stop a blank line ends a sentence, and each list item is one.
    edge("sentences-at-most", False, "It rains\n\nWe stay\n- at home\n- in bed", count=3),
    # A line break alone does not: text may be wrapped.
    edge("sentences-at-most", True, "It rains all\nday long.", count=1),
    # A quoted exclamation and a name with a sign do not end it.
    edge("sentences-at-most", True, 'He said "Go!" and left.', count=1),
    edge("sentences-at-least", False, '"Why?" she asked. Yahoo! is big.', count=3),
    # The numbers of a list within a line are no sentences.
    edge("sentences-at-least", False, "1. Wash. 2. Boil. 3. Serve.", count=4),
    edge("sentences-at-least", True, "First.[1] Second.[2] `Third.` Fourth.\U0001f642 Fifth.", count=5),
    # "No." is an answer, and ends; so does "I." at the end of a question.
    adversarial("sentences-at-most", False, "The answer is no. She is as tall as I. Really?!", count=2),
    adversarial("sentences-at-most", False, "好。很好！是吗？", count=2),
    met("sentence-words-at-most", "It rains. We stay at home.", count=4),
    broken("sentence-words-at-most", "It rains. We stay at home today.", count=4),
    edge("sentence-words-at-most", True, "One two three four", count=4),
    # The words of a wrapped line go on in the next.
    edge("sentence-words-at-most", False, "one two\nthree four five", count=4),
    # Points in the middle of words end nothing.
    adversarial("sentence-words-at-most", False, "one.two.three.four.five", count=4),
    met("sentence-words-at-least", "It rains today. We stay at home.", count=3),
    broken("sentence-words-at-least", "It rains today. Good.", count=3),
    edge("sentence-words-at-least", True, "One two three", count=3),
    # A heading is a sentence, too, for a blank line ends it.
    edge("sentence-words-at-least", False, "Weather\n\nIt rains all day.", count=3),
    # No sentence, no long sentence.
    adversarial("sentence-words-at-least", False, "... !!! ???", count=2),
    met("paragraphs-exactly", "First.\n\nSecond.", count=2),
    broken("paragraphs-exactly", "First.\nStill first.", count=2),
    # More blank lines, with blanks in them, part no more than one does; Windows writes them otherwise.
    edge("paragraphs-exactly", True, "\n\nFirst.\n \t\n\n\nSecond.\n\n", count=2),
    edge("paragraphs-exactly", True, "First.\r\n\r\nSecond.", count=2),
    # A rule between two paragraphs is none itself.
    adversarial("paragraphs-exactly", False, "First.\n\n---\n\n***", count=3),
    met("paragraphs-starred", "First.\n***\nSecond.", count=2),
    broken("paragraphs-starred", "First.\n\nSecond.", count=2),
    # A separator at the very end, or the very start, parts nothing.
    edge("paragraphs-starred", True, "***\nFirst.\n\n***\n\nSecond.\n***", count=2),
    edge("paragraphs-starred", False, "First. *** Second.", count=2),
    # Nothing between two separators is no paragraph, and other numbers of asterisks are no separators.
    adversarial("paragraphs-starred", False, "First.\n***\n...\n***\nSecond.", count=3),
    adversarial("paragraphs-starred", False, "First.\n****\nSecond.\n* * *\nThird.", count=3),
    # Blank lines within a part make more paragraphs of it than were asked for.
    edge("paragraphs-starred", False, "First.\n\nSecond.\n***\nThird.\n\nFourth.", count=2),
    edge("paragraphs-starred", True, "First.\nStill.\n\n***\n\nSecond.", count=2),
    met("lines-exactly", "one\ntwo", count=2),
    broken("lines-exactly", "one\ntwo\nthree", count=2),
    # Blank lines do not count, and the last line break begins no line.
    edge("lines-exactly", True, "\none\n\n \t\ntwo\n", count=2),
    edge("lines-exactly", True, "one\r\ntwo\rthree", count=3),
    # A line without a word is none.
    adversarial("lines-exactly", False, "one\n-\n.", count=3),
    adversarial("lines-exactly", False, "one\n\u200b\n\u200b", count=3),
    adversarial("lines-exactly", True, "one\n---\ntwo", count=2),
    # A form feed is white space and no line break.
    adversarial("lines-exactly", False, "one\ftwo\vthree\u2028four", count=4),
)
