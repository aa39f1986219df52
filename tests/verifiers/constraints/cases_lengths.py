from tests.verifiers.constraints.cases import fails, holds

CASES = (
    holds("words-at-least", "One two three four.", count=3),
    fails("words-at-least", "One two.", count=3),
    # An apostrophe or a hyphen inside a word does not part it: "don't" and "well-known" are one each.
    fails("words-at-least", "Don't be well-known.", count=4),
    holds("words-at-least", "Don't be well-known.", count=3),
    # Each Chinese character counts, since nothing parts them: four of them.
    holds("words-at-least", "机器学习", count=4),
    # Signs are no words, however many there are.
    fails("words-at-least", "- - - ... *** ___ \u200b !! word", count=2),
    holds("words-at-most", "One two three.", count=3),
    fails("words-at-most", "One two three four.", count=3),
    # A slash parts words: "and/or" is two; "3.14" and "1,000" are one each.
    fails("words-at-most", "and/or 3.14 1,000", count=3),
    holds("words-at-most", "and/or 3.14 1,000", count=4),
    # A vowel sign is a part of its word: three words in Hindi.
    holds("words-at-most", "मेरा नाम रवि", count=3),
    # Dots, dashes or em dashes in place of spaces hide no words.
    fails("words-at-most", "one.two…three—four", count=3),
    holds("words-between", "One two three.", least=2, most=4),
    fails("words-between", "One two three four five.", least=2, most=4),
    holds("words-between", "one two three four", least=4, most=4),
    holds("words-between", "one two", least=2, most=4),
    fails("words-between", "", least=2, most=4),
    holds("words-exactly", "Two words.", count=2),
    fails("words-exactly", "Now three words.", count=2),
    # The number is a word, and so is the letter of a list; the point is not.
    holds("words-exactly", "1. Wash", count=2),
    # A zero width space parts words as any sign does; a joiner inside a word does not.
    holds("words-exactly", "one\u200btwo", count=2),
    holds("words-exactly", "می\u200cخواهم", count=1),
    holds("sentences-at-least", "It rains. We stay.", count=2),
    fails("sentences-at-least", "It rains and we stay.", count=2),
    # Neither an abbreviation nor a decimal ends a sentence.
    fails("sentences-at-least", "Dr. Smith paid 3.50 for milk, e.g. yesterday.", count=2),
    # An abbreviation that may come last does so where no small letter follows.
    holds("sentences-at-least", "We sell tea, coffee, etc. Come by!", count=2),
    # A row of full stops is no row of sentences.
    fails("sentences-at-least", ". . . . . Only one here. . . .", count=3),
    holds("sentences-at-most", "It rains. We stay.", count=2),
    fails("sentences-at-most", "It rains. We stay. All is well.", count=2),
    # Without a full stop a blank line ends a sentence, and each list item is one.
    fails("sentences-at-most", "It rains\n\nWe stay\n- at home\n- in bed", count=3),
    # A line break alone does not: text may be wrapped.
    holds("sentences-at-most", "It rains all\nday long.", count=1),
    # A quoted exclamation and a name with a sign do not end it.
    holds("sentences-at-most", 'He said "Go!" and left.', count=1),
    fails("sentences-at-least", '"Why?" she asked. Yahoo! is big.', count=3),
    # The numbers of a list within a line are no sentences.
    fails("sentences-at-least", "1. Wash. 2. Boil. 3. Serve.", count=4),
    holds("sentences-at-least", "First.[1] Second.[2] `Third.` Fourth.\U0001f642 Fifth.", count=5),
    # "No." is an answer, and ends; so does "I." at the end of a question.
    fails("sentences-at-most", "The answer is no. She is as tall as I. Really?!", count=2),
    fails("sentences-at-most", "好。很好！是吗？", count=2),
    holds("sentence-words-at-most", "It rains. We stay at home.", count=4),
    fails("sentence-words-at-most", "It rains. We stay at home today.", count=4),
    holds("sentence-words-at-most", "One two three four", count=4),
    # The words of a wrapped line go on in the next.
    fails("sentence-words-at-most", "one two\nthree four five", count=4),
    # Points in the middle of words end nothing.
    fails("sentence-words-at-most", "one.two.three.four.five", count=4),
    holds("sentence-words-at-least", "It rains today. We stay at home.", count=3),
    fails("sentence-words-at-least", "It rains today. Good.", count=3),
    holds("sentence-words-at-least", "One two three", count=3),
    # A heading is a sentence, too, for a blank line ends it.
    fails("sentence-words-at-least", "Weather\n\nIt rains all day.", count=3),
    # No sentence, no long sentence.
    fails("sentence-words-at-least", "... !!! ???", count=2),
    holds("paragraphs-exactly", "First.\n\nSecond.", count=2),
    fails("paragraphs-exactly", "First.\nStill first.", count=2),
    # More blank lines, with blanks in them, part no more than one does; Windows writes them otherwise.
    holds("paragraphs-exactly", "\n\nFirst.\n \t\n\n\nSecond.\n\n", count=2),
    holds("paragraphs-exactly", "First.\r\n\r\nSecond.", count=2),
    # A rule between two paragraphs is none itself.
    fails("paragraphs-exactly", "First.\n\n---\n\n***", count=3),
    holds("paragraphs-starred", "First.\n***\nSecond.", count=2),
    fails("paragraphs-starred", "First.\n\nSecond.", count=2),
    # A separator at the very end, or the very start, parts nothing.
    holds("paragraphs-starred", "***\nFirst.\n\n***\n\nSecond.\n***", count=2),
    fails("paragraphs-starred", "First. *** Second.", count=2),
    # Nothing between two separators is no paragraph, and other numbers of asterisks are no separators.
    fails("paragraphs-starred", "First.\n***\n...\n***\nSecond.", count=3),
    fails("paragraphs-starred", "First.\n****\nSecond.\n* * *\nThird.", count=3),
    # Blank lines within a part make more paragraphs of it than were asked for.
    fails("paragraphs-starred", "First.\n\nSecond.\n***\nThird.\n\nFourth.", count=2),
    holds("paragraphs-starred", "First.\nStill.\n\n***\n\nSecond.", count=2),
    holds("lines-exactly", "one\ntwo", count=2),
    fails("lines-exactly", "one\ntwo\nthree", count=2),
    # Blank lines do not count, and the last line break begins no line.
    holds("lines-exactly", "\none\n\n \t\ntwo\n", count=2),
    holds("lines-exactly", "one\r\ntwo\rthree", count=3),
    # A line without a word is none.
    fails("lines-exactly", "one\n-\n.", count=3),
    fails("lines-exactly", "one\n\u200b\n\u200b", count=3),
    holds("lines-exactly", "one\n---\ntwo", count=2),
    # A form feed is white space and no line break.
    fails("lines-exactly", "one\ftwo\vthree\u2028four", count=4),
)
