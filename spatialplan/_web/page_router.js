// The router of a page that needs no server: streets from the packed block, answers from here.

/** On which side of the line from a to b a point lies: 1, -1, or 0 on it. */
function sideOf(a, b, c) {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]));
}

/** Whether two segments meet. */
function segmentsMeet(a, b, c, d) {
  return sideOf(a, b, c) * sideOf(a, b, d) <= 0 && sideOf(c, d, a) * sideOf(c, d, b) <= 0;
}

/** Flags of all edges, those that a drawn line crosses closed both ways. */
function withBarriers(graph, lines) {
  if (!lines.length) return graph.flags;
  const flags = graph.flags.slice();
  for (const line of lines) {
    for (let k = 1; k < line.length; k++) {
      const [a, b] = [line[k - 1], line[k]];
      graph.grid.each(Math.min(a[0], b[0]), Math.min(a[1], b[1]),
        Math.max(a[0], b[0]), Math.max(a[1], b[1]), (i) => {
          const [c, d] = [[graph.x[i], graph.y[i]], [graph.x[i + 1], graph.y[i + 1]]];
          const street = flags[graph.vertexEdge[i]] & STREET; // a ferry stays open
          if (street && segmentsMeet(a, b, c, d)) flags[graph.vertexEdge[i]] |= SHUT_FORWARD | SHUT_BACKWARD;
        });
    }
  }
  return flags;
}

/** Spans of some length that do not overlap and cover what `spans` cover. */
function joinedSpans(spans) {
  const found = [];
  for (const [start, stop] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = found[found.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], stop);
    else found.push([start, stop]);
  }
  return found.filter(([start, stop]) => stop > start);
}

/** What `spans` cover and `taken` do not; both joined. */
function spansWithout(spans, taken) {
  return taken.reduce((rest, [from, to]) => rest.flatMap(([start, stop]) =>
    [[start, Math.min(stop, from)], [Math.max(start, to), stop]]
      .filter(([a, b]) => b > a)), spans);
}

/** The part of the street a place stands on that is reached without passing its ends. */
function ownSpan(graph, flags, ways, limit) {
  const { edge, share, access } = ways.place;
  const way = flags[edge];
  const whole = Math.max(graph.costs[ways.kind][edge], 1);
  const part = Math.max(limit - access[ways.kind], 0) / whole;
  const first = way & ONEWAY ? share : way & SHUT_BACKWARD && share > 0.5 ? 0.5 : 0;
  const last = way & SHUT_FORWARD && share < 0.5 ? 0.5 : 1;
  return [Math.max(share - part, first), Math.min(share + part, last)];
}

/** Spans of an edge that are reached within a limit; a closed street is entered to its middle. */
function reachedSpans(graph, flags, ways, edge, limit) {
  const way = flags[edge];
  const whole = graph.costs[ways.kind][edge];
  const room = (node, shut) => {
    const left = Math.max(limit - ways.best[node], 0);
    return Math.min(left, way & shut ? whole / 2 : whole) / Math.max(whole, 1);
  };
  const fromU = room(graph.u[edge], SHUT_FORWARD);
  const fromV = way & ONEWAY ? 0 : room(graph.v[edge], SHUT_BACKWARD);
  const spans = [[0, fromU], [1 - fromV, 1]];
  return joinedSpans(edge === ways.place.edge ? [...spans, ownSpan(graph, flags, ways, limit)] : spans);
}

/** The point (cm) at some length (cm, along all lines) on the segment from vertex i. */
function pointAlong(graph, i, length) {
  const long = graph.along[i + 1] - graph.along[i];
  const t = long ? (length - graph.along[i]) / long : 0;
  return [graph.x, graph.y].map((at) => at[i] + t * (at[i + 1] - at[i]));
}

/** Points of an edge from one share of its length to another, either way. */
function partOfEdge(graph, edge, from, to) {
  if (from > to) return partOfEdge(graph, edge, to, from).reverse();
  const [first, last] = [graph.starts[edge], graph.starts[edge + 1] - 1];
  const start = graph.along[first];
  const length = graph.along[last] - start;
  const [low, high] = [start + from * length, start + to * length];
  let i = first;
  while (i + 2 <= last && graph.along[i + 1] <= low) i++;
  const points = [pointAlong(graph, i, low)];
  for (i++; i < last && graph.along[i] < high; i++) points.push([graph.x[i], graph.y[i]]);
  points.push(pointAlong(graph, i - 1, high));
  return points;
}

