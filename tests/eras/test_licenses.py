"""A license that forbids changes forbids coloring; what is unclear as well."""

import pytest

from colorlib.eras.licenses import read_terms


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (["Public domain"], "public domain"),
        (["", "pd"], "public domain"),
        (["PD-South Korea"], "public domain"),
        (["CC0"], "CC0"),
        (["CC-Zero"], "CC0"),
        (["", "https://creativecommons.org/publicdomain/zero/1.0/"], "CC0"),
        (["CC BY 4.0"], "CC BY"),
        (["CC BY-SA 3.0", "cc-by-sa-3.0"], "CC BY-SA"),
        (["Creative Commons Attribution-Share Alike 4.0"], "CC BY-SA"),
        (["", "https://creativecommons.org/licenses/by/4.0/"], "CC BY"),
        (["KOGL Type 1"], "KOGL type 1"),
        (["KOGL Type I"], "KOGL type 1"),
        (["공공누리 제1유형"], "KOGL type 1"),
        (["공공누리 제 0유형"], "KOGL type 0"),
        (["No known restrictions on publication."], "no known restrictions"),
        (["Public domain: not in copyright"], "public domain"),
    ],
)
def test_what_may_be_colored_is_taken(texts, name):
    terms = read_terms(*texts)
    assert (terms.name, terms.reason, terms.non_commercial) == (name, "", False)


@pytest.mark.parametrize(
    "text",
    ["CC BY-ND 4.0", "CC BY-NC-ND 2.0", "NoDerivs", "KOGL Type 3"]
    + ["KOGL Type 4", "KOGL Type IV", "공공누리 제4유형", "출처표시, 변경금지"],
)
@pytest.mark.parametrize("non_commercial", [False, True])
def test_what_forbids_changes_is_never_taken(text, non_commercial):
    terms = read_terms(text, non_commercial=non_commercial)
    assert "forbids changes" in terms.reason


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CC BY-NC 2.0", "CC BY-NC"),
        ("CC BY-NC-SA 4.0", "CC BY-NC"),
        ("KOGL Type 2", "KOGL type 2"),
        ("공공누리 제2유형", "KOGL type 2"),
    ],
)
def test_what_must_not_be_sold_is_asked_for(text, name):
    assert "--non-commercial" in read_terms(text).reason
    terms = read_terms(text, non_commercial=True)
    assert terms.reason == ""
    assert terms.non_commercial
    assert terms.name.startswith(name)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no license"),
        ("GFDL", "not understood: GFDL"),
        ("KOGL", "says not of which type"),
        ("Fair use", "in doubt"),
        ("No known restrictions; other images may be restricted", "in doubt"),
        ("Rights status not evaluated.", "in doubt"),
        ("All rights reserved", "in doubt"),
    ],
)
def test_what_is_unclear_is_refused_with_its_words(text, said):
    assert said in read_terms(text).reason


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["CC BY 2.0", "cc-by-nd-2.0"], "forbids changes"),
        (["KOGL Type 1", "CC BY-ND 4.0"], "forbids changes"),
        (["공공누리 제1유형", "공공누리 제3유형"], "forbids changes"),
        (["KOGL Type 1", "KOGL Type 2"], "--non-commercial"),
        (["KOGL Type 1", "All rights reserved"], "in doubt"),
        (["Public domain", "permission of the museum"], "in doubt"),
        (["This is not in the public domain"], "in doubt"),
        (["Public domain; copyright undetermined"], "in doubt"),
        (["Public domain, but still in copyright in Korea"], "in doubt"),
        (["CC BY 4.0; 비영리"], "--non-commercial"),
    ],
)
def test_the_strictest_text_counts(texts, said):
    """A short name and a code may say different things."""
    assert said in read_terms(*texts).reason
    assert said in read_terms(*texts[::-1]).reason


def test_who_asks_for_a_name_is_not_taken_for_free():
    assert read_terms("CC0", "CC BY-SA 4.0").name == "CC BY-SA"
