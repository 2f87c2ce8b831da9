"""What is kept is right, or it isn't used."""

import json
import logging
import shutil

import numpy as np
import pytest

from colorlib.data.samples import bundled
from colorlib.evaluation import (
    BaselineCache,
    Perception,
    Protocol,
    evaluate,
    scoring,
)
from colorlib.evaluation.baseline_cache import PACKAGE, hash_code

SMALL = Protocol(crop=64, resamples=50)


def nothing(L):
    return L.new_zeros(1, 2, 4, 4)


def photographs() -> list[tuple[str, np.ndarray]]:
    return [(name, bundled(name)) for name in ("rocket", "chelsea")]


@pytest.fixture
def painted(monkeypatch) -> list:
    """How often the baselines were painted."""
    calls, baseline_predictions = [], scoring.baseline_predictions
    monkeypatch.setattr(
        scoring,
        "baseline_predictions",
        lambda *a: calls.append(1) or baseline_predictions(*a),
    )
    return calls


def test_the_second_time_only_the_model_is_scored(tmp_path, painted):
    path = tmp_path / "kept.json"
    first = evaluate(
        nothing, photographs(), protocol=SMALL, cache=BaselineCache(path)
    )
    assert len(painted) == 2
    again = evaluate(
        nothing, photographs(), protocol=SMALL, cache=BaselineCache(path)
    )
    assert len(painted) == 2
    assert again.to_json() == first.to_json()


def test_lpips_of_baselines_is_kept_too(tmp_path, painted):
    """And apart from scores without it, or by another network."""
    asked = []

    def lpips(rgb, true_rgb):
        asked.append(1)
        return (rgb.float() - true_rgb).abs().mean()

    def score(cache_key):
        return evaluate(
            nothing,
            photographs(),
            protocol=SMALL,
            cache=BaselineCache(tmp_path / "kept.json"),
            perception=Perception(lpips, cache_key=cache_key),
        )

    evaluate(
        nothing,
        photographs(),
        protocol=SMALL,
        cache=BaselineCache(tmp_path / "kept.json"),
    )
    first, looks = score("alex"), len(asked)
    assert first.groups["all"].scores["gray"]["lpips"].value > 0
    again = score("alex")
    assert (len(painted), len(asked)) == (4, looks + 2)
    assert again.to_json() == first.to_json()
    for other in ("vgg", "", ""):
        score(other)
    assert len(painted) == 4 + 3 * 2


@pytest.mark.parametrize(
    "change", ["pixels", "order", "crop", "version", "code"]
)
def test_whatever_scores_depend_on_is_asked_for(
    tmp_path, painted, monkeypatch, change
):
    """A photograph of the same name is not the same photograph."""
    path, some, protocol = tmp_path / "kept.json", photographs(), SMALL
    evaluate(nothing, some, protocol=protocol, cache=BaselineCache(path))
    if change == "pixels":
        some = [(name, rgb[::-1]) for name, rgb in some]
    elif change == "order":  # whose color is another's?
        some = some[::-1]
    elif change == "crop":
        protocol = Protocol(crop=72, resamples=50)
    elif change == "version":
        monkeypatch.setattr(scoring, "versions", lambda: {"torch": "9"})
    else:
        monkeypatch.setattr(scoring, "CODE_HASH", "another")
    evaluate(nothing, some, protocol=protocol, cache=BaselineCache(path))
    assert len(painted) == 4


@pytest.mark.parametrize(
    "name",
    [
        "color/recolor.py",
        "metrics/errors.py",
        "evaluation/baselines.py",
        "evaluation/learned.json",
        "evaluation/scoring.py",
    ],
)
def test_a_changed_line_is_other_code(tmp_path, name):
    """Of whatever paints a baseline or measures it."""
    for folder in ("color", "metrics", "evaluation"):
        shutil.copytree(PACKAGE / folder, tmp_path / folder)
    assert hash_code(tmp_path) == hash_code()
    changed = tmp_path / name
    changed.write_text(changed.read_text() + "\n")
    assert hash_code(tmp_path) != hash_code()


def test_versions_are_looked_up_once_not_once_a_photograph(monkeypatch):
    """To look them up is to open a file of each package."""
    calls, versions = [], scoring.versions
    monkeypatch.setattr(
        scoring, "versions", lambda: calls.append(1) or versions()
    )
    list(scoring.measure(nothing, photographs(), SMALL))
    assert len(calls) == 1


@pytest.mark.parametrize("text", ["{", "[]", "null"])
def test_a_damaged_file_is_made_anew(tmp_path, caplog, text):
    path = tmp_path / "kept.json"
    path.write_text(text)
    evaluate(nothing, photographs(), protocol=SMALL, cache=BaselineCache(path))
    assert "made anew" in caplog.text
    assert len(json.loads(path.read_text())) == 2


def test_what_was_scored_is_kept_when_scoring_stops(tmp_path, painted):
    """An hour of it may be, when somebody presses Ctrl-C."""
    path = tmp_path / "kept.json"

    def interrupted():
        yield from photographs()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate(
            nothing, interrupted(), protocol=SMALL, cache=BaselineCache(path)
        )
    assert len(painted) == len(json.loads(path.read_text())) > 0


def test_a_full_disk_costs_nobody_a_report(tmp_path, caplog):
    """An hour of scoring must not be lost over what only saves time."""
    (tmp_path / "file").touch()
    cache = BaselineCache(tmp_path / "file" / "kept.json")
    with caplog.at_level(logging.WARNING):
        report = evaluate(nothing, photographs(), protocol=SMALL, cache=cache)
    assert report.groups["all"].n == 2
    assert "not kept for next time" in caplog.text
