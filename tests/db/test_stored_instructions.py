"""Every instruction in the store, with the signature that a later run compares by."""

import tracemalloc

from sqlalchemy import Engine

from gristmill.db.candidates import stored_instructions
from gristmill.db.sessions import reading
from tests.db.proposals import BOOK, ONE, TWO, Book, a_candidate, proposing, write
from tests.db.samples import start_run


def test_signatures_of_another_version_are_none_and_the_texts_are_there(engine: Engine) -> None:
    start_run(engine, [])
    write(engine, Book({0: ONE, 1: TWO}, "v1"), [proposing(ONE, 0, a_candidate("old"))])
    write(engine, Book({0: ONE, 1: TWO}, "v2"), [proposing(TWO, 0, a_candidate("new"))])
    with reading(engine) as session:
        found = {
            version: {item.text: item.signature for item in stored_instructions(session, version)}
            for version in ("v1", "v2", "v3")
        }
    assert found == {
        "v1": {"old": b"v1:old", "new": None},
        "v2": {"old": None, "new": b"v2:new"},
        "v3": {"old": None, "new": None},
    }


def test_stored_instructions_come_in_order_of_id_in_constant_memory(engine: Engine) -> None:
    start_run(engine, [])
    long = "x" * 10_000
    for group in range(5):
        candidates = [a_candidate(f"{group}/{n} {long}") for n in range(200)]
        write(engine, BOOK, [proposing(ONE, group, *candidates)])
    with reading(engine) as session:
        tracemalloc.start()
        ids = [item.problem_id for item in stored_instructions(session, "v1")]
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert ids == sorted(set(ids))
    assert len(ids) == 1_000
    assert peak < 10_000_000 < len(ids) * 2 * len(long)
