// Streets and facilities out of the packed block, and which of them lie near a place.
// The block is described in spatialplan/page_graph: what is written there is read here, in turn.

const ONEWAY = 1;
const MAIN = 2;
const STREET = 4;
const SHUT_FORWARD = 8;
const SHUT_BACKWARD = 16;
const UNREACHED = 4294967295;
const SEGMENTS_A_CELL = 2;
const MOST_CELLS = 4096; // along each side

/** Reads a block from its start: counts (at least 0), steps (of any sign), bytes, shares. */
function createReader(bytes) {
  let at = 0;
  const count = () => {
    let byte = bytes[at++];
    let value = byte & 127;
    for (let scale = 128; byte > 127; scale *= 128) {
      byte = bytes[at++];
      value += (byte & 127) * scale;
    }
    return value;
  };
  const step = () => {
    const value = count();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
  const filled = (array, next) => {
    for (let i = 0; i < array.length; i++) array[i] = next(i);
    return array;
  };
  return {
    step,
    counts: (length) => filled(new Uint32Array(length), count),
    steps: (length) => filled(new Int32Array(length), step),
    differences(length) {
      let sum = 0;
      return filled(new Int32Array(length), () => (sum += step()));
    },
    bytes: (length) => bytes.slice(at, (at += length)),
    shares: (length) => new Float64Array(bytes.slice(at, (at += 8 * length)).buffer),
  };
}

/** Where each of some runs starts, from how long they are; one more than there are runs. */
function startsOf(lengths) {
  const starts = new Int32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i] + lengths[i];
  return starts;
}

/** Number of the run that each item belongs to. */
function ownersOf(starts) {
  const owners = new Int32Array(starts[starts.length - 1]);
  for (let i = 0; i + 1 < starts.length; i++) owners.fill(i, starts[i], starts[i + 1]);
  return owners;
}

/** Coordinates of all vertices: the first of a line from u, the last from v. */
function readVertices(reader, starts, u, v, nodes) {
  const at = new Int32Array(starts[starts.length - 1]);
  for (let edge = 0; edge < u.length; edge++) {
    const last = starts[edge + 1] - 1;
    let here = nodes[u[edge]];
    for (let i = starts[edge]; i < last; i++) at[i] = here += reader.step();
    at[last] = nodes[v[edge]] + reader.step();
  }
  return at;
}

/** Centimetres from the first vertex of all to each, along the lines one after another. */
function alongLines(starts, x, y) {
  const along = new Float64Array(x.length);
  let sum = 0;
  for (let edge = 0; edge + 1 < starts.length; edge++) {
    along[starts[edge]] = sum;
    for (let i = starts[edge] + 1; i < starts[edge + 1]; i++) {
      const dx = x[i] - x[i - 1];
      const dy = y[i] - y[i - 1];
      along[i] = sum += Math.sqrt(dx * dx + dy * dy);
    }
  }
  return along;
}

/** Units of each edge by length and by time: what foretells them, plus what is packed. */
function readCosts(reader, starts, along, facts) {
  const edges = starts.length - 1;
  const [length, time] = [new Uint32Array(edges), new Uint32Array(edges)];
  for (let edge = 0; edge < edges; edge++) {
    const drawn = along[starts[edge + 1] - 1] - along[starts[edge]];
    length[edge] = Math.floor(drawn * facts.units_per_cm + 0.5) + reader.step();
  }
  for (let edge = 0; edge < edges; edge++) {
    time[edge] = Math.floor(length[edge] * facts.seconds_per_metre + 0.5) + reader.step();
  }
  return { length, time };
}

/** Items by the shelf they lie on, one list of shelves after another, in compressed rows. */
function shelved(shelves, ...lists) {
  const sizes = new Uint32Array(shelves);
  for (const list of lists) for (let item = 0; item < list.length; item++) sizes[list[item]]++;
  const starts = startsOf(sizes);
  const next = starts.slice();
  const items = new Int32Array(starts[shelves]);
  for (const list of lists) {
    for (let item = 0; item < list.length; item++) items[next[list[item]]++] = item;
  }
  return { starts, items };
}

/** Arrays for searches by one cost: nothing reached yet. */
function createRoom(nodes) {
  return {
    best: new Uint32Array(nodes).fill(UNREACHED),
    other: new Uint32Array(nodes),
    via: new Int32Array(nodes),
    reached: [],
  };
}

