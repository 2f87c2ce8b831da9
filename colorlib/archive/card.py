"""The result card: a page that goes with a folder of colorized copies.

It is filled from the report of `colorlib colorize`, and from what goes along
with the copies (`handover`). What only a person knows has a place to be filled
in. English first, then Korean, for an archive that has to decide what to do
with the folder. Chapter 16.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from colorlib.archive.card_lines import (
    about_lines,
    count_copies,
    in_markdown,
    kind_in,
    place_in,
    record_cells,
    record_columns,
    refused_lines,
    rights_line,
)
from colorlib.archive.credit import LANGUAGES
from colorlib.archive.handover import (
    Along,
    first_entries,
    source_sha256,
    there_in,
)
from colorlib.archive.korean import failure_in_korean, note_in_korean
from colorlib.archive.makers import SHOWN_DIGITS, digits
from colorlib.archive.outcomes import MAPS, OUTDATED, THERE
from colorlib.archive.report import place_of
from colorlib.archive.review import (
    ACCEPTED,
    DECISIONS,
    OPEN,
    REJECTED,
    CopyKey,
    Review,
    copy_key,
    is_copy,
)

CARD = "CARD.md"
_START = "<!-- made by colorlib card; SHA-256 of what follows: {} -->\n"

_WORDS = {
    "en": {
        "title": "Colorized copies",
        "by": "Who answers questions",
        "rights": "Rights to the photographs, and to these copies",
        "blank": "(please fill in)",
        "copies": "Copies in this folder",
        "maps": "Maps beside them, of doubts or of hints",
        "failed": "Photographs that could not be colored",
        "believe": "What not to believe",
        "check": "How to check a copy",
        "review": "What a person decided",
        ACCEPTED: "accepted",
        REJECTED: "rejected",
        OPEN: "open",
        "reviewing": (
            "Accepted means that a person found a copy good enough. Its colors"
            " are guesses all the same.",
        ),
        "table": "The copies",
        "elsewhere": "",
        "digits": (
            "Where a SHA-256 has {} digits, `{}` in this folder has it whole."
        ),
        "gone": "{} (not here)",
        "columns": ("copy", "original", "SHA-256 of the original", "notes"),
        "reviewed": ("decision", "comment"),
        "hinted": (
            "Where the table names a hint, that color comes from its source."
            " No other color here is evidence: a model gave each place a color"
            " that is likely in photographs of today."
        ),
        "unhinted": (
            "No color here is evidence. A model gave each place a color that"
            " is likely in photographs of today."
        ),
        "beliefs": (
            "What the model is sure of may be wrong, and what looks natural"
            " may be wrong.",
            "Uniforms, flags, clothes and paint can have had any color."
            " Only what a source documents is known.",
            "The light and dark of each copy are the original's. Nothing was"
            " moved, added or smoothed.",
        ),
        "checking": (
            "`colorlib verify ORIGINAL COPY` compares size, lightness and"
            " caption data, pixel by pixel.",
            "`colorlib info COPY` shows the mark that says what was done.",
            "Keep each copy beside its original.",
        ),
    },
    "ko": {
        "title": "색을 입힌 사본",
        "by": "문의할 곳",
        "rights": "사진과 이 사본의 권리",
        "blank": "(직접 적어 주십시오)",
        "copies": "이 폴더에 있는 사본",
        "maps": "함께 있는 지도(의심 또는 힌트)",
        "failed": "색을 입히지 못한 사진",
        "believe": "믿지 말아야 할 것",
        "check": "사본을 확인하는 방법",
        "review": "사람이 내린 결정",
        ACCEPTED: "승인",
        REJECTED: "반려",
        OPEN: "미결정",
        "reviewing": (
            "승인은 어떤 사람이 사본을 쓸 만하다고 보았다는 뜻입니다. 그래도"
            " 색은 추정입니다.",
        ),
        "table": "사본 목록",
        "elsewhere": "다른 비고와 오류의 까닭은 영어 부분에 적혀 있습니다.",
        "digits": (
            "SHA-256이 {}자리이면 앞부분이며, 전체는 이 폴더의 `{}`에 있습니다."
        ),
        "gone": "{}(여기 없음)",
        "columns": ("사본", "원본", "원본의 SHA-256", "비고"),
        "reviewed": ("결정", "의견"),
        "hinted": (
            "아래 목록에 힌트가 적힌 곳의 색은 그 자료에서 왔습니다. 그 밖의"
            " 색은 증거가 아닙니다. 모델이 오늘날의 사진에서 그럴듯한 색을"
            " 골랐을 뿐입니다."
        ),
        "unhinted": (
            "여기 있는 어떤 색도 증거가 아닙니다. 모델이 오늘날의 사진에서"
            " 그럴듯한 색을 골랐을 뿐입니다."
        ),
        "beliefs": (
            "모델이 확신하는 색도, 자연스러워 보이는 색도 틀릴 수 있습니다.",
            "제복, 깃발, 옷, 칠의 색은 무엇이든 가능합니다. 자료로 확인되는"
            " 것만 알 수 있습니다.",
            "밝고 어두움은 원본 그대로입니다. 옮기거나 더하거나 다듬은 것은"
            " 없습니다.",
        ),
        "checking": (
            "`colorlib verify 원본 사본`은 크기, 명도, 설명 정보를 화소"
            " 단위로 비교합니다.",
            "`colorlib info 사본`은 무엇을 했는지 적은 표시를 보여 줍니다.",
            "사본은 언제나 원본과 함께 보관하십시오.",
        ),
    },
}


class EditedError(ValueError):
    """A card was edited by hand, and would be lost."""


def result_card(
    report: Mapping[str, Any],
    folder: Path,
    *,
    about: str = "",
    by: str = "",
    rights: str = "",
    along: Along | None = None,
) -> str:
    """Write the card of a folder.

    Args:
        report: of `colorlib colorize`, as read from its JSON; of several
            runs, see `report.of_all_runs`.
        folder: that holds the copies.
        about: what the photographs are, a sentence.
        by: who answers questions.
        rights: to the photographs and to the copies.
        along: what goes along with them; None for nothing that is known.

    Returns:
        Markdown. Where `by` or `rights` is empty, there is a place for it.
    """
    told = {"about": about, "by": by, "rights": rights}
    parts = [
        "\n".join(
            _in_language(report, folder, language, told, along or Along())
        )
        for language in LANGUAGES
    ]
    text = "\n\n".join(parts) + "\n"
    return _START.format(_hash(text)) + text


def check_unedited(path: Path) -> None:
    """Make sure that a card can be written again, and nothing is lost.

    Args:
        path: of the card; there may be none.

    Raises:
        EditedError: if it was edited since, or is no card.
    """
    if not path.exists():
        return
    start, _, text = path.read_text(encoding="utf-8").partition("\n")
    if start + "\n" != _START.format(_hash(text)):
        raise EditedError(
            f"{path} was edited by hand, or is no result card; move it, or"
            " choose another place with --output"
        )


def _in_language(
    report: Mapping[str, Any],
    folder: Path,
    language: str,
    told: Mapping[str, str],
    along: Along,
) -> Iterator[str]:
    words: dict[str, Any] = _WORDS[language]
    entries = report["photographs"]
    there = there_in(report)
    maps = [e for e in there if e.get("result") in MAPS]
    places = {place_of(folder, entry) for entry in there} - {None}
    failed = {
        entry["input"]: _why_failed(entry, language)
        for entry in entries
        if entry.get("status") not in THERE
        # What is outdated is a copy still, and in the table.
        and not (
            entry["status"] == OUTDATED and place_of(folder, entry) in places
        )
    }
    yield f"# {words['title']}\n"
    if told["about"]:
        yield f"{in_markdown(told['about'])}\n"
    blank = words["blank"]
    rights = in_markdown(told["rights"]) or rights_line(
        there, along, language, blank
    )
    yield f"- **{words['by']}**: {in_markdown(told['by']) or blank}"
    yield f"- **{words['rights']}**: {rights}"
    numbers = len(there) - len(maps), len(first_entries(there))
    yield f"- **{words['copies']}**: {count_copies(*numbers, language)}"
    if maps:
        yield f"- **{words['maps']}**: {len(maps)}"
    yield from about_lines(report, along, language)
    first = words["hinted" if any(map(_hints, there)) else "unhinted"]
    for heading, says in (
        ("believe", (first, *words["beliefs"])),
        ("check", words["checking"]),
    ):
        yield f"\n## {words[heading]}\n"
        yield from (f"- {sentence}" for sentence in says)
    yield from refused_lines(there, along, language)
    if along.reviews is not None:
        yield from _decided(there, folder, language, along.reviews)
    yield f"\n## {words['table']}\n"
    notes = [n for e in there for n in _notes(e, language)]
    if not all([*failed.values(), *notes]):
        yield f"{words['elsewhere']}\n"
    yield from _table(there, folder, language, along)
    if failed:
        yield f"\n## {words['failed']}\n"
        for name, why in failed.items():
            yield in_markdown(f"- {name}: {why}" if why else f"- {name}")


def _decided(
    there: Sequence[Mapping[str, Any]],
    folder: Path,
    language: str,
    reviews: Mapping[CopyKey, Review],
) -> Iterator[str]:
    """Count what a person decided, and list what was rejected."""
    words: dict[str, Any] = _WORDS[language]
    copies = [entry for entry in there if is_copy(entry)]
    found = [reviews.get(copy_key(entry), Review()) for entry in copies]
    yield f"\n## {words['review']}\n"
    yield from (f"- {sentence}" for sentence in words["reviewing"])
    for decision in DECISIONS:
        count = sum(review.decision == decision for review in found)
        yield f"- **{words[decision]}**: {count}"
        if decision == REJECTED:
            for entry, review in zip(copies, found, strict=True):
                if review.decision == REJECTED:
                    said = f": {review.comment}" if review.comment else ""
                    name = _below(folder, entry, language)
                    yield f"  - {in_markdown(name + said)}"


def _table(
    there: Sequence[Mapping[str, Any]],
    folder: Path,
    language: str,
    along: Along,
) -> Iterator[str]:
    words: dict[str, Any] = _WORDS[language]
    copy, original, *others = words["columns"]
    if along.reviews is not None:
        others += words["reviewed"]
    heads = copy, original, *record_columns(along, language), *others
    if along.report_file:
        yield f"{words['digits'].format(SHOWN_DIGITS, along.report_file)}\n"
    yield _row(heads)
    yield _row(["---"] * len(heads))
    for entry in there:
        cells = _cells(entry, folder, language, along)
        if along.reviews is not None and is_copy(entry):
            review = along.reviews.get(copy_key(entry), Review())
            cells += (words[review.decision], review.comment)
        elif along.reviews is not None:
            cells += ("", "")  # nobody decides on a map or a variant
        yield _row(cells)


def _hints(entry: Mapping[str, Any]) -> Sequence[Mapping[str, str]]:
    return entry.get("hints") or ()


def _notes(entry: Mapping[str, Any], language: str) -> list[str]:
    """List the notes on a copy; empty where the language has no words."""
    notes = list(entry.get("notes") or [])
    return notes if language == "en" else [*map(note_in_korean, notes)]


def _why_failed(entry: Mapping[str, Any], language: str) -> str:
    """Say why there is no copy; empty where the language has no words."""
    said = str(entry.get("error") or entry.get("status"))
    why = said.removeprefix(f"{entry['input']}: ")  # the list has the name
    return why if language == "en" else failure_in_korean(why)


def _cells(
    entry: Mapping[str, Any], folder: Path, language: str, along: Along
) -> tuple[str, ...]:
    notes = [*filter(None, _notes(entry, language))]
    if kind := entry.get("result"):
        notes.insert(0, kind_in(language, str(kind)))
    for hint in _hints(entry):
        notes.append(f"{place_in(language, hint['place'])}: {hint['source']}")
    return (
        _below(folder, entry, language),
        PurePath(entry["input"]).name,
        *record_cells(entry, along, language),
        digits(source_sha256(entry, along), entry.get("source_sha256"), along),
        "; ".join(notes),
    )


def _below(folder: Path, entry: Mapping[str, Any], language: str) -> str:
    """Name a copy from its folder on, wherever the report was made."""
    place = place_of(folder, entry)
    gone = str(_WORDS[language]["gone"]).format(PurePath(entry["output"]).name)
    return place.as_posix() if place else gone


def _row(cells: "tuple[str, ...] | list[str]") -> str:
    told = (in_markdown(cell).replace("|", "\\|") for cell in cells)
    return "| " + " | ".join(told) + " |"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
