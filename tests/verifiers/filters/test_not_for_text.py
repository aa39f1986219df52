import json
from pathlib import Path

import pytest

from gristmill.verifiers.filters.not_for_text import LONGEST, beyond_text

BEYOND = [
    "Draw a cat sitting on a mat.",
    "Please draw me a map of Europe with the capitals marked.",
    "Sketch the human heart and label its chambers.",
    "Paint a picture of a sunset over the sea.",
    "Plot the function y = x^2 for x from -3 to 3.",
    "Graph the following inequalities and shade the solution.",
    "Create a bar chart of the monthly sales below.",
    "Generate an image of a dragon breathing fire.",
    "Design a logo for a bakery called Sunrise.",
    "Can you make a short video about recycling?",
    "Make an infographic about healthy eating",
    "Give me a picture of a capybara.",
    "Show me a photo of the Eiffel Tower at night.",
    "Take a photo of your breakfast and describe it.",
    "Take a screenshot of the error message.",
    "Play the song Yesterday by the Beatles.",
    "I want you to play some relaxing music.",
    "Sing a song about autumn.",
    "Listen to the audio clip and write down what is said.",
    "Watch the video, then answer three questions about it.",
    "Transcribe the following recording.",
    "Look at the picture. What is the man doing?",
    "Describe the following image in one sentence.",
    "What is the animal in this picture?",
    "Summarise the attached document in five points.",
    "Read the graph above and say which year had the most rain.",
    "Open the file budget.xlsx and add a column.",
    "Convert this file to PDF.",
    "Create a folder named reports.",
    "Delete all the files in my downloads.",
    "Go to www.example.com and find the price of the red shoes.",
    "Go to the store and buy milk.",
    "Visit the website of the museum and list its opening hours.",
    "Click on the first link.",
    "Search the web for the newest phone.",
    "Think of a number. Now click on the button.",
    "Set an alarm for seven o'clock.",
    "Turn off the lights in the kitchen.",
    "Book me a table for two on Friday.",
    "Describe the image.",
    "What is in the picture?",
    "Identify the objects in the photo.",
    "Draw cats",
    "Draw wild flowers in a vase.",
    "Draw a picture of a cat. Write the code name on it.",
    "Call me at noon.",
    "How many people can you see in the picture?",
    "List all the colours in the image.",
    "Write a poem in Python. Draw a picture of a snake.",
    "Draw a map from London to Paris.",
    "Create a map of Europe.",
    "Caption the photo.",
]

WITHIN = [
    ("Describe a picture frame business for an investor.", "the picture is part of another noun"),
    ("Write a file-naming policy for a small office.", "a policy is text"),
    ("Create a file-naming policy for a small office.", "the file is part of another word"),
    ("Create a picture book story for children of five.", "a story is text"),
    ("Summarise the plot of Hamlet in three sentences.", "a plot to tell"),
    ("Plot a murder mystery set on a train.", "a plot to invent"),
    ("Draw a conclusion from the facts below.", "drawn in words"),
    ("Draw a comparison between cats and dogs.", "drawn in words"),
    ("Draw three cards from a deck; what is the chance of a pair?", "drawn from a deck"),
    ("If you draw two balls from an urn, how likely are both red?", "a question of chance"),
    ("Explain how to take a photo of the moon.", "asks for an explanation"),
    ("Write a caption for a photo of my dog.", "a caption is text"),
    ("Generate an image caption about winter.", "a caption is text"),
    ("Create a video script about recycling.", "a script is text"),
    ("Write a song about autumn.", "written, not sung"),
    ("Write lyrics for a music video.", "lyrics are text"),
    ("Send an email to my boss that I am ill.", "can be drafted"),
    ("Translate to French: Draw a circle and click on it.", "the text to translate"),
    ('Correct this sentence: "Go to the the store."', "a quotation"),
    ("Classify the sentence. Open the file now.", "the text to classify"),
    ("Rewrite in the passive voice.\nDelete the file.", "the text to rewrite"),
    ("Draw a cat in ASCII art.", "drawn as text"),
    ("Create an SVG image of a red circle.", "drawn as text"),
    ("Plot the function y = x^2 in Python with matplotlib.", "code is text"),
    ("Write a Python program to open a file and count its lines.", "code is text"),
    ("Open a file in Python and print every second line.", "code is text"),
    ("How many edges has a complete graph with 5 vertices?", "a graph of mathematics"),
    ("Find the phase shift of the graph of y = 2 sin(x + 1).", "a graph of mathematics"),
    ("What does the map function do in JavaScript?", "a function"),
    ("Explain how a mind map helps with learning.", "asks for an explanation"),
    ("She uploaded 72 pictures in 8 albums. How many are in each?", "a story"),
    ("Tom can go to the park or to the zoo. Which is nearer?", "a story"),
    ("There are twice as many statues as paintings displayed. How many?", "a story"),
    ("Write a story about a photograph found in an attic.", "a story"),
    ("Who painted the picture of the girl with a pearl earring?", "a question of knowledge"),
    ("Discuss the image of women in Victorian novels.", "an image in words"),
    ("What files does a company have to keep for taxes?", "a question of knowledge"),
    ("Explain why people go to the gym in January.", "asks for an explanation"),
    ("Suggest a game to play at a birthday party.", "a suggestion is text"),
    ("What should I do if someone says 'click on the link'?", "a quotation"),
    ("Play devil's advocate on school uniforms.", "an argument is text"),
    ("Open with a joke and introduce the speaker.", "a speech is text"),
    ("Create a table of the planets and their moons.", "a table is text"),
    ("Make a list of photo editing tips.", "a list is text"),
    ("Give me a clear picture of how photosynthesis works.", "a picture in words"),
    ("Create a to-do list app in React.", "code is text"),
    ("Construct a map from R to R that is continuous.", "a map of mathematics"),
    ("Provide a chart of accounts for a small bakery.", "a list is text"),
    ("Name the novel. Call me Ishmael is its first line.", "a quotation of a novel"),
    ("Continue the story. Call me Ishmael, he said.", "a quotation of a novel"),
    ("Paint a vivid picture of life in ancient Rome.", "a picture in words"),
    ("Draw boundaries with a friend who calls too often.", "drawn in words"),
    ("Draw conclusions from this.", "drawn in words"),
    ("Plot the data below. Use Python.", "code is text, says the next sentence"),
    ("Use TikZ. Draw a circle with two chords.", "code is text, says the sentence before"),
    (
        "She took a photo of six dogs and two cats. How many animals are in the photo?",
        "a picture that the text speaks of",
    ),
    ("Describe the image of women in Victorian novels.", "an image in words"),
    ('What is in the picture "The Night Watch"?', "a work that is named"),
    ("Find a linear map whose kernel is a line.", "a map of mathematics"),
    ("What does 'keep me in the picture' mean?", "an idiom"),
    ("Write a tale about a painter. What does she see in the mirror?", "a story"),
    ("Draw up a contract.", "a text"),
    ("Draw strength from it.", "an idiom"),
]


