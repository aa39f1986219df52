from tests.verifiers.constraints.cases import adversarial, broken, edge, met

GERMAN = "Das Wetter ist heute sehr schön, und wir gehen mit den Kindern in den Garten."
FRENCH = "Le soleil se lève sur la vieille ville, et les marchands ouvrent leurs boutiques. "
ENGLISH = "The weather is very nice today, and we are going to the garden with the children."

CASES = (
    met("letter-at-least", "Better letters.", letter="t", count=4),
    broken("letter-at-least", "A cat.", letter="t", count=2),
    # Capitals count with the small letter.
    edge("letter-at-least", True, "Tt", letter="t", count=2),
    # Another letter is another letter, whatever it looks like (Cyrillic) or is made from (an accent).
    adversarial("letter-at-least", False, "\u0430\u0430\u0430 \u00e1", letter="a", count=1),
    met("letter-at-most", "A dog.", letter="t", count=0),
    broken("letter-at-most", "A cat, too.", letter="t", count=1),
    edge("letter-at-most", True, "A cat.", letter="t", count=1),
    # The eszett stands for two letters s.
    adversarial("letter-at-most", False, "Straße", letter="s", count=2),
    met("capital-words-at-least", "NASA and ESA met.", count=2),
    broken("capital-words-at-least", "Nasa and Esa met.", count=1),
    # One letter is no word in capitals, and a number beside letters takes nothing away.
    edge("capital-words-at-least", False, "I had A PLAN.", count=2),
    edge("capital-words-at-least", True, "COVID-19", count=1),
    # Numbers, and scripts without capitals, have none.
    adversarial("capital-words-at-least", False, "123 456 中文 I-9", count=1),
    met("capital-words-at-most", "NASA met them.", count=1),
    broken("capital-words-at-most", "NASA and ESA met.", count=1),
    edge("capital-words-at-most", True, "I, A, X.", count=0),
    # One word by the hyphen, though shouted twice; a word in small letters beside it is none.
    edge("capital-words-at-most", True, "VERY-LOUD noise", count=1),
    adversarial("capital-words-at-most", False, "**WOW**!!ÀÉ", count=1),
    met("all-lowercase", "all is small."),
    broken("all-lowercase", "Not all is small."),
    edge("all-lowercase", True, "größe 12, 中文!"),
    # No letter with a case: neither small letters nor capitals.
    edge("all-lowercase", False, "123 中文"),
    # A capital hidden in an accent or in another script, and a title-case digraph.
    adversarial("all-lowercase", False, "caf\u00c9"),
    adversarial("all-lowercase", False, "\u01c5abc"),
    met("all-uppercase", "ALL IS LOUD."),
    broken("all-uppercase", "ALL IS LOUD, nearly."),
    edge("all-uppercase", True, "GRÖSSE 12, 中文!"),
    edge("all-uppercase", False, "... 123"),
    adversarial("all-uppercase", False, "ALL IS L\u03bfUD."),
    met("no-commas", "No such sign here; none."),
    broken("no-commas", "Well, one."),
    # A comma inside a number is one.
    edge("no-commas", False, "1,000"),
    edge("no-commas", True, "It's fine; a low quote is none: \u201a"),
    # Those of other scripts are commas, too.
    adversarial("no-commas", False, "你好，世界"),
    adversarial("no-commas", False, "مرحبا، كيف"),
    met("no-digits", "Twelve apples."),
    broken("no-digits", "12 apples."),
    # A superscript and a Roman number sign are not decimal digits.
    edge("no-digits", True, "m² and Ⅳ"),
    edge("no-digits", False, "H2O"),
    adversarial("no-digits", False, "١٢ تفاحة"),
    adversarial("no-digits", False, "full width: \uff11"),
    met("language", GERMAN, language="de"),
    # Another language after it is another language, however little of it there is beside the first.
    adversarial("language", False, FRENCH * 48 + ENGLISH * 500, language="fr"),
    adversarial(
        "language",
        False,
        FRENCH * 3 + "The sun rises over the old town. Merchants open shops.",
        language="fr",
    ),
    adversarial("language", False, f"{FRENCH * 40} {ENGLISH} {FRENCH * 40}", language="fr"),
    # Names, titles in quotes, addresses and code are in no other language.
    edge(
        "language",
        True,
        f'{FRENCH} Il a lu « The Lord of the Rings » et "Pride and Prejudice" hier.',
        language="fr",
    ),
    edge(
        "language",
        True,
        f"{FRENCH}\n\nWilliam Shakespeare, Jane Austen, Charles Dickens, George Orwell.",
        language="fr",
    ),
    edge("language", True, f"{FRENCH}\n```\n# say hello to all of the people\nprint(1)\n```", language="fr"),
    edge("language", True, f'"{FRENCH}"', language="fr"),
    broken("language", ENGLISH, language="de"),
    # Capitals change nothing.
    edge("language", True, GERMAN.upper(), language="de"),
    # Too few letters to tell: not satisfied, for nothing shows that it is.
    edge("language", False, "OK 123", language="en"),
    # A word of German at the start makes no German text, and neither does markup.
    adversarial("language", False, f"**Gut:** {ENGLISH} {ENGLISH}", language="de"),
)
