// What every stage asks of a content layer: its place in the stack, its sizes, its extent.

const NO_DATA = 255;
const UNREACHABLE = 254;
const DASHED_PX = 4; // weight up to which the dashes of a line are as its style says
const TINY_PX = 90;
const POINT_OPACITY = 0.95;
const POINT_ZOOM = 12; // close enough to look at a single point

/** Layers from the bottom of the map to the top: by the order of their style, then as listed. */
const STACK = [...CONTENT.layers].sort((a, b) => (a.style?.order ?? 0) - (b.style?.order ?? 0));

/** How much larger a style's lines and points are drawn at a zoom than it says. */
function zoomFactors(style, zoom) {
  const usual = style.scale === "view" ? state.homeZoom : 14;
  if (!style.scale) return { line: 1, point: 1 };
  const factor = 2 ** ((zoom - usual) / 2);
  const between = (low, high) => Math.max(low, Math.min(high, factor));
  return style.scale === "view" ? { line: between(0.6, 1.8), point: between(0.6, 1.6) }
    : { line: between(0.3, 2.2), point: between(0.6, 1.5) };
}

/** Factors of a layer; what belongs to a whole that is tiny on the screen is drawn half as large. */
function factorsOf(layer, zoom) {
  const { line, point } = zoomFactors(layer.style, zoom);
  const share = isHeaded(layer.group) && isTiny(layer.group, zoom) ? 0.5 : 1;
  return { line: line * share, point: point * share };
}

/** Whether a zoom is close enough for a layer. */
function isNear(layer, zoom) {
  return zoom >= (layer.style.from_zoom ?? 0);
}

/** Dashes in pixels; along wide lines as much longer, so that they are no beads. */
function dashesOf(style, kind, weight) {
  if (!style.dash) return null;
  const factor = kind === "l" ? Math.max(1, weight / DASHED_PX) : 1;
  return style.dash.split(" ").map((part) => part * factor);
}

/** How much of a layer shows: as the reader has set it, else as its style says. */
function opacityOf(layer) {
  return layer.opacity ?? layer.style?.opacity ?? 1;
}

/** The extent of a layer without its stragglers, or null where it has nothing to draw. */
function layerExtent(layer) {
  if (layer.type !== "grid") return layer.view;
  const [west, south, east, north] = layer.bounds_3857;
  return [...fromMercator([west, south]), ...fromMercator([east, north])];
}

/** The extent of some layers together, or null. */
function extentOf(layers) {
  return joined(layers.map(layerExtent).filter(Boolean));
}

/** Whether the layers of a group together are too small on the screen to be written into. */
function isTiny(group, zoom) {
  if (zoom >= POINT_ZOOM) return false;
  const whole = extentOf(CONTENT.layers.filter((layer) => layer.group === group));
  return !whole || pixelsAcross(whole, zoom) < TINY_PX;
}

function rgb(color) {
  const number = parseInt(color.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** A canvas with a grid in the colours of its classes; read once, whatever stages there are. */
function gridCanvas(layer) {
  layer.painting ??= paintGrid(layer);
  return layer.painting;
}

/** Read the codes out of the picture and paint them. */
async function paintGrid(layer) {
  const picture = new Image();
  picture.src = layer.png;
  await picture.decode();
  const [rows, columns] = layer.shape;
  const canvas = document.createElement("canvas");
  canvas.width = columns;
  canvas.height = rows;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  const pixels = context.getImageData(0, 0, columns, rows);
  const colors = layer.classes.map((part) => rgb(part.color));
  layer.codes = new Uint8Array(rows * columns);
  for (let i = 0; i < layer.codes.length; i++) {
    const code = pixels.data[4 * i];
    layer.codes[i] = code;
    const color = code === UNREACHABLE ? colors.at(-1) : colors[layer.class_of_level[code]];
    pixels.data.set(code === NO_DATA ? [0, 0, 0, 0] : [...color, 255], 4 * i);
  }
  context.putImageData(pixels, 0, 0);
  layer.png = null;
  return canvas;
}
