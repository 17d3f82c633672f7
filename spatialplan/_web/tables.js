// The tables and notes under the map.

const NARROWEST = 5.5; // of a column of text, in letters
const WIDEST = 26;
const MOST_LINES = 8; // of the longest text in a column
const LETTER_PX = 13; // as in viewer.css
const PART = 300; // rows that are written at once
const AHEAD_PX = 400; // how far before the end of what is written more is added
const PADDING = 1.6; // of a cell, both sides, in letters

/** Order of two cells; what is missing comes last either way. */
function compare(a, b, sign) {
  if (a === null || b === null) return (a === null) - (b === null);
  const [x, y] = [a, b].map((value) => (value === "inf" ? Infinity : value));
  if (x === y) return 0;
  return sign * (typeof x === "number" && typeof y === "number" ? x - y
    : String(x).localeCompare(String(y), state.language));
}

/** Row numbers in the order of a column. */
function sortedRows(table) {
  const order = table.rows.map((_, index) => index);
  const sort = table.sort;
  if (!sort) return order;
  const value = (index) => text(table.rows[index][sort.column]);
  return order.sort((a, b) => compare(value(a), value(b), sort.sign));
}

function headCell(table, column, index, redraw) {
  const sorted = table.sort?.column === index ? table.sort.sign : 0;
  const press = () => {
    table.sort = { column: index, sign: sorted === 1 ? -1 : 1 };
    redraw();
  };
  const order = { 0: "none", 1: "ascending", "-1": "descending" }[sorted];
  const arrow = { 0: "", 1: " ▲", "-1": " ▼" }[sorted];
  return element("th", { "aria-sort": order },
    element("button", { type: "button", onclick: press }, said(column, "label") + arrow));
}

/** Width of a column of text: most texts stand in one line, and the longest in a few. */
function lettersOf(table, place) {
  const lengths = table.rows.map((row) => shown(row[place], "text").length).sort((a, b) => a - b);
  const usual = lengths[Math.floor(0.75 * (lengths.length - 1))] ?? 0;
  const least = (lengths.at(-1) ?? 0) / MOST_LINES;
  return Math.min(WIDEST, Math.max(NARROWEST, usual, least));
}

function bodyCell(value, column) {
  const said = shown(value, column.format);
  const cell = element("td", { class: column.format === "text" ? "text" : "figure" }, said);
  if (column.format === "share" && typeof value === "number") {
    cell.classList.add("bar");
    cell.style.setProperty("--share", `${100 * Math.max(0, Math.min(1, value))}%`);
  }
  return cell;
}

function bodyRow(table, index, go) {
  const linked = go && (table.bounds?.[index] || table.layers?.[index]);
  const press = (event) => {
    if (event.type === "click" || event.key === "Enter") go(table, index);
  };
  return element("tr", linked ? { tabindex: 0, class: "linked", onclick: press, onkeydown: press } : {},
    ...table.columns.map((column, place) => bodyCell(table.rows[index][place], column)));
}

function writeTable(place, table, go) {
  const redraw = () => writeTable(place, table, go);
  const head = table.columns.map((column, index) => headCell(table, column, index, redraw));
  const letters = table.columns.map((column, index) => (
    column.format === "text" ? lettersOf(table, index) : 0));
  // Where they ask for more than there is, each gives way by the same share.
  const room = place.clientWidth / LETTER_PX - PADDING * letters.length;
  const share = Math.min(1, room / letters.reduce((sum, one) => sum + one, 0));
  head.forEach((cell, index) => {
    if (letters[index]) cell.style.minWidth = `${letters[index] * share}em`;
  });
  const body = element("tbody");
  const order = sortedRows(table);
  const writeMore = (count = PART) => body.append(
    ...order.slice(body.rows.length, body.rows.length + count).map((index) => bodyRow(table, index, go)));
  writeMore();
  place.onscroll = () => {
    if (place.scrollTop + place.clientHeight > place.scrollHeight - AHEAD_PX) writeMore();
  };
  table.reach = (index) => { // the line of a row, written first if it lies further down
    const at = order.indexOf(index);
    if (at >= body.rows.length) writeMore(at + 1 - body.rows.length);
    return body.rows[at];
  };
  place.replaceChildren(
    element("table", {}, element("thead", {}, element("tr", {}, ...head)), body));
}

/** The row about a feature: of the open table, else of another one; or null. */
function rowOf({ layer, feature }) {
  const key = feature && layer.keys?.[featuresOf(layer).indexOf(feature)];
  if (key === undefined) return null;
  const rows = CONTENT.tables.map((table, tab) =>
    ({ tab, index: table.key === layer.key && table.keys ? table.keys.indexOf(key) : -1 }));
  const found = rows.filter(({ index }) => index >= 0);
  return found.find(({ tab }) => tab === state.tab) ?? found[0] ?? null;
}

/** Mark the row about one of some things on the map, of the open table first; shut ones stay so. */
function markRow(things) {
  const rows = things.map(rowOf).filter(Boolean);
  const row = rows.find(({ tab }) => tab === state.tab) ?? rows[0];
  if (!row || state.tab < 0) return;
  if (state.tab !== row.tab) {
    state.tab = row.tab;
    afterDrawer();
  }
  for (const one of by("sheet").querySelectorAll(".marked")) one.classList.remove("marked");
  const line = CONTENT.tables[row.tab].reach(row.index);
  line.classList.add("marked");
  line.scrollIntoView({ block: "nearest" });
}

function writeNotes(place) {
  place.replaceChildren(element("ul", { class: "notes" },
    ...CONTENT.notes.map((note) => element("li", {}, text(note)))));
}

/** Write the tabs and the sheet of the open one; `shownTab` is -1 when the drawer is shut. */
function writeDrawer(drawer, shownTab, choose, go) {
  const titles = CONTENT.tables.map((table) => said(table, "title"));
  if (CONTENT.notes.length) titles.push(word("notes"));
  const [tabs, sheet] = drawer.children;
  tabs.replaceChildren(...titles.map((title, index) => element("button", {
    type: "button", role: "tab", "aria-selected": String(index === shownTab),
    onclick: () => choose(index === shownTab ? -1 : index),
  }, title)));
  if (shownTab >= 0 && shownTab < CONTENT.tables.length) {
    tabs.append(element("span", { class: "hint" }, word("table_hint")));
  }
  drawer.hidden = titles.length === 0;
  drawer.classList.toggle("open", shownTab >= 0);
  sheet.onscroll = null;
  if (shownTab < 0) sheet.replaceChildren();
  else if (shownTab < CONTENT.tables.length) writeTable(sheet, CONTENT.tables[shownTab], go);
  else writeNotes(sheet);
}
