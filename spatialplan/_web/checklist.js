// What a place has within reach: sizes of its bands, and one row for each kind of facility.

/** How far a row's nearest facility is, in the unit of its limit; Infinity beyond the search. */
function amountOfRow(row) {
  return (row.unit === "m" ? row.metres : row.minutes) ?? Infinity;
}

/** How far a row's nearest facility is: in the unit of its limit, and small in the other. */
function rowAmount(row) {
  if (row?.present === null) return [word("not_in_data")];
  if (!row || !Number.isFinite(amountOfRow(row))) return [word("beyond_search")];
  const metres = shown(row.metres ?? null, "m");
  const minutes = shown(row.minutes ?? null, "min");
  const [first, second] = row.unit === "m" ? [metres, minutes] : [minutes, metres];
  return [first, element("small", {}, second)];
}

/** Whether a row meets its limit, as a sign that needs no colour; nothing where nobody can say. */
function presence(row) {
  if (!row || row.present === null) return element("b", { class: "presence" }, "–");
  const key = row.present ? "present" : "missing";
  const words = row.present ? word("present") : word("missing");
  return element("b", { class: `presence ${key}`, role: "img", "aria-label": words, title: words },
    row.present ? "✓" : "✗");
}

/** How much nearer or farther the second of two rows is: an arrow and the difference. */
function changeBetween(before, after) {
  const [from, to] = [amountOfRow(before), amountOfRow(after)];
  if (from === to) return [];
  const nearer = to < from;
  const size = Number.isFinite(from) && Number.isFinite(to)
    ? ` ${shown(Math.abs(to - from), after.unit)}` : "";
  const words = nearer ? word("nearer") : word("farther");
  return [element("span", { class: nearer ? "nearer" : "farther", title: words, "aria-label": words + size },
    (nearer ? "▼" : "▲") + size)];
}

function amountCell(row, change = []) {
  return element("td", { class: "figure" }, presence(row), " ", ...rowAmount(row), ...change);
}

/** What a row asks for and what is nearest. */
function rowHead(row) {
  const nearest = said(row, "facility");
  const limit = row.limit === null || row.limit === undefined ? [] : [`≤ ${shown(row.limit, row.unit)}`];
  return element("th", { scope: "row" }, said(row, "name"),
    element("small", {}, [...limit, ...(nearest ? [nearest] : [])].join(" · ")));
}

/**
 * Rows of a checklist; of two, side by side. `views` are [{answer, title}], one or two of them;
 * `changes` tells whether the second is the first after a change; `go` is called with the rows.
 */
function writeChecklist(place, views, changes, go) {
  const found = views.map(({ answer }) => new Map(answer.checklist.map((row) => [row.id, row])));
  const ids = [...new Set(found.flatMap((rows) => [...rows.keys()]))];
  const line = (id) => {
    const rows = found.map((all) => all.get(id));
    const press = (event) => {
      if (event.type === "click" || event.key === "Enter") go(rows, event.currentTarget);
    };
    const cells = rows.map((row, index) => amountCell(row,
      changes && index === 1 && rows[0] && row ? changeBetween(rows[0], row) : []));
    return element("tr", { tabindex: 0, class: "linked", onclick: press, onkeydown: press },
      rowHead(rows.find(Boolean)), ...cells);
  };
  place.append(element("table", { class: "checklist" },
    element("caption", {}, `${word("checklist")} `, presentCounts(views, changes),
      ...(live.standard ? [] : [element("small", {}, ` · ${word("by_category")}`)])),
    element("thead", {}, element("tr", {}, element("th", {}, word("facility")),
      ...views.map(({ title }) => element("th", {}, title)))),
    element("tbody", {}, ...ids.map(line))));
}

/** How many of the judged rows are present, view by view. */
function presentCounts(views, changes) {
  const told = views.map(({ answer }) => {
    const judged = answer.checklist.filter((row) => row.present !== null);
    return `${judged.filter((row) => row.present).length}/${judged.length}`;
  });
  return element("small", {}, `${word("present")} ${told.join(changes ? " → " : " | ")}`);
}

const AREA_COLUMNS = [
  ["area_km2", (value) => `${grouped(value, 2)} km²`, () => word("area")],
  ["street_km", (value) => `${grouped(value, 1)} km`, () => word("streets")],
  ["people", (value) => shown(value, "people"), () => word("people")],
];

/** Sizes of the bands of one or two views; what a router cannot know has no column. */
function writeAreas(place, views, looks) {
  const known = AREA_COLUMNS.filter(([key]) =>
    views.some(({ answer }) => answer.areas.some((area) => area[key] !== null && area[key] !== undefined)));
  const lines = views.flatMap(({ answer, title, key }) => [...answer.areas]
    .sort((a, b) => a.limit_min - b.limit_min)
    .map((area) => {
      const sign = element("i", { class: "swatch a" });
      sign.style.setProperty("--color", looks(key, area.limit_min));
      const name = `${views.length > 1 ? `${title} · ` : ""}${shown(area.limit_min, "min")}`;
      return element("tr", {}, element("th", { scope: "row", class: "band" }, sign, ` ${name}`),
        ...known.map(([column, tell]) => element("td", { class: "figure" },
          area[column] === null || area[column] === undefined ? "—" : tell(area[column]))));
    }));
  place.append(element("table", { class: "areas" },
    element("thead", {}, element("tr", {}, element("th", {}, word("within")),
      ...known.map(([, , title]) => element("th", {}, title())))),
    element("tbody", {}, ...lines)));
}
