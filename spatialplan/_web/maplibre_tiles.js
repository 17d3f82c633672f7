// Vector layers cut into tiles for MapLibre, each tile when it comes into view. A tile says what
// a Mapbox Vector Tile says: https://github.com/mapbox/vector-tile-spec/tree/master/2.1

const TILE_UNITS = 4096; // along each side of a tile
const BESIDE_UNITS = 256; // things so far beside a tile may reach into it: 32 pixels
const CUT_UNITS = 2048; // so far beside it they are cut off; MapLibre takes no larger numbers
const FINEST_UNITS = 4; // bends smaller than half a pixel are left out
const FINEST_TILE = 18; // zoom of the smallest tiles; closer ones are drawn larger
const MERGED_FROM = 5000; // features from which those of one look become one
const GEOMETRIES = { p: 1, l: 2, a: 3 };
const [MOVE_TO, LINE_TO, CLOSE_PATH] = [1, 2, 15];

/** How far a vertex lies from the straight way between two others, squared. */
function squaredBend({ x, y }, first, at, last) {
  return squaredToSegment(x[at], y[at], [x[first], y[first]], [x[last], y[last]]);
}

/** Note for each vertex between two how large a bend would go with it, as Douglas and Peucker ask. */
function weighBends(lines, first, last) {
  let [widest, at] = [0, -1];
  for (let k = first + 1; k < last; k++) {
    const bend = squaredBend(lines, first, k, last);
    if (bend > widest) [widest, at] = [bend, k];
  }
  if (at < 0) return;
  lines.bend[at] = widest;
  weighBends(lines, first, at);
  weighBends(lines, at, last);
}

/** Twice the area of a ring on a plane whose y goes down; positive if it turns clockwise there. */
function turnOf(places) {
  return places.reduce((sum, [x, y], k) => {
    const [u, v] = places[(k + 1) % places.length];
    return sum + x * v - u * y;
  }, 0);
}

/** A place on a plane where the world is one by one and y goes down. */
function toWorld(place) {
  const [x, y] = toMercator(place);
  const around = 2 * Math.PI * EARTH_M;
  return [0.5 + x / around, 0.5 - y / around];
}

/** Add a run of places; `ring` counts the rings of a polygon, of which the first is outside. */
function addRun(lines, places, ring) {
  const turned = ring >= 0 && turnOf(places) > 0 !== (ring === 0);
  for (const [x, y] of turned ? places.reverse() : places) {
    lines.x.push(x);
    lines.y.push(y);
  }
  lines.stops.push(lines.x.length);
  lines.inner.push(ring > 0);
}

/**
 * The vertices of all features, one after the other: `stops` is where their runs end, `lasts`
 * where the runs of each feature end.
 */
function linesOf(layer) {
  const lines = { x: [], y: [], stops: [0], inner: [], lasts: [0] };
  layer.shapes.forEach((shape, index) => {
    const kind = layer.kinds[index];
    for (const part of kind === "a" ? shape : [runsOf(kind, shape)]) {
      part.forEach((run, ring) =>
        addRun(lines, unpackRun(run, layer.origin).map(toWorld), kind === "a" ? ring : -1));
    }
    lines.lasts.push(lines.inner.length);
  });
  lines.bend = new Float64Array(lines.x.length);
  for (let run = 0; run < lines.inner.length; run++) {
    const [first, last] = [lines.stops[run], lines.stops[run + 1] - 1];
    lines.bend[first] = lines.bend[last] = Infinity;
    weighBends(lines, first, last);
  }
  return lines;
}

/** A run on a tile, [x, y, x, y ...] in its units, without the bends that nobody could see. */
function runOnTile(lines, run, { z, x, y }) {
  const scale = TILE_UNITS * 2 ** z;
  const least = (FINEST_UNITS / scale) ** 2;
  const points = [];
  for (let k = lines.stops[run]; k < lines.stops[run + 1]; k++) {
    if (lines.bend[k] <= least) continue;
    points.push(lines.x[k] * scale - x * TILE_UNITS, lines.y[k] * scale - y * TILE_UNITS);
  }
  return points;
}

/** The parts of a run on the near side of a line across the tile; a ring stays one part. */
function cutAt(points, axis, inside, closed) {
  const parts = [];
  let part = [];
  for (let k = 0; k < points.length; k += 2) {
    const from = k ? k - 2 : points.length - 2;
    const [before, here] = [inside(points[from + axis]), inside(points[k + axis])];
    if ((k || closed) && before < 0 !== here < 0) {
      const share = before / (before - here);
      for (const one of [0, 1]) part.push(points[from + one] + share * (points[k + one] - points[from + one]));
      if (here < 0 && !closed) parts.push(part.splice(0));
    }
    if (here >= 0) part.push(points[k], points[k + 1]);
  }
  if (part.length) parts.push(part);
  return parts;
}

/** The parts of a run that lie on a tile or near it. */
function cutToTile(points, closed) {
  const high = TILE_UNITS + CUT_UNITS;
  if (points.every((value) => value >= -CUT_UNITS && value <= high)) return [points];
  const sides = [0, 1].flatMap((axis) =>
    [[axis, (value) => value + CUT_UNITS], [axis, (value) => high - value]]);
  return sides.reduce((parts, [axis, inside]) =>
    parts.flatMap((part) => cutAt(part, axis, inside, closed)), [points]);
}

