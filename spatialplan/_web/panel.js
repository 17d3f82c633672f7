// The layer list, the legend and the search.

function swatch(layer, color) {
  const style = layer.style || {};
  const line = style.weight && style.fill_opacity === undefined ? "l" : "a";
  const kind = layer.kinds?.[0] || (style.radius ? "p" : line);
  const looks = ["hatch", "dash", "arrow", "inlay"].filter((key) => style[key]);
  const made = element("i", { class: ["swatch", kind, style.symbol, ...looks].filter(Boolean).join(" ") });
  made.style.setProperty("--color", color || style.color);
  made.style.setProperty("--weight", `${Math.min(style.weight ?? 3, 10)}px`);
  made.style.setProperty("--opacity", style.opacity ?? 1);
  made.style.setProperty("--fill", style.fill_opacity ?? 1);
  if (style.fill_opacity === 0) made.classList.add("hollow");
  return made;
}

function layerRow(layer, group, actions) {
  const exclusive = CONTENT.groups[group].exclusive;
  const box = element("input", {
    type: exclusive ? "radio" : "checkbox",
    name: exclusive ? `group-${group}` : false,
    onchange: () => actions.choose(layer, box.checked),
  });
  box.checked = layer.visible;
  const plain = layer.type === "vector" && !layer.classes.length;
  const label = element("label", {}, box, ...(plain ? [swatch(layer)] : []),
    element("span", {}, said(layer, "name")));
  const row = element("li", { "data-layer": layer.id }, label);
  if (isHeaded(group)) return row; // its heading in the legend says where it comes from
  label.append(...originMark(layer));
  if (layer.visible) row.append(opacitySlider(layer, actions));
  return row;
}

function opacitySlider(layer, actions) {
  return element("input", {
    type: "range", class: "opacity", min: 0.1, max: 1, step: 0.05, value: opacityOf(layer),
    title: word("opacity"), "aria-label": `${word("opacity")}: ${said(layer, "name")}`,
    oninput: (event) => actions.fade(layer, event.target.value),
  });
}

/** The row that switches an exclusive group off. */
function noneRow(group, layers, actions) {
  const box = element("input", {
    type: "radio", name: `group-${group}`, onchange: () => actions.clear(group),
  });
  box.checked = !layers.some((layer) => layer.visible);
  return element("li", {}, element("label", {}, box, element("span", {}, word("none"))));
}

/** Whether a group is a whole that is shown, hidden and explained together. */
function isHeaded(key) {
  return "detail_zh" in CONTENT.groups[key];
}

/** The box that shows or hides all layers of a group. */
function groupBox(key, layers, actions) {
  const visible = layers.filter((layer) => layer.visible).length;
  const box = element("input", {
    type: "checkbox", "aria-label": said(CONTENT.groups[key], "name"),
    onchange: () => actions.chooseGroup(key, box.checked),
  });
  box.checked = visible > 0;
  box.indeterminate = visible > 0 && visible < layers.length;
  return box;
}

function groupSummary(key, layers, actions) {
  const group = CONTENT.groups[key];
  if (isHeaded(key)) {
    return element("summary", { class: "headed" }, groupBox(key, layers, actions),
      element("span", {}, said(group, "name"), element("small", {}, said(group, "detail"))));
  }
  const visible = layers.filter((layer) => layer.visible).length;
  return element("summary", {}, said(group, "name"), element("small", {}, `${visible}/${layers.length}`));
}

/** A part of the list under a heading of its own; only the first stands open. */
function layerSection(place, title, open) {
  const made = element("details", {
    class: "section", open: open[title] ?? !place.children.length,
    ontoggle: (event) => { if (event.target === made) open[title] = made.open; },
  }, element("summary", {}, title));
  place.append(made);
  return made;
}

/** Write the list of layers; `open` remembers which groups and sections stand open. */
function writeLayerList(place, open, actions) {
  place.replaceChildren();
  let section = "";
  let within = place;
  for (const [key, group] of Object.entries(CONTENT.groups)) {
    const layers = CONTENT.layers.filter((layer) => layer.group === key);
    if (!layers.length) continue;
    const title = said(group, "section") || "";
    if (title !== section) within = title ? layerSection(place, title, open) : place;
    section = title;
    const list = element("ul", {}, ...(group.exclusive ? [noneRow(key, layers, actions)] : []),
      ...layers.map((layer) => layerRow(layer, key, actions)));
    within.append(element("details", {
      open: open[key] ?? group.open,
      ontoggle: (event) => { open[key] = event.target.open; },
    }, groupSummary(key, layers, actions), list));
  }
}

function legendRow(layer, label, color, amount) {
  return element("li", {}, swatch(layer, color), element("span", {}, label),
    element("small", {}, amount));
}

/** Whether the classes of a grid know how many people live where they are. */
function tellsPeople(layer) {
  return layer.type === "grid" && layer.classes.some((part) => part.people);
}

/** How much of a layer a class is: of a grid its share of people or area, else a number of features. */
function amountOf(layer, part) {
  if (layer.type !== "grid") return FORMATS.count(part.count);
  const key = tellsPeople(layer) ? "people" : "count";
  return FORMATS.share(part[key] / layer.classes.reduce((sum, one) => sum + one[key], 0));
}

