"""Write the repository's address into everything that needs it.

A course can be opened on Colab, and its pages can say where they come from,
only if they know where it is kept. That is one setting, the address between
the `address:` markers in _config.yml, and this script copies it to the rest:
launch buttons, badges, the citation, the chapters' first cells, the line that
installs the package, and the package, which downloads models from there.

    make address                                      take origin's
    make address URL=https://github.com/OWNER/NAME    take this one
    make address URL=none                             forget it again
    make address RELEASE=v1.0.0                       before that is tagged

Without an address the course is whole, and has no launch buttons.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# All the ways in which git writes it. A name and a password are not kept.
GITHUB = re.compile(
    r"(?:https?://|ssh://|git://)?(?:[^@/\s]+@)?"
    r"(?:www\.)?github\.com(?::\d+)?[:/]"
    r"(?P<owner>[\w-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?"
)
CONFIG = """\
repository:
  url: {url}
  branch: main
  path_to_book: ""
launch_buttons:
  colab_url: https://colab.research.google.com
html:
  baseurl: {pages}
  use_repository_button: true
  use_issues_button: true
"""
CITATION = """\
url: "{pages}"
repository-code: "{url}"
"""
README = """\
[![tests]({url}/actions/workflows/book.yml/badge.svg)]({url}/actions)
**[Read the course]({pages})**
"""
BLOCKS = {"_config.yml": CONFIG, "CITATION.cff": CITATION, "README.md": README}

MARKED = re.compile(
    r"(?ms)(^[^\n]*address:begin[^\n]*\n).*?(^[^\n]*address:end)"
)
# In the text of a notebook's file, where quotes are escaped.
FIRST_CELL = re.compile(r'(REPOSITORY = \\")[^"\\]*')
RELEASE = re.compile(r'(RELEASE = \\")[^"\\]*')
# In the package.
PACKAGE = "colorlib/models/released.py"
RELEASES = re.compile(r'(?m)(^REPOSITORY = ")[^"\n]*')
# In README and in chapters that say how to install the package alone.
INSTALL = re.compile(r"(\bpip install git\+)[^\s`\"\\]+")
UNKNOWN = "ADDRESS"  # what stands there before there is one


class AddressError(ValueError):
    """There is no usable address, or no place for it. One line."""


def parse(text: str) -> str:
    """Return the address that people can open: https://github.com/OWNER/NAME.

    Args:
        text: an address as git has it, over https or ssh; "" for none.

    Raises:
        AddressError: if it is not on GitHub: badges, Colab's launch buttons
            and the published pages would lead nowhere.
    """
    if not text:
        return ""
    match = GITHUB.fullmatch(text)
    if not match:
        raise AddressError(
            f"expected https://github.com/OWNER/NAME, got {text!r}; nothing"
            " was written"
        )
    return "https://github.com/{owner}/{name}".format(**match.groupdict())


def written(root: Path = ROOT) -> str:
    """Return the address that the course has now, "" where it has none."""
    block = MARKED.search((root / "_config.yml").read_text())
    url = re.search(r"(?m)^  url: (\S+)$", block[0]) if block else None
    return url[1] if url else ""


def with_address(
    url: str, root: Path = ROOT, release: str | None = None
) -> dict[Path, str]:
    """Return the new text of every file that tells the address.

    Args:
        url: as `parse` returns it.
        root: the repository.
        release: the tag or branch that chapters install on Colab; None
            for the one that they name now.

    Raises:
        AddressError: if a file has no place, or more than one, for it.
    """
    owner, _, name = url.removeprefix("https://github.com/").partition("/")
    host = f"{owner.lower()}.github.io"
    # A repository of the host's own name is published at its root.
    pages = f"https://{host}/" + ("" if name.lower() == host else f"{name}/")
    texts = {}
    for file, block in BLOCKS.items():
        filled = block.format(url=url, pages=pages) if url else ""
        path = root / file
        texts[path] = _substitute(MARKED, filled, path, path.read_text())
    path = root / PACKAGE
    texts[path] = _substitute(RELEASES, url, path, path.read_text())
    for path in sorted((root / "chapters").glob("*.ipynb")):
        text = _substitute(FIRST_CELL, url, path, path.read_text())
        if release is not None:
            text = _substitute(RELEASE, release, path, text)
        texts[path] = text
    return {
        path: INSTALL.sub(lambda found: found[1] + (url or UNKNOWN), text)
        for path, text in texts.items()
    }


def origin(root: Path = ROOT) -> str:
    """Return the address of the git remote `origin`, "" without one."""
    git = ["git", "-C", str(root), "remote", "get-url", "origin"]
    run = subprocess.run(git, capture_output=True, text=True)
    return run.stdout.strip()


def main(arguments: list[str]) -> int:
    """Write the address given, or origin's, and tell which it is."""
    parser = argparse.ArgumentParser(description="See `make help`.")
    parser.add_argument("url", nargs="?")
    parser.add_argument("--release")
    options = parser.parse_args(arguments)
    text = options.url or origin()
    if not text:
        print(
            "address.py: git has no remote called origin; give the address:"
            " make address URL=https://github.com/OWNER/NAME",
            file=sys.stderr,
        )
        return 1
    try:
        url = parse("" if text == "none" else text)
        texts = with_address(url, release=options.release)
    except AddressError as error:
        print(f"address.py: {error}", file=sys.stderr)
        return 1
    for path, content in texts.items():
        path.write_text(content)
    print(f"The course is kept at {url or 'no address'}.")
    return 0


def _substitute(place: re.Pattern, filling: str, path: Path, text: str) -> str:
    """Fill the one place in a file's text; keep what stands around it."""
    text, count = place.subn(
        lambda match: match[1] + filling + "".join(match.groups()[1:]), text
    )
    if count != 1:
        raise AddressError(
            f"{path.name} has {count} places for it, expected one:"
            f" {place.pattern!r}; nothing was written"
        )
    return text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
