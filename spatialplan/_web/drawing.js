// How content layers are drawn with Leaflet: on canvases, each in a pane of its own.

const HATCHES = new Map();

/** Leaflet's canvas, and what it does not draw by itself. */
const SymbolCanvas = L.Canvas.extend({
  _updatePoly(line, closed) {
    L.Canvas.prototype._updatePoly.call(this, line, closed);
    if (!this._drawing || !line.options.weight) return;
    if (line.options.inlay) inlay(this._ctx, line.options);
    if (!line.options.arrow) return;
    for (const ring of line._rings) {
      arrowHead(this._ctx, ring.at(-2), ring.at(-1), line.options);
      arrowHead(this._ctx, ring.at(1), ring.at(0), line.options);
    }
  },
  _updateCircle(circle) {
    const { _point: at, _radius: radius, options } = circle;
    const corners = CORNERS[options.symbol];
    if (corners && this._drawing) cornered(this._ctx, at, radius, corners);
    if (corners) this._fillStroke(this._ctx, circle);
    else L.Canvas.prototype._updateCircle.call(this, circle);
    if (options.symbol === "core" && this._drawing) target(this._ctx, at, radius, options.color);
  },
  _destroyContainer() {
    L.Canvas.prototype._destroyContainer.call(this);
    this._redrawRequest = null; // Leaflet 1.9.4 keeps the cancelled one and never draws again
  },
});

/** A pattern of slanted strokes. */
function hatch(color) {
  if (!HATCHES.has(color)) {
    const context = document.createElement("canvas").getContext("2d");
    HATCHES.set(color, context.createPattern(hatchTile(color), "repeat"));
  }
  return HATCHES.get(color);
}

function fillOf(style, feature, color) {
  if (style.symbol === "open") return "#fff";
  return style.hatch && feature.kind === "a" ? hatch(color) : color;
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
    dashArray: dashesOf(style, feature.kind, style.weight),
    lineCap: !area && (style.arrow || style.dash) ? "butt" : "round",
    arrow: style.arrow && feature.kind === "l",
    inlay: style.inlay,
    symbol: style.symbol,
    fill: area,
    fillColor: fillOf(style, feature, color),
    fillOpacity: feature.kind === "p" ? POINT_OPACITY : style.fill_opacity,
    radius: style.radius,
    opacity: 1,
  };
}

function latLng([lng, lat]) {
  return L.latLng(lat, lng);
}

function drawFeature(layer, feature, renderer) {
  const options = pathOptions(layer, feature, renderer);
  if (feature.kind === "p") return L.circleMarker(latLng(feature.places), options);
  return feature.kind === "l"
    ? L.polyline(feature.places.map((part) => part.map(latLng)), options)
    : L.polygon(feature.places.map((rings) => rings.map((ring) => ring.map(latLng))), options);
}

/** Weight and dashes of a line or an outline. */
function lineAt(style, path, weight) {
  return { weight, dashArray: dashesOf(style, path.options.fill ? "a" : "l", weight) };
}

/** Draw wide at close zooms and thin at far ones, where the style asks for it. */
function rescale(layer, drawn, zoom) {
  if (!(layer.style?.scale || layer.style?.from_zoom)) return;
  const factors = factorsOf(layer, zoom);
  const shown = isNear(layer, zoom);
  drawn.eachLayer((path) => {
    if (path.setRadius) path.setRadius(layer.style.radius * factors.point);
    else path.setStyle(lineAt(layer.style, path, shown ? layer.style.weight * factors.line : 0));
    if (path.setRadius && layer.style.from_zoom) {
      path.setStyle({ fillOpacity: shown ? POINT_OPACITY : 0, opacity: Number(shown) });
    }
  });
}

function drawVector(layer, renderer) {
  return L.layerGroup(featuresOf(layer).map((feature) => drawFeature(layer, feature, renderer)));
}

async function drawGrid(layer, pane) {
  const canvas = await gridCanvas(layer);
  return L.imageOverlay(canvas.toDataURL(), leafletBounds(layerExtent(layer)), { pane, className: "grid" });
}

function leafletBounds([west, south, east, north]) {
  return L.latLngBounds([south, west], [north, east]);
}
