// Where places stand on the streets, and the best ways from them: the same rules and the same
// whole units as spatialplan/network, spatialplan/travel and spatialplan/reach.

const HEAP_SIZE = 1024;
const OTHER = { length: "time", time: "length" };

/** The nearest whole number; of two, the even one. */
function wholeUnits(amount) {
  const near = Math.round(amount);
  return near - amount === 0.5 && near % 2 ? near - 1 : near;
}

/** Squared distance from a point to a segment, and how far along it (0 to 1) its foot lies. */
function footOnSegment(graph, i, x, y) {
  const fromX = graph.x[i];
  const fromY = graph.y[i];
  const dx = graph.x[i + 1] - fromX;
  const dy = graph.y[i + 1] - fromY;
  const square = dx * dx + dy * dy;
  const share = square ? ((x - fromX) * dx + (y - fromY) * dy) / square : 0;
  const t = Math.max(0, Math.min(1, share));
  return { squared: (x - fromX - t * dx) ** 2 + (y - fromY - t * dy) ** 2, t };
}

/** The edge with a flag that is nearest to a point: {edge, distance} in cm, none beyond `most`. */
function nearestEdge(graph, [x, y], flag, most = Infinity) {
  let [edge, best] = [-1, most * most];
  const look = (i) => {
    if (!(graph.flags[graph.vertexEdge[i]] & flag)) return;
    const { squared } = footOnSegment(graph, i, x, y);
    if (squared > best || (squared === best && edge >= 0)) return;
    edge = graph.vertexEdge[i];
    best = squared;
  };
  for (let reach = graph.grid.cell; ; ) {
    const box = [x - reach, y - reach, x + reach, y + reach];
    graph.grid.each(...box, look);
    const found = edge >= 0 ? Math.sqrt(best) : most;
    if (found <= reach || graph.grid.covers(...box)) return { edge, distance: found };
    reach = Math.max(2 * reach, edge >= 0 ? found : 0);
  }
}

/** The share of its length at which the foot of a point lies on an edge. */
function shareOnEdge(graph, edge, [x, y]) {
  const [first, last] = [graph.starts[edge], graph.starts[edge + 1] - 1];
  const length = graph.along[last] - graph.along[first];
  let best = { squared: Infinity, metres: 0 };
  for (let i = first; i < last; i++) {
    const { squared, t } = footOnSegment(graph, i, x, y);
    if (squared >= best.squared) continue;
    const long = graph.along[i + 1] - graph.along[i];
    best = { squared, metres: graph.along[i] - graph.along[first] + t * long };
  }
  return length ? best.metres / length : 0;
}

/**
 * Where a point (cm) stands: on the nearest edge of a real component, however far; but where
 * that is beyond reach, a fragment within reach takes what it is nearer to by more than reach.
 */
function locate(graph, point) {
  let found = nearestEdge(graph, point, MAIN);
  if (found.distance > graph.reachCm) {
    const stray = nearestEdge(graph, point, STREET, graph.reachCm);
    if (stray.edge >= 0 && stray.distance + graph.reachCm < found.distance) found = stray;
  }
  const metres = found.distance / graph.cmPerMetre;
  return standing(graph, found.edge, shareOnEdge(graph, found.edge, point), {
    length: wholeUnits(metres * graph.units),
    time: wholeUnits((metres / graph.accessMetresPerSecond) * graph.units),
  }, metres);
}

/** A place on a street, with what it costs to get there and along the edge from u. */
function standing(graph, edge, share, access, metres) {
  const offset = {
    length: wholeUnits(share * graph.costs.length[edge]),
    time: wholeUnits(share * graph.costs.time[edge]),
  };
  return { edge, share, access, offset, metres };
}

/** The packed gate of some number as a place on a street. */
function packedGate(graph, number) {
  const { edge, share, access } = graph.facilities.gates;
  const units = { length: access.length[number], time: access.time[number] };
  return standing(graph, edge[number], share[number], units);
}

/** What it costs to get between a place and u, and v, whatever bars the way. */
function toEnds(graph, { edge, access, offset }, kind) {
  return [access[kind] + offset[kind], access[kind] + graph.costs[kind][edge] - offset[kind]];
}

/** What it costs to leave a place through u and through v; a closed street by its own side. */
function departures(graph, flags, place, kind) {
  const [way, past] = [flags[place.edge], place.offset[kind] > 0];
  const [u, v] = toEnds(graph, place, kind);
  const barredU = (way & ONEWAY && past) || (way & SHUT_BACKWARD && place.share > 0.5);
  const barredV = way & SHUT_FORWARD && place.share < 0.5;
  return [barredU ? UNREACHED : u, barredV ? UNREACHED : v];
}