/** One band for each limit: the streets reached within it and not before it, and their metres. */
function bandsOf(graph, flags, ways, limits) {
  const bands = limits.map(() => ({ lines: [], metres: 0 }));
  for (const edge of ways.edges) {
    const line = graph.along[graph.starts[edge + 1] - 1] - graph.along[graph.starts[edge]];
    let taken = [];
    limits.forEach((limit, k) => {
      const spans = reachedSpans(graph, flags, ways, edge, limit);
      for (const [from, to] of spansWithout(spans, taken)) {
        bands[k].lines.push(partOfEdge(graph, edge, from, to));
        bands[k].metres += ((to - from) * line) / graph.cmPerMetre;
      }
      taken = spans;
    });
  }
  return bands;
}

/** The best way to the nearest gate of each category, by the number of the category. */
function nearestOfEach(graph, flags, ways, added) {
  const nearest = new Map();
  const consider = (category, facility, to) => {
    const way = wayTo(graph, flags, ways, to);
    if (way && !(nearest.get(category)?.units <= way.units)) {
      nearest.set(category, { ...way, facility });
    }
  };
  const { gates, category } = graph.facilities;
  const { starts, items } = gates.byEdge;
  for (const edge of ways.edges) {
    for (let k = starts[edge]; k < starts[edge + 1]; k++) {
      const facility = gates.facility[items[k]];
      consider(category[facility], facility, packedGate(graph, items[k]));
    }
  }
  for (const { number, facility, to } of added) consider(number, facility, to);
  return nearest;
}

/** The streets of the best way to a place, in points (cm) from where it starts; none twice. */
function wayPoints(graph, ways, way, to) {
  if (way.through === "direct") return partOfEdge(graph, to.edge, ways.place.share, to.share);
  const parts = [partOfEdge(graph, to.edge, way.through === "u" ? 0 : 1, to.share)];
  let node = graph[way.through][to.edge];
  for (let edge = ways.via[node]; edge >= 0; edge = ways.via[node]) {
    const ahead = graph.v[edge] === node;
    parts.push(partOfEdge(graph, edge, ahead ? 0 : 1, ahead ? 1 : 0));
    node = ahead ? graph.u[edge] : graph.v[edge];
  }
  const end = graph.u[ways.place.edge] === node ? 0 : 1;
  parts.push(partOfEdge(graph, ways.place.edge, ways.place.share, end));
  return parts.reverse().flat()
    .filter(([x, y], k, all) => k === 0 || x !== all[k - 1][0] || y !== all[k - 1][1]);
}

/** The greatest cost in whole units that is within some minutes. */
function unitsWithin(graph, minutes) {
  const unit = 60 * graph.units;
  const near = wholeUnits(minutes * unit);
  return near / unit <= minutes ? near : near - 1;
}

/** What questions are asked of: streets, limits, and points (cm) for places in degrees and back. */
function createSetting(packed, graph) {
  const projection = createProjection(packed.projection);
  return {
    packed,
    graph,
    limits: packed.minutes.map((minutes) => unitsWithin(graph, minutes)),
    toPoint: (place) =>
      projection.toMetres(place).map((metres, k) => metres * graph.cmPerMetre - graph.origin[k]),
    toPlace: (point) =>
      projection.toDegrees(point.map((cm, k) => (cm + graph.origin[k]) / graph.cmPerMetre)),
  };
}

/** The best ways by time from the place of a question, and the flags of the streets there. */
function asked({ graph, limits, toPoint }, { lng, lat, closed = [] }) {
  const flags = withBarriers(graph, closed.map((line) => line.map(toPoint)));
  const here = locate(graph, toPoint([lng, lat]));
  return { flags, here, ways: waysFrom(graph, flags, here, "time", limits[limits.length - 1]) };
}

/** Bands as features, the largest first, and what lies within each limit. */
function streetsWithin({ packed, graph, limits, toPlace }, flags, ways) {
  const bands = bandsOf(graph, flags, ways, limits);
  let metres = 0;
  const areas = bands.map((band, k) => {
    metres += band.metres;
    return { limit_min: packed.minutes[k], area_km2: null, street_km: metres / 1000, people: null };
  });
  const features = bands.map((band, k) => ({
    type: "Feature",
    properties: { limit_min: packed.minutes[k] },
    geometry: { type: "MultiLineString", coordinates: band.lines.map((line) => line.map(toPlace)) },
  }));
  return { areas, bands: { type: "FeatureCollection", features: features.reverse() } };
}

