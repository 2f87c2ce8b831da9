// Asks which of two pictures is better, for colorlib.widgets.choosing and the
// page of `colorlib compare`. Nothing leaves the reader's browser.
//
// The design comes from Python: the order of the pairs, and which alternative
// is the first picture of each. A judge's number, drawn once, mirrors the
// sides and moves the start, so that judges of one page are balanced, too.
(() => {
  if (customElements.get("forced-choice")) return;

  // 97.5 % and 80 % of a standard normal distribution lie below these.
  const Z_INTERVAL = 1.959963984540054;
  const Z_POWER = 0.8416212335729143;

  const COLUMNS = "judge,trial,pair,left,right,preferred,seconds".split(",");
  const KEYS = { ArrowLeft: 0, 1: 0, ArrowRight: 1, 2: 1 };

  const percent = (share) => `${(100 * share).toFixed(1)}\u00a0%`;
  const quoted = (text) =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

  function add(parent, tag, text, properties = {}) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(text);
    parent.append(made);
    return made;
  }

  class ForcedChoice extends HTMLElement {
    // The same formulas as colorlib.evaluation.choices; a test compares them.
    static wilson(chosen, trials) {
      const z2 = Z_INTERVAL ** 2;
      const share = chosen / trials;
      const middle = share + z2 / (2 * trials);
      const half =
        Z_INTERVAL *
        Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials ** 2));
      const scale = 1 + z2 / trials;
      return [
        Math.min(Math.max((middle - half) / scale, 0), share),
        Math.max(Math.min((middle + half) / scale, 1), share),
      ];
    }

    static trialsNeeded(share) {
      const spread =
        Z_INTERVAL * Math.sqrt(0.25) +
        Z_POWER * Math.sqrt(share * (1 - share));
      return Math.max(Math.ceil((spread / (share - 0.5)) ** 2), 1);
    }

    connectedCallback() {
      // Of a page's second one the browser calls while it still parses.
      if (this.part("end")) this.setUp();
      else addEventListener("DOMContentLoaded", () => this.setUp(), { once: true });
    }

    setUp() {
      if (this.sides) return; // moved to another place of the page
      this.design = JSON.parse(
        new TextDecoder().decode(
          Uint8Array.from(atob(this.dataset.design), (c) => c.charCodeAt(0)),
        ),
      );
      this.sides = [...this.querySelectorAll(".side")];
      // What each place shows; of two pictures, the judge's number decides.
      this.frames = this.sides.map((s) => [...s.querySelectorAll("img")]);
      this.reference = [...this.querySelectorAll(".reference img")];
      this.progress = this.querySelector("progress");
      // No <form>: some notebooks show outputs where forms are forbidden.
      this.part("start").addEventListener("keydown", ({ key, target }) => {
        if (key === "Enter" && target.matches("input")) this.begin();
      });
      const start = this.part("start").querySelector("button");
      start.addEventListener("click", () => this.begin());
      this.sides.forEach((side, place) =>
        side.addEventListener("click", ({ detail }) => {
          if (detail < 2) this.choose(place); // a double click is one answer
        }),
      );
      this.querySelector(".undo").addEventListener("click", () => this.undo());
      const keyboard = "wholePage" in this.dataset ? document : this;
      keyboard.addEventListener("keydown", (event) => this.press(event));

      this.state = this.kept() ?? this.fresh();
      if (this.state.answers.length) this.begin();
    }

    part(name) {
      return this.querySelector(`:scope > .${name}`);
    }

    // While the pictures of a trial are on their way there is no answer.
    get busy() {
      return this.part("trial").ariaBusy === "true";
    }

    set busy(is) {
      this.part("trial").ariaBusy = String(is);
    }

    open(name) {
      for (const part of this.children) part.hidden = !part.matches(`.${name}`);
    }

    fresh() {
      const [number] = crypto.getRandomValues(new Uint32Array(1));
      return { number, name: "", answers: [] };
    }

    // Kept for a reader who comes back; a browser may forbid it.

    get place() {
      return `colorlib-compare-${this.dataset.id}`;
    }

    kept() {
      try {
        const state = JSON.parse(localStorage.getItem(this.place));
        return state?.answers?.length <= this.design.pairs.length ? state : null;
      } catch {
        return null;
      }
    }

    keep() {
      try {
        localStorage.setItem(this.place, JSON.stringify(this.state));
        this.lost = false;
      } catch {
        this.lost = true;
      }
    }

    // The trials

    begin() {
      const { number } = this.state;
      const name = this.querySelector(".judge");
      if (name && !this.state.answers.length) this.state.name = name.value.trim();
      this.mirrored = number % 2;
      this.first = (number >>> 1) % this.design.pairs.length;
      // The second picture of each pair moves to the first place.
      if (this.mirrored) this.swap();
      this.keep();
      this.open("trial");
      this.querySelector(".lost").hidden = !this.lost;
      this.show();
      this.part("trial").focus({ preventScroll: true });
    }

    swap() {
      this.frames.reverse();
      this.sides.forEach((side, place) =>
        side.querySelector(".stage").append(...this.frames[place]),
      );
    }

    pair(trial) {
      return (trial + this.first) % this.design.pairs.length;
    }

    async show() {
      const trial = this.state.answers.length;
      const trials = this.design.pairs.length;
      this.busy = true;
      this.querySelector(".undo").disabled = !trial;
      this.progress.value = trial;
      if (trial === trials) return this.finish();
      const all = [...this.frames, this.reference].filter((f) => f.length);
      const shown = all.map((frames) => frames[this.pair(trial)]);
      for (const frame of shown) frame.loading = "eager";
      // Both appear at once, or the quicker one would be noticed.
      await Promise.all(shown.map((frame) => frame.decode().catch(() => {})));
      if (trial !== this.state.answers.length) return;
      for (const frame of all.flat()) frame.hidden = !shown.includes(frame);
      this.querySelector("output").textContent = `${trial + 1} of ${trials}`;
      this.since = performance.now();
      this.busy = false;
      if (trial + 1 < trials)
        for (const frames of all) frames[this.pair(trial + 1)].loading = "eager";
    }

    press(event) {
      const held = event.repeat && event.target.matches?.("button");
      if (held) event.preventDefault(); // Enter would click again and again
      const place = KEYS[event.key];
      if (
        place === undefined ||
        this.part("trial").hidden ||
        event.altKey || event.ctrlKey || event.metaKey || event.shiftKey ||
        event.target.matches?.("input, textarea, select")
      )
        return;
      event.preventDefault();
      event.stopPropagation(); // a notebook would go to the next cell
      if (!event.repeat) this.choose(place); // a held key is one answer
    }

    choose(place) {
      if (this.busy) return;
      const seconds = Math.round((performance.now() - this.since) / 100) / 10;
      this.state.answers.push([place, seconds]);
      this.keep();
      this.show();
    }

    undo() {
      this.state.answers.pop();
      this.keep();
      this.show();
      this.part("trial").focus({ preventScroll: true });
    }

    // The end

    get judge() {
      const number = this.state.number.toString(16).padStart(8, "0");
      return this.state.name || `judge-${number}`;
    }

    rows() {
      const { names, pairs, swapped } = this.design;
      return this.state.answers.map(([place, seconds], trial) => {
        const pair = this.pair(trial);
        const left = names[swapped[pair] ^ this.mirrored];
        const right = names[1 - (swapped[pair] ^ this.mirrored)];
        const preferred = [left, right][place];
        const judge = this.judge;
        const number = trial + 1;
        return [judge, number, pairs[pair], left, right, preferred, seconds];
      });
    }

    get csv() {
      return [COLUMNS, ...this.rows()]
        .map((row) => `${row.map(String).map(quoted).join(",")}\r\n`)
        .join("");
    }

    finish() {
      const end = this.part("end");
      const rows = this.rows();
      end.replaceChildren();
      this.tell(end, rows);
      this.plan(end);
      this.offer(end);
      this.list(end, rows);
      this.open("end");
      end.focus({ preventScroll: true });
    }

    tell(end, rows) {
      const trials = rows.length;
      const [first, second] = this.design.names;
      const ofFirst = rows.filter((row) => row[5] === first).length;
      const wins = Math.max(ofFirst, trials - ofFirst);
      const winner = 2 * ofFirst >= trials ? first : second;
      const other = winner === first ? second : first;
      const [low, high] = ForcedChoice.wilson(wins, trials);
      const result = add(end, "p", "", { className: "result" });
      const tie = 2 * wins === trials;
      add(result, "strong", tie ? "Neither" : winner);
      result.append(
        (tie
          ? ` of ${first} and ${second} won: each was preferred `
          : ` was preferred to ${other} `) +
          `in ${wins} of ${trials} trials, ${percent(wins / trials)}, with a ` +
          `95\u00a0% interval from ${percent(low)} to ${percent(high)}.`,
      );
      add(
        end,
        "p",
        low > 0.5
          ? "The interval lies above 50\u00a0%: chance alone seldom gives that."
          : "The interval holds 50\u00a0%: these trials can't tell which of the" +
              " two is better.",
      );
      const left = this.state.answers.filter(([place]) => !place).length;
      const side = ForcedChoice.wilson(left, trials).map(percent);
      add(
        end,
        "p",
        `The first picture, left or above, was chosen in ${left} of ` +
          `${trials} trials (95\u00a0% interval ${side[0]} to ${side[1]}); ` +
          "without a bias for a side it would be half.",
      );
    }

    plan(end) {
      const line = add(end, "p", "", { className: "plan" });
      const label = add(line, "label", "To tell a share of ");
      const share = add(label, "input", "", {
        type: "number", min: 51, max: 99, step: 1, value: this.dataset.detect,
      });
      label.append("\u00a0% from 50\u00a0%");
      line.append(" in 8 of 10 such tests takes ");
      const needed = add(line, "output", "");
      line.append(" trials, each with another photograph.");
      const say = () => {
        if (share.checkValidity() && share.value)
          needed.textContent = ForcedChoice.trialsNeeded(share.value / 100);
      };
      share.addEventListener("input", say);
      say();
    }

    offer(end) {
      const line = add(end, "p", "", { className: "buttons" });
      const save = { type: "button", className: "main" };
      add(line, "button", "Download answers (CSV)", save).addEventListener(
        "click",
        () => this.download(),
      );
      const again = { type: "button", className: "again" };
      add(line, "button", "Start again", again).addEventListener("click", () =>
        this.restart(),
      );
    }

    list(end, rows) {
      const details = add(end, "details", "");
      add(details, "summary", "Trial by trial");
      const scroll = add(details, "div", "", { className: "rows", tabIndex: 0 });
      scroll.setAttribute("role", "region");
      scroll.setAttribute("aria-label", "Trial by trial");
      const table = add(scroll, "table", "");
      const head = add(add(table, "thead", ""), "tr", "");
      for (const name of ["trial", "pair", "left", "right", "preferred"])
        add(head, "th", name, { scope: "col" });
      const body = add(table, "tbody", "");
      for (const [, ...row] of rows) {
        const line = add(body, "tr", "");
        for (const value of row.slice(0, 5)) add(line, "td", String(value));
      }
    }

    download() {
      const file = new Blob([this.csv], { type: "text/csv" });
      const href = URL.createObjectURL(file);
      const name = this.judge.replaceAll(/[^\p{L}\p{N}]+/gu, "-");
      const link = add(this, "a", "", { href, download: `answers-${name}.csv` });
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    }

    restart() {
      if (this.mirrored) this.swap(); // back to the order of the design
      this.state = this.fresh();
      this.keep();
      this.open("start");
      this.part("start").querySelector("button").focus({ preventScroll: true });
    }
  }

  customElements.define("forced-choice", ForcedChoice);
})();
