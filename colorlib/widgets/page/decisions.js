// The CSV of a gallery, written and read, for gallery.js. Python reads it in
// colorlib.archive.review, by the same rules; tests hold them together.
const decisions = (() => {
  const COLUMNS =
    "photograph,copy,source_sha256,copy_sha256,decision,comment".split(",");
  const OPEN = "open";
  const DECISIONS = ["accepted", "rejected", OPEN];
  const MOST_BYTES = 20_000_000;
  const REMEDY = "take the file as a gallery wrote it";

  // The same rules as in colorlib.files.spreadsheets; a test compares them.
  const cell = (text) => (/^'*[=+\-@\t]/.test(text) ? `'${text}` : text);
  const fromCell = (text) => (/^'+[=+\-@\t]/.test(text) ? text.slice(1) : text);
  const quoted = (text) =>
    /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

  function write(rows) {
    return [COLUMNS, ...rows]
      .map((row) => `${row.map(cell).map(quoted).join(",")}\r\n`)
      .join("");
  }

  // A cell, in quotes or not, and what ends it.
  const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n?|\n|$)/y;
  const count = (text) => text.match(/\r\n?|\n/g)?.length ?? 0;

  // Lines with their numbers. One in quotes may span several: the last counts.
  function parse(text) {
    const lines = [];
    let row = [];
    let number = 1;
    CELL.lastIndex = 0;
    while (CELL.lastIndex < text.length || row.length) {
      const found = CELL.exec(text);
      if (!found) throw Error(`line ${number}: a quote is out of place; ${REMEDY}`);
      const [whole, inQuotes, plain, end] = found;
      row.push(inQuotes?.replaceAll('""', '"') ?? plain);
      number += count(whole) - count(end);
      if (end !== ",") {
        if (row.length > 1 || row[0]) lines.push([number, row]);
        row = [];
      }
      number += count(end);
    }
    return lines;
  }

  // What each line says of a photograph, by the names of the columns; an
  // error if the file can't be meant.
  async function read(file) {
    if (file.size > MOST_BYTES)
      throw Error(`is larger than ${MOST_BYTES / 1e6} MB, and so no such CSV`);
    const [head, ...lines] = parse(await decoded(file));
    if (head?.[1].join() !== COLUMNS.join())
      throw Error(`is no CSV of decisions; ${REMEDY}`);
    if (!lines.length) throw Error("has no decisions");
    const seen = new Set();
    return lines.map(([number, cells]) => {
      const place = `line ${number}`;
      if (cells.length !== COLUMNS.length)
        throw Error(
          `${place}: has ${cells.length} columns, not ${COLUMNS.length}; ${REMEDY}`,
        );
      const said = Object.fromEntries(
        COLUMNS.map((name, at) => [name, fromCell(cells[at])]),
      );
      const { photograph, copy, source_sha256, decision } = said;
      if (!DECISIONS.includes(decision))
        throw Error(
          `${place}: decision is ${decision || "empty"}, not one of ${DECISIONS.join(", ")}`,
        );
      const about = [photograph, copy, source_sha256].join("\n");
      if (seen.has(about))
        throw Error(`${place}: ${photograph} stands there twice; remove one line`);
      seen.add(about);
      return said;
    });
  }

  async function decoded(file) {
    const bytes = await file.arrayBuffer();
    try {
      return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
      throw Error(`is not in UTF-8; ${REMEDY}`);
    }
  }

  return { OPEN, read, write };
})();
