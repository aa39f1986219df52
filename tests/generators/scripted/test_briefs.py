"""What the scripted generator answers to briefs: in the maker's own form, by the draw's seed."""

from collections.abc import Iterator

import pytest

from gristmill.generators.makers import MAKERS, MakerName
from gristmill.generators.makers.grounded import with_passage
from gristmill.generators.scripted.briefs import MAKER, scripted_proposals
from gristmill.generators.scripted.generator import ScriptedGenerator
from gristmill.generators.scripted.script import Script
from gristmill.sampling.records import Draw, Message, Problem, draw_seed
from gristmill.verifiers.filters.candidate_checks import content_lost, ungrounded
from gristmill.verifiers.filters.instructions import InstructionFilters
from gristmill.verifiers.filters.settings import FilterSettings
from gristmill.verifiers.grounding.verify import read_source

SEED = "Name 3 rivers of Norway for Anna."
PASSAGE = (
    "Windmills grind grain by the power of the wind. The miller turns the cap until the sails face it.\n"
    "A good miller listens to the stones. Hot flour spoils."
)
ASKED = [name for name in MakerName if not MAKERS[name].by_rule]
ALWAYS = Script(pass_rate=1.0)


def brief(maker: str, reference: str = SEED) -> Problem:
    return Problem("b", "A brief.", reference, origin={MAKER: maker})


def draws(count: int) -> Iterator[Draw]:
    for number in range(count):
        yield Draw("b", number, draw_seed(7, "b", number))


def reference_of(maker: MakerName) -> str:
    return PASSAGE if maker in (MakerName.EXTRACT, MakerName.GROUNDED_QA) else SEED


@pytest.mark.parametrize("maker", ASKED)
def test_a_response_of_the_form_holds_instructions_for_its_maker(maker: MakerName) -> None:
    asked = brief(maker, reference_of(maker))
    for draw in draws(50):
        proposals = MAKERS[maker].parse(scripted_proposals(ALWAYS, asked, draw), True)
        wanted = {MakerName.SELF_INSTRUCT: 3, MakerName.EXPAND: 3}.get(maker, 1)
        assert len(proposals) == wanted
        assert all(proposal.prompt for proposal in proposals)


@pytest.mark.parametrize("maker", ASKED)
def test_the_same_draw_brings_the_same_response_and_another_draw_another(maker: MakerName) -> None:
    asked = brief(maker, reference_of(maker))
    first = [scripted_proposals(ALWAYS, asked, draw) for draw in draws(30)]
    assert first == [scripted_proposals(ALWAYS, asked, draw) for draw in draws(30)]
    assert len(set(first)) > 10


@pytest.mark.parametrize("rate", [0.0, 0.25, 0.9, 1.0])
def test_the_pass_rate_is_the_share_of_responses_of_the_form(rate: float) -> None:
    asked = brief(MakerName.EVOLVE)
    texts = [scripted_proposals(Script(pass_rate=rate), asked, draw) for draw in draws(2000)]
    kept = [bool(MAKERS[MakerName.EVOLVE].parse(text, True)) for text in texts]
    assert sum(kept) / len(kept) == pytest.approx(rate, abs=0.04)


def test_a_refinement_keeps_numbers_and_names() -> None:
    for draw in draws(50):
        (proposal,) = MAKERS[MakerName.REFINE].parse(
            scripted_proposals(ALWAYS, brief(MakerName.REFINE), draw), True
        )
        assert content_lost(SEED, proposal.prompt) is None


def test_a_question_about_a_passage_is_grounded_in_it() -> None:
    for draw in draws(50):
        text = scripted_proposals(ALWAYS, brief(MakerName.GROUNDED_QA, PASSAGE), draw)
        (proposal,) = MAKERS[MakerName.GROUNDED_QA].parse(text, True)
        assert ungrounded(PASSAGE, proposal.quote, proposal.answer) is None
        assert read_source(with_passage(proposal, PASSAGE).reference).passage == PASSAGE


def test_an_instruction_for_a_fragment_speaks_of_it() -> None:
    words = set(PASSAGE.split())
    for draw in draws(20):
        text = scripted_proposals(ALWAYS, brief(MakerName.EXTRACT, PASSAGE), draw)
        assert len(words & set(text.replace(",", "").split())) >= 4


@pytest.mark.parametrize("reference", ["", "one", "one two", "\x00\ud800"])
@pytest.mark.parametrize("maker", ASKED)
def test_no_reference_is_too_short_for_an_answer(maker: MakerName, reference: str) -> None:
    for draw in draws(20):
        assert isinstance(scripted_proposals(ALWAYS, brief(maker, reference), draw), str)


def test_no_gate_has_anything_against_what_is_made_up() -> None:
    gates = InstructionFilters(FilterSettings())
    for draw in draws(100):
        text = scripted_proposals(ALWAYS, brief(MakerName.EVOLVE), draw)
        for proposal in MAKERS[MakerName.EVOLVE].parse(text, True):
            assert gates.fault(proposal.prompt) is None


async def test_the_scripted_generator_answers_a_brief_so_and_a_problem_by_its_own_rule() -> None:
    problems = {"b": brief(MakerName.EXPAND), "p": Problem("p", "1 + 1?", "2")}
    generator = ScriptedGenerator(problems, ALWAYS)
    prompt = (Message("user", "A brief."),)
    proposing = await generator.draw(Draw("b", 0, 11), prompt)
    answering = await generator.draw(Draw("p", 0, 11), prompt)
    assert proposing.text.count("<answer>") == 3
    assert "\\boxed{2}" in answering.text


def test_a_brief_of_a_maker_without_a_form_gets_an_instruction() -> None:
    text = scripted_proposals(ALWAYS, brief("of one's own"), Draw("b", 0, 3))
    assert MAKERS[MakerName.EXTRACT].parse(text, True)[0].prompt == text
