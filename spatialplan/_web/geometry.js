// Places [lng, lat], boxes [west, south, east, north], and the Mercator plane of web maps.

const EARTH_M = 6378137; // radius of the sphere behind EPSG:3857
const TILE_PX = 256; // the whole world at zoom 0
const LOWEST_ZOOM = 3;
const HIGHEST_ZOOM = 20;

/** A place in metres of EPSG:3857. */
function toMercator([lng, lat]) {
  const y = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  return [((lng * Math.PI) / 180) * EARTH_M, y * EARTH_M];
}

/** The place of a point of EPSG:3857. */
function fromMercator([x, y]) {
  const lat = 2 * Math.atan(Math.exp(y / EARTH_M)) - Math.PI / 2;
  return [(x / EARTH_M) * (180 / Math.PI), lat * (180 / Math.PI)];
}

/** The box around some boxes, or null where there is none. */
function joined(boxes) {
  if (!boxes.length) return null;
  const edge = (pick, side) => pick(...boxes.map((box) => box[side]));
  return [edge(Math.min, 0), edge(Math.min, 1), edge(Math.max, 2), edge(Math.max, 3)];
}

function isPoint([west, south, east, north]) {
  return west === east && south === north;
}

function middleOf([west, south, east, north]) {
  return [(west + east) / 2, (south + north) / 2];
}

/** Whether a box holds another, or a place. */
function holds(box, [west, south, east = west, north = south]) {
  return west >= box[0] && south >= box[1] && east <= box[2] && north <= box[3];
}

/** A box with a margin, as a share of its size, on every side. */
function padded([west, south, east, north], share) {
  const [x, y] = [(east - west) * share, (north - south) * share];
  return [west - x, south - y, east + x, north + y];
}

/** How many pixels a box is across, the longer way, at a zoom. */
function pixelsAcross([west, south, east, north], zoom) {
  const [[left, bottom], [right, top]] = [toMercator([west, south]), toMercator([east, north])];
  const perMetre = (TILE_PX * 2 ** zoom) / (2 * Math.PI * EARTH_M);
  return Math.max(right - left, top - bottom) * perMetre;
}
