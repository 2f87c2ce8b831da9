"""Measure how much room each formula takes, for book/ext/mathematics.py.

    python book/tools/measure_formulas.py _build/html

Needs Chromium, so authors run it when they have written a formula and built
the book. It writes book/ext/formulas.json, by the formulas' TeX: widths of
those in a line, heights of those that stand alone, in the em of the text
around them.
"""

import json
import sys
from pathlib import Path

from browsers import find_chromium

ROOM = Path(__file__).resolve().parents[1] / "ext" / "formulas.json"
# The TeX as MathJax has read it, and the size of what it has drawn.
MEASURE = r"""async () => {
  await window.MathJax?.startup?.promise;
  document.querySelectorAll("details").forEach(e => { e.open = true; });
  document.querySelectorAll(".toggle-hidden")
    .forEach(e => e.classList.remove("toggle-hidden"));
  return [...window.MathJax?.startup?.document?.math ?? []].map(m => {
    const box = m.typesetRoot.querySelector("mjx-math").getBoundingClientRect();
    const around = m.typesetRoot.closest(".formula") ?? m.typesetRoot;
    const em = parseFloat(getComputedStyle(around).fontSize);
    const tex = m.math.trim().replace(
      /^\\begin\{split\}|\\end\{split\}$/g, "");  // Sphinx adds it
    return [m.display ? "block" : "inline", tex.trim(),
            (m.display ? box.height : box.width) / em];
  });
}"""


def main(html: Path) -> int:
    """Open every page that has formulas, and write down their sizes."""
    from playwright.sync_api import sync_playwright

    room: dict[str, dict[str, float]] = {"inline": {}, "block": {}}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox"]
        )
        page = browser.new_page()
        for path in sorted(html.rglob("*.html")):
            if 'class="math' in path.read_text(encoding="utf-8"):
                page.goto(path.resolve().as_uri(), wait_until="networkidle")
                for kind, tex, size in page.evaluate(MEASURE):
                    room[kind][tex] = round(size, 2)
        browser.close()
    ROOM.write_text(
        json.dumps(room, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
