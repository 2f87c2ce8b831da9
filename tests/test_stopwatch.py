"""A stopwatch must not count what it did not measure."""

import time

import pytest

from colorlib.stopwatch import Stopwatch


def test_stages_add_up_to_the_whole():
    watch = Stopwatch()
    start = time.perf_counter()
    for _ in range(3):
        with watch("sleep"):
            time.sleep(0.02)
        with watch("nap"):
            time.sleep(0.005)
    whole = time.perf_counter() - start
    assert list(watch.laps) == ["sleep", "nap"]
    laps = watch.laps["sleep"] + watch.laps["nap"]
    assert len(laps) == 6
    assert 0.075 <= sum(laps) <= whole
    assert watch.milliseconds()["sleep"] >= 20


def test_the_median_lap_counts():
    """One hiccup of the system must not decide what is slow."""
    watch = Stopwatch()
    watch.laps["work"] = [0.002, 9.0, 0.003]
    assert watch.milliseconds() == {"work": pytest.approx(3)}


def test_a_batch_shares_its_time():
    watch = Stopwatch()
    with watch("batch", count=16):
        time.sleep(0.032)
    assert watch.milliseconds()["batch"] == pytest.approx(2, rel=0.9)


def test_a_lap_that_fails_is_not_kept():
    watch = Stopwatch()
    with pytest.raises(OSError, match="torn"), watch("decode"):
        raise OSError("torn")
    assert watch.laps == {}
