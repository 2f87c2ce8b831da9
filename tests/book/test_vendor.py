"""What npm hands us is pinned, checked, and in place whole or not at all."""

import base64
import hashlib
import io
import tarfile
from pathlib import Path

import pytest
import vendor

FILES = {
    "package/dist/app.js": b"run()",
    "package/dist/fonts/a.woff": b"A",
    "package/dist/fonts/b.woff": b"B",
    "package/dist/app.js.map": b"not wanted",
    "package/LICENSE": b"free",
}


def make_tarball(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


TARBALL = make_tarball(FILES)


def make_package(tarball: bytes = TARBALL, **fields):
    digest = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    wanted = {
        "dist/app.js": "app.js",
        "dist/fonts": "fonts",
        "LICENSE": "LICENSE",
    }
    return vendor.Package(
        **{
            "spec": "app@1.0.0",
            "folder": "app",
            "integrity": f"sha512-{digest}",
            "take": wanted,
        }
        | fields
    )


@pytest.fixture
def npm(monkeypatch):
    """A stand-in for npm that serves TARBALL and counts its calls."""
    calls = []

    def fetch(spec):
        calls.append(spec)
        return TARBALL

    monkeypatch.setattr(vendor, "fetch", fetch)
    return calls


def everything_in(folder: Path) -> list[str]:
    return sorted(
        str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()
    )


def test_takes_what_is_wanted_and_nothing_else(npm, tmp_path):
    """Source maps and builds that no page uses would be published too."""
    list(vendor.vendor((make_package(),), tmp_path))
    assert everything_in(tmp_path) == [
        "app/.package",
        "app/LICENSE",
        "app/app.js",
        "app/fonts/a.woff",
        "app/fonts/b.woff",
    ]
    assert (tmp_path / "app" / "app.js").read_bytes() == b"run()"


def test_second_run_asks_nobody(npm, tmp_path):
    """A second `make book` needs no network."""
    for _ in range(2):
        list(vendor.vendor((make_package(),), tmp_path))
    assert npm == ["app@1.0.0"]


def test_changed_pin_fetches_again_and_leaves_no_old_file(npm, tmp_path):
    list(vendor.vendor((make_package(),), tmp_path))
    smaller = make_package(take={"LICENSE": "LICENSE"})
    list(vendor.vendor((smaller,), tmp_path))
    assert everything_in(tmp_path) == ["app/.package", "app/LICENSE"]


@pytest.mark.parametrize("before", [False, True], ids=["empty", "in place"])
def test_wrong_hash_is_refused_and_changes_nothing(npm, tmp_path, before):
    """A package that somebody replaced must not reach a reader's page."""
    if before:
        list(vendor.vendor((make_package(),), tmp_path))
    there = everything_in(tmp_path)
    other = make_package(b"another tarball", spec="app@1.0.1")
    with pytest.raises(vendor.VendorError, match="app@1.0.1 is not"):
        list(vendor.vendor((other,), tmp_path))
    assert everything_in(tmp_path) == there


def test_missing_file_is_refused_and_nothing_written(npm, tmp_path):
    package = make_package(take={"dist/app.mjs": "app.mjs"})
    with pytest.raises(vendor.VendorError, match="has no dist/app.mjs"):
        list(vendor.vendor((package,), tmp_path))
    assert everything_in(tmp_path) == []


def test_interrupted_write_leaves_nothing(npm, tmp_path, monkeypatch):
    """Ctrl-C between two files must not look like a finished set-up."""
    write = Path.write_bytes

    def write_then_stop(path, content):
        write(path, content)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", write_then_stop)
    with pytest.raises(KeyboardInterrupt):
        list(vendor.vendor((make_package(),), tmp_path))
    assert everything_in(tmp_path) == []


def test_offline_is_one_clear_line(monkeypatch, capsys, tmp_path):
    """The reader learns which package, why, and what to do; no traceback."""
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9")
    monkeypatch.setenv("npm_config_cache", str(tmp_path))
    assert vendor.main([], tmp_path / "vendor") == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "mathjax@3.2.2" in err
    assert "connect, then run again" in err


def test_every_package_is_pinned():
    for package in vendor.PACKAGES + vendor.TESTS_PACKAGES:
        name, _, version = package.spec.rpartition("@")
        assert name, package.spec
        assert version[0].isdigit(), package.spec
        assert package.integrity.startswith("sha512-"), package.spec
        assert "LICENSE" in package.take.values(), package.spec


def test_what_only_tests_need_is_not_published():
    """All of book/static is copied into the book."""
    assert not vendor.TESTS_VENDOR.is_relative_to(vendor.VENDOR.parent)