/** Rows of the layers of a group that is explained as a whole, under its name. */
function legendGroup(key, layers, unfolded) {
  const group = CONTENT.groups[key];
  const drawn = layers.filter((layer) => layer.kinds);
  const origins = new Set(drawn.map((layer) => layer.drawn_from));
  const same = origins.size === 1 ? originMark({ drawn_from: [...origins][0] }) : [];
  return element("details", { open: unfolded(key) },
    element("summary", { onclick: (event) => unfolded(key, !event.currentTarget.parentNode.open) },
      said(group, "name"), ...same),
    element("ul", {}, ...layers.map((layer) => {
      const amount = layer.kinds ? counted(layer) : "";
      const row = legendRow(layer, nameOf(layer), layer.style.color, amount);
      row.dataset.layer = layer.id;
      if (!same.length) row.append(...originMark(layer));
      return row;
    })));
}

/** How many things a layer shows; of what a map stands on the number says nothing. */
function counted(layer) {
  if (layer.backdrop || layer.group === "base") return "";
  return layer.count === null ? word("several") : FORMATS.count(layer.count);
}

/** Name of a layer, with the number of things that could not be drawn. */
function nameOf(layer) {
  const name = said(layer, "name");
  if (layer.type === "grid" || layer.not_drawn === 0) return name;
  const missing = layer.not_drawn === null ? word("open_not_drawn")
    : `${FORMATS.count(layer.not_drawn)} ${word("not_drawn")}`;
  return state.language === "zh" ? `${name}（${missing}）` : `${name} (${missing})`;
}

function legendEntry(layer) {
  const name = nameOf(layer);
  if (layer.classes.length === 0) {
    const row = legendRow(layer, name, layer.style.color, counted(layer));
    row.append(...originMark(layer));
    return [element("ul", { "data-layer": layer.id }, row)];
  }
  const classes = layer.classes.filter((part) => part.count || part.people);
  const measured = word(tellsPeople(layer) ? "by_people" : "by_area");
  const unit = layer.type === "grid" ? [element("small", {}, ` ${measured}`)] : [];
  return [element("h3", {}, name, ...originMark(layer), ...unit),
    element("ul", { "data-layer": layer.id },
      ...classes.map((part) =>
        legendRow(layer, said(part, "label"), part.color, amountOf(layer, part))))];
}

/** Write the legend of the visible layers, the top one first; `unfolded` as in `showsRows`. */
function writeLegend(place, layers, unfolded) {
  place.querySelector("summary").textContent = word("legend");
  const headed = Object.keys(CONTENT.groups).filter(isHeaded)
    .map((key) => [key, layers.filter((layer) => layer.group === key)]);
  place.querySelector("div").replaceChildren(
    ...headed.flatMap(([key, own]) => (own.length ? legendGroup(key, own, unfolded) : [])),
    ...[...layers].reverse().filter((layer) => !isHeaded(layer.group)).flatMap(legendEntry));
}

/** Features whose name holds the words, at most `limit`. */
function findByName(words, limit) {
  const wanted = words.trim().toLowerCase();
  const found = [];
  if (!wanted) return found;
  for (const layer of CONTENT.layers.filter((one) => one.names?.length)) {
    for (let index = 0; index < layer.names.length; index++) {
      const name = [layer.names[index]].flat().join(" ");
      if (!name.toLowerCase().includes(wanted)) continue;
      found.push({ layer, index });
      if (found.length === limit) return found;
    }
  }
  return found;
}

function writeFound(place, words, go) {
  const found = findByName(words, 12);
  const rows = found.map(({ layer, index }) => element("li", {},
    element("button", { type: "button", onclick: () => go(layer, index) },
      element("span", {}, text(layer.names[index])), element("small", {}, said(layer, "name")))));
  const empty = words.trim() ? [element("li", { class: "empty" }, word("nothing_found"))] : [];
  place.replaceChildren(...(rows.length ? rows : empty));
}

/** What the tooltip says of the things under the pointer. */
function writeTip(place, things) {
  place.replaceChildren(...things.slice(0, 4).map(({ layer, feature, level, note }) => {
    if (note) return note;
    if (layer.type === "grid") {
      const about = level === "inf" ? "" : `${word("about")} `;
      return element("p", {}, element("b", {}, said(layer, "name")),
        ` · ${about}${shown(level, layer.unit)}`);
    }
    const heading = layer.names.length ? text(feature.name) || word("unnamed") : said(layer, "name");
    const rows = (layer.columns || []).map((column, index) => element("tr", {},
      element("th", {}, said(column, "label")),
      element("td", {}, shown(feature.row[index], column.format))));
    return element("div", {}, element("p", {}, element("b", {}, heading),
      ...(layer.names.length ? [element("small", {}, said(layer, "name"))] : []),
      ...originMark(layer)),
    element("table", {}, ...rows));
  }));
}

function showTip(at, things) {
  const tip = by("tip");
  tip.hidden = things.length === 0;
  if (tip.hidden) return;
  writeTip(tip, things);
  const frame = by("map").getBoundingClientRect();
  const left = Math.min(frame.left + at.x + 14, frame.right - tip.offsetWidth - 6);
  const top = Math.min(frame.top + at.y + 14, frame.bottom - tip.offsetHeight - 6);
  tip.style.left = `${Math.max(frame.left + 4, left)}px`;
  tip.style.top = `${Math.max(4, top)}px`; // one longer than the map may stand over its top
}

function hideTip() {
  by("tip").hidden = true;
}
