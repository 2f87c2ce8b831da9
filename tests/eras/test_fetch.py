"""What is in the folder is whole, free, of the era, and has a line."""

import threading
from dataclasses import replace

import pytest
from archive_server import photograph, serve
from filelock import FileLock

from colorlib import photos
from colorlib.eras.catalog import load_era
from colorlib.eras.fetch import PATIENCE, Wishes, fetch_era
from colorlib.eras.politeness import ArchiveError
from colorlib.eras.record import read_record
from colorlib.eras.schema import Collection

FREE = "No known restrictions on publication."
QUERIES = (
    Collection("commons", "category", "Category:Korean War", "en", "2026"),
    Collection("loc", "search", "Korean War", "en", "2026"),
)
ERA = replace(load_era("korean-war"), collections=QUERIES)


@pytest.fixture
def fetch(archives, client, tmp_path):
    """Fetch into a folder; return the record by id."""

    def fetch(era=ERA, **wishes):
        record = fetch_era(
            era,
            tmp_path / "out",
            client,
            Wishes(**wishes),
            commons=archives.url + "/w/api.php",
            loc=archives.url,
        )
        assert read_record(tmp_path / "out") == record
        return {entry.id: entry for entry in record.values()}

    return fetch


@pytest.fixture
def files(tmp_path):
    """Names of all files in the folder but for the record and the lock."""
    ours = {"photographs.csv", ".lock"}
    folder = tmp_path / "out"
    return lambda: sorted({p.name for p in folder.iterdir()} - ours)


def test_both_archives_fill_a_folder(archives, fetch, files, tmp_path):
    archives.add_commons("Seoul.jpg")
    archives.add_loc("2017645000", rights=FREE)
    record = fetch()
    assert files() == ["commons-100.jpg", "loc-2017645000.jpg"]
    entry = record["100"]
    assert (entry.status, entry.era, entry.author) == (
        "kept",
        "korean-war",
        "Kim",
    )
    assert (entry.date, entry.first_year) == ("1951-05-09", "1951")
    assert (entry.license, entry.color) == ("public domain", "gray")
    assert (entry.width, entry.height) == ("400", "320")
    data = archives.files["/commons/Seoul.jpg"]
    assert (tmp_path / "out/commons-100.jpg").read_bytes() == data
    assert entry.bytes == str(len(data))
    assert entry.page == f"{archives.url}/wiki/File:Seoul.jpg"
    assert record["2017645000"].license == "no known restrictions"


def test_a_second_run_downloads_nothing(archives, fetch):
    archives.add_commons("a.jpg")
    before = fetch()
    archives.asked.clear()
    assert fetch() == before
    assert not [path for path in archives.paths if path.endswith(".jpg")]


@pytest.mark.parametrize("damage", ["removed", "changed"])
def test_what_was_removed_or_changed_comes_again(
    archives, fetch, tmp_path, damage
):
    archives.add_commons("a.jpg")
    fetch()
    path = tmp_path / "out/commons-100.jpg"
    data = path.read_bytes()
    path.unlink()
    if damage == "changed":
        path.write_bytes(b"x")
    assert fetch()["100"].status == "kept"
    assert path.read_bytes() == data


def test_a_run_that_is_stopped_goes_on_where_it_was(
    archives, client, fetch, tmp_path
):
    """By Ctrl-C in the middle of the second download."""
    for number in range(3):
        archives.add_commons(f"{number}.jpg")

    def stop(entry):
        if entry.id == "101":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_era(
            ERA,
            tmp_path / "out",
            client,
            on_entry=stop,
            commons=archives.url + "/w/api.php",
            loc=archives.url,
        )
    (tmp_path / "out/.commons-102.jpg.0123.part").write_bytes(b"half")
    archives.asked.clear()
    assert {entry.status for entry in fetch().values()} == {"kept"}
    loaded = [path for path in archives.paths if path.endswith(".jpg")]
    assert loaded == ["/commons/2.jpg"]
    assert not list((tmp_path / "out").glob(".*.part"))


def test_a_duplicate_is_kept_once(archives, fetch, files):
    archives.add_commons("a.jpg", photograph(7))
    archives.add_commons("b.jpg", photograph(7))
    record = fetch()
    assert record["101"].status == "duplicate"
    assert record["101"].reason == "has the same bytes as commons-100.jpg"
    assert files() == ["commons-100.jpg"]


