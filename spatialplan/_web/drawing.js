// How content layers are drawn with Leaflet: on canvases, each in a pane of its own.

const NO_DATA = 255;
const UNREACHABLE = 254;
const ARROW_PX = 14;
const HATCHES = new Map();

/** A canvas that also draws arrow heads, at the true ends of lines. */
const ArrowCanvas = L.Canvas.extend({
  _updatePoly(line, closed) {
    L.Canvas.prototype._updatePoly.call(this, line, closed);
    if (!line.options.arrow || !this._drawing) return;
    for (const ring of line._rings) {
      arrowHead(this._ctx, ring.at(-2), ring.at(-1), line.options.color);
      arrowHead(this._ctx, ring.at(1), ring.at(0), line.options.color);
    }
  },
  _destroyContainer() {
    L.Canvas.prototype._destroyContainer.call(this);
    this._redrawRequest = null; // Leaflet 1.9.4 keeps the cancelled one and never draws again
  },
});

function arrowHead(context, from, to, color) {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  context.save();
  context.translate(to.x, to.y);
  context.rotate(angle);
  context.beginPath();
  context.moveTo(ARROW_PX, 0);
  context.lineTo(-4, ARROW_PX / 2);
  context.lineTo(-4, -ARROW_PX / 2);
  context.fillStyle = color;
  context.fill();
  context.restore();
}

/** A fill of slanted strokes that stays readable over any colour and in grey print. */
function hatch(color) {
  if (!HATCHES.has(color)) HATCHES.set(color, newHatch(color));
  return HATCHES.get(color);
}

function newHatch(color) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const context = tile.getContext("2d");
  context.fillStyle = color;
  context.globalAlpha = 0.18;
  context.fillRect(0, 0, 8, 8);
  context.globalAlpha = 1;
  context.strokeStyle = color;
  context.lineWidth = 1.6;
  for (const shift of [-8, 0, 8]) {
    context.beginPath();
    context.moveTo(shift - 1, 9);
    context.lineTo(shift + 9, -1);
    context.stroke();
  }
  return context.createPattern(tile, "repeat");
}

/** How much wider lines and points are drawn at a zoom than at zoom 14. */
function zoomFactors(zoom) {
  const factor = 2 ** ((zoom - 14) / 2);
  const between = (low, high) => Math.max(low, Math.min(high, factor));
  return { line: between(0.3, 2.2), point: between(0.6, 1.5) };
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
    dashArray: style.dash,
    arrow: style.arrow && feature.kind === "l",
    fill: area,
    fillColor: style.hatch && feature.kind === "a" ? hatch(color) : color,
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

/** Draw wide at close zooms and thin at far ones, where the style asks for it. */
function rescale(layer, zoom) {
  if (!layer.style?.scale || !layer.drawn) return;
  const factors = zoomFactors(zoom);
  const shown = zoom >= (layer.style.from_zoom ?? 0);
  layer.drawn.eachLayer((path) => {
    if (path.setRadius) path.setRadius(layer.style.radius * factors.point);
    else path.setStyle({ weight: shown ? layer.style.weight * factors.line : 0 });
  });
}

function drawVector(layer, pane) {
  const tolerance = layer.style.arrow ? ARROW_PX : 0; // heads reach beyond their line
  layer.renderer = new ArrowCanvas({ pane, padding: 0.2, tolerance });
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

/** Put a layer on the map or take it off; panes keep the order of the content. */
async function showLayer(map, layer, visible) {
  layer.visible = visible;
  const pane = `layer-${CONTENT.layers.indexOf(layer)}`;
  if (visible && !layer.drawing) {
    map.createPane(pane).style.zIndex = 300 + CONTENT.layers.indexOf(layer);
    map.getPane(pane).style.pointerEvents = "none";
    layer.drawing = layer.type === "grid" ? drawGrid(layer, pane) : drawVector(layer, pane);
  }
  layer.drawn = await layer.drawing;
  if (!layer.drawn) return;
  rescale(layer, map.getZoom());
  // The reader may have changed their mind while a picture was being decoded.
  if (layer.visible) {
    layer.drawn.addTo(map);
    return;
  }
  layer.drawn.remove();
  layer.renderer?.remove(); // Leaflet would leave an empty canvas, and arrow heads on it
}

function fadeLayer(map, layer, opacity) {
  layer.opacity = opacity;
  map.getPane(`layer-${CONTENT.layers.indexOf(layer)}`).style.opacity = opacity;
}
