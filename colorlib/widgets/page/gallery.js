// Lets a person accept, reject and comment the photographs of a gallery, for
// colorlib.widgets.gallery. Nothing leaves the browser: it keeps the decisions,
// gives them as a CSV (decisions.js), and takes them back from one.
(() => {
  const { OPEN } = decisions;
  const SHOWN = 3; // names in a line

  const named = (names) => {
    const more = names.length - SHOWN;
    return names.slice(0, SHOWN).join(", ") + (more > 0 ? ` and ${more} more` : "");
  };

  // On a keyboard that writes no Latin letters, where the letter would be.
  const letter = ({ key, code }) =>
    (/^[a-z]$/i.test(key) ? key : code.replace(/^Key/, "")).toLowerCase();

  // One photograph: what was decided is in the browser's storage, and on the
  // page.
  class Photograph {
    constructor(article, controls) {
      this.article = article;
      article.querySelector("before-after").after(controls);
      this.name = article.querySelector("h2").textContent;
      this.decision = OPEN;
      this.field = article.querySelector("textarea");
      this.buttons = [...article.querySelectorAll("[data-decision]")];
      article.querySelector(".review").ariaLabel = this.name;
    }

    // A copy that is colored again has another hash, and is open again.
    static place(copySha256, name) {
      return `colorlib-review ${copySha256} ${name}`;
    }

    get place() {
      return Photograph.place(this.article.dataset.copySha256, this.name);
    }

    get comment() {
      return this.field.value.trim();
    }

    // Both may fail: a browser may forbid to keep anything.

    recall() {
      const kept = localStorage.getItem(this.place);
      if (kept) [this.decision, this.field.value] = JSON.parse(kept);
    }

    keep() {
      const { decision, comment } = this;
      if (decision === OPEN && !comment) localStorage.removeItem(this.place);
      else localStorage.setItem(this.place, JSON.stringify([decision, comment]));
    }

    show() {
      for (const button of this.buttons)
        button.ariaPressed = String(button.dataset.decision === this.decision);
      this.article.querySelector(".decision").textContent = this.decision;
      this.article.querySelector(".comment").textContent = this.comment;
    }

    row() {
      const { copy, sourceSha256, copySha256 } = this.article.dataset;
      const { name, decision, comment } = this;
      return [name, copy, sourceSha256, copySha256, decision, comment];
    }

    // What a row of a CSV would make of it. What the row leaves open stays.
    after(row) {
      const decision = row.decision === OPEN ? this.decision : row.decision;
      const comment = row.comment.replace(/\r\n?/g, "\n").trim() || this.comment;
      return {
        decision,
        comment,
        changes: decision !== this.decision || comment !== this.comment,
        replaces:
          (this.decision !== OPEN && decision !== this.decision) ||
          (this.comment !== "" && comment !== this.comment),
      };
    }
  }

  class Review {
    constructor() {
      const template = document.querySelector("template");
      this.photographs = [...document.querySelectorAll("article")].map(
        (article) => new Photograph(article, template.content.cloneNode(true)),
      );
      this.of = new Map(this.photographs.map((p) => [p.article, p]));
      this.bar = document.querySelector(".bar");
      this.filter = "all";
      this.undone = []; // each takes one step back
      this.picker = document.querySelector("[type=file]");
      this.trying(() => this.photographs.forEach((p) => p.recall()));
      this.photographs.forEach((p) => p.show());
      this.update();
      for (const part of document.querySelectorAll(".bar, .keys"))
        part.hidden = false;
      this.listen();
    }

    listen() {
      addEventListener("click", (event) => this.click(event));
      addEventListener("keydown", (event) => this.press(event));
      addEventListener("focusin", ({ target }) => {
        const photograph = this.of.get(target.closest("article"));
        if (photograph) this.mark(photograph);
      });
      addEventListener("input", ({ target }) => {
        const photograph = this.of.get(target.closest("article"));
        if (target.matches("textarea")) this.keep(photograph);
      });
      this.picker.addEventListener("change", () => this.load());
      addEventListener("beforeunload", (event) => {
        if (this.lost && this.unsaved) event.preventDefault();
      });
    }

    trying(something) {
      try {
        something();
      } catch {
        this.lost = true;
        document.querySelector(".kept").hidden = true;
        document.querySelector(".lost").textContent =
          "This browser keeps nothing: download the decisions before you " +
          "close the page.";
      }
    }

    keep(photograph) {
      this.unsaved = true;
      this.trying(() => photograph.keep());
      photograph.show();
    }

    // What is said of keys takes one line, so that the bar stays as it is.
    say(text, whole = false) {
      const status = this.bar.querySelector(".status");
      status.classList.toggle("whole", whole);
      status.textContent = text;
    }

    // Which ones are shown, and which one is at hand

    get shown() {
      return this.photographs.filter(({ article }) => !article.hidden);
    }

    update() {
      const counts = { all: this.photographs.length };
      for (const { decision } of this.photographs)
        counts[decision] = (counts[decision] ?? 0) + 1;
      for (const button of this.bar.querySelectorAll("[data-show]")) {
        const { show } = button.dataset;
        button.ariaPressed = String(show === this.filter);
        button.querySelector("span").textContent = counts[show] ?? 0;
      }
      this.bar.querySelector(".undo").disabled = !this.undone.length;
      for (const { article, decision } of this.photographs)
        article.hidden = ![decision, "all"].includes(this.filter);
    }

    mark(photograph) {
      this.current?.article.removeAttribute("aria-current");
      this.current = photograph;
      photograph.article.setAttribute("aria-current", "true");
    }

    select(photograph) {
      const below = `${this.bar.offsetHeight}px`; // the bar hides what is there
      document.documentElement.style.scrollPaddingTop = below;
      photograph.article.focus({ preventScroll: true });
      photograph.article.scrollIntoView();
      const shown = this.shown;
      const number = shown.indexOf(photograph) + 1;
      this.say(`${number} of ${shown.length}: ${photograph.name}`);
    }

    // Nobody decides on what they don't see: after scrolling far away, a key
    // first goes to what is on the screen.
    reach() {
      const top = this.bar.getBoundingClientRect().bottom;
      const { height, seen } = this.measure(this.current, top);
      if (seen > Math.min(height, innerHeight) / 3) return true;
      const first =
        this.shown.find((each) => this.measure(each, top).bottom > top + 60) ??
        this.shown.at(-1);
      if (first) this.select(first);
      return false;
    }

    measure(photograph, top) {
      const box = photograph?.article.getBoundingClientRect();
      if (!box?.height) return { seen: 0, height: 0 };
      const { bottom, height } = box;
      const seen = Math.min(bottom, innerHeight) - Math.max(box.top, top);
      return { bottom, height, seen };
    }

    move(by) {
      const shown = this.shown;
      const next = shown[shown.indexOf(this.current) + by];
      if (next) this.select(next);
      else this.say(by > 0 ? "That was the last one." : "This is the first one.");
    }

    // Decisions

    decide(photograph, decision) {
      const before = photograph.decision;
      this.undone.push(() => {
        this.change(photograph, before);
        if (!photograph.article.hidden) this.select(photograph);
        this.say(`${photograph.name}: ${before} again.`);
      });
      this.change(photograph, before === decision ? OPEN : decision);
    }

    undo() {
      const back = this.undone.pop();
      if (back) back();
      else this.say("There is nothing to undo.");
    }

    // What the filter hides now gives its place to the next one.
    change(photograph, decision) {
      const shown = this.shown;
      const index = shown.indexOf(photograph);
      photograph.decision = decision;
      this.keep(photograph);
      this.update();
      const left = this.shown;
      if (index >= 0 && photograph.article.hidden && left.length)
        this.select(left[Math.min(index, left.length - 1)]);
      const open = this.photographs.filter((p) => p.decision === OPEN).length;
      this.say(`${photograph.name}: ${decision}. ${open} open.`);
    }

    // Mouse and keys

    click({ target, detail }) {
      const button = target.closest("button");
      const photograph = this.of.get(target.closest("article"));
      if (photograph) this.mark(photograph);
      if (!button || detail > 1) return; // a double click is one decision
      const { decision, show } = button.dataset;
      if (decision) this.decide(photograph, decision);
      else if (button.matches(".undo")) this.undo();
      else if (button.matches(".save")) this.download();
      else if (button.matches(".load")) this.picker.click();
      else this.choose(show);
    }

    choose(filter) {
      this.filter = filter;
      this.update();
      this.say(`${this.shown.length} of ${this.photographs.length} shown.`);
    }

    press(event) {
      const { target, repeat } = event;
      if (target.matches?.("textarea")) {
        if (event.key === "Escape" && !event.isComposing) this.select(this.current);
        return;
      }
      // A held Enter would click again and again.
      if (repeat && target.matches?.("button")) event.preventDefault();
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (!document.querySelector(".keys [type=checkbox]").checked) return;
      const act = {
        n: () => this.reach() && this.move(1),
        p: () => this.reach() && this.move(-1),
        a: () => this.reach() && this.decide(this.current, "accepted"),
        r: () => this.reach() && this.decide(this.current, "rejected"),
        c: () => this.reach() && this.current.field.focus(),
        u: () => this.undo(),
      }[letter(event)];
      if (!act) return;
      event.preventDefault();
      if (!repeat || "np".includes(letter(event))) act();
    }

    // The file

    download() {
      const csv = decisions.write(this.photographs.map((p) => p.row()));
      // The mark at the beginning is for Excel, which garbles Korean else.
      const file = new Blob(["\ufeff", csv], { type: "text/csv" });
      const href = URL.createObjectURL(file);
      const download = "colorlib-review.csv";
      Object.assign(document.createElement("a"), { href, download }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
      this.unsaved = false;
    }

    async load() {
      const [file] = this.picker.files;
      if (!file) return;
      this.picker.value = ""; // the same file may be chosen again
      this.say(""); // the same line may be said again
      let rows;
      try {
        rows = await decisions.read(file);
      } catch ({ message }) {
        return this.say(`${file.name}: ${message}; nothing was changed.`, true);
      }
      this.takeOver(file.name, rows);
    }

    takeOver(name, rows) {
      const here = new Map(this.photographs.map((p) => [p.place, p]));
      const names = new Set(this.photographs.map((p) => p.name));
      const found = [];
      const strangers = [];
      const outdated = [];
      for (const row of rows) {
        const { photograph, copy_sha256 } = row;
        const at = here.get(Photograph.place(copy_sha256, photograph));
        if (at) found.push([at, at.after(row)]);
        else (names.has(photograph) ? outdated : strangers).push(photograph);
      }
      const changed = found.filter(([, { changes }]) => changes);
      const replaced = changed.filter(([, { replaces }]) => replaces);
      const whose = named(replaced.map(([photograph]) => photograph.name));
      const question =
        `${name} has another decision or comment than this page for ` +
        `${replaced.length} of its photographs: ${whose}. Replace them here?`;
      if (replaced.length && !confirm(question))
        return this.say(`${name}: nothing was changed.`, true);
      if (changed.length) this.changeAll(name, changed);
      const told = [`photographs with a new decision or comment: ${changed.length}`];
      if (replaced.length) told.push(`replaced: ${replaced.length}`);
      if (strangers.length)
        told.push(`not on this page: ${strangers.length} (${named(strangers)})`);
      if (outdated.length)
        told.push(`colored again since: ${outdated.length} (${named(outdated)})`);
      this.say(`${name}: ${told.join("; ")}.`, true);
    }

    changeAll(name, changed) {
      const set = (photograph, decision, comment) => {
        photograph.decision = decision;
        photograph.field.value = comment;
        this.keep(photograph);
      };
      const back = changed.map(([photograph, loaded]) => {
        const { decision, comment } = photograph;
        return () => {
          const written = photograph.comment !== loaded.comment; // since then
          set(photograph, decision, written ? photograph.comment : comment);
        };
      });
      this.undone.push(() => {
        back.forEach((each) => each());
        this.update();
        this.say(`${name}: taken back.`, true);
      });
      for (const [photograph, { decision, comment }] of changed)
        set(photograph, decision, comment);
      this.update();
    }
  }

  new Review();
})();