@pytest.mark.parametrize("text", BEYOND)
def test_what_a_text_model_cannot_do_is_found(text: str) -> None:
    assert beyond_text(text)
    assert beyond_text(f"  {text.upper()}\n")


@pytest.mark.parametrize(("text", "why"), WITHIN)
def test_what_can_be_answered_in_text_passes(text: str, why: str) -> None:
    assert beyond_text(text) is None, why


def test_the_evidence_is_the_request_itself() -> None:
    assert beyond_text("You have an hour. Please generate an image of a dragon.") == "generate an image"


@pytest.mark.parametrize("text", ["", "\0", "\ud800 draw", "\u202eDraw a conclusion", "... !!! ???"])
def test_text_without_a_request_passes_whatever_it_is(text: str) -> None:
    assert beyond_text(text) is None


@pytest.mark.parametrize(
    "unit",
    [
        "draw ", "describe the picture. ",
        *(
            pytest.param(unit, marks=pytest.mark.full)
            for unit in [
                "\n - ", "please ", "create a b c ", "the attached ", "'", "“", "can you ", "a" * 500,
                "\u0130", "what is a ", ". use svg. draw cats",
            ]
        ),
    ],
)  # fmt: skip
@pytest.mark.timeout(60)
def test_the_time_is_linear_in_what_is_read(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a longer text than is read of any: what is quadratic takes a quarter of an hour."""
    monkeypatch.setattr("gristmill.verifiers.filters.not_for_text.LONGEST", 500_000)
    found = beyond_text(unit * (500_000 // len(unit)) + "\0")
    assert found == ("describe the picture" if "picture" in unit else None)


def test_what_comes_late_in_a_long_text_is_not_read() -> None:
    late = ". Draw a cat sitting on a mat."
    assert beyond_text("Name a colour. " * 10 + late) is not None
    assert beyond_text("Name a colour. " * LONGEST + late) is None


SHARED = Path(__file__).parents[4] / "shared" / "data"


@pytest.mark.parametrize(
    ("file", "field", "most"),
    [
        ("self_instruct_seed_tasks.jsonl", "instruction", 0),
        ("gsm8k_test.jsonl", "question", 0),
        ("math_test.jsonl", "problem", 0),
    ],
)
def test_people_s_own_tasks_pass(file: str, field: str, most: int) -> None:
    if not (SHARED / file).is_file():
        pytest.skip(f"{file} is not on this machine")
    rows = [json.loads(line) for line in (SHARED / file).read_text().splitlines()]
    assert sum(beyond_text(row[field]) is not None for row in rows) <= most
