// The live map: a click asks the router what lies within 5, 10 and 15 minutes, and shows it.

// Purples and oranges are told apart whatever the eye, and from the blues and greens of
// coverage; the nearest band is the darkest (ColorBrewer RdPu and Oranges, C. Brewer).
const LIVE_PLACES = {
  a: { sign: "A", color: "#7a0177", bands: ["#49006a", "#ae017e", "#f768a1"] },
  b: { sign: "B", color: "#a63603", bands: ["#7f2704", "#d94801", "#fd8d3c"] },
};
const ROUTE_LOOK = { color: "#111111", weight: 4, radius: 6 }; // no colour of a band
const BARRIER_LOOK = { color: "#b3261e", weight: 5, dash: "2 5" };
const BAND_LOOKS = { area: { weight: 1.5, fill: 0.22, opacity: 1 }, line: { weight: 3.5, fill: 0, opacity: 0.9 } };

const live = {
  router: null, mode: "", standard: "", places: { a: null, b: null }, closed: [], added: [],
  answers: {}, problem: "",
};

const PATIENCE_MS = 400; // an answer may take so long before a newer question calls it off

/**
 * A function that runs `work` for the newest call only, one at a time, at most once a frame;
 * `giveUp` calls off work that takes long when something newer is wanted.
 */
function newestOnly(work, giveUp) {
  let wanted = false;
  let since = 0; // when the work began that is under way, 0 if there is none
  return async () => {
    wanted = true;
    if (since) {
      if (performance.now() - since > PATIENCE_MS) giveUp();
      return;
    }
    try {
      while (wanted) {
        wanted = false;
        since = performance.now();
        await work();
        await new Promise(requestAnimationFrame);
      }
    } finally {
      since = 0;
    }
  };
}

function hasScenario() {
  return live.closed.length + live.added.length > 0;
}

/** What the router is asked of a place. */
function questionOf([lng, lat], closed = live.closed, added = live.added) {
  return { lng, lat, mode: live.mode, standard: live.standard, closed, added };
}

/** Ask, unless the last answer under this name was to the same question. */
async function askAbout(name, question) {
  const asked = JSON.stringify(question);
  if (live.answers[name]?.asked === asked) return;
  const answer = await live.router.answer(question);
  live.answers[name] = { asked, answer };
}

/** The questions that are open now: name and question of each. */
function openQuestions() {
  const { a, b } = live.places;
  if (!a) return [];
  const before = hasScenario() && !b ? [["before", questionOf(a, [], [])]] : [];
  return [...before, ["a", questionOf(a)], ...(b ? [["b", questionOf(b)]] : [])];
}

const askAll = newestOnly(async () => {
  const questions = openQuestions();
  setBusy(true);
  try {
    for (const [name, question] of questions) await askAbout(name, question);
    live.problem = "";
  } catch (error) {
    live.problem = troubleText(error);
  }
  const names = questions.map(([name]) => name);
  live.answers = Object.fromEntries(Object.entries(live.answers).filter(([name]) => names.includes(name)));
  setBusy(false);
  drawLive();
  writeResult();
  keepLink();
}, () => live.router.giveUp?.());

/** One line for the reader: what the router says. */
function troubleText(error) {
  return error.name === "AbortError" ? "" : error.message;
}

function setBusy(busy) {
  by("live").setAttribute("aria-busy", String(busy));
}

/** Put a place on the map, or take it away, and ask anew. */
function setPlace(key, place) {
  live.places[key] = place && rounded(place);
  drawPins();
  clearRoutes();
  askAll();
}

function drawPins() {
  for (const [key, { sign, color }] of Object.entries(LIVE_PLACES)) {
    const label = `${sign} · ${word("pin_hint")}`;
    stage.pin(`live-${key}`, live.places[key], {
      color, label, ondrag: (place) => setPlace(key, place),
    });
  }
}

/** Colour of the band up to a limit, the nearest first. */
function bandColor(key, limit) {
  const limits = [...live.router.minutes].sort((a, b) => a - b);
  const colors = LIVE_PLACES[key].bands;
  return colors[Math.min(Math.max(0, limits.indexOf(limit)), colors.length - 1)];
}

/** A line as a wider light one, to lie under it whatever the ground. */
function casing(line, weight) {
  return { ...line, properties: { color: "#ffffff", weight: weight + 2.5, fill: 0, opacity: 0.9 } };
}

/** The bands of an answer with their looks, the largest first; lines stand out from the ground. */
function drawnBands(key, answer) {
  const isArea = (band) => band.geometry.type.endsWith("Polygon");
  const casings = answer.bands.features.filter((band) => !isArea(band))
    .map((band) => casing(band, BAND_LOOKS.line.weight));
  return geoCollection([...casings, ...answer.bands.features.map((band) => {
    const looks = isArea(band) ? BAND_LOOKS.area : BAND_LOOKS.line;
    const color = bandColor(key, band.properties.limit_min);
    return { ...band, properties: { ...band.properties, ...looks, color } };
  })]);
}

