"""Problems: one row each, in the order in which a run was given them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from gristmill.db.attempts import progress
from gristmill.db.problems import CHUNK, add_problems, find_problem, run_problems
from gristmill.db.sessions import reading, writing
from gristmill.sampling.errors import DataError
from gristmill.sampling.records import Problem
from tests.db.samples import RUN, a_problem, commit, read, start_run
from tests.db.writers import SECONDS, until_blocked


def test_problems_come_back_whole_and_in_order(engine: Engine) -> None:
    problems = [
        replace(
            a_problem(name, level="\x00é"),
            parents=("z", "a\ud800", "m"),
            origin={"file": "x.jsonl", "line\x00": "\ud83d"},
        )
        for name in range(9, 0, -1)
    ]
    start_run(engine, problems)
    assert read(engine, run_problems, RUN) == problems


def test_more_problems_than_one_statement_takes_keep_their_order(engine: Engine) -> None:
    problems = [a_problem(name) for name in range(2 * CHUNK + 1)]
    start_run(engine, problems)
    assert read(engine, run_problems, RUN) == problems


def test_a_problem_given_twice_counts_once_at_its_first_place(engine: Engine) -> None:
    first, second = a_problem(1), a_problem(2)
    start_run(engine, [])
    assert commit(engine, add_problems, RUN, [first, second, replace(first, level="hard")], {}) == 2
    assert read(engine, run_problems, RUN) == [first, second]


def test_adding_again_appends_what_is_new(engine: Engine) -> None:
    problems = [a_problem(name) for name in range(4)]
    start_run(engine, problems[:2])
    with writing(engine) as session:
        assert add_problems(session, RUN, problems[:2], {}) == 0
        assert add_problems(session, RUN, [problems[3], problems[0], problems[2]], {}) == 2
    assert read(engine, run_problems, RUN) == [problems[0], problems[1], problems[3], problems[2]]


def test_a_later_run_shares_the_problem_and_has_its_own_order(engine: Engine) -> None:
    one, two = replace(a_problem(1), parents=("p",)), a_problem(2)
    start_run(engine, [one, two])
    start_run(engine, [two, replace(one, level="hard", parents=("q",))], run_id="run-2")
    with reading(engine) as session:
        assert run_problems(session, "run-2") == [two, one]
        assert session.execute(text("SELECT count(*) FROM problems")).scalar_one() == 2


def test_fail_rates_of_an_earlier_run_are_kept(engine: Engine) -> None:
    known, unknown = a_problem(1), a_problem(2)
    start_run(engine, [])
    commit(engine, add_problems, RUN, [known, unknown], {known.id: 0.75, "other": 1.0})
    found = read(engine, progress, RUN)
    assert found[known.id].fail_rate == 0.75
    assert found[unknown.id].fail_rate is None


def test_adding_to_a_run_that_is_not_there_says_so(engine: Engine) -> None:
    with pytest.raises(DataError, match="there is no run 'x'"), writing(engine) as session:
        add_problems(session, "x", [a_problem(1)], {})


def test_runs_that_load_the_same_problems_at_once_all_get_them(engine: Engine) -> None:
    problems = [a_problem(name) for name in range(300)]
    orders = [problems, problems[::-1], problems[150:] + problems[:150]]
    threads = [
        threading.Thread(target=start_run, args=(engine, order, f"run-{number}"))
        for number, order in enumerate(orders)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [read(engine, run_problems, f"run-{number}") for number in range(3)] == orders


def test_who_adds_to_a_run_waits_for_who_is_adding_to_it(
    postgres: Engine, threads: ThreadPoolExecutor
) -> None:
    start_run(postgres, [], "new")
    problems = [a_problem(name) for name in range(3)]

    def add() -> int:
        return commit(postgres, add_problems, "new", problems[::-1], {})

    with writing(postgres) as session:
        add_problems(session, "new", problems[:2], {})
        second = threads.submit(add)
        until_blocked(postgres, second)
    assert second.result(SECONDS) == 1
    assert read(postgres, run_problems, "new") == problems


def named(*ids: str) -> list[Problem]:
    return [replace(a_problem(id_), id=id_) for id_ in ids]


@pytest.mark.parametrize(
    ("prefix", "found"), [("ab1", "ab12"), ("ab12", "ab12"), ("cd", "cd"), ("cde", "cdef")]
)
def test_a_problem_is_found_by_the_beginning_of_its_id(engine: Engine, prefix: str, found: str) -> None:
    start_run(engine, named("ab12", "ab34", "cd", "cdef"))
    assert read(engine, find_problem, RUN, prefix).id == found


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("x", "no problem whose id begins with 'x'"),
        ("%", "no problem whose id begins with '%'"),
        ("a_", "no problem whose id begins with 'a_'"),
        ("b1", "no problem whose id begins with 'b1'"),
        ("other", "no problem whose id begins with 'other'"),
        ("ab", "begin with 'ab': ab12, ab34$"),
        ("", "begin with '': ab12, ab34, cd, cdef, e5, ...$"),
    ],
)
def test_a_prefix_that_fits_none_or_several_says_which(engine: Engine, prefix: str, said: str) -> None:
    start_run(engine, named("ab12", "ab34", "cd", "cdef", "e5", "f6"))
    start_run(engine, named("other"), run_id="run-2")
    with reading(engine) as session, pytest.raises(DataError, match=said):
        find_problem(session, RUN, prefix)
