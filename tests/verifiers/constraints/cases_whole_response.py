from tests.verifiers.constraints.cases import fails, holds

ASKED = "Why do ships float?"
ANSWERS = ["My answer is yes.", "My answer is no."]

CASES = (
    holds("json-only", '{"answer": [1, 2]}'),
    fails("json-only", 'Here it is: {"answer": 1}'),
    # White space around it does not count; a text or a number alone is JSON, and no answer in JSON.
    holds("json-only", "\n[1]\n"),
    holds("json-only", '{"names": []}'),
    # Nothing in brackets is no answer.
    fails("json-only", "[]"),
    fails("json-only", "{}"),
    fails("json-only", '[[], {}, null, "", "..."]'),
    fails("json-only", '"yes"'),
    # A fence is text around it; a key twice and NaN are read apart by different readers.
    fails("json-only", '```json\n{"a": 1}\n```'),
    fails("json-only", '{"a": 1, "a": 2}'),
    fails("json-only", "[NaN]"),
    fails("json-only", "[" * 5000 + "]" * 5000),
    holds("quoted", '"It rains."'),
    fails("quoted", "It rains."),
    holds("quoted", '  "It "really" rains."\n'),
    holds("quoted", '"He said: "Go!" Then he left."'),
    holds("quoted", '""Go!" he said."'),
    holds("quoted", '"One.\n\n"Two."'),
    # Two quotations are not the whole in one.
    fails("quoted", '"a" and then "b"'),
    fails("quoted", '"a""b"'),
    # Curly quotes are not the ones that were asked for.
    fails("quoted", "“It rains.”"),
    # One sign is not two, and there must be something between them.
    fails("quoted", '"'),
    fails("quoted", '"""'),
    holds("two-responses", "It rains.\n******\nThe sun shines."),
    fails("two-responses", "It rains.\n\nThe sun shines."),
    holds("two-responses", "It rains.\n\n ****** \n\nThe sun shines.\n******"),
    fails("two-responses", "One.\n******\nTwo.\n******\nThree."),
    # The same words in another case and with other signs are no different response.
    fails("two-responses", "It rains.\n******\nit  RAINS!"),
    # Neither does what they are called make them different.
    fails("two-responses", "Response 1: yes\n******\nResponse 2: yes"),
    fails("two-responses", "**Answer 1**\nYes.\n******\n**Answer 2**\nyes"),
    fails("two-responses", "(a) Yes.\n******\n(b) Yes."),
    holds("two-responses", "Response 1: yes\n******\nResponse 2: no"),
    holds("two-responses", "2.\n******\n3."),
    holds("two-responses", "One man came.\n******\nTwo men came."),
    fails("two-responses", "It rains. ****** The sun shines."),
    holds("choice", "My answer is yes.", options=ANSWERS),
    fails("choice", "I would say yes.", options=ANSWERS),
    holds("choice", "\nMy answer is no. ", options=ANSWERS),
    fails("choice", "my answer is no", options=ANSWERS),
    # Both at once, or one and a word more, is no choice.
    fails("choice", "My answer is yes. My answer is no.", options=ANSWERS),
    fails("choice", "My answer is yes. But why?", options=ANSWERS),
    holds("repeat-prompt", f"{ASKED}\n\nThey displace water.", prompt=ASKED),
    fails("repeat-prompt", "They displace water.", prompt=ASKED),
    # Nothing after it is no answer.
    fails("repeat-prompt", f"{ASKED}\n", prompt=ASKED),
    fails("repeat-prompt", f'"{ASKED}" They displace water.', prompt=ASKED),
    # The condition itself is to be left out.
    fails(
        "repeat-prompt",
        f"{ASKED}\n\nFirst repeat the request above word for word and without change, "
        "leaving out these added conditions; then give your answer. They float.",
        prompt=ASKED,
    ),
    # Line breaks are the same whatever system wrote them; other white space is not.
    holds("repeat-prompt", "Why?\nHow?\nSo.", prompt="Why?\r\nHow?"),
    fails("repeat-prompt", "Why? How?\nSo.", prompt="Why?\r\nHow?"),
    # A change of one letter, or the request at the end, is no repetition.
    fails("repeat-prompt", "Why do Ships float? They displace water.", prompt=ASKED),
    fails("repeat-prompt", f"They displace water. {ASKED}", prompt=ASKED),
)
