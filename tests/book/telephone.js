// What is too small or cut off on a page as wide as a telephone, and how large
// letters inside pictures are. For test_pages.py, after look.js.
async () => {
  const all = (selector) =>
    [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());

  // Letters of a chart have its size, in units of its own.
  const drawn = async (image) => {
    const svg = await (await fetch(image.src)).text();
    const [, , wide] = svg.match(/viewBox="(\S+) \S+ (\S+)/);
    // Matplotlib draws letters as paths, 100 units high before they are scaled.
    const heights = [...svg.matchAll(/scale\((0?\.\d+) -0?\.\d+\)/g)];
    const smallest = Math.min(...heights.map((found) => 100 * found[1]));
    return (smallest * image.clientWidth) / wide;
  };
  const told = (image) =>
    (image.dataset.letters * image.clientWidth) / image.getAttribute("width");
  const written = (e) => parseFloat(getComputedStyle(e).fontSize);

  const letters = [];
  for (const image of all("article .cell_output img")) {
    const name = image.alt.slice(0, 60);
    if (image.src.endsWith(".svg")) letters.push([name, await drawn(image)]);
    else if (image.matches(".chart")) letters.push([name, told(image)]);
  }
  const names = ".names span, .note, .scale span, before-after .name";
  for (const e of all(`article :is(${names})`))
    letters.push([e.textContent.slice(0, 60), written(e)]);

  const cut = all("article table")
    .filter((e) => e.scrollWidth > e.parentElement.clientWidth + 1 ||
                   e.getBoundingClientRect().right > innerWidth)
    .map((e) => e.textContent.trim().slice(0, 60));
  return { letters, cut };
}
