// What a browser made of a page, for test_pages.py. Run when all has loaded.
async () => {
  await window.MathJax?.startup?.promise;
  const all = selector => [...document.querySelectorAll(selector)];

  // First what came unasked; unfolding may ask for more.
  const came = [
    ...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource"),
  ];
  const bytes = came.map(entry => [entry.transferSize, entry.name]);
  const shift = window.layoutShift;

  // What is folded must fit, and be legible, too: solutions, answers, code.
  all("details").forEach(e => { e.open = true; });
  all(".toggle-hidden").forEach(e => e.classList.remove("toggle-hidden"));

  const root = document.scrollingElement;
  const wide = all("main *").filter(e =>
    e.getBoundingClientRect().right > root.clientWidth + 1 &&
    !e.closest("pre, table, .pst-scrollable-table-container"));
  return {
    weight: bytes.reduce((sum, [size]) => sum + size, 0),
    heaviest: bytes.sort((a, b) => b[0] - a[0]).slice(0, 5),
    shift,
    overflow: root.scrollWidth - root.clientWidth,
    widest: wide.slice(0, 3).map(e => e.outerHTML.slice(0, 90)),
    math: all(".math").length,
    rawMath: all(".math").filter(e => !e.querySelector("mjx-container")).length,
    mathErrors: all("mjx-merror").length,
    // Formulas that have no room of their size: TeX, drawn size, room.
    noRoom: [...window.MathJax?.startup?.document?.math ?? []].map(m => {
      const around = m.typesetRoot.closest(".formula") ?? m.typesetRoot;
      const box = around.querySelector("mjx-math").getBoundingClientRect();
      const em = parseFloat(getComputedStyle(around).fontSize);
      const side = m.display ? "height" : "width";
      return [m.math, box[side] / em, parseFloat(around.style[side])];
    }).filter(([, drawn, room]) => !(Math.abs(drawn - room) < 0.1)),
    noIcon: all(".fa, .fas, .fab, .far, .fa-solid, .fa-brands, .fa-regular")
      .filter(e => !getComputedStyle(e).getPropertyValue("--icon"))
      .map(e => e.className),
  };
}
