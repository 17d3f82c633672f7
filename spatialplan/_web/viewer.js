// Puts the parts together: one map, one state, one redraw for each kind of change.

const by = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 760px)").matches;
const open = {};
const unfolded = {};
state.tab = narrow || !CONTENT.drawer || !(CONTENT.tables.length + CONTENT.notes.length) ? -1 : 0;
state.homeZoom = 14;

const map = L.map("map", {
  attributionControl: false, zoomControl: false, preferCanvas: true, zoomSnap: 0.5, minZoom: 3, maxZoom: 20,
});
const labelPane = map.createPane("labels");
map.createPane("mark");
let mark = null;

function visibleLayers() {
  return CONTENT.layers.filter((layer) => layer.visible);
}

/** The extent of all layers that show, or of all there are; a backdrop goes on beyond it. */
function wholeBounds() {
  const shown = boundsOf(visibleLayers().filter((layer) => !layer.backdrop));
  return shown.isValid() ? shown : boundsOf(CONTENT.layers);
}

function goHome() {
  const whole = wholeBounds();
  mark?.remove();
  if (whole.isValid()) fit(whole);
  else map.setView([0, 0], 3);
}

/** Show an extent beside the legend. */
function fit(bounds, options) {
  const legendWidth = narrow || !by("legend").open ? 0 : by("legend").offsetWidth;
  const maxZoom = bounds.getNorthEast().equals(bounds.getSouthWest()) ? POINT_ZOOM : undefined;
  const padding = narrow ? { padding: [12, 12] }
    : { paddingTopLeft: [48, 24], paddingBottomRight: [legendWidth + 12, 24] };
  map.fitBounds(bounds, { ...padding, maxZoom, ...options });
}

/** Go to an extent of which a part is out of view; for one in view the map stays where it is. */
function bringIntoView(bounds) {
  if (bounds.isValid() && !map.getBounds().contains(bounds)) fit(bounds, { animate: false });
}

function control(position, key, sign, press) {
  const made = L.control({ position });
  made.onAdd = () => {
    const button = element("button", { type: "button", class: "tool", "data-word": key, onclick: press }, sign);
    L.DomEvent.disableClickPropagation(button);
    return button;
  };
  made.addTo(map);
}

function writeBanner() {
  const synthetic = CONTENT.layers.some((layer) => layer.drawn_from === "synthetic");
  by("banner").hidden = !synthetic;
  by("banner").textContent = word("synthetic_banner");
}

function writeFoot() {
  const parts = Object.entries(CONTENT.field_labels).map(([key, label]) => {
    const value = CONTENT.fields[key] || word("not_stated");
    return element("span", {}, element("b", {}, label[state.language]), ` ${value}`);
  });
  const borders = visibleLayers().some((layer) => layer.administrative);
  const reminder = borders && !CONTENT.fields.review_number;
  by("foot").replaceChildren(...parts,
    ...(reminder ? [element("span", { class: "reminder" }, word("review_reminder"))] : []));
}

/**
 * Whether the legend shows the rows of a group: as the reader has set it, else unless the page
 * has many plans and the group is too small on the map to be read.
 */
function showsRows(key, choice) {
  if (choice !== undefined) unfolded[key] = choice;
  return unfolded[key] ?? !(CONTENT.groups[key].section_zh && isTiny(map, key));
}

/** Everything that depends on which layers show. */
function afterLayers() {
  writeLayerList(by("layers"), open, actions);
  writeLegend(by("legend"), visibleLayers(), showsRows);
  writeLabels(map, visibleLayers(), labelPane);
  writeFoot();
}

/** Everything that depends on the language. */
function afterLanguage() {
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
  document.title = said(CONTENT, "title");
  by("title").textContent = said(CONTENT, "title");
  by("headline").textContent = said(CONTENT, "headline");
  by("layers-button").textContent = word("layers");
  by("language-button").textContent = word("language");
  by("language-button").title = word("language_hint");
  by("search-words").placeholder = word("search");
  by("search-words").setAttribute("aria-label", word("search"));
  for (const button of document.querySelectorAll("[data-word]")) {
    button.title = word(button.dataset.word);
    button.setAttribute("aria-label", button.title);
  }
  writeBanner();
  hideTip();
  afterDrawer();
  afterLayers();
}

function afterDrawer() {
  writeDrawer(by("drawer"), state.tab, (tab) => {
    state.tab = tab;
    afterDrawer();
  }, goToRow);
  map.invalidateSize();
}

/** Layers that must go when one comes: its rivals in exclusive groups. */
function rivals(layer) {
  const exclusive = (one) => CONTENT.groups[one.group].exclusive;
  if (!exclusive(layer)) return [];
  return visibleLayers().filter((one) => one !== layer && exclusive(one)
    && (one.group === layer.group || (layer.theme && one.theme && one.theme !== layer.theme)));
}

/** Layers of the same theme, which come along into the other exclusive groups. */
function companions(layer) {
  if (!layer.theme || !CONTENT.groups[layer.group].exclusive) return [];
  const themed = CONTENT.layers.filter((one) => one !== layer && one.theme === layer.theme
    && one.group !== layer.group && CONTENT.groups[one.group].exclusive);
  return [...themed, ...along([layer, ...themed])];
}

/** Layers that some layers bring with them and take away again. */
function along(layers) {
  const named = new Set(layers.flatMap((layer) => layer.along || []));
  return CONTENT.layers.filter((one) => named.has(one.id));
}

