"""Requests introduce themselves, wait as asked, and give up in one line."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from colorlib.eras.politeness import (
    LONGEST_WAIT,
    ArchiveError,
    PoliteClient,
    user_agent,
)

PATH = "/w/api.php"
QUERY = {"iiurlwidth": 1280, "clcontinue": "1"}


@pytest.fixture
def ask(archives, client):
    """Ask Commons once."""
    archives.add_commons("a.jpg")
    return lambda: client.get_json(archives.url + PATH, QUERY, [])


def test_every_request_says_who_runs_it(archives, ask):
    """Wikimedia's policy: the operator's contact, not the program's page."""
    ask()
    [(_, _, headers)] = archives.asked
    assert headers["User-Agent"].startswith("colorlib/")
    assert "(ann@example.org) Python-urllib/3" in headers["User-Agent"]
    assert headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "contact",
    [None, "", "ann", "ann@home", "a@b.org\nX: y", "a@b.org)", "앤@b.org"],
)
def test_without_a_contact_nothing_is_sent(contact):
    with pytest.raises(ValueError, match="--contact.*COLORLIB_CONTACT"):
        PoliteClient(contact)


def test_a_web_page_is_a_contact():
    assert "(https://ann.example/)" in user_agent("https://ann.example/")


@pytest.mark.parametrize("status", [429, 503])
def test_it_waits_as_long_as_the_server_says(archives, ask, clock, status):
    archives.faults[PATH] = [(status, "12")]
    assert ask()["query"]
    assert clock.slept == [12]


def test_a_date_to_come_again_is_understood(archives, ask, clock):
    soon = datetime.now(UTC) + timedelta(seconds=90)
    archives.faults[PATH] = [(503, format_datetime(soon, usegmt=True))]
    ask()
    assert 80 < clock.slept[0] < 91


@pytest.mark.parametrize("later", [None, "soon"])
def test_without_a_time_it_waits_longer_each_time(archives, ask, clock, later):
    archives.faults[PATH] = [(429, later)] * 3
    ask()
    assert clock.slept == [5, 10, 20]


def test_maxlag_comes_with_status_200(archives, ask, clock):
    archives.faults[PATH] = ["maxlag", "maxlag"]
    assert ask()["query"]
    assert clock.slept == [7, 7]


@pytest.mark.parametrize("fault", ["cut", "page", 500])
def test_a_broken_answer_is_asked_for_again(archives, ask, clock, fault):
    archives.faults[PATH] = [fault]
    assert ask()["query"]
    assert len(clock.slept) == 1


def test_it_does_not_try_for_ever(archives, ask):
    archives.faults[PATH] = [429] * 9
    with pytest.raises(ArchiveError, match="429.*goes on where it was") as told:
        ask()
    assert told.value.busy
    assert len(archives.asked) == 5
    assert "\n" not in str(told.value)


def test_an_hour_is_not_waited(archives, ask, clock):
    """The Library of Congress shuts out for that long."""
    archives.faults[PATH] = [(429, "3600")]
    assert LONGEST_WAIT < 3600
    with pytest.raises(ArchiveError, match="takes a wait of 3600 seconds"):
        ask()
    assert not clock.slept


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_refusal_is_not_asked_again(archives, ask, clock, status):
    archives.faults[PATH] = [status]
    with pytest.raises(ArchiveError, match=f"HTTP {status}") as told:
        ask()
    assert not told.value.busy
    assert len(archives.asked) == 1


def test_an_answer_that_fills_the_memory_is_left(archives, ask):
    archives.faults[PATH] = ["bomb"]
    with pytest.raises(ArchiveError, match="more than 33,554,432 bytes came"):
        ask()
    assert len(archives.asked) == 1


def test_nobody_there_is_told(client):
    with pytest.raises(ArchiveError, match="127.0.0.1:9: no whole answer"):
        client.get_json("http://127.0.0.1:9/x", {}, [])


def test_a_file_of_this_machine_is_no_download(client, tmp_path):
    """An archive's answer could name one."""
    secret = tmp_path / "secret"
    secret.write_text("x")
    with pytest.raises(ArchiveError, match="no address on the web"):
        client.save(secret.as_uri(), tmp_path / "out", lambda part: None, [])
    assert not (tmp_path / "out").exists()


def test_a_file_waits_too(archives, client, clock, tmp_path):
    archives.files["/x.jpg"] = b"x" * 100
    archives.faults["/x.jpg"] = [(429, "3"), "cut"]
    client.save(archives.url + "/x.jpg", tmp_path / "x", lambda part: None, [])
    assert clock.slept[0] == 3
    assert (tmp_path / "x").read_bytes() == b"x" * 100
