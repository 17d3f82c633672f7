// Distances and areas on the earth, and lines that the reader draws to measure them.

const ELLIPSOID = { a: 6378137, f: 1 / 298.257223563 }; // WGS 84; CGCS2000 differs by less than 1 mm
const ECCENTRICITY = Math.sqrt(ELLIPSOID.f * (2 - ELLIPSOID.f));
const AUTHALIC_RADIUS_M = 6371007.1809; // of the sphere with the surface of the ellipsoid
const SAME_PX = 6; // two clicks so near are one place
const DOUBLE_MS = 400;
const SKETCH_LOOK = { color: "#b3261e", weight: 2.5, opacity: 1, fill: 0.15, radius: 4 };

function radians(degrees) {
  return (degrees * Math.PI) / 180;
}

/** Metres between two places: great circle on reduced latitudes, corrected by Lambert (1942). */
function metresBetween([lngA, latA], [lngB, latB]) {
  const { a, f } = ELLIPSOID;
  const reduced = (lat) => Math.atan((1 - f) * Math.tan(radians(lat)));
  const [p, q] = [(reduced(latA) + reduced(latB)) / 2, (reduced(latB) - reduced(latA)) / 2];
  const half = radians(lngB - lngA) / 2;
  const [sinP, cosP, sinQ, cosQ] = [Math.sin(p) ** 2, Math.cos(p) ** 2, Math.sin(q) ** 2, Math.cos(q) ** 2];
  const haversine = sinQ + (cosQ - sinP) * Math.sin(half) ** 2;
  if (haversine <= 0) return 0;
  const angle = 2 * Math.asin(Math.min(1, Math.sqrt(haversine)));
  const x = ((angle - Math.sin(angle)) * sinP * cosQ) / Math.cos(angle / 2) ** 2;
  const y = ((angle + Math.sin(angle)) * cosP * sinQ) / Math.sin(angle / 2) ** 2;
  return a * (angle - (f / 2) * (x + y));
}

/** Metres along a line of places. */
function lengthOf(places) {
  return places.slice(1).reduce((sum, place, index) => sum + metresBetween(places[index], place), 0);
}

/** Latitude on the sphere of equal surface, so that areas are those of the ellipsoid. */
function authalic(lat) {
  const surface = (sin) => (1 - ECCENTRICITY ** 2) * (sin / (1 - (ECCENTRICITY * sin) ** 2)
    + Math.atanh(ECCENTRICITY * sin) / ECCENTRICITY);
  return Math.asin(Math.max(-1, Math.min(1, surface(Math.sin(radians(lat))) / surface(1))));
}

/** Square metres inside a ring of places: the spherical excess under each of its sides. */
function areaOf(places) {
  let excess = 0;
  places.forEach(([lng, lat], index) => {
    const [nextLng, nextLat] = places[(index + 1) % places.length];
    const [low, high] = [Math.tan(authalic(lat) / 2), Math.tan(authalic(nextLat) / 2)];
    const width = Math.tan(radians(nextLng - lng) / 2);
    excess += 2 * Math.atan2(width * (low + high), 1 + low * high);
  });
  return Math.abs(excess) * AUTHALIC_RADIUS_M ** 2;
}

/** A length as one reads it: 米 to 1 km, then 公里. */
function lengthText(metres) {
  return metres < 1000 ? `${grouped(metres, metres < 100 ? 1 : 0)} ${word("metres")}`
    : `${grouped(metres / 1000, 2)} ${word("kilometres")}`;
}

/** An area as one reads it: 平方米 to 1 ha, 公顷 to 1 km², then 平方公里. */
function areaText(squareMetres) {
  if (squareMetres < 1e4) return `${grouped(squareMetres, 0)} ${word("square_metres")}`;
  if (squareMetres < 1e6) return `${grouped(squareMetres / 1e4, 2)} ${word("hectares")}`;
  return `${grouped(squareMetres / 1e6, 2)} ${word("square_kilometres")}`;
}

function geoFeature(type, coordinates, properties = {}) {
  return { type: "Feature", properties, geometry: { type, coordinates } };
}

function geoCollection(features) {
  return { type: "FeatureCollection", features };
}

/** What a sketch looks like: its corners, its line, and its area where it may close. */
function sketched(places, closes) {
  const line = places.length > 1 ? [geoFeature("LineString", places)] : [];
  const area = closes && places.length > 2
    ? [geoFeature("Polygon", [[...places, places[0]]], { weight: 0 })] : [];
  return geoCollection([...area, ...line, ...places.map((place) => geoFeature("Point", place))]);
}

/** Whether two places are one to the hand. */
function isSamePlace(one, other) {
  const [a, b] = [stage.project(one), stage.project(other)];
  return Math.hypot(a.x - b.x, a.y - b.y) <= SAME_PX;
}

/**
 * A tool that draws a line: a click adds a corner, Backspace takes the last one away, a double
 * click or Enter ends the line, Escape gives it up. A click after the end begins a new line.
 */
function sketchTool({ id, hint, closes = false, changed = () => {}, ended = () => {} }) {
  let places = [];
  let done = false;
  let last = 0;
  const draw = (more = []) => {
    const all = [...places, ...more];
    stage.overlay(`sketch-${id}`, all.length ? sketched(all, closes) : null, SKETCH_LOOK);
    changed(all);
  };
  return {
    id,
    hint,
    click(place) {
      const again = !done && places.length > 0 && isSamePlace(place, places.at(-1));
      const soon = performance.now() - last <= DOUBLE_MS;
      last = performance.now();
      if (again) return soon ? this.finish() : undefined;
      places = done ? [place] : [...places, place];
      done = false;
      return draw();
    },
    move(place) {
      if (places.length && !done) draw([place]);
    },
    undo() {
      if (!done) places = places.slice(0, -1);
      draw();
    },
    finish() {
      if (places.length < 2) return putDown();
      done = true;
      draw();
      return ended(places);
    },
    stop() {
      places = [];
      draw();
    },
  };
}

/** What the measure has found so far, in words. */
function measuredText(places) {
  if (places.length < 2) return word("measure_hint");
  const length = `${word("length")} ${lengthText(lengthOf(places))}`;
  return places.length < 3 ? length : `${length} · ${word("area")} ${areaText(areaOf(places))}`;
}

/** The measure: line and figures stay until the tool is put down or a new line begins. */
function measureTool() {
  return sketchTool({
    id: "measure", hint: word("measure_hint"), closes: true,
    changed: (places) => writeHint(measuredText(places)),
  });
}
