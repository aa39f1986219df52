from tests.verifiers.constraints.cases import fails, holds

GERMAN = "Das Wetter ist heute sehr schön, und wir gehen mit den Kindern in den Garten."
FRENCH = "Le soleil se lève sur la vieille ville, et les marchands ouvrent leurs boutiques. "
ENGLISH = "The weather is very nice today, and we are going to the garden with the children."

CASES = (
    holds("letter-at-least", "Better letters.", letter="t", count=4),
    fails("letter-at-least", "A cat.", letter="t", count=2),
    # Capitals count with the small letter.
    holds("letter-at-least", "Tt", letter="t", count=2),
    # Another letter is another letter, whatever it looks like (Cyrillic) or is made from (an accent).
    fails("letter-at-least", "\u0430\u0430\u0430 \u00e1", letter="a", count=1),
    holds("letter-at-most", "A dog.", letter="t", count=0),
    fails("letter-at-most", "A cat, too.", letter="t", count=1),
    holds("letter-at-most", "A cat.", letter="t", count=1),
    # The eszett stands for two letters s.
    fails("letter-at-most", "Straße", letter="s", count=2),
    holds("capital-words-at-least", "NASA and ESA met.", count=2),
    fails("capital-words-at-least", "Nasa and Esa met.", count=1),
    # One letter is no word in capitals, and a number beside letters takes nothing away.
    fails("capital-words-at-least", "I had A PLAN.", count=2),
    holds("capital-words-at-least", "COVID-19", count=1),
    # Numbers, and scripts without capitals, have none.
    fails("capital-words-at-least", "123 456 中文 I-9", count=1),
    holds("capital-words-at-most", "NASA met them.", count=1),
    fails("capital-words-at-most", "NASA and ESA met.", count=1),
    holds("capital-words-at-most", "I, A, X.", count=0),
    # One word by the hyphen, though shouted twice; a word in small letters beside it is none.
    holds("capital-words-at-most", "VERY-LOUD noise", count=1),
    fails("capital-words-at-most", "**WOW**!!ÀÉ", count=1),
    holds("all-lowercase", "all is small."),
    fails("all-lowercase", "Not all is small."),
    holds("all-lowercase", "größe 12, 中文!"),
    # No letter with a case: neither small letters nor capitals.
    fails("all-lowercase", "123 中文"),
    # A capital hidden in an accent or in another script, and a title-case digraph.
    fails("all-lowercase", "caf\u00c9"),
    fails("all-lowercase", "\u01c5abc"),
    holds("all-uppercase", "ALL IS LOUD."),
    fails("all-uppercase", "ALL IS LOUD, nearly."),
    holds("all-uppercase", "GRÖSSE 12, 中文!"),
    fails("all-uppercase", "... 123"),
    fails("all-uppercase", "ALL IS L\u03bfUD."),
    holds("no-commas", "No such sign here; none."),
    fails("no-commas", "Well, one."),
    # A comma inside a number is one.
    fails("no-commas", "1,000"),
    holds("no-commas", "It's fine; a low quote is none: \u201a"),
    # Those of other scripts are commas, too.
    fails("no-commas", "你好，世界"),
    fails("no-commas", "مرحبا، كيف"),
    holds("no-digits", "Twelve apples."),
    fails("no-digits", "12 apples."),
    # A superscript and a Roman number sign are not decimal digits.
    holds("no-digits", "m² and Ⅳ"),
    fails("no-digits", "H2O"),
    fails("no-digits", "١٢ تفاحة"),
    fails("no-digits", "full width: \uff11"),
    holds("language", GERMAN, language="de"),
    # Another language after it is another language, however little of it there is beside the first.
    fails("language", FRENCH * 48 + ENGLISH * 500, language="fr"),
    fails(
        "language",
        FRENCH * 3 + "The sun rises over the old town. Merchants open shops.",
        language="fr",
    ),
    fails("language", f"{FRENCH * 40} {ENGLISH} {FRENCH * 40}", language="fr"),
    # Names, titles in quotes, addresses and code are in no other language.
    holds(
        "language",
        f'{FRENCH} Il a lu « The Lord of the Rings » et "Pride and Prejudice" hier.',
        language="fr",
    ),
    holds(
        "language",
        f"{FRENCH}\n\nWilliam Shakespeare, Jane Austen, Charles Dickens, George Orwell.",
        language="fr",
    ),
    holds("language", f"{FRENCH}\n```\n# say hello to all of the people\nprint(1)\n```", language="fr"),
    holds("language", f'"{FRENCH}"', language="fr"),
    fails("language", ENGLISH, language="de"),
    # Capitals change nothing.
    holds("language", GERMAN.upper(), language="de"),
    # Too few letters to tell: not satisfied, for nothing shows that it is.
    fails("language", "OK 123", language="en"),
    # A word of German at the start makes no German text, and neither does markup.
    fails("language", f"**Gut:** {ENGLISH} {ENGLISH}", language="de"),
)
