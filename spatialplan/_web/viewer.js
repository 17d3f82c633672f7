// Puts the parts together: one map, one state, one redraw for each kind of change.

const by = (id) => document.getElementById(id);
const narrow = matchMedia("(max-width: 760px)").matches;
const open = {};
const unfolded = {};
state.tab = narrow || !CONTENT.drawer || !(CONTENT.tables.length + CONTENT.notes.length) ? -1 : 0;
state.homeZoom = 14;

let stage; // there once the libraries are

function visibleLayers() {
  return CONTENT.layers.filter((layer) => layer.visible);
}

/** The extent of all layers that show, or of all there are; a backdrop goes on beyond it. */
function wholeExtent() {
  return extentOf(visibleLayers().filter((layer) => !layer.backdrop)) || extentOf(CONTENT.layers);
}

function goHome(options) {
  const whole = wholeExtent();
  stage.overlay("mark", null);
  if (whole) fit(whole, options);
  else stage.jump({ centre: [0, 0], zoom: 3 });
}

/** Show an extent beside the legend. */
function fit(bounds, options) {
  const legendWidth = narrow || !by("legend").open ? 0 : by("legend").offsetWidth;
  const padding = narrow ? { left: 12, top: 12, right: 12, bottom: 12 }
    : { left: 48, top: 24, right: legendWidth + 12, bottom: 24 };
  stage.fit(bounds, { padding, maxZoom: isPoint(bounds) ? POINT_ZOOM : undefined, ...options });
}

/** Go to an extent of which a part is out of view; for one in view the map stays where it is. */
function bringIntoView(bounds) {
  if (bounds && !holds(stage.view().bounds, bounds)) fit(bounds, { animate: false });
}

/**
 * Whether the legend shows the rows of a group: as the reader has set it, else unless the page
 * has many plans and the group is too small on the map to be read.
 */
function showsRows(key, choice) {
  if (choice !== undefined) unfolded[key] = choice;
  return unfolded[key] ?? !(CONTENT.groups[key].section_zh && isTiny(key, stage.view().zoom));
}

/** Everything that depends on which layers show. */
function afterLayers() {
  writeLayerList(by("layers"), open, actions);
  writeLegend(by("legend"), visibleLayers(), showsRows);
  relabel();
  writeFoot();
  keepLink();
}

/** Everything that depends on the language. */
function afterLanguage() {
  writeHeading();
  by("layers-button").textContent = word("layers");
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
  writeTools();
}

function afterDrawer() {
  writeDrawer(by("drawer"), state.tab, (tab) => {
    state.tab = tab;
    afterDrawer();
  }, goToRow);
  stage.resize();
}

function showLayer(layer, visible) {
  layer.visible = visible;
  return stage.show(layer, visible);
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
  return Promise.all(layers.map((layer) => showLayer(layer, visible)));
}

const actions = {
  async choose(layer, visible) {
    const coming = visible ? companions(layer) : [];
    const leaving = visible ? rivals(layer) : [];
    const going = [...leaving, ...along(leaving)].filter((one) => !coming.includes(one));
    const changes = [[layer, visible], ...going.map((one) => [one, false]),
      ...coming.map((one) => [one, true])];
    await Promise.all(changes.map(([one, on]) => showLayer(one, on)));
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
    if (visible) bringIntoView(extentOf(own));
    afterLayers();
  },
  fade(layer, opacity) {
    layer.opacity = opacity;
    stage.fade(layer, opacity);
  },
};

/** Draw a frame round an extent, or a ring round a point. */
function markBounds(bounds) {
  const [west, south, east, north] = padded(bounds, 0.05);
  const corners = [[west, south], [east, south], [east, north], [west, north], [west, south]];
  const geometry = isPoint(bounds) ? { type: "Point", coordinates: middleOf(bounds) }
    : { type: "Polygon", coordinates: [corners] };
  stage.overlay("mark", { type: "Feature", properties: {}, geometry }, { dash: "4 4", radius: 18 });
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
  stage.fit(box, { maxZoom: 16, padding: { left: 40, top: 40, right: 40, bottom: 40 } });
  markBounds(box);
}

/** Show a feature that the search has found. */
async function goToFeature(layer, index) {
  if (!layer.visible) await actions.choose(layer, true);
  const feature = featuresOf(layer)[index];
  stage.fit(feature.box, {
    maxZoom: 17, padding: { left: 60, top: 60, right: 60, bottom: 60 }, animate: false,
  });
  markBounds(feature.box);
  showTip(stage.project(middleOf(feature.box)), [{ layer, feature }]);
  by("panel").classList.remove("open");
}

function relabel() {
  writeLabels(stage, visibleLayers(), by("labels"));
}

function listenToStage() {
  let waiting = false;
  let moving = false;
  let over = false; // a drag may be told from beyond the map
  const point = (event) => {
    over = isOnMap(event.point);
    if (waiting || moving || hand.tool || tipStays(event.point)) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      if (!over) hideTip();
      if (!over || tipStays(event.point)) return; // it has left, or a click came in between
      showTip(event.point, under(stage, STACK.filter((layer) => layer.visible), event.lngLat));
    });
  };
  stage.on("pointer", point);
  stage.on("click", handClick);
  stage.on("leave", () => { over = false; hideTip(); });
  stage.on("move", () => {
    moving = true;
    hideTip();
    carryLabels(stage, by("labels"));
  });
  stage.on("moved", () => {
    moving = false;
    relabel();
    writeScale(stage, by("scale"));
  });
  stage.on("zoomed", () => writeLegend(by("legend"), visibleLayers(), showsRows));
  new ResizeObserver(() => stage.resize()).observe(by("map"));
}

function listen() {
  listenToStage();
  by("legend").addEventListener("toggle", relabel);
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
    stage.overlay("mark", null);
  });
}

/** Unpack what the page carries; says whether there is a map to draw on, and if not, why. */
async function load() {
  if (!("DecompressionStream" in window) && document.querySelector("script[type='text/plain']")) {
    giveUp("old_browser");
    return false;
  }
  try {
    await loadLibraries();
    stage = CONTENT.compare ? swipeStage(by("map"), createStage) : createStage(by("map"));
    await loadBulk();
    await stage.ready();
    return true;
  } catch (error) {
    console.error(error);
    giveUp("no_map");
    return false;
  }
}

async function start() {
  if (!await load()) return;
  by("tools").append(
    toolButton("zoom_in", "+", () => stage.zoomBy(1)),
    toolButton("zoom_out", "−", () => stage.zoomBy(-1)),
    toolButton("home", "⌂", () => goHome()));
  by("legend").open = !narrow && !CONTENT.router && !CONTENT.server; // a live map needs the room
  startTools();
  goHome({ animate: false });
  afterLanguage();
  listen();
  stage.resize(); // headline and foot have their words by now
  goHome({ animate: false }); // beside the legend, which is now as wide as its words
  state.homeZoom = stage.view().zoom;
  await Promise.all(visibleLayers().map((layer) => showLayer(layer, true)));
  await startLive();
  stage.resize();
  if (live.router) goHome({ animate: false }); // beside the panel, which has just been opened
  await startLink();
  await stage.settled();
  document.documentElement.dataset.ready = "yes";
}

start();
