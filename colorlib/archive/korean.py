"""Reasons and notes in Korean, for the Korean part of the result card.

The package says them in English, one sentence each. What has fixed words is
said in Korean here, around the names and numbers in it. What a decoder or a
person wrote has no fixed words, and stays in the English part. Chapter 16.
"""

import re
from collections.abc import Mapping

# Why a record refuses a photograph: see `eras.licenses`, `eras.judging` and
# `eras.authenticity`.
_REFUSED = {
    "forbids changes, and a colored copy is one": (
        "변경을 금지하는데, 색을 입힌 사본도 변경에 해당함"
    ),
    "its rights are in doubt: (.+)": "권리가 분명하지 않음: {}",
    "is KOGL, but says not of which type": (
        "공공누리이지만 어느 유형인지 적혀 있지 않음"
    ),
    "its license is not understood: (.+)": "라이선스를 알아볼 수 없음: {}",
    "no license": "라이선스가 없음",
    "is for non-commercial use only; .+": "비영리 목적으로만 쓸 수 있음",
    "no year can be read from its date, ['\"](.*)['\"]": (
        "날짜에서 연도를 읽을 수 없음: {}"
    ),
    r"is dated (.+), outside (\d+) to (\d+)": (
        "날짜가 {}, 곧 {}년부터 {}년까지의 범위 밖임"
    ),
    "colored later: (.+)": "나중에 색을 입힘: {}",
    "touched by AI: (.+)": "인공지능으로 손을 댐: {}",
    "made larger by a program: (.+)": "프로그램으로 확대함: {}",
    "retouched: (.+)": "수정함: {}",
    r"says that it is (\w+), is (\w+)": "이름은 {}, 내용은 {}임",
    r"has only (\d+) x (\d+) pixels": "{} x {}화소밖에 되지 않음",
    "is in color, and names no process .+": (
        "컬러 사진이지만 실제 색임을 보일 촬영 방식이 적혀 있지 않음"
    ),
    "is in color, and names no institution .+": (
        "컬러 사진이지만 실제 색임을 보일 소장 기관이 적혀 있지 않음"
    ),
}
# Why a photograph could not be colored: see `photos`, `archive.done`. What
# to do about it follows behind a semicolon.
_FAILED = {
    "is empty": "빈 파일임",
    "does not exist|no such file or folder": "파일이 없음",
    "can't be opened .+|permission denied": "파일을 열 수 없음",
    "can't be listed": "폴더를 열 수 없음",
    "can't be written .+": "사본을 기록할 수 없음",
    "the disk is full.*": "디스크가 가득 참",
    "is not an image of a kind that can be read here": (
        "여기에서 읽을 수 있는 종류의 이미지가 아님"
    ),
    "is .+, which is not read here|is of a kind that is not read here .+": (
        "여기에서 읽지 않는 형식임"
    ),
    "stores its colors as (.+), which is not read here": (
        "여기에서 읽지 않는 색 표현임: {}"
    ),
    "is (?:damaged|cut short).*": "손상되었거나 끝이 잘림",
    "needs more memory than there is|does not fit into memory": (
        "메모리가 모자람"
    ),
    r"has (\d+) x (\d+) pixels, .+": "{} x {}화소로, 한도보다 큼",
    "is a HEIC file, which needs one more package": (
        "HEIC 파일이며, 패키지(pillow-heif)가 하나 더 필요함"
    ),
    "holds .+raw .+": "카메라의 원시(raw) 데이터임",
    "(?s:.+) exists and was not made by colorlib": (
        "같은 이름의 다른 파일이 이미 있음"
    ),
    "(?s:.+) was colored .+|(?s:.+) doesn't say .+|(?s:.+) is not signed": (
        "앞서 만든 사본이 있으나 스캔, 모델 또는 설정이 다름"
    ),
}
# What there is to say of a copy: see `colorizer`, `archive.plan`.
_NOTES = {
    r"(\d+%) of it was made paler: .+": (
        "{}의 색을 옅게 함(그 밝기에서 sRGB로 나타낼 수 없는 색)"
    ),
    r"the hint at (point|box) ([\d, ]+) was made paler: .+": (
        "힌트({} {})의 색을 옅게 함(그 밝기에서 sRGB로 나타낼 수 없는 색)"
    ),
    r"its own colors were set aside, only L\* was used": (
        "본디의 색은 쓰지 않고 명도(L*)만 씀"
    ),
    "its copy is called (.+), because (.+) becomes (.+)": (
        "사본의 이름은 {}({}의 사본이 {}이므로)"
    ),
    "was colored by (.+) already": "이미 모델 {}이(가) 색을 입힌 사진임",
    r"its Content Credentials \(C2PA\) are not in the copy; .+": (
        "원본의 콘텐츠 자격 증명(C2PA)은 사본에 없음"
    ),
    r"is a (\w+) file although its name ends in (.+)": (
        "이름은 {1}로 끝나지만 {0} 파일임"
    ),
}
_LICENSES = {
    "public domain": "퍼블릭 도메인",
    "no known restrictions": "알려진 제한 없음",
    r"KOGL type (\d)": "공공누리 제{}유형",
    "ND": "변경 금지",
}
_PLACES = {"point": "점", "box": "상자"}


def refusal_in_korean(reason: str) -> str:
    """Say why a record refuses a photograph; empty if there are no words.

    >>> refusal_in_korean("its rights are in doubt: fair use")
    '권리가 분명하지 않음: fair use'
    """
    return _said(reason, _REFUSED)


def failure_in_korean(error: str) -> str:
    """Say why a photograph could not be colored; empty if there are no words.

    Args:
        error: without the photograph's name.

    >>> failure_in_korean("is empty; copy or download it again")
    '빈 파일임'
    """
    return _said(error.partition("; ")[0], _FAILED)


def note_in_korean(note: str) -> str:
    """Say what there is to say of a copy; empty if there are no words."""
    return _said(note, _NOTES)


def license_in_korean(name: str) -> str:
    """Say a license as it was understood; CC BY and the like stay.

    >>> license_in_korean("KOGL type 1"), license_in_korean("CC BY")
    ('공공누리 제1유형', 'CC BY')
    """
    return _said(name, _LICENSES) or name


def place_in_korean(place: str) -> str:
    """Say where a hint is.

    >>> place_in_korean("point 4, 3")
    '점 4, 3'
    """
    kind, _, numbers = place.partition(" ")
    return f"{_PLACES.get(kind, kind)} {numbers}"


def _said(text: str, words: Mapping[str, str]) -> str:
    for pattern, korean in words.items():
        if found := re.fullmatch(pattern, text):
            parts = (_PLACES.get(each, each) for each in found.groups())
            return korean.format(*parts)
    return ""
