"""A chapter that fails says why in a line, and what is through is kept."""

import failed_chapters

TIMED_OUT = """Traceback (most recent call last):
  File "client.py", line 805, in _async_poll_for_reply
nbclient.exceptions.CellTimeoutError: A cell timed out while it was being \
executed, after 1800 seconds.
The message was: Cell execution timed out.
Here is a preview of the cell contents:
for losses in train_gan(state, batches, config):
"""


def test_a_time_out_is_one_line_that_says_what_to_do():
    told = failed_chapters.explain("10_model_1", TIMED_OUT)
    assert told.count("\n") == 0
    assert told.startswith("10_model_1: a cell ran out of time; close")
    assert "timeout in _config.yml" in told
    assert "kept" in told


def test_of_an_error_the_log_is_shown_whole():
    log = "Traceback ...\nZeroDivisionError: division by zero\n"
    told = failed_chapters.explain("02_gan_basics", log)
    assert "ZeroDivisionError: division by zero\n02_gan_basics: failed" in told


def test_every_log_is_explained_by_the_chapter_s_name(tmp_path, capsys):
    folder = tmp_path / "chapters"
    folder.mkdir()
    (folder / "10_model_1.err.log").write_text(TIMED_OUT)
    failed_chapters.main([str(tmp_path)])
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("10_model_1: ")
    assert err.count("\n") == 1


def test_without_reports_there_is_nothing_to_say(tmp_path, capsys):
    failed_chapters.main([str(tmp_path / "reports")])
    assert capsys.readouterr().err == ""
