"""What a reader sees of a field, and nothing that is for machines."""

import pytest

from colorlib.eras.markup import LONGEST, plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        (None, ""),
        ("plain", "plain"),
        (["Kim", "", "Lee"], "Kim; Lee"),
        ('<bdi><a href="x">Jean-Pierre Houël</a></bdi>', "Jean-Pierre Houël"),
        ("a<br>b<br/>c", "a b c"),
        ("<p>a</p><p>b</p>", "a b"),
        (
            '1951<div style="display: none;">date QS:P571,+1951</div>, Seoul',
            "1951, Seoul",
        ),
        ('<div style="display:none">x<br><p>y</div>z', "z"),
        ("1951date QS:P571,+1951-00-00T00:00:00Z/9", "1951"),
        ("<script>alert(1)</script>ok", "ok"),
        ("a\x1b[31m\nb‮c", "a [31m b c"),
        ("&lt;b&gt; &amp; 서울", "<b> & 서울"),
    ],
)
def test_text_is_what_a_page_shows(html, text):
    assert plain_text(html) == text


def test_a_long_field_is_cut():
    assert len(plain_text("x" * 10_000)) == LONGEST
