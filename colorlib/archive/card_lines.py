"""Lines of the result card that say what goes along with the copies.

By which model, on which days and with which settings they were made, by their
own marks; whether the originals are there; and what the record says of each
photograph. In English and Korean. Chapter 16.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from colorlib.archive.credit import CAPTION
from colorlib.archive.handover import (
    Along,
    ReportEntry,
    first_entries,
    line_of,
    refused_in,
    there_in,
    without_original,
)
from colorlib.archive.korean import (
    license_in_korean,
    place_in_korean,
    refusal_in_korean,
)
from colorlib.archive.makers import (
    counted,
    lines_to_print,
    made_with,
    terms_of_model,
)
from colorlib.archive.originals import ORIGINALS
from colorlib.archive.outcomes import HINTS_MAP, UNCERTAINTY
from colorlib.data.survey import name_some
from colorlib.eras.record import RecordLine
from colorlib.photos import MadeBy

_AS_WRITTEN = ("", "as written")  # licenses that were not understood as one

_SWITCHES = ("mirror", "faded")  # settings without a value
_WORDS = {
    "en": {
        "strangers": "Pictures in this folder that this card says nothing of",
        "made": "Made with",
        "terms": "Terms of the model",
        "line": "Line to print below a copy",
        "settings": "Settings",
        "sizes": "seen at {} pixels (shorter side)",
        "and": " and ",
        "mirror": "averaged with the mirror image",
        "faded": "with stretched contrast where faded",
        "unsaid": "not known",
        "unmarked": "files without a mark: {}",
        "hinted": "hints for {} of {} photographs",
        "originals": "Originals",
        "there": (
            "in `{}/`, byte for byte, checked by their SHA-256: {} of {}"
        ),
        "lacking": "not there: {}",
        "none": (
            "not part of this folder; the table has the name and the SHA-256"
            " of each, by which it can be matched"
        ),
        "record": "Record of author, date and license",
        "listed": "{}; it lists {} of {} photographs",
        "unlisted": "none was found",
        "photographs": "the photographs: {}; these copies: {}",
        "no license": "none recorded",
        "unsold": "{}, must not be sold",
        "refused": "Photographs that their record refuses",
        "settle": (
            "They were colored all the same. Settle the reason before a copy"
            " is passed on."
        ),
        "elsewhere": "",
        "columns": ("author", "date", "license"),
    },
    "ko": {
        "strangers": "이 폴더에 있으나 이 카드에서 다루지 않는 사진",
        "made": "만든 도구",
        "terms": "모델의 이용 조건",
        "line": "사본 아래에 인쇄할 문장",
        "settings": "설정",
        "sizes": "짧은 변 {}화소로 봄",
        "and": ", ",
        "mirror": "좌우로 뒤집은 것과 평균함",
        "faded": "바랜 사진은 명암 대비를 늘려서 봄",
        "unsaid": "알 수 없음",
        "unmarked": "표시가 없는 파일 {}개",
        "hinted": "사진 {1}장 가운데 {0}장에 힌트를 씀",
        "originals": "원본",
        "there": (
            "{2}장 가운데 {1}장이 `{0}/`에 그대로 있음(SHA-256으로 확인함)"
        ),
        "lacking": "없는 것: {}",
        "none": (
            "이 폴더에 없음. 아래 목록의 이름과 SHA-256으로 찾아 맞출 수 있음"
        ),
        "record": "촬영자, 날짜, 라이선스 기록",
        "listed": "{0}. 사진 {2}장 가운데 {1}장이 적혀 있음",
        "unlisted": "찾지 못함",
        "photographs": "사진: {}. 이 사본: {}",
        "no license": "기록 없음",
        "unsold": "{}, 판매 금지",
        "refused": "기록에서 받아들이지 않은 사진",
        "settle": (
            "그래도 색을 입혔습니다. 사본을 넘기기 전에 그 까닭을 해결하십시오."
        ),
        "elsewhere": "여기에 없는 까닭은 영어 부분에 적혀 있습니다.",
        "columns": ("촬영자", "날짜", "라이선스"),
    },
}
_KINDS = {
    UNCERTAINTY: "의심 지도",
    HINTS_MAP: "힌트 지도",
    "warmer": "더 따뜻한 색",
    "cooler": "더 차가운 색",
    "greener": "더 푸른 색",
    "rosier": "더 붉은 색",
}


def about_lines(
    report: Mapping[str, Any], along: Along, language: str
) -> Iterator[str]:
    """Yield lines on what made the copies, on originals and the record.

    Args:
        report: of `colorlib colorize`.
        along: what goes along with its copies.
        language: "en" or "ko".
    """
    words: Any = _WORDS[language]
    entries = there_in(report)
    if along.strangers:
        named = in_markdown(name_some(along.strangers))
        yield f"- **{words['strangers']}**: {len(along.strangers)} ({named})"
    made = in_markdown(made_with(report, along, language))
    yield f"- **{words['made']}**: {made}"
    if terms := terms_of_model(report, along, language):
        yield f"- **{words['terms']}**: {terms}"
    if along.marks:
        yield f"- **{words['settings']}**: {_settings(along.marks, language)}"
    if entries:
        yield f"- **{words['originals']}**: {_originals(entries, along, words)}"
        yield f"- **{words['record']}**: {_record(entries, along, words)}"
    lines = lines_to_print(report, along, language)
    if len(lines) == 1:
        yield f"- **{words['line']}**: {lines[0]}"
    elif lines:
        yield f"- **{words['line']}**:"
        yield from (f"  - {line}" for line in lines)


def rights_line(
    entries: Sequence[ReportEntry], along: Along, language: str, blank: str
) -> str:
    """Sum up the licenses of the photographs; only the blank without any.

    Args:
        entries: what `there_in` lists.
        along: has the records.
        language: "en" or "ko".
        blank: what stands for what only a person knows.
    """
    words: Any = _WORDS[language]
    if not along.records.records:
        return blank
    said = Counter(
        license_of(line, language) if line else words["no license"]
        for line in _lines(entries, along)
    )
    told = ", ".join(f"{name} ({n})" for name, n in said.items())
    return words["photographs"].format(told, blank)


def refused_lines(
    entries: Sequence[ReportEntry], along: Along, language: str
) -> Iterator[str]:
    """Yield a part on the photographs that their record refuses, if any.

    Args:
        entries: what `there_in` lists.
        along: has the records.
        language: "en" or "ko".
    """
    words: Any = _WORDS[language]
    refused = refused_in(entries, along)
    reasons = [line.reason for _, line in refused]
    if language == "ko":
        reasons = [*map(refusal_in_korean, reasons)]
    if refused:
        settle = [words["settle"]]
        if not all(reasons):
            settle.append(words["elsewhere"])
        yield f"\n## {words['refused']}\n"
        yield f"{' '.join(filter(None, settle))}\n"
    for (entry, line), reason in zip(refused, reasons, strict=True):
        said = license_of(line, language)
        told = PurePath(entry["input"]).name + (f" ({said})" if said else "")
        why = f": {reason}" if reason else ""
        yield f"- {in_markdown(told + why)}"


def record_columns(along: Along, language: str) -> tuple[str, ...]:
    """Name the columns that records fill in the table; none without any."""
    words: Any = _WORDS[language]
    return words["columns"] if along.records.records else ()


def record_cells(
    entry: ReportEntry, along: Along, language: str
) -> tuple[str, ...]:
    """Fill these columns in for a photograph."""
    if not along.records.records:
        return ()
    line = line_of(entry, along)
    if line is None:
        return ("", "", "")
    return line.author, line.date, license_of(line, language)


def license_of(line: RecordLine, language: str) -> str:
    """Say the license of a line as it was understood, or as it was written."""
    said = line.license
    if said in _AS_WRITTEN:
        said = line.license_text
    elif language == "ko":
        said = license_in_korean(said)
    words: Any = _WORDS[language]
    return words["unsold"].format(said) if line.non_commercial else said


def kind_in(language: str, kind: str) -> str:
    """Say what kind of result a file is.

    >>> kind_in("en", "warmer"), kind_in("ko", "warmer")
    ('warmer', '더 따뜻한 색')
    """
    if language == "en":
        return kind
    return "인쇄용 사본" if kind.startswith(CAPTION) else _KINDS.get(kind, kind)


def place_in(language: str, place: str) -> str:
    """Say where a hint is.

    >>> place_in("en", "point 4, 3"), place_in("ko", "point 4, 3")
    ('point 4, 3', '점 4, 3')
    """
    return place if language == "en" else place_in_korean(place)


def count_copies(copies: int, n: int, language: str) -> str:
    """Say how many copies there are, and of how many photographs.

    >>> count_copies(28, 7, "en"), count_copies(1, 1, "en")
    ('28 copies of 7 photographs', '1 copy of 1 photograph')
    """
    if language == "ko":
        return f"사진 {n}장의 사본 {copies}개"
    many = "copy" if copies == 1 else "copies"
    return f"{copies} {many} of {n} photograph{'' if n == 1 else 's'}"


def in_markdown(text: str) -> str:
    """Keep a stranger's text on its line, and from being taken for HTML.

    >>> in_markdown("Kim & <b>Sons</b>")
    'Kim & &lt;b>Sons&lt;/b>'
    """
    return " ".join(text.split()).replace("<", "&lt;")


def _originals(entries: Sequence[ReportEntry], along: Along, words: Any) -> str:
    lacking = without_original(entries, along)
    n = len(first_entries(entries))
    if len(lacking) == n:
        return words["none"]
    told = [words["there"].format(ORIGINALS, n - len(lacking), n)]
    if lacking:
        told.append(words["lacking"].format(in_markdown(", ".join(lacking))))
    return "; ".join(told)


def _record(entries: Sequence[ReportEntry], along: Along, words: Any) -> str:
    if not along.record_files:
        return words["unlisted"]
    files = ", ".join(f"`{path.name}`" for path in along.record_files)
    found = _lines(entries, along)
    listed = sum(line is not None for line in found)
    return words["listed"].format(files, listed, len(found))


def _lines(
    entries: Sequence[ReportEntry], along: Along
) -> list[RecordLine | None]:
    return [line_of(entry, along) for entry in first_entries(entries)]


def _settings(marks: Mapping[str, MadeBy | None], language: str) -> str:
    """Say what the marks say; if they differ, of how many files."""
    words: Any = _WORDS[language]
    known = [mark for mark in marks.values() if mark]
    said = Counter(_in_words(mark.settings, words) for mark in known)
    told = [counted(said, language)] if said else []
    hinted = {mark.source_sha256 for mark in known if mark.hints}
    if hinted:
        n = len({mark.source_sha256 for mark in known})
        told.append(words["hinted"].format(len(hinted), n))
    if len(known) < len(marks):
        told.append(words["unmarked"].format(len(marks) - len(known)))
    return "; ".join(told)


def _in_words(settings: str, words: Mapping[str, str]) -> str:
    """Say `done.settings_of` in words, but for what each file has of its own.

    What has no word is said as it stands.
    """
    told = []
    for each in re.sub(r"\b(hints|result)=\S+", "", settings).split():
        name, _, value = each.partition("=")
        if name == "sizes":
            sizes = value.replace(",", words["and"])
            told.append(words["sizes"].format(sizes))
        else:
            told.append(words[each] if each in _SWITCHES else each)
    return ", ".join(told) or words["unsaid"]