/** What it costs to reach a place from u and from v. */
function arrivals(graph, flags, place, kind) {
  const [way, ahead] = [flags[place.edge], place.offset[kind] < graph.costs[kind][place.edge]];
  const [u, v] = toEnds(graph, place, kind);
  const barredU = way & SHUT_FORWARD && place.share > 0.5;
  const barredV = (way & ONEWAY && ahead) || (way & SHUT_BACKWARD && place.share < 0.5);
  return [barredU ? UNREACHED : u, barredV ? UNREACHED : v];
}

/** What the way along the one edge costs on which both places stand. */
function directWay(flags, from, to, kind) {
  if (from.edge !== to.edge) return UNREACHED;
  const way = flags[from.edge];
  const apart = (from.share - 0.5) * (to.share - 0.5) < 0;
  const shut = apart && way & (from.share < to.share ? SHUT_FORWARD : SHUT_BACKWARD);
  const against = way & ONEWAY && to.offset[kind] < from.offset[kind];
  return shut || against ? UNREACHED : alongEdge(from, to, kind);
}

function alongEdge(from, to, kind) {
  return Math.abs(to.offset[kind] - from.offset[kind]) + from.access[kind] + to.access[kind];
}

/** A queue of numbered things by cost: `push(cost, thing)`, `pop()` the cheapest, `cost` of it. */
function createHeap() {
  let [keys, things, size] = [new Float64Array(HEAP_SIZE), new Int32Array(HEAP_SIZE), 0];
  const grown = (array) => {
    const larger = new array.constructor(2 * array.length);
    larger.set(array);
    return larger;
  };
  return {
    cost: 0,
    get empty() {
      return size === 0;
    },
    push(key, thing) {
      if (size === keys.length) [keys, things] = [grown(keys), grown(things)];
      let at = size++;
      for (let up = (at - 1) >> 1; at > 0 && keys[up] > key; up = (at - 1) >> 1) {
        keys[at] = keys[up];
        things[at] = things[up];
        at = up;
      }
      keys[at] = key;
      things[at] = thing;
    },
    pop() {
      const thing = things[0];
      this.cost = keys[0];
      const [key, last] = [keys[--size], things[size]];
      let at = 0;
      for (let down = 1; down < size; down = 2 * at + 1) {
        if (down + 1 < size && keys[down + 1] < keys[down]) down++;
        if (keys[down] >= key) break;
        keys[at] = keys[down];
        things[at] = things[down];
        at = down;
      }
      keys[at] = key;
      things[at] = last;
      return thing;
    },
  };
}

/**
 * The best ways from a place to all nodes within a limit, by length or by time: `best` units to
 * each node, `other` units of the same way (by time if the search is by length), `via` which
 * edge (-1: from the place itself), and `edges`: the place's own and all at nodes reached. They
 * stand in a room that the next search of this kind clears.
 */
function waysFrom(graph, flags, place, kind, limit) {
  const { best, other, via, reached } = graph.rooms[kind];
  for (const node of reached) best[node] = UNREACHED;
  reached.length = 0;
  const touched = new Set([place.edge]);
  const heap = createHeap();
  const relax = (node, units, beside, edge) => {
    if (units > limit || units >= best[node]) return;
    best[node] = units;
    other[node] = beside;
    via[node] = edge;
    heap.push(units, node);
  };
  const [toU, toV] = departures(graph, flags, place, kind);
  const [besideU, besideV] = toEnds(graph, place, OTHER[kind]);
  relax(graph.u[place.edge], toU, besideU, -1);
  relax(graph.v[place.edge], toV, besideV, -1);
  const { starts, items } = graph.byNode;
  const [costs, beside] = [graph.costs[kind], graph.costs[OTHER[kind]]];
  while (!heap.empty) {
    const node = heap.pop();
    if (heap.cost > best[node]) continue;
    reached.push(node);
    const [here, along] = [best[node], other[node]];
    for (let k = starts[node]; k < starts[node + 1]; k++) {
      const edge = items[k];
      touched.add(edge);
      const ahead = graph.u[edge] === node;
      if (flags[edge] & (ahead ? SHUT_FORWARD : ONEWAY | SHUT_BACKWARD)) continue;
      relax(ahead ? graph.v[edge] : graph.u[edge], here + costs[edge], along + beside[edge], edge);
    }
  }
  return { place, kind, limit, best, other, via, edges: touched };
}

/** The best way to a place: {units, other, through: "u", "v" or "direct"}; null beyond the limit. */
function wayTo(graph, flags, ways, to) {
  const { place, kind, best, other } = ways;
  const ends = [graph.u[to.edge], graph.v[to.edge]];
  const [stop, beside] = [arrivals(graph, flags, to, kind), toEnds(graph, to, OTHER[kind])];
  let found = {
    units: directWay(flags, place, to, kind),
    other: alongEdge(place, to, OTHER[kind]),
    through: "direct",
  };
  for (const [k, through] of ["u", "v"].entries()) {
    const units = best[ends[k]] + stop[k];
    if (units < found.units) found = { units, other: other[ends[k]] + beside[k], through };
  }
  return found.units <= ways.limit ? found : null;
}