function showAll(layers, visible) {
  return Promise.all(layers.map((layer) => showLayer(map, layer, visible)));
}

const actions = {
  async choose(layer, visible) {
    const coming = visible ? companions(layer) : [];
    const leaving = visible ? rivals(layer) : [];
    const going = [...leaving, ...along(leaving)].filter((one) => !coming.includes(one));
    const changes = [[layer, visible], ...going.map((one) => [one, false]),
      ...coming.map((one) => [one, true])];
    await Promise.all(changes.map(([one, on]) => showLayer(map, one, on)));
    afterLayers();
  },
  async clear(group) {
    const leaving = visibleLayers().filter((layer) => layer.group === group);
    const going = [...leaving, ...along(leaving)];
    await showAll(going, false);
    afterLayers();
  },
  async chooseGroup(group, visible) {
    const own = CONTENT.layers.filter((layer) => layer.group === group);
    await showAll(own, visible);
    if (visible) bringIntoView(boundsOf(own));
    afterLayers();
  },
  fade(layer, opacity) {
    fadeLayer(map, layer, opacity);
  },
};

/** Draw a frame round an extent, or a ring round a point. */
function markBounds(bounds) {
  mark?.remove();
  const options = {
    pane: "mark", interactive: false, fill: false, color: "#111", weight: 2, dashArray: "4 4", radius: 18,
  };
  const point = bounds.getNorthEast().equals(bounds.getSouthWest());
  mark = point ? L.circleMarker(bounds.getCenter(), options) : L.rectangle(bounds.pad(0.05), options);
  mark.addTo(map);
}

/** Show one group that is a whole, and hide the others. */
async function showAlone(group) {
  const own = CONTENT.layers.filter((layer) => layer.group === group);
  await showAll(visibleLayers().filter((layer) => isHeaded(layer.group) && layer.group !== group), false);
  await showAll(own, true);
  afterLayers();
}

/** Show on the map what a row of a table is about: a layer, or a group on its own. */
async function goToRow(table, index) {
  const key = table.layers?.[index];
  if (CONTENT.groups[key]) await showAlone(key);
  const layer = CONTENT.layers.find((one) => one.id === key);
  if (layer && !layer.visible) await actions.choose(layer, true);
  const box = table.bounds?.[index];
  if (!box) return;
  const bounds = L.latLngBounds([box[1], box[0]], [box[3], box[2]]);
  map.fitBounds(bounds, { maxZoom: 16, padding: [40, 40] });
  markBounds(bounds);
}

/** Show a feature that the search has found. */
async function goToFeature(layer, index) {
  if (!layer.visible) await actions.choose(layer, true);
  const feature = featuresOf(layer)[index];
  const [south, west, north, east] = feature.box;
  const bounds = L.latLngBounds([south, west], [north, east]);
  map.fitBounds(bounds, { maxZoom: 17, padding: [60, 60], animate: false });
  markBounds(bounds);
  showTip(map.latLngToContainerPoint(bounds.getCenter()), [{ layer, feature }]);
  by("panel").classList.remove("open");
}

function showTip(at, things) {
  const tip = by("tip");
  tip.hidden = things.length === 0;
  if (tip.hidden) return;
  writeTip(tip, things);
  const frame = by("map").getBoundingClientRect();
  const left = Math.min(frame.left + at.x + 14, innerWidth - tip.offsetWidth - 6);
  const top = Math.min(frame.top + at.y + 14, innerHeight - tip.offsetHeight - 6);
  tip.style.left = `${Math.max(4, left)}px`;
  tip.style.top = `${Math.max(4, top)}px`;
}

function hideTip() {
  by("tip").hidden = true;
}

function listen() {
  let waiting = false;
  const point = (event) => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      showTip(event.containerPoint, under(map, STACK.filter((layer) => layer.visible), event.latlng));
    });
  };
  map.on("mousemove click", point);
  map.on("mouseout movestart", hideTip);
  map.on("moveend", () => writeLabels(map, visibleLayers(), labelPane));
  map.on("zoomend", () => {
    CONTENT.layers.forEach((layer) => rescale(map, layer));
    writeLegend(by("legend"), visibleLayers(), showsRows);
  });
  by("legend").addEventListener("toggle", () => writeLabels(map, visibleLayers(), labelPane));
  new ResizeObserver(() => map.invalidateSize()).observe(by("map"));
  by("language-button").addEventListener("click", () => {
    state.language = state.language === "zh" ? "en" : "zh";
    afterLanguage();
  });
  by("layers-button").addEventListener("click", () => by("panel").classList.toggle("open"));
  by("search-words").addEventListener("input", (event) =>
    writeFound(by("search-found"), event.target.value, goToFeature));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    hideTip();
    mark?.remove();
  });
}

async function start() {
  control("topleft", "zoom_in", "+", () => map.zoomIn());
  control("topleft", "zoom_out", "−", () => map.zoomOut());
  control("topleft", "home", "⌂", goHome);
  L.control.scale({ imperial: false, maxWidth: 140 }).addTo(map);
  L.DomEvent.disableClickPropagation(by("legend"));
  L.DomEvent.disableScrollPropagation(by("legend"));
  by("legend").addEventListener("mousemove", (event) => event.stopPropagation());
  by("legend").open = !narrow;
  goHome();
  listen();
  afterLanguage();
  goHome();
  state.homeZoom = map.getZoom();
  await Promise.all(visibleLayers().map((layer) => showLayer(map, layer, true)));
  requestAnimationFrame(() => { document.documentElement.dataset.ready = "yes"; });
}

start();
