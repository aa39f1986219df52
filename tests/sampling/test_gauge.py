from gristmill.sampling.gauge import Gauge


def test_a_gauge_that_never_moved_has_a_mean_of_zero() -> None:
    assert Gauge().mean() == 0.0


def test_the_mean_lies_between_the_values_held() -> None:
    gauge = Gauge()
    for _ in range(100):
        gauge.add(2)
        gauge.add(-1)
        gauge.add(-1)
    assert 0.0 < gauge.mean() < 2.0
    assert gauge.peak == 2
    assert gauge.value == 0
