"""A stopwatch counts what is done between its two clicks, and nothing else."""

import time

import pytest

from colorlib.data.stopwatch import Stopwatch


def work(milliseconds: float) -> None:
    """Keep the processor busy, by its own count."""
    until = time.process_time() + milliseconds / 1000
    while time.process_time() < until:
        pass


def test_stages_add_up_to_the_whole():
    watch = Stopwatch()
    start = time.process_time()
    for _ in range(3):
        with watch("long"):
            work(20)
        with watch("short"):
            work(5)
    whole = time.process_time() - start
    assert list(watch.laps) == ["long", "short"]
    laps = watch.laps["long"] + watch.laps["short"]
    assert len(laps) == 6
    assert 0.075 <= sum(laps) <= whole
    assert 20 <= watch.milliseconds()["long"] < 40
    assert 5 <= watch.milliseconds()["short"] < 20


def test_waiting_is_not_work():
    """Or a busy machine would seem to have a slow decoder."""
    watch = Stopwatch()
    with watch("sleep"):
        time.sleep(0.1)
    assert watch.milliseconds()["sleep"] < 50


def test_the_median_lap_counts():
    """One lap in which something is set up must not decide what is slow."""
    watch = Stopwatch()
    watch.laps["work"] = [0.002, 9.0, 0.003]
    assert watch.milliseconds() == {"work": pytest.approx(3)}


def test_a_batch_shares_its_time():
    watch = Stopwatch()
    with watch("batch", count=16):
        work(32)
    assert 2 <= watch.milliseconds()["batch"] < 4


def test_a_lap_that_fails_is_not_kept():
    watch = Stopwatch()
    with pytest.raises(OSError, match="torn"), watch("decode"):
        raise OSError("torn")
    assert watch.laps == {}


def test_a_gpu_s_work_is_waited_for(monkeypatch):
    """Its calls return at once, and its work would seem to cost nothing."""
    waited = []
    monkeypatch.setattr("torch.cuda.synchronize", lambda: waited.append(1))
    watch = Stopwatch("cuda")
    with watch("Lab"):
        time.sleep(0.02)
    assert len(waited) == 2
    assert watch.milliseconds()["Lab"] >= 20
