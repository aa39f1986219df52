from tests.verifiers.constraints.cases import adversarial, broken, edge, met

ASKED = "Why do ships float?"
ANSWERS = ["My answer is yes.", "My answer is no."]

CASES = (
    met("json-only", '{"answer": [1, 2]}'),
    broken("json-only", 'Here it is: {"answer": 1}'),
    # White space around it does not count; a text or a number alone is JSON, and no answer in JSON.
    edge("json-only", True, "\n[1]\n"),
    edge("json-only", True, '{"names": []}'),
    # Nothing in brackets is no answer.
    adversarial("json-only", False, "[]"),
    adversarial("json-only", False, "{}"),
    adversarial("json-only", False, '[[], {}, null, "", "..."]'),
    edge("json-only", False, '"yes"'),
    # A fence is text around it; a key twice and NaN are read apart by different readers.
    adversarial("json-only", False, '```json\n{"a": 1}\n```'),
    adversarial("json-only", False, '{"a": 1, "a": 2}'),
    adversarial("json-only", False, "[NaN]"),
    adversarial("json-only", False, "[" * 5000 + "]" * 5000),
    met("quoted", '"It rains."'),
    broken("quoted", "It rains."),
    edge("quoted", True, '  "It "really" rains."\n'),
    edge("quoted", True, '"He said: "Go!" Then he left."'),
    edge("quoted", True, '""Go!" he said."'),
    edge("quoted", True, '"One.\n\n"Two."'),
    # Two quotations are not the whole in one.
    adversarial("quoted", False, '"a" and then "b"'),
    adversarial("quoted", False, '"a""b"'),
    # Curly quotes are not the ones that were asked for.
    edge("quoted", False, "“It rains.”"),
    # One sign is not two, and there must be something between them.
    adversarial("quoted", False, '"'),
    adversarial("quoted", False, '"""'),
    met("two-responses", "It rains.\n******\nThe sun shines."),
    broken("two-responses", "It rains.\n\nThe sun shines."),
    edge("two-responses", True, "It rains.\n\n ****** \n\nThe sun shines.\n******"),
    edge("two-responses", False, "One.\n******\nTwo.\n******\nThree."),
    # The same words in another case and with other signs are no different response.
    adversarial("two-responses", False, "It rains.\n******\nit  RAINS!"),
    # Neither does what they are called make them different.
    adversarial("two-responses", False, "Response 1: yes\n******\nResponse 2: yes"),
    adversarial("two-responses", False, "**Answer 1**\nYes.\n******\n**Answer 2**\nyes"),
    adversarial("two-responses", False, "(a) Yes.\n******\n(b) Yes."),
    edge("two-responses", True, "Response 1: yes\n******\nResponse 2: no"),
    edge("two-responses", True, "2.\n******\n3."),
    edge("two-responses", True, "One man came.\n******\nTwo men came."),
    adversarial("two-responses", False, "It rains. ****** The sun shines."),
    met("choice", "My answer is yes.", options=ANSWERS),
    broken("choice", "I would say yes.", options=ANSWERS),
    edge("choice", True, "\nMy answer is no. ", options=ANSWERS),
    edge("choice", False, "my answer is no", options=ANSWERS),
    # Both at once, or one and a word more, is no choice.
    adversarial("choice", False, "My answer is yes. My answer is no.", options=ANSWERS),
    adversarial("choice", False, "My answer is yes. But why?", options=ANSWERS),
    met("repeat-prompt", f"{ASKED}\n\nThey displace water.", prompt=ASKED),
    broken("repeat-prompt", "They displace water.", prompt=ASKED),
    # Nothing after it is no answer.
    edge("repeat-prompt", False, f"{ASKED}\n", prompt=ASKED),
    edge("repeat-prompt", False, f'"{ASKED}" They displace water.', prompt=ASKED),
    # The condition itself is to be left out.
    edge(
        "repeat-prompt",
        False,
        f"{ASKED}\n\nFirst repeat the request above word for word and without change, "
        "leaving out these added conditions; then give your answer. They float.",
        prompt=ASKED,
    ),
    # Line breaks are the same whatever system wrote them; other white space is not.
    edge("repeat-prompt", True, "Why?\nHow?\nSo.", prompt="Why?\r\nHow?"),
    edge("repeat-prompt", False, "Why? How?\nSo.", prompt="Why?\r\nHow?"),
    # A change of one letter, or the request at the end, is no repetition.
    adversarial("repeat-prompt", False, "Why do Ships float? They displace water.", prompt=ASKED),
    adversarial("repeat-prompt", False, f"They displace water. {ASKED}", prompt=ASKED),
)
