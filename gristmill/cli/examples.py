"""One accepted and one rejected response, printed whole: what a table of counts does not tell."""

from rich.console import Console
from rich.rule import Rule

from gristmill.db.reports.summary import examples
from gristmill.db.sessions import Engine, reading
from gristmill.reports.console import plain
from gristmill.sampling.records import Outcome

_SHOWN = (Outcome.ACCEPTED, Outcome.REJECTED)


def print_examples(out: Console, engine: Engine, run_id: str, count: int = 1) -> None:
    """`count` of each; what a run does not have is left out."""
    with reading(engine) as session:
        for outcome in _SHOWN:
            for example in examples(session, run_id, outcome, count):
                verdict, response = example.attempt.verdict, example.attempt.response
                answer = "no answer found" if verdict.answer is None else f"answer {verdict.answer}"
                out.print()
                out.print(Rule(title=f"{outcome.value}: {verdict.reason}", align="left", style="dim"))
                out.print(plain(example.problem.prompt))
                out.print(plain(f"reference {example.problem.reference}; {answer}"), style="dim")
                out.print(plain(response.text.strip()))
