// How content layers are drawn with Leaflet: on canvases, each in a pane of its own.

const NO_DATA = 255;
const UNREACHABLE = 254;
const DASHED_PX = 4; // weight up to which the dashes of a line are as its style says
const TINY_PX = 90;
const POINT_ZOOM = 12; // close enough to look at a single point

/** How much larger a style's lines and points are drawn at a zoom than it says. */
function zoomFactors(style, zoom) {
  const usual = style.scale === "view" ? state.homeZoom : 14;
  if (!style.scale) return { line: 1, point: 1 };
  const factor = 2 ** ((zoom - usual) / 2);
  const between = (low, high) => Math.max(low, Math.min(high, factor));
  return style.scale === "view" ? { line: between(0.6, 1.8), point: between(0.6, 1.6) }
    : { line: between(0.3, 2.2), point: between(0.6, 1.5) };
}

function fillOf(style, feature, color) {
  if (style.symbol === "open") return "#fff";
  return style.hatch && feature.kind === "a" ? hatch(color) : color;
}

/** Dashes of a style; along wide lines as much longer, so that they are no beads. */
function dashOf(style, kind, weight) {
  if (!style.dash || kind !== "l") return style.dash;
  const factor = Math.max(1, weight / DASHED_PX);
  return style.dash.split(" ").map((part) => part * factor).join(" ");
}

function pathOptions(layer, feature, renderer) {
  const style = layer.style;
  const color = feature.group ? feature.group.color : style.color;
  const area = feature.kind !== "l";
  return {
    renderer,
    interactive: false,
    color: style.stroke && area ? style.stroke : color,
    weight: style.weight,
    stroke: style.weight > 0,
    dashArray: dashOf(style, feature.kind, style.weight),
    lineCap: !area && (style.arrow || style.dash) ? "butt" : "round",
    arrow: style.arrow && feature.kind === "l",
    inlay: style.inlay,
    symbol: style.symbol,
    fill: area,
    fillColor: fillOf(style, feature, color),
    fillOpacity: feature.kind === "p" ? 0.95 : style.fill_opacity,
    radius: style.radius,
    opacity: 1,
  };
}

function drawFeature(layer, feature, renderer) {
  const options = pathOptions(layer, feature, renderer);
  if (feature.kind === "p") return L.circleMarker(feature.places, options);
  return feature.kind === "l" ? L.polyline(feature.places, options)
    : L.polygon(feature.places, options);
}

/** Factors of a layer; what belongs to a whole that is tiny on the screen is drawn half as large. */
function factorsOf(map, layer) {
  const { line, point } = zoomFactors(layer.style, map.getZoom());
  const share = isHeaded(layer.group) && isTiny(map, layer.group) ? 0.5 : 1;
  return { line: line * share, point: point * share };
}

/** Whether a zoom is close enough for a layer. */
function isNear(layer, zoom) {
  return zoom >= (layer.style.from_zoom ?? 0);
}

/** Weight and dashes of a line or an outline. */
function lineAt(style, path, weight) {
  return { weight, dashArray: dashOf(style, path.options.fill ? "a" : "l", weight) };
}

/** Draw wide at close zooms and thin at far ones, where the style asks for it. */
function rescale(map, layer) {
  const zoom = map.getZoom();
  if (!layer.drawn || !(layer.style?.scale || layer.style?.from_zoom)) return;
  const factors = factorsOf(map, layer);
  const shown = isNear(layer, zoom);
  layer.drawn.eachLayer((path) => {
    if (path.setRadius) path.setRadius(layer.style.radius * factors.point);
    else path.setStyle(lineAt(layer.style, path, shown ? layer.style.weight * factors.line : 0));
    if (path.setRadius && layer.style.from_zoom) {
      path.setStyle({ fillOpacity: shown ? 0.95 : 0, opacity: Number(shown) });
    }
  });
}

function drawVector(layer, pane) {
  const tolerance = layer.style.arrow ? arrowLength(2 * layer.style.weight) : 0; // beyond the line
  layer.renderer = new SymbolCanvas({ pane, padding: 0.2, tolerance });
  return L.layerGroup(featuresOf(layer).map((feature) => drawFeature(layer, feature, layer.renderer)));
}

function rgb(color) {
  const number = parseInt(color.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

/** Read the codes out of the picture and paint them in the colours of their classes. */
async function drawGrid(layer, pane) {
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
  return L.imageOverlay(canvas.toDataURL(), gridBounds(layer), { pane, className: "grid" });
}

function gridBounds(layer) {
  const [west, south, east, north] = layer.bounds_3857;
  const corner = (x, y) => L.CRS.EPSG3857.unproject(L.point(x, y));
  return L.latLngBounds(corner(west, south), corner(east, north));
}

/** The extent of a layer without its stragglers, or null where it has nothing to draw. */
function layerBounds(layer) {
  if (layer.type === "grid") return gridBounds(layer);
  if (!layer.view) return null;
  const [west, south, east, north] = layer.view;
  return L.latLngBounds([south, west], [north, east]);
}

/** The extent of some layers together. */
function boundsOf(layers) {
  const boxes = layers.map(layerBounds).filter(Boolean);
  return boxes.reduce((whole, box) => whole.extend(box), L.latLngBounds(boxes));
}

/** Whether the layers of a group together are too small on the screen to be written into. */
function isTiny(map, group) {
  if (map.getZoom() >= POINT_ZOOM) return false;
  const whole = boundsOf(CONTENT.layers.filter((layer) => layer.group === group));
  if (!whole.isValid()) return true;
  const span = map.project(whole.getSouthEast()).subtract(map.project(whole.getNorthWest()));
  return Math.max(span.x, span.y) < TINY_PX;
}

/** Layers from the bottom of the map to the top: by the order of their style, then as listed. */
const STACK = [...CONTENT.layers].sort((a, b) => (a.style?.order ?? 0) - (b.style?.order ?? 0));

/** Put a layer on the map or take it off; panes keep the order of the stack. */
async function showLayer(map, layer, visible) {
  layer.visible = visible;
  const pane = `layer-${CONTENT.layers.indexOf(layer)}`;
  if (visible && !layer.drawing) {
    map.createPane(pane).style.zIndex = 300 + Math.floor((370 * STACK.indexOf(layer)) / STACK.length);
    map.getPane(pane).style.pointerEvents = "none";
    map.getPane(pane).style.opacity = opacityOf(layer);
    layer.drawing = layer.type === "grid" ? drawGrid(layer, pane) : drawVector(layer, pane);
  }
  layer.drawn = await layer.drawing;
  if (!layer.drawn) return;
  rescale(map, layer);
  // The reader may have changed their mind while a picture was being decoded.
  if (layer.visible) {
    layer.drawn.addTo(map);
    return;
  }
  layer.drawn.remove();
  layer.renderer?.remove(); // Leaflet would leave an empty canvas, and arrow heads on it
}

/** How much of a layer shows: as the reader has set it, else as its style says. */
function opacityOf(layer) {
  return layer.opacity ?? layer.style?.opacity ?? 1;
}

function fadeLayer(map, layer, opacity) {
  layer.opacity = opacity;
  map.getPane(`layer-${CONTENT.layers.indexOf(layer)}`).style.opacity = opacity;
}
