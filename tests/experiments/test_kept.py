"""What is kept is of what was asked for, whatever ended the work."""

import kept
import pytest


def test_what_was_made_for_something_else_is_not_kept(tmp_path):
    path = tmp_path / "new" / "report.json"
    assert not kept.is_kept(path, {"n": (1, 2)})
    kept.keep(path, "one", {"n": (1, 2)})
    assert path.read_text() == "one"
    assert kept.is_kept(path, {"n": (1, 2)})
    assert not kept.is_kept(path, {"n": (1, 3)})
    path.unlink()
    assert not kept.is_kept(path, {"n": (1, 2)})


def test_a_kill_leaves_nothing_that_passes_for_another(tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    kept.keep(path, "one", {"n": 1})
    monkeypatch.setattr(kept, "_say", lambda *_: {}["killed"])
    with pytest.raises(KeyError):
        kept.keep(path, "two", {"n": 2})
    assert path.read_text() == "two"
    assert not kept.is_kept(path, {"n": 1})
    assert not kept.is_kept(path, {"n": 2})


def test_what_grows_is_gone_on_with_as_it_was_begun(tmp_path):
    path = tmp_path / "rows.csv"
    kept.begin(path, {"n": 1})
    kept.begin(path, {"n": 2})  # nothing was written yet
    path.write_text("a row\n")
    kept.begin(path, {"n": 2})
    with pytest.raises(ValueError, match=r"rows.csv was made with other sett"):
        kept.begin(path, {"n": 1})
    kept.forget(path)
    with pytest.raises(ValueError, match="move it, or give another folder"):
        kept.begin(path, {"n": 2})  # of before, or of another program
    assert path.read_text() == "a row\n"
