// The panel of a live map: what is asked, what was found, what the reader has changed.

/** A box of the panel that is written anew as a whole. */
function liveBox(id, attributes = {}) {
  return element("div", { id, ...attributes });
}

function livePanel() {
  const fold = element("button", {
    type: "button", id: "live-fold", "aria-expanded": "true", "aria-controls": "live-body", onclick: foldLive,
  });
  return element("aside", { id: "live" },
    element("div", { class: "live-head" }, element("h2", { id: "live-title" }), fold),
    element("div", { id: "live-body" },
      liveBox("live-problem", { role: "alert", hidden: true }), liveBox("live-setup"),
      element("details", { id: "live-what-if" }, element("summary"), liveBox("live-changes"), liveBox("live-edits")),
      liveBox("live-result", { role: "region" }), liveBox("live-files"), liveBox("live-basis")));
}

/** Fold the panel to its title, or open it again. */
function foldLive() {
  const folded = by("live").classList.toggle("folded");
  by("live-fold").setAttribute("aria-expanded", String(!folded));
  by("live-fold").textContent = folded ? "▲" : "▼";
}

/** A list to choose from; `press` is called with the id that is chosen. */
function chooser(id, key, options, chosen, press) {
  const list = element("select", { id, onchange: (event) => press(event.target.value) },
    ...options.map((option) => element("option", { value: option.id },
      said(option, option.title_zh ? "title" : "name"))));
  if (chosen) list.value = chosen;
  return element("label", {}, element("span", {}, word(key)), list);
}

function liveButton(key, press, tool = false) {
  return element("button", {
    type: "button", "data-tool": tool, "aria-pressed": tool ? String(hand.tool?.id === tool) : false,
    onclick: press,
  }, word(key));
}

/** Ask by another mode or standard. */
function switchTo(key, id) {
  live[key] = id;
  clearRoutes();
  askAll();
}

function writeSetup() {
  const { modes, standards } = live.router;
  by("live-setup").replaceChildren(
    ...(modes.length > 1 ? [chooser("live-mode", "mode", modes, live.mode, (id) => switchTo("mode", id))] : []),
    ...(standards.length > 1
      ? [chooser("live-standard", "standard", standards, live.standard, (id) => switchTo("standard", id))] : []),
    element("div", { class: "buttons" },
      liveButton("place_here", () => setPlace("a", stage.view().centre)),
      liveButton("second_place", () => toggleTool("second", secondTool), "second")));
}

function writeChanges() {
  by("live-what-if").querySelector("summary").textContent = word("what_if");
  by("live-changes").replaceChildren(
    element("div", { class: "buttons" },
      liveButton("draw_barrier", () => toggleTool("barrier", barrierTool), "barrier")),
    element("div", { class: "buttons" },
      chooser("live-category", "category", live.router.categories, by("live-category")?.value, () => {}),
      liveButton("add_facility", () => toggleTool("facility", facilityTool), "facility")));
}

/** One change of the reader with the button that takes it back. */
function editRow(words, edit) {
  return element("li", {}, element("span", {}, words), element("button", {
    type: "button", "aria-label": `${word("remove")}: ${words}`, title: word("remove"),
    onclick: () => withdraw(edit),
  }, "×"));
}

function writeEdits() {
  const rows = [
    ...live.closed.map((line, index) =>
      editRow(`${word("barrier")} ${index + 1} · ${lengthText(lengthOf(line))}`, line)),
    ...live.added.map((one) => editRow(`${word("added")} · ${said(categoryOf(one.category), "name")}`, one)),
  ];
  if (rows.length) by("live-what-if").open = true;
  by("live-edits").replaceChildren(...(rows.length
    ? [element("ul", {}, ...rows), liveButton("reset", () => withdraw(null))] : []));
}

function writeProblem() {
  by("live-problem").textContent = live.problem;
  by("live-problem").hidden = !live.problem;
}

