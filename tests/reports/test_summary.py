"""Tokens, seconds and money per level, and nothing made up where nothing was accepted."""

from gristmill.db.reports.summary import LevelRow
from gristmill.reports.summary import Prices, cost_cells, cost_columns, per_accepted_line


def level(accepted: int, prompt_tokens: int, completion_tokens: int, seconds: float) -> LevelRow:
    return LevelRow(
        "easy", 3, 1, 10, accepted, 10 - accepted, 0, prompt_tokens, completion_tokens, seconds, 1
    )


def test_tokens_and_seconds_are_told_per_accepted_response() -> None:
    row = level(4, 1_000, 3_000, 8.0)
    assert cost_cells(row, Prices()) == ("1,000", "3,000", "1,000", "2.0")
    assert per_accepted_line(row, 6.0) == "1,000 tokens and 1.50 s of the run per accepted response"


def test_where_nothing_was_accepted_there_is_no_quotient() -> None:
    assert cost_cells(level(0, 500, 700, 8.0), Prices()) == ("500", "700", "-", "-")


def test_a_price_is_counted_per_million_tokens_of_each_kind() -> None:
    row = level(4, 1_000_000, 500_000, 8.0)
    prices = Prices(prompt=0.2, completion=0.8)
    assert cost_cells(row, prices)[4:] == ("0.6000", "0.150000")
    assert Prices(completion=0.8).cost(row) == 0.4
    assert len(cost_columns(prices)) == len(cost_cells(row, prices))
    assert len(cost_columns(Prices())) == len(cost_cells(row, Prices()))