/**
 * The segments of all lines by cells of a grid: `each(left, low, right, top, seen)` hands
 * every segment (its first vertex) of the cells that touch a box to `seen`, some more than once.
 */
function createGrid({ x, y, vertexEdge }) {
  const [[west, east], [south, north]] = [x, y].map(rangeOf);
  const [wide, high] = [east - west, north - south];
  const even = Math.sqrt((wide * high * SEGMENTS_A_CELL) / x.length);
  const cell = Math.max(1, even, Math.max(wide, high) / MOST_CELLS); // one street may have no height
  const [columns, rows] = [wide, high].map((size) => Math.floor(size / cell) + 1);
  const within = (at, most) => Math.min(most - 1, Math.max(0, Math.floor(at / cell)));
  const cells = (left, low, right, top, seen) => {
    const first = within(left - west, columns);
    const last = within(right - west, columns);
    const above = within(top - south, rows);
    for (let row = within(low - south, rows); row <= above; row++) {
      for (let column = first; column <= last; column++) seen(row * columns + column);
    }
  };
  const everySegment = (seen) => {
    for (let i = 0; i + 1 < x.length; i++) {
      if (vertexEdge[i] !== vertexEdge[i + 1]) continue;
      cells(Math.min(x[i], x[i + 1]), Math.min(y[i], y[i + 1]),
        Math.max(x[i], x[i + 1]), Math.max(y[i], y[i + 1]), (at) => seen(at, i));
    }
  };
  const sizes = new Uint32Array(columns * rows);
  everySegment((at) => sizes[at]++);
  const starts = startsOf(sizes);
  const next = starts.slice();
  const segments = new Int32Array(starts[sizes.length]);
  everySegment((at, i) => (segments[next[at]++] = i));
  return {
    cell,
    covers: (left, low, right, top) =>
      left <= west && low <= south && right >= east && top >= north,
    each(left, low, right, top, seen) {
      if (right < west || top < south || left > east || low > north) return;
      cells(left, low, right, top, (at) => {
        for (let k = starts[at]; k < starts[at + 1]; k++) seen(segments[k]);
      });
    },
  };
}

/** Least and greatest of some numbers. */
function rangeOf(values) {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

/** Facilities and their gates: places in centimetres, edges, shares and units to the street. */
function readFacilities(reader, counts) {
  const perFacility = reader.counts(counts.facilities.reduce((a, b) => a + b, 0));
  const [x, y] = [reader.differences(perFacility.length), reader.differences(perFacility.length)];
  const edge = reader.differences(counts.gates);
  const length = reader.counts(counts.gates);
  const time = reader.steps(counts.gates).map((more, gate) => length[gate] + more);
  return {
    x,
    y,
    category: ownersOf(startsOf(counts.facilities)),
    gates: {
      byEdge: shelved(counts.edges, edge),
      facility: ownersOf(startsOf(perFacility)),
      edge,
      access: { length, time },
      share: reader.shares(counts.gates),
    },
  };
}

/** The streets and facilities of a packed value, ready to be searched. */
async function decodeGraph(packed) {
  const counts = packed.counts;
  const reader = createReader(new Uint8Array(await unzipped(packed.block).arrayBuffer()));
  const nodes = [reader.differences(counts.nodes), reader.differences(counts.nodes)];
  const u = reader.differences(counts.edges);
  const v = reader.steps(counts.edges).map((step, edge) => u[edge] + step);
  const starts = startsOf(reader.counts(counts.edges).map((inner) => inner + 2));
  const flags = reader.bytes(counts.edges);
  const [x, y] = nodes.map((at) => readVertices(reader, starts, u, v, at));
  const along = alongLines(starts, x, y);
  const costs = readCosts(reader, starts, along, counts);
  const lines = { u, v, starts, flags, x, y, along, costs, vertexEdge: ownersOf(starts) };
  return {
    ...lines,
    byNode: shelved(counts.nodes, u, v),
    rooms: { length: createRoom(counts.nodes), time: createRoom(counts.nodes) },
    grid: createGrid(lines),
    facilities: readFacilities(reader, counts),
    origin: counts.origin_cm,
    cmPerMetre: counts.cm_per_metre,
    units: counts.units,
    accessMetresPerSecond: packed.access_kmh / 3.6,
    reachCm: packed.reach_m * counts.cm_per_metre,
  };
}