/** Where a place stands, and the button that takes it away. */
function placeLine(key) {
  const place = live.places[key];
  if (!place) return [];
  const { sign, color } = LIVE_PLACES[key];
  const mark = element("b", { class: "sign" }, sign);
  mark.style.setProperty("--color", color);
  const access = live.answers[key]?.answer.place?.access_m;
  const away = Number.isFinite(access) ? [` · ${word("to_street")} ${lengthText(access)}`] : [];
  return [element("p", { class: "place" }, mark,
    element("span", {}, place.map((degrees) => degrees.toFixed(5)).join(", "), ...away),
    element("button", {
      type: "button", "aria-label": `${word("remove")} ${sign}`, title: word("remove"), onclick: () => dropPlace(key),
    }, "×"))];
}

/** Take a place away; the second takes the room of the first. */
function dropPlace(key) {
  if (key === "a") live.places.a = live.places.b;
  setPlace("b", null);
}

/** Write what was found, or what to do first. */
function writeResult() {
  writeProblem();
  const place = by("live-result");
  const views = liveViews();
  const pins = [...placeLine("a"), ...placeLine("b")];
  place.replaceChildren(...(pins.length ? pins : [element("p", { class: "prompt" }, word("live_prompt"))]));
  for (const button of document.querySelectorAll("#live-files button")) button.disabled = !views.length;
  if (!views.length) return;
  writeAreas(place, views, bandColor);
  writeChecklist(place, views, views.length > 1 && !live.places.b, goAlong);
}

/** What was asked and found, as GeoJSON: bands, places, nearest facilities, changes. */
function liveGeoJson() {
  const { mode, standard } = live;
  const features = liveViews().flatMap(({ answer, key, title }) => {
    const own = { place: LIVE_PLACES[key].sign, view: title, mode, standard };
    const near = answer.checklist.filter((row) => Number.isFinite(amountOfRow(row)));
    return [
      ...answer.bands.features.map((band) => ({ ...band, properties: { ...band.properties, ...own, role: "band" } })),
      geoFeature("Point", [answer.place.lng, answer.place.lat], { ...own, role: "place" }),
      ...near.map(({ lng, lat, ...row }) => geoFeature("Point", [lng, lat], { ...row, ...own, role: "nearest" })),
    ];
  });
  const changes = [
    ...live.closed.map((line) => geoFeature("LineString", line, { role: "barrier" })),
    ...live.added.map(({ lng, lat, category }) => geoFeature("Point", [lng, lat], { role: "added", category })),
  ];
  return geoCollection([...features, ...changes]);
}

function saveGeoJson() {
  const words = JSON.stringify(liveGeoJson());
  offerFile(new Blob([words], { type: "application/geo+json" }), fileName(".geojson"));
}

/** A workbook of what is seen, one for each place, which only a server can write. */
async function saveWorkbook() {
  try {
    for (const [key, place] of Object.entries(live.places).filter(([, one]) => one)) {
      const blob = await live.router.workbook(questionOf(place));
      offerFile(blob, fileName(live.places.b ? ` ${LIVE_PLACES[key].sign}.xlsx` : ".xlsx"));
    }
  } catch (error) {
    live.problem = troubleText(error);
    writeProblem();
  }
}

function writeFiles() {
  by("live-files").replaceChildren(
    liveButton("save_geojson", saveGeoJson),
    liveButton("save_picture", savePicture),
    ...(live.router.workbook ? [liveButton("save_workbook", saveWorkbook)] : []));
}

function writeBasis() {
  const host = CONTENT.router ? word("live_in_page") : word("live_on_server");
  const open = by("live-basis").querySelector("details")?.open ?? false;
  by("live-basis").replaceChildren(element("details", { open }, element("summary", {}, word("live_basis")),
    element("p", {}, word("live_measured")), element("p", {}, host), element("p", {}, word("live_keys"))));
}

/** Write the whole panel, in the language shown. */
function writeLive() {
  if (!by("live")) return;
  by("live").setAttribute("aria-label", word("live_title"));
  by("live-title").textContent = word("live_title");
  by("live-fold").setAttribute("aria-label", word("fold"));
  by("live-fold").textContent = by("live").classList.contains("folded") ? "▲" : "▼";
  by("live-result").setAttribute("aria-label", word("checklist"));
  if (!live.router) return;
  writeSetup();
  writeChanges();
  writeEdits();
  writeFiles();
  writeResult();
  writeBasis();
  drawPins();
}
