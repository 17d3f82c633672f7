// The content as features on the earth, and what lies under a point.

const PER_DEGREE = 1e6;
const REACH_PX = 6;
const INDEXED_FROM = 2000; // features from which a layer gets an index
const CELLS = 64; // along each side of an index

/** Read the long lists of the layers, where the page carries them compressed. */
async function loadBulk() {
  const packed = document.getElementById("packed");
  if (!packed) return;
  const letters = atob(packed.textContent);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i);
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bulk = await new Response(plain).json();
  CONTENT.layers.forEach((layer, index) => Object.assign(layer, bulk[index]));
  packed.remove();
}

/** Parts of a line or rings of an area: [x, y, dx, dy ...] to [[lng, lat] ...]. */
function unpackRun(run, origin) {
  const places = [];
  let [x, y] = origin.map((degrees) => Math.round(degrees * PER_DEGREE));
  for (let i = 0; i < run.length; i += 2) {
    x += run[i];
    y += run[i + 1];
    places.push([x / PER_DEGREE, y / PER_DEGREE]);
  }
  return places;
}

function unpackShape(kind, shape, origin) {
  if (kind === "p") return unpackRun(shape, origin)[0];
  if (kind === "l") return shape.map((part) => unpackRun(part, origin));
  return shape.map((polygon) => polygon.map((ring) => unpackRun(ring, origin)));
}

/** The box around a feature. */
function boxOf(kind, places) {
  if (kind === "p") return [...places, ...places];
  const box = [180, 90, -180, -90];
  for (const [lng, lat] of places.flat(kind === "l" ? 1 : 2)) {
    box[0] = Math.min(box[0], lng);
    box[1] = Math.min(box[1], lat);
    box[2] = Math.max(box[2], lng);
    box[3] = Math.max(box[3], lat);
  }
  return box;
}

/** The features of a vector layer, unpacked when first asked for. */
function featuresOf(layer) {
  if (layer.features) return layer.features;
  layer.features = layer.shapes.map((shape, index) => {
    const kind = layer.kinds[index];
    const places = unpackShape(kind, shape, layer.origin);
    return {
      kind,
      places,
      box: boxOf(kind, places),
      name: layer.names?.length ? layer.names[index] : "",
      row: layer.rows?.[index] || [],
      group: layer.classes[layer.class_of[index]],
    };
  });
  layer.shapes = null;
  return layer.features;
}

/** Whether the pointer has anything to learn from a layer. */
function speaks(layer) {
  return layer.type === "grid" || Boolean(layer.names?.length || layer.rows?.length);
}

function squaredToSegment(px, py, a, b) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const along = ((px - a[0]) * dx + (py - a[1]) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.max(0, Math.min(1, along));
  return (px - a[0] - t * dx) ** 2 + (py - a[1] - t * dy) ** 2;
}

function crosses(ring, [lng, lat]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > lat !== yj > lat && lng < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Squared distance in pixels from a place to a feature, or Infinity beyond its reach. */
function squaredDistance(feature, at, perDegree, reach) {
  const [x, y] = [reach / perDegree[0], reach / perDegree[1]];
  const [west, south, east, north] = feature.box;
  if (!holds([west - x, south - y, east + x, north + y], at)) return Infinity;
  const flat = (place) => [(place[0] - at[0]) * perDegree[0], (place[1] - at[1]) * perDegree[1]];
  if (feature.kind === "p") return Math.hypot(...flat(feature.places)) ** 2;
  if (feature.kind === "a") {
    const hit = feature.places.some((rings) =>
      rings.reduce((inside, ring) => inside !== crosses(ring, at), false));
    return hit ? 0 : Infinity;
  }
  let best = Infinity;
  for (const part of feature.places) {
    for (let i = 1; i < part.length; i++) {
      best = Math.min(best, squaredToSegment(0, 0, flat(part[i - 1]), flat(part[i])));
    }
  }
  return best;
}

/** Columns and rows of a layer's index that a box touches: [west, south, east, north]. */
function cellsOf([west, south, east, north], layer) {
  const [left, bottom, right, top] = layer.view;
  const cell = (value, low, high) =>
    Math.max(0, Math.min(CELLS - 1, Math.floor((CELLS * (value - low)) / (high - low || 1))));
  return [cell(west, left, right), cell(south, bottom, top), cell(east, left, right), cell(north, bottom, top)];
}

/** Call `visit` with the number of each cell that a box touches. */
function eachCell(box, layer, visit) {
  const [west, south, east, north] = cellsOf(box, layer);
  for (let row = south; row <= north; row++) {
    for (let column = west; column <= east; column++) visit(row * CELLS + column);
  }
}

/** Features that may touch a box: of a large layer those in the same cells of an index. */
function featuresNear(layer, box) {
  const features = featuresOf(layer);
  if (features.length < INDEXED_FROM) return features;
  if (!layer.index) {
    layer.index = Array.from({ length: CELLS * CELLS }, () => []);
    for (const feature of features) {
      eachCell(feature.box, layer, (cell) => layer.index[cell].push(feature));
    }
  }
  const found = new Set();
  eachCell(box, layer, (cell) => layer.index[cell].forEach((feature) => found.add(feature)));
  return found;
}

/** The feature of a layer nearest to a place, if one is under the pointer. */
function featureAt(layer, at, perDegree) {
  let best = null;
  const widest = REACH_PX + (layer.style.radius || 0);
  const [x, y] = [widest / perDegree[0], widest / perDegree[1]];
  for (const feature of featuresNear(layer, [at[0] - x, at[1] - y, at[0] + x, at[1] + y])) {
    const reach = REACH_PX + (feature.kind === "p" ? layer.style.radius || 0 : 0);
    const distance = squaredDistance(feature, at, perDegree, reach);
    if (distance <= reach * reach && distance < (best ? best.distance : Infinity)) {
      best = { layer, feature, distance };
    }
  }
  return best;
}

/** The value of a grid at a place: {layer, level} with level "inf" where unreachable. */
function cellAt(layer, at) {
  if (!layer.codes) return null;
  const [west, south, east, north] = layer.bounds_3857;
  const [rows, columns] = layer.shape;
  const [x, y] = toMercator(at);
  const row = Math.floor(((north - y) / (north - south)) * rows);
  const column = Math.floor(((x - west) / (east - west)) * columns);
  if (row < 0 || column < 0 || row >= rows || column >= columns) return null;
  const code = layer.codes[row * columns + column];
  if (code === NO_DATA) return null;
  return { layer, level: code === UNREACHABLE ? "inf" : layer.levels[code] };
}

/** What lies under a place of a stage, from the top layer down, one thing a layer. */
function under(stage, layers, [lng, lat]) {
  const here = stage.project([lng, lat]);
  const perDegree = [1000 * (stage.project([lng + 0.001, lat]).x - here.x),
    1000 * (here.y - stage.project([lng, lat + 0.001]).y)];
  return [...layers].reverse()
    .filter(speaks)
    .map((layer) => (layer.type === "grid" ? cellAt(layer, [lng, lat])
      : featureAt(layer, [lng, lat], perDegree)))
    .filter(Boolean);
}