def test_what_two_queries_find_is_loaded_once(archives, fetch):
    archives.add_commons("a.jpg")
    twice = replace(ERA, collections=(QUERIES[0], QUERIES[0]))
    assert len(fetch(twice)) == 1
    assert archives.paths.count("/commons/a.jpg") == 1


def test_a_query_offers_only_so_many(archives, fetch):
    for number in range(5):
        archives.add_commons(f"{number}.jpg")
    assert len(fetch(limit=3)) == 3


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"LicenseShortName": "CC BY-ND 4.0"}, "forbids changes"),
        ({"LicenseShortName": "KOGL Type 4"}, "forbids changes"),
        ({"LicenseShortName": "CC BY-NC 4.0"}, "--non-commercial"),
        ({"LicenseShortName": ""}, "no license"),
        ({"DateTimeOriginal": "2012-05-01"}, "is dated 2012-05-01, outside"),
        ({"DateTimeOriginal": "unknown"}, "no year can be read"),
        ({"ImageDescription": "colorized by AI"}, "colored later: colorized"),
        ({"categories": ["AI-upscaled"]}, "touched by AI"),
        ({"templates": ["Upscaled images"]}, "made larger by a program"),
    ],
)
def test_what_is_refused_says_why_and_is_not_loaded(
    archives, fetch, files, told, said
):
    archives.add_commons("a.jpg", **told)
    entry = fetch()["100"]
    assert entry.status == "refused"
    assert said in entry.reason
    assert entry.license_text == told.get("LicenseShortName", "Public domain")
    assert files() == []
    assert "/commons/a.jpg" not in archives.paths


def test_non_commercial_is_taken_when_asked_for(archives, fetch):
    archives.add_commons("a.jpg", LicenseShortName="CC BY-NC-SA 4.0")
    entry = fetch(non_commercial=True)["100"]
    assert (entry.status, entry.non_commercial) == ("kept", "yes")


def test_other_restrictions_are_noted(archives, fetch):
    """They are no copyright, and who colors a face should know them."""
    archives.add_commons("a.jpg", Restrictions="personality")
    entry = fetch()["100"]
    assert entry.status == "kept"
    assert entry.license_text == "Public domain; restrictions: personality"


def test_what_is_refused_later_is_removed(archives, fetch, files):
    """Its license may have been corrected in the archive."""
    page = archives.add_commons("a.jpg")
    fetch()
    fields = page["imageinfo"][0]["extmetadata"]
    fields["LicenseShortName"] = {"value": "CC BY-ND 4.0"}
    assert fetch()["100"].status == "refused"
    assert files() == []


# Two eras in one folder

COLONIAL = replace(load_era("colonial"), collections=QUERIES)


def test_another_era_deletes_no_photograph(archives, fetch, files, tmp_path):
    """What is outside its years belongs to the first one still."""
    archives.add_commons("old.jpg", DateTimeOriginal="1940")
    archives.add_commons("new.jpg", DateTimeOriginal="1951")
    fetch(COLONIAL)
    fetch()
    assert files() == ["commons-100.jpg", "commons-101.jpg"]
    told = {
        (line.era, line.id): line.status
        for line in read_record(tmp_path / "out").values()
    }
    assert told == {
        ("colonial", "100"): "kept",
        ("colonial", "101"): "refused",
        ("korean-war", "100"): "refused",
        ("korean-war", "101"): "kept",
    }


@pytest.fixture
def in_both(archives, fetch):
    """A photograph whose years are in both eras; its page, to change."""
    page = archives.add_commons(
        "a.jpg", DateTimeOriginal="between 1940 and 1952"
    )
    fetch(COLONIAL)
    fetch()
    return page


def test_a_photograph_of_two_eras_is_one_file(
    archives, in_both, fetch, files, tmp_path
):
    assert files() == ["commons-100.jpg"]
    assert archives.paths.count("/commons/a.jpg") == 1
    lines = list(read_record(tmp_path / "out").values())
    assert [line.era for line in lines] == ["colonial", "korean-war"]
    assert {line.status for line in lines} == {"kept"}
    assert len({(line.file, line.sha256, line.width) for line in lines}) == 1


def test_what_one_era_loses_stays_for_the_other(in_both, fetch, files):
    fields = in_both["imageinfo"][0]["extmetadata"]
    fields["DateTimeOriginal"] = {"value": "1940"}
    assert fetch()["100"].status == "refused"
    assert files() == ["commons-100.jpg"]
    fields["DateTimeOriginal"] = {"value": "1990"}
    fetch(COLONIAL)
    assert files() == []  # nobody's any more


# True color


