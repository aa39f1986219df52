"""Where the rows of an export come from, as tables of a data card: runs, how they drew, models, verifiers,
and the rates at which responses were accepted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from gristmill.exports.card.markdown import block, count_table, name, names, table
from gristmill.exports.manifest import Manifest, RunEntry

_COLUMNS = ("template", "temperature", "top_p", "max_tokens")
_WORDING = ("question", "system", "examples")
_MOST_TEMPLATES = 5


def run_section(manifest: Manifest) -> Iterator[str]:
    runs = manifest.runs
    rows = [
        (name(run_id), name(run.recipe), names(run.models), names(run.verifiers))
        for run_id, run in runs.items()
    ]
    yield table(("run", "recipe", "models", "verifiers, with their versions"), rows)
    yield "All attempts of the runs, whether they went in or not; the rate is accepted of decided."
    columns = ("run", "problems", "attempts", "accepted", "rejected", "undecided", "rate")
    yield table(columns, [(name(run_id), *_rates(run)) for run_id, run in runs.items()])
    yield from _generation(runs)
    for dimension, heading in (("model", "model"), ("verifier", "verifier"), ("reason", "verdict")):
        if manifest.counts.get(dimension):
            yield count_table(heading, "attempts in rows", manifest.counts[dimension])
    verdicts = [
        (name(run_id), name(verdict), f"{count:,}")
        for run_id, run in runs.items()
        for verdict, count in sorted(run.attempts.items(), key=lambda item: (-item[1], item[0]))
    ]
    if verdicts:
        yield table(("run", "verdict", "all attempts"), verdicts)


def _rates(run: RunEntry) -> tuple[str, ...]:
    outcomes = _by_outcome(run.attempts)
    accepted, rejected, undecided = (outcomes[o] for o in ("accepted", "rejected", "undecided"))
    decided = accepted + rejected
    numbers = (run.problems, outcomes.total(), accepted, rejected, undecided)
    return (*(f"{number:,}" for number in numbers), f"{accepted / decided:.1%}" if decided else "-")


def _by_outcome(attempts: Mapping[str, int]) -> Counter[str]:
    outcomes = Counter[str]()
    for verdict, count in attempts.items():
        outcomes[verdict.partition(":")[0]] += count
    return outcomes


def _generation(runs: Mapping[str, RunEntry]) -> Iterator[str]:
    """How each run drew, then the wording of each template that differs."""
    known = {run_id: run.generation for run_id, run in runs.items() if run.generation}
    if not known:
        return
    rows = []
    for run_id, given in known.items():
        others = [f"{key}={value}" for key, value in given.items() if key not in (*_COLUMNS, *_WORDING)]
        columns = (name(given[key]) if key in given else "-" for key in _COLUMNS)
        rows.append((name(run_id), *columns, names(others, most=20)))
    scripted = [run_id for run_id, given in known.items() if given.get("backend") == "scripted"]
    if scripted:
        yield f"Responses of {names(scripted)} are made by a script, for tests: no model wrote them."
    yield "How the responses were drawn:"
    yield table(("run", *_COLUMNS, "besides"), rows)
    wordings = list(dict.fromkeys((given.get("template", ""), *_wording(given)) for given in known.values()))
    for template, question, system, examples in wordings[:_MOST_TEMPLATES]:
        more = ", after worked examples as turns of the chat (see `manifest.json`)" if examples else ""
        if question:
            yield f"The template {name(template)} puts a problem so{more}:"
            yield block(question)
        if system:
            yield "Its system prompt:"
            yield block(system)


def _wording(given: Mapping[str, str]) -> tuple[str, str, str]:
    question, system, examples = (given.get(key, "") for key in _WORDING)
    return question, system, examples
