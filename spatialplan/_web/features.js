// The content as features on the earth, and what lies under a point.

const PER_DEGREE = 1e6;
const REACH_PX = 6;

/** Parts of a line or rings of an area: [x, y, dx, dy ...] to [[lat, lng] ...]. */
function unpackRun(run, origin) {
  const places = [];
  let x = 0;
  let y = 0;
  for (let i = 0; i < run.length; i += 2) {
    x += run[i];
    y += run[i + 1];
    places.push([origin[1] + y / PER_DEGREE, origin[0] + x / PER_DEGREE]);
  }
  return places;
}

function unpackShape(kind, shape, origin) {
  if (kind === "p") return unpackRun(shape, origin)[0];
  if (kind === "l") return shape.map((part) => unpackRun(part, origin));
  return shape.map((polygon) => polygon.map((ring) => unpackRun(ring, origin)));
}

/** South, west, north and east edge of a feature. */
function boxOf(kind, places) {
  if (kind === "p") return [places[0], places[1], places[0], places[1]];
  const box = [90, 180, -90, -180];
  for (const [lat, lng] of places.flat(kind === "l" ? 1 : 2)) {
    box[0] = Math.min(box[0], lat);
    box[1] = Math.min(box[1], lng);
    box[2] = Math.max(box[2], lat);
    box[3] = Math.max(box[3], lng);
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

function crosses(ring, lat, lng) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[yi, xi], [yj, xj]] = [ring[i], ring[j]];
    if (yi > lat !== yj > lat && lng < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Squared distance in pixels from a place to a feature, or Infinity beyond its reach. */
function squaredDistance(feature, at, perDegree, reach) {
  const [reachLat, reachLng] = [reach / perDegree[0], reach / perDegree[1]];
  const [south, west, north, east] = feature.box;
  if (at.lat < south - reachLat || at.lat > north + reachLat) return Infinity;
  if (at.lng < west - reachLng || at.lng > east + reachLng) return Infinity;
  const flat = (place) => [(place[1] - at.lng) * perDegree[1], (place[0] - at.lat) * perDegree[0]];
  if (feature.kind === "p") {
    const [x, y] = flat(feature.places);
    return x * x + y * y;
  }
  if (feature.kind === "a") {
    const hit = feature.places.some((rings) =>
      rings.reduce((inside, ring) => inside !== crosses(ring, at.lat, at.lng), false));
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

/** The feature of a layer nearest to a place, if one is under the pointer. */
function featureAt(layer, at, perDegree) {
  let best = null;
  for (const feature of featuresOf(layer)) {
    const reach = REACH_PX + (feature.kind === "p" ? layer.style.radius || 0 : 0);
    const distance = squaredDistance(feature, at, perDegree, reach);
    if (distance <= reach * reach && distance < (best ? best.distance : Infinity)) {
      best = { layer, feature, distance };
    }
  }
  return best;
}

/** The value of a grid at a place: {layer, level} with level null where unreachable. */
function cellAt(layer, at) {
  if (!layer.codes) return null;
  const [west, south, east, north] = layer.bounds_3857;
  const [rows, columns] = layer.shape;
  const here = L.CRS.EPSG3857.project(at);
  const row = Math.floor(((north - here.y) / (north - south)) * rows);
  const column = Math.floor(((here.x - west) / (east - west)) * columns);
  if (row < 0 || column < 0 || row >= rows || column >= columns) return null;
  const code = layer.codes[row * columns + column];
  if (code === NO_DATA) return null;
  return { layer, level: code === UNREACHABLE ? "inf" : layer.levels[code] };
}

/** What lies under a place, from the top layer down, one thing a layer. */
function under(map, layers, at) {
  const lat = map.project(at).y - map.project([at.lat + 0.001, at.lng]).y;
  const lng = map.project([at.lat, at.lng + 0.001]).x - map.project(at).x;
  const perDegree = [lat * 1000, lng * 1000];
  return [...layers].reverse()
    .filter(speaks)
    .map((layer) => (layer.type === "grid" ? cellAt(layer, at) : featureAt(layer, at, perDegree)))
    .filter(Boolean);
}