function categoryOf(id) {
  return live.router.categories.find((category) => category.id === id);
}

/** What the reader has added, as points in the colours of their categories. */
function addedPoints() {
  return live.added.map(({ lng, lat, category }) =>
    geoFeature("Point", [lng, lat], { color: categoryOf(category).color, category }));
}

function drawLive() {
  for (const key of Object.keys(LIVE_PLACES)) {
    const answer = live.places[key] && live.answers[key]?.answer;
    stage.overlay(`bands-${key}`, answer ? drawnBands(key, answer) : null, {});
  }
  const lines = live.closed.map((line) => geoFeature("LineString", line));
  stage.overlay("barriers", lines.length ? geoCollection(lines) : null, BARRIER_LOOK);
  stage.overlay("added", live.added.length ? geoCollection(addedPoints()) : null,
    { radius: 8, weight: 3, fill: 0.6 });
}

function clearRoutes() {
  for (const key of Object.keys(LIVE_PLACES)) stage.overlay(`route-${key}`, null);
}

/** The views that are side by side: one place, two, or one before and after a change. */
function liveViews() {
  const view = (name, key, title) => ({ answer: live.answers[name].answer, key, title });
  const { a, b, before } = live.answers;
  if (!a) return [];
  if (b) return [view("a", "a", "A"), view("b", "b", "B")];
  return before ? [view("before", "a", word("before")), view("a", "a", word("after"))]
    : [view("a", "a", "A")];
}

/** Draw the ways from the places to what the rows of a checklist name, and go there. */
async function goAlong(rows, line) {
  clearRoutes();
  for (const one of by("live").querySelectorAll(".marked")) one.classList.remove("marked");
  line.classList.add("marked");
  const views = liveViews();
  const ends = views.map(({ key }, index) => ({ key, row: rows[index] }))
    .slice(live.places.b ? 0 : -1) // of before and after, the way that is open now
    .filter(({ row }) => row && Number.isFinite(amountOfRow(row)));
  try {
    const boxes = [];
    for (const { key, row } of ends) boxes.push(await drawRoute(key, row));
    if (boxes.some(Boolean)) fit(joined(boxes.filter(Boolean)), { maxZoom: 17 });
  } catch (error) {
    live.problem = troubleText(error);
    writeProblem();
  }
}

/** Draw the way from a place to what a row names; returns the box around it, or null. */
async function drawRoute(key, row) {
  const [lng, lat] = live.places[key];
  const way = await live.router.route({ lng, lat, mode: row.mode ?? live.mode, closed: live.closed, to: row });
  if (!way) return null;
  const line = way.geometry.type === "LineString" ? [way.geometry.coordinates] : way.geometry.coordinates;
  const end = geoFeature("Point", [row.lng, row.lat], { fill: 1 });
  stage.overlay(`route-${key}`, geoCollection([casing(way, ROUTE_LOOK.weight), way, end]),
    { ...ROUTE_LOOK, dash: key === "b" ? "10 4" : "" });
  return joined([...line.flat(), [row.lng, row.lat], [lng, lat]].map(([x, y]) => [x, y, x, y]));
}

/** Take an edit back, or all of them. */
function withdraw(edit) {
  live.closed = live.closed.filter((one) => edit && one !== edit);
  live.added = live.added.filter((one) => edit && one !== edit);
  writeEdits();
  drawLive();
  askAll();
}

/** The tool that draws a line which closes the streets it crosses. */
function barrierTool() {
  return sketchTool({
    id: "barrier", hint: word("barrier_hint"),
    ended: (line) => {
      live.closed = [...live.closed, line.map((place) => rounded(place))];
      putDown();
      writeEdits();
      askAll();
    },
  });
}

/** A tool that waits for one click. */
function placeTool(id, hint, take) {
  return {
    id,
    hint,
    click(place) {
      putDown();
      take(place);
    },
  };
}

function facilityTool() {
  return placeTool("facility", word("add_hint"), (place) => {
    const [lng, lat] = rounded(place);
    live.added = [...live.added, { lng, lat, category: by("live-category").value }];
    writeEdits();
    askAll();
  });
}

function secondTool() {
  return placeTool("second", word("second_hint"), (place) => setPlace("b", place));
}

/** Make the router of the page, in the file or of the server, and open the panel. */
async function startLive() {
  if (!CONTENT.router && !CONTENT.server) return;
  by("main").append(livePanel());
  try {
    live.router = await (CONTENT.router ? createPageRouter(CONTENT.router) : createServerRouter(CONTENT.server));
  } catch (error) {
    live.problem = troubleText(error);
    writeProblem();
    return;
  }
  live.mode = live.router.modes[0].id;
  live.standard = live.router.standards[0]?.id ?? "";
  hand.idle = { click: (place, shift) => setPlace(shift && live.places.a ? "b" : "a", place) };
  writeLive();
}