/** Whole numbers, each pair unlike the one before. */
function wholeSteps(points) {
  const whole = [];
  for (let k = 0; k < points.length; k += 2) {
    const [x, y] = [Math.round(points[k]), Math.round(points[k + 1])];
    if (whole.at(-2) !== x || whole.at(-1) !== y) whole.push(x, y);
  }
  return whole;
}

/** A signed number as an unsigned one: 0, -1, 1, -2 ... */
function zigzag(value) {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

/** Write a run as steps of a pen that stays where the last one ended. */
function penRun(look, points, kind) {
  const closes = kind === "a" && points.length > 2
    && points[0] === points.at(-2) && points[1] === points.at(-1);
  const count = points.length / 2 - (closes ? 1 : 0);
  if (count < GEOMETRIES[kind]) return false;
  look.steps.push(MOVE_TO + 8);
  for (let k = 0; k < count; k++) {
    if (k === 1) look.steps.push(LINE_TO + 8 * (count - 1));
    look.steps.push(zigzag(points[2 * k] - look.x), zigzag(points[2 * k + 1] - look.y));
    [look.x, look.y] = [points[2 * k], points[2 * k + 1]];
  }
  if (kind === "a") look.steps.push(CLOSE_PATH);
  return true;
}

/** Write the runs of a feature; holes go with the ring about them. */
function penFeature(look, lines, index, kind, tile) {
  let outer = false;
  for (let run = lines.lasts[index]; run < lines.lasts[index + 1]; run++) {
    if (lines.inner[run] && !outer) continue;
    const parts = cutToTile(runOnTile(lines, run, tile), kind === "a");
    const penned = parts.map((part) => penRun(look, wholeSteps(part), kind)).includes(true);
    if (!lines.inner[run]) outer = penned;
  }
}

/** The box of a tile and what is beside it. */
function tileBox({ z, x, y }) {
  const around = 2 * Math.PI * EARTH_M;
  const beside = BESIDE_UNITS / TILE_UNITS;
  const place = (column, row) =>
    fromMercator([(column / 2 ** z - 0.5) * around, (0.5 - row / 2 ** z) * around]);
  return [...place(x - beside, y + 1 + beside), ...place(x + 1 + beside, y - beside)];
}

/** What there is to draw on a tile: {kind, color, steps} of each feature or, of many, each look. */
function looksOnTile(layer, tile) {
  layer.lines ??= linesOf(layer);
  const looks = new Map();
  for (const index of numbersNear(layer, tileBox(tile))) {
    const kind = layer.kinds[index];
    const color = colorOf(layer, layer.classes[layer.class_of[index]]);
    const key = layer.kinds.length >= MERGED_FROM ? kind + color : index;
    if (!looks.has(key)) looks.set(key, { kind, color, steps: [], x: 0, y: 0 });
    penFeature(looks.get(key), layer.lines, index, kind, tile);
  }
  return [...looks.values()].filter((look) => look.steps.length);
}

/** Bytes of a protocol buffer, written one field after the other. */
function createFields() {
  let bytes = new Uint8Array(64);
  let end = 0;
  const reserve = (more) => {
    if (end + more <= bytes.length) return;
    const longer = new Uint8Array(2 * (end + more));
    longer.set(bytes);
    bytes = longer;
  };
  const count = (value) => {
    reserve(5);
    for (; value > 127; value >>>= 7) bytes[end++] = (value & 127) | 128;
    bytes[end++] = value;
  };
  const fields = {
    number: (field, value) => (count(8 * field), count(value), fields),
    block(field, block) {
      count(8 * field + 2);
      count(block.length);
      reserve(block.length);
      bytes.set(block, end);
      end += block.length;
      return fields;
    },
    words: (field, text) => fields.block(field, new TextEncoder().encode(text)),
    counts(field, values) {
      const packed = createFields();
      values.forEach(packed.count);
      return fields.block(field, packed.bytes());
    },
    count,
    bytes: () => bytes.slice(0, end),
  };
  return fields;
}

/** A tile of a layer as bytes; its things have the property "color". */
function encodedTile(layer, tile) {
  const looks = looksOnTile(layer, tile);
  const colors = [...new Set(looks.map((look) => look.color))];
  const all = createFields().number(15, 2).words(1, "all").number(5, TILE_UNITS).words(3, "color");
  for (const color of colors) all.block(4, createFields().words(1, color).bytes());
  for (const { kind, color, steps } of looks) {
    all.block(2, createFields().counts(2, [0, colors.indexOf(color)])
      .number(3, GEOMETRIES[kind]).counts(4, steps).bytes());
  }
  return createFields().block(3, all.bytes()).bytes();
}

/** Answer MapLibre's requests for tiles, content://layer/z/x/y. */
function serveTiles() {
  maplibregl.addProtocol("content", ({ url }) => {
    const [number, z, x, y] = url.split("/").slice(-4).map(Number);
    return Promise.resolve({ data: encodedTile(CONTENT.layers[number], { z, x, y }).buffer });
  });
}

/** The source of a vector layer. */
function vectorSource(layer) {
  const number = CONTENT.layers.indexOf(layer);
  return { type: "vector", tiles: [`content://${number}/{z}/{x}/{y}`], maxzoom: FINEST_TILE };
}