/** A packed facility, by its number, as the reader is told of it. */
function facilityOf({ packed, graph, toPlace }, number) {
  const [lng, lat] = toPlace([graph.facilities.x[number], graph.facilities.y[number]]);
  return { name: packed.names[number], lng, lat };
}

/** A facility that the reader has added, as `nearestOfEach` takes it. */
function addedGate({ packed, graph, toPoint }, { lng, lat, category }) {
  return {
    number: packed.categories.findIndex(({ id }) => id === category),
    facility: { name: "", lng, lat },
    to: locate(graph, toPoint([lng, lat])),
  };
}

/** One row for each category: how far to the nearest by time, and to the nearest by length. */
function checklistOf(setting, flags, byTime, added) {
  const { packed, graph } = setting;
  const quickest = nearestOfEach(graph, flags, byTime, added);
  // The shortest way is no longer than the quickest, so no search need go farther than that.
  const most = Math.max(0, ...[...quickest.values()].map((way) => way.other));
  const byLength = waysFrom(graph, flags, byTime.place, "length", most);
  const shortest = nearestOfEach(graph, flags, byLength, added);
  const told = (facility) => (typeof facility === "number" ? facilityOf(setting, facility) : facility);
  return packed.categories.map(({ id, name_zh, name_en }, number) => {
    const way = quickest.get(number);
    const { name, lng, lat } = way ? told(way.facility) : { name: "", lng: null, lat: null };
    return {
      id, name_zh, name_en, limit: packed.minutes[packed.minutes.length - 1], unit: "min",
      metres: way ? (shortest.get(number)?.units ?? way.other) / graph.units : null,
      minutes: way ? way.units / (60 * graph.units) : null,
      present: packed.counts.facilities[number] || way ? Boolean(way) : null, facility_zh: name, facility_en: name, lng, lat,
    };
  });
}

/** Gates of the facility in a row of the checklist; one that was added stands where it says. */
function gatesOf(setting, { id, lng, lat }) {
  const { packed, graph, toPoint } = setting;
  const { category, gates } = graph.facilities;
  const found = [];
  for (let gate = 0; gate < gates.edge.length; gate++) {
    const facility = gates.facility[gate];
    if (packed.categories[category[facility]].id !== id) continue;
    const at = facilityOf(setting, facility);
    if (at.lng === lng && at.lat === lat) found.push(packedGate(graph, gate));
  }
  return found.length ? found : [locate(graph, toPoint([lng, lat]))];
}

/** All about a place: where it stands, bands, and the nearest facility of each category. */
function answerOf(setting, question) {
  const started = performance.now();
  const { graph, toPlace } = setting;
  const { flags, here, ways } = asked(setting, question);
  const added = (question.added || []).map((one) => addedGate(setting, one));
  const checklist = checklistOf(setting, flags, ways, added);
  const [lng, lat] = toPlace(partOfEdge(graph, here.edge, here.share, here.share)[0]);
  const streets = streetsWithin(setting, flags, ways);
  return {
    place: { lng, lat, access_m: here.metres }, ...streets, checklist, ms: performance.now() - started,
  };
}

/** The quickest way to a row of the checklist, as a line; null if there is none within the limit. */
function routeOf(setting, question) {
  const { graph, toPlace } = setting;
  const { flags, ways } = asked(setting, question);
  let best = null;
  for (const stop of gatesOf(setting, question.to)) {
    const way = wayTo(graph, flags, ways, stop);
    if (way && !(best?.units <= way.units)) best = { ...way, stop };
  }
  if (!best) return null;
  const along = wayPoints(graph, ways, best, best.stop).map(toPlace);
  return {
    type: "Feature",
    properties: { metres: best.other / graph.units, minutes: best.units / (60 * graph.units) },
    geometry: { type: "LineString", coordinates: [[question.lng, question.lat], ...along] },
  };
}

/** The router of the page; it unpacks the streets at once and answers when that is done. */
function createPageRouter(packed) {
  const setting = decodeGraph(packed).then((graph) => createSetting(packed, graph));
  return {
    modes: packed.modes,
    standards: [],
    minutes: packed.minutes,
    categories: packed.categories,
    answer: async (question) => answerOf(await setting, question),
    route: async (question) => routeOf(await setting, question),
  };
}
