"""Which program and model made the copies of a folder, and the lines to print.

The marks in the copies say it, as a folder may be the work of several runs
and of several models. Where no mark is known, the report of the last run says
it. Chapter 16.
"""

from collections.abc import Mapping
from typing import Any

from colorlib.archive.credit import credit_line
from colorlib.archive.handover import Along
from colorlib.photos import MadeBy

SHOWN_DIGITS = 12  # of a hash; 64 of them are wider than a telephone

SHIPPED_NAMES = "colorlib-compact-"  # each has a number; all have these terms

_WORDS = {
    "en": {
        "days": "{} to {}",
        "whole in": "{}... (whole in `{}`)",
        "differ": "they differ: {}",
        "files": "{} (files: {})",
        "terms": (
            "study, teaching and research, not commercial use; whether this"
            " reaches the copies is not settled"
        ),
    },
    "ko": {
        "days": "{}부터 {}까지",
        "whole in": "{}...(전체는 `{}`에 있음)",
        "differ": "서로 다름: {}",
        "files": "{}(파일 {}개)",
        "terms": (
            "공부, 교육, 연구용이며 상업적 이용은 안 됨. 이 조건이 사본에도"
            " 미치는지는 정해지지 않음"
        ),
    },
}


def made_with(report: Mapping[str, Any], along: Along, language: str) -> str:
    """Say which program and model made the copies, and on which days.

    Args:
        report: says it where no mark does.
        along: has the marks, of one run or of several.
        language: "en" or "ko".
    """
    words: Any = _WORDS[language]
    told = {}
    for (software, name, sha256), marks in _makers(report, along).items():
        days = sorted({mark.date for mark in marks if mark.date})
        if len(days) > 1:
            days = [words["days"].format(days[0], days[-1])]
        if sha256:
            whole = (report.get("model") or {}).get("sha256")
            sha256 = f"SHA-256 {digits(sha256, whole, along, language)}"
        parts = filter(None, (software, name, sha256, *days))
        told[", ".join(parts)] = len(marks)
    return counted(told, language)


def lines_to_print(
    report: Mapping[str, Any], along: Along, language: str
) -> list[str]:
    """List the lines to print below the copies: one, if one model made them.

    Args:
        report: has the line, where there is no mark.
        along: has the marks. The day is in the line if it is that of all.
        language: "en" or "ko".
    """
    if not any(along.marks.values()):
        said = report.get("caption", {}).get(language)
        return [said] if said else []
    lines = []
    for (software, name, sha256), marks in _makers(report, along).items():
        days = {mark.date for mark in marks}
        day = days.pop() if len(days) == 1 else ""
        mark = MadeBy(name, sha256, software, date=day)
        lines.append(credit_line(mark, language))
    return list(dict.fromkeys(lines))


def terms_of_model(
    report: Mapping[str, Any], along: Along, language: str
) -> str:
    """Say the terms of the model that ships, if it made any of the copies.

    Args:
        report: says it where no mark does.
        along: has the marks.
        language: "en" or "ko".

    Returns:
        What its card says at greater length; empty for other models.
    """
    names = [name for _, name, _ in _makers(report, along)]
    ours = any(name.startswith(SHIPPED_NAMES) for name in names)
    return _WORDS[language]["terms"] if ours else ""


def counted(files: Mapping[str, int], language: str) -> str:
    """Say what is so of all files; if they differ, of how many each is.

    Args:
        files: what is so, and of how many.
        language: "en" or "ko".

    >>> counted({"one": 2}, "en"), counted({"one": 2, "other": 1}, "en")
    ('one', 'they differ: one (files: 2); other (files: 1)')
    """
    words = _WORDS[language]
    if len(files) == 1:
        return next(iter(files))
    parts = (words["files"].format(*each) for each in files.items())
    return words["differ"].format("; ".join(parts))


def digits(
    sha256: str, reported: str | None, along: Along, language: str = ""
) -> str:
    """Shorten a hash that stands whole in the report beside the card.

    Args:
        sha256: of 64 digits.
        reported: what the report has in that place.
        along: knows where the report is.
        language: "en" or "ko", to say where; empty where a sentence does.
    """
    if not along.report_file or reported != sha256:
        return sha256
    short, words = sha256[:SHOWN_DIGITS], _WORDS.get(language)
    if words is None:
        return short
    return str(words["whole in"]).format(short, along.report_file)


def _makers(
    report: Mapping[str, Any], along: Along
) -> dict[tuple[str, str, str], list[MadeBy]]:
    """Group the marks by program and model; without any, ask the report."""
    marks = [mark for mark in along.marks.values() if mark]
    if not marks:
        model = report.get("model") or {}
        marks = [
            MadeBy(
                model.get("name") or "",
                model.get("sha256") or "",
                report.get("software") or "",
                date=str(report.get("started", ""))[:10],
            )
        ]
    makers: dict[tuple[str, str, str], list[MadeBy]] = {}
    for mark in marks:
        key = mark.software, mark.model, mark.sha256
        makers.setdefault(key, []).append(mark)
    return makers