def test_color_needs_a_process_and_an_institution(archives, fetch, files):
    data = [photograph(number, color=True) for number in range(3)]
    archives.add_commons("a.jpg", data[0])
    archives.add_commons("b.jpg", data[1], Credit="a Kodachrome slide")
    archives.add_commons(
        "c.jpg", data[2], Credit="Kodachrome, National Archives at College Park"
    )
    record = fetch()
    assert "names no process" in record["100"].reason
    assert "names no institution" in record["101"].reason
    assert files() == ["commons-102.jpg"]
    entry = record["102"]
    assert (entry.color, entry.process) == ("color", "Kodachrome")
    assert entry.institution == "National Archives at College Park"


# Files that are not what they should be


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"<html>no</html>", "failed", "is "),
        (photograph(1)[:-300], "failed", "is cut short"),
        (photograph(1, format="PNG"), "refused", "it is JPEG, is PNG"),
        (photograph(1, size=(120, 90)), "refused", "only 120 x 90 pixels"),
        (b"", "failed", "is empty"),
    ],
)
def test_a_file_that_is_no_photograph_is_not_kept(
    archives, fetch, files, data, status, said
):
    page = archives.add_commons("a.jpg")
    archives.make_thumb(page, 1280)
    archives.files["/thumb/100/1280px-x.jpg"] = data
    entry = fetch()["100"]
    assert entry.status == status
    assert said in entry.reason
    assert files() == []


def test_a_picture_that_would_fill_the_memory_is_not_decoded(archives, fetch):
    archives.add_commons("a.jpg", photograph(1, size=(3000, 2000)))
    assert "limit of 1" in fetch(max_megapixels=1.0)["100"].reason


def test_another_file_than_the_hash_says_is_not_kept(archives, fetch, files):
    page = archives.add_commons("a.jpg")
    page["imageinfo"][0]["sha1"] = "0" * 40
    entry = fetch()["100"]
    assert entry.status == "failed"
    assert "not 0000" in entry.reason
    assert files() == []
    assert archives.paths.count("/commons/a.jpg") == 1


def test_a_cut_file_comes_whole_in_the_end(archives, fetch, tmp_path):
    archives.add_commons("a.jpg")
    archives.faults["/commons/a.jpg"] = ["cut", "cut"]
    assert fetch()["100"].status == "kept"
    data = (tmp_path / "out/commons-100.jpg").read_bytes()
    assert data == archives.files["/commons/a.jpg"]


def test_thumbnails_that_moved_to_another_host_are_followed(archives, fetch):
    archives.make_thumb(archives.add_commons("a.jpg"), 1280)
    with serve() as other:
        archives.moved["/thumb/100/1280px-x.jpg"] = f"{other.url}/new/x.jpg"
        other.files["/new/x.jpg"] = photograph(9)
        assert fetch()["100"].status == "kept"
    [(path, _, headers)] = other.asked
    assert path == "/new/x.jpg"
    assert "(ann@example.org)" in headers["User-Agent"]


def test_one_missing_file_does_not_stop_the_others(archives, fetch):
    for name in "ab":
        archives.add_commons(f"{name}.jpg")
    archives.faults["/commons/a.jpg"] = [404]
    record = fetch()
    assert "HTTP 404" in record["100"].reason
    assert record["101"].status == "kept"
    assert fetch()["100"].status == "kept"  # it is tried again


def test_an_archive_that_is_down_ends_the_run(archives, fetch, tmp_path):
    """Else each of thousands would be tried for minutes."""
    for number in range(PATIENCE + 2):
        archives.add_commons(f"{number}.jpg")
        archives.faults[f"/commons/{number}.jpg"] = [503] * 9
    with pytest.raises(ArchiveError, match="goes on where it was"):
        fetch()
    record = read_record(tmp_path / "out")
    assert len(record) == PATIENCE - 1


def test_two_at_once_do_not_fill_one_folder(fetch, tmp_path):
    (tmp_path / "out").mkdir()
    held, release = threading.Event(), threading.Event()

    def hold():
        with FileLock(tmp_path / "out/.lock"):
            held.set()
            release.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        with pytest.raises(ValueError, match="by another process"):
            fetch()
    finally:
        release.set()
        thread.join()


def test_photographs_are_read_as_they_came(archives, fetch, tmp_path):
    """Nothing is changed: the record's hash is of the archive's bytes."""
    archives.add_commons("a.jpg")
    fetch()
    assert photos.read(tmp_path / "out/commons-100.jpg").is_gray
