from gristmill.sampling.records import draw_seed, problem_id


def test_a_problem_is_known_by_its_content() -> None:
    assert problem_id("What is 1 + 1?", "2") == problem_id(" What is 1 + 1?\n", "2 ")
    assert problem_id("What is 1 + 1?", "2") != problem_id("What is 1 + 1?", "3")
    assert problem_id("ab", "c") != problem_id("a", "bc")


def test_a_problem_with_a_lone_surrogate_has_an_id() -> None:
    assert len(problem_id("\ud800", "1")) == 32


def test_a_draw_can_be_repeated() -> None:
    assert draw_seed(7, "p", 3) == draw_seed(7, "p", 3)


def test_seeds_fit_every_server_and_never_repeat_within_a_problem() -> None:
    seeds = {draw_seed(7, "p", number) for number in range(20_000)}
    assert len(seeds) == 20_000
    assert all(0 <= seed < 2**31 for seed in seeds)


def test_another_run_or_problem_has_other_seeds() -> None:
    assert draw_seed(7, "p", 0) != draw_seed(8, "p", 0)
    assert draw_seed(7, "p", 0) != draw_seed(7, "q", 0)
