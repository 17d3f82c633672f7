// The content as features on the earth, and what lies under a point.

const PER_DEGREE = 1e6;
const REACH_PX = 6;
const INDEXED_FROM = 2000; // features from which a layer gets an index
const CELLS = 64; // along each side of an index

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

/** All runs of places of a shape, whatever its kind. */
function runsOf(kind, shape) {
  if (kind === "p") return [shape];
  return kind === "l" ? shape : shape.flat();
}

/** The boxes around all features, four numbers each. */
function boxesOf(layer) {
  if (layer.boxes) return layer.boxes;
  layer.boxes = new Float64Array(4 * layer.shapes.length);
  const origin = layer.origin.map((degrees) => Math.round(degrees * PER_DEGREE));
  layer.shapes.forEach((shape, index) => {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const run of runsOf(layer.kinds[index], shape)) {
      let [x, y] = origin;
      for (let i = 0; i < run.length; i += 2) {
        x += run[i];
        y += run[i + 1];
        [west, east] = [Math.min(west, x), Math.max(east, x)];
        [south, north] = [Math.min(south, y), Math.max(north, y)];
      }
    }
    layer.boxes.set([west, south, east, north].map((value) => value / PER_DEGREE), 4 * index);
  });
  return layer.boxes;
}

/** A feature of a vector layer, unpacked when first asked for. */
function featureOf(layer, index) {
  layer.features ??= [];
  layer.features[index] ??= {
    kind: layer.kinds[index],
    places: unpackShape(layer.kinds[index], layer.shapes[index], layer.origin),
    box: [...boxesOf(layer).subarray(4 * index, 4 * index + 4)],
    name: layer.names?.length ? layer.names[index] : "",
    row: layer.rows?.[index] || [],
    group: layer.classes[layer.class_of[index]],
  };
  return layer.features[index];
}

/** All features of a vector layer. */
function featuresOf(layer) {
  layer.all ??= layer.shapes.map((_, index) => featureOf(layer, index));
  return layer.all;
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

/** Numbers of the features in each cell of the index of a large layer. */
function indexOf(layer) {
  if (layer.index) return layer.index;
  layer.index = Array.from({ length: CELLS * CELLS }, () => []);
  const boxes = boxesOf(layer);
  for (let number = 0; number < layer.shapes.length; number++) {
    eachCell(boxes.subarray(4 * number, 4 * number + 4), layer, (cell) => layer.index[cell].push(number));
  }
  return layer.index;
}

/** Numbers of the features whose box touches a box, in order. */
function numbersNear(layer, [west, south, east, north]) {
  const boxes = boxesOf(layer);
  const touches = (number) => boxes[4 * number] <= east && boxes[4 * number + 1] <= north
    && boxes[4 * number + 2] >= west && boxes[4 * number + 3] >= south;
  if (layer.shapes.length < INDEXED_FROM) return [...layer.shapes.keys()].filter(touches);
  const found = new Set();
  eachCell([west, south, east, north], layer, (cell) =>
    indexOf(layer)[cell].forEach((number) => touches(number) && found.add(number)));
  return [...found].sort((a, b) => a - b);
}

/** The feature of a layer nearest to a place, if one is under the pointer. */
function featureAt(layer, at, perDegree) {
  let best = null;
  const widest = REACH_PX + (layer.style.radius || 0);
  const [x, y] = [widest / perDegree[0], widest / perDegree[1]];
  for (const number of numbersNear(layer, [at[0] - x, at[1] - y, at[0] + x, at[1] + y])) {
    const feature = featureOf(layer, number);
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
