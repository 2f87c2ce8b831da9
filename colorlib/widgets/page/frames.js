// Moves the pictures of colorlib.widgets. The HTML is complete without it:
// whoever has no JavaScript, or prints, sees a still.
//
// What can be moved is a native <input type="range">, so keyboards, fingers
// and screen readers need nothing of ours. Clones of this script may stand on
// one page, one with each widget; the first defines the elements.
(() => {
  if (customElements.get("before-after")) return;

  // Two pictures, one over the other: the style cuts the upper at --at.
  class BeforeAfter extends HTMLElement {
    connectedCallback() {
      this.addEventListener("input", ({ target }) =>
        this.style.setProperty("--at", `${target.value}%`),
      );
    }
  }

  // All frames are there and one is not hidden. The browser fetches the
  // others when the reader reaches for a slider, or, where it has to, when
  // they are asked for.
  class FrameScrubber extends HTMLElement {
    connectedCallback() {
      this.addEventListener("input", (event) => this.show(event.target));
      for (const reach of ["pointerenter", "focusin"])
        this.addEventListener(reach, () => this.fetch(), { once: true });
    }

    fetch() {
      for (const frame of this.querySelectorAll("img")) frame.loading = "eager";
    }

    async show(slider) {
      const text = JSON.parse(slider.dataset.positions)[slider.value];
      slider.setAttribute("aria-valuetext", text);
      slider.closest("label").nextElementSibling.textContent = text;

      // The last slider changes fastest: 0,0  0,1  0,2  1,0 ...
      const index = [...this.querySelectorAll("input")].reduce(
        (index, { max, value }) => index * (Number(max) + 1) + Number(value),
        0,
      );
      const frames = [...this.querySelectorAll("img")];
      this.wanted = frames[index];
      this.wanted.loading = "eager";
      await frames[index].decode(); // until then the old frame stays
      if (this.wanted === frames[index])
        for (const frame of frames) frame.hidden = frame !== this.wanted;
    }
  }

  // Pointing sets the sliders, the sliders set the read-out.
  class ValueHover extends HTMLElement {
    connectedCallback() {
      this.addEventListener("input", () => this.show());
      this.addEventListener("keydown", (event) => this.step(event));
      for (const move of ["pointerdown", "pointermove"])
        this.addEventListener(move, (event) => this.point(event));
    }

    get sliders() {
      const [column, row] = this.querySelectorAll("input");
      return { column, row };
    }

    point({ target, clientX, clientY }) {
      if (!target.closest(".stage")) return;
      const box = target.closest(".stage").getBoundingClientRect();
      const { column, row } = this.sliders;
      column.value = 1 + Math.floor(((clientX - box.x) / box.width) * column.max);
      row.value = 1 + Math.floor(((clientY - box.y) / box.height) * row.max);
      this.show();
    }

    // On the picture, up is up; a slider for rows would say that it is more.
    step(event) {
      const { column, row } = this.sliders;
      const [slider, by] =
        {
          ArrowLeft: [column, -1],
          ArrowRight: [column, 1],
          ArrowUp: [row, -1],
          ArrowDown: [row, 1],
        }[event.key] ?? [];
      if (!slider) return;
      event.preventDefault();
      slider.value = Number(slider.value) + by;
      this.show();
    }

    show() {
      const { column, row } = this.sliders;
      const cell = (row.value - 1) * column.max + (column.value - 1);
      this.numbers ??= Object.entries(JSON.parse(this.dataset.numbers)).map(
        ([name, numbers]) => [name, numbers.split(" ")],
      );
      const text = this.numbers
        .map(([name, numbers]) => `${name} ${numbers[cell]}`)
        .join(", ");
      this.querySelector("output").textContent =
        `row ${row.value}, column ${column.value}: ${text}`;
      for (const [name, slider] of Object.entries(this.sliders)) {
        this.style.setProperty(`--${name}`, slider.value - 1);
        slider.setAttribute("aria-valuetext", `${slider.value}: ${text}`);
      }
    }
  }

  customElements.define("before-after", BeforeAfter);
  customElements.define("frame-scrubber", FrameScrubber);
  customElements.define("value-hover", ValueHover);
})();
