// What MapLibre draws of a content layer: one source, and a layer of its style for each look.

const GL_ZOOM = -1; // MapLibre counts zooms for tiles of 512 pixels
const THIN_PX = 2.5;
const TINT = ["get", "color"];

/** A number that depends on the zoom, as an expression. */
function byZoom(value) {
  const stops = [];
  for (let zoom = LOWEST_ZOOM; zoom <= HIGHEST_ZOOM; zoom += 0.5) stops.push(zoom + GL_ZOOM, value(zoom));
  const constant = stops.every((stop, index) => index % 2 === 0 || stop === stops[1]);
  return constant ? stops[1] : ["interpolate", ["linear"], ["zoom"], ...stops];
}

/** Points at both ends of a line's parts, with the direction in which a head looks there. */
function arrowEnds(feature, color) {
  const end = (from, to) => {
    const [[x0, y0], [x1, y1]] = [toMercator(from), toMercator(to)];
    const angle = (-Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI;
    return {
      type: "Feature", properties: { color, angle }, geometry: { type: "Point", coordinates: to },
    };
  };
  return feature.places.flatMap((part) => [end(part.at(-2), part.at(-1)), end(part[1], part[0])]);
}

/** The ends of the arrows of a layer as GeoJSON. */
function arrowData(layer) {
  const lines = featuresOf(layer).filter((feature) => feature.kind === "l");
  return geoCollection(lines.flatMap((feature) => arrowEnds(feature, colorOf(layer, feature.group))));
}

/** The colour of a class, or of the layer where there are none. */
function colorOf(layer, group) {
  return group ? group.color : layer.style.color;
}

function ofKind(...types) {
  return ["in", ["geometry-type"], ["literal", types]];
}

const AREAS = ofKind("Polygon", "MultiPolygon");
const LINES = ofKind("LineString", "MultiLineString");

const POINTS = ofKind("Point", "MultiPoint");

/** Dashes as MapLibre wants them: in widths of the line. */
function glDashes(style, kind) {
  return dashesOf(style, kind, style.weight)?.map((part) => part / style.weight);
}

function fillLooks(map, layer) {
  const style = layer.style;
  const looks = style.hatch ? { "fill-pattern": addIcons(map, layer, "hatch", hatchIcon) }
    : { "fill-color": TINT };
  return {
    type: "fill", filter: AREAS, paint: { ...looks, "fill-antialias": !style.weight },
    opacity: { "fill-opacity": style.fill_opacity ?? 0.2 },
  };
}

function strokeLooks(layer, kind) {
  const style = layer.style;
  const thin = style.weight <= THIN_PX; // too thin for round joins, which cost time, to be seen
  const butt = kind === "l" && (style.arrow || style.dash);
  const dashes = glDashes(style, kind);
  return {
    type: "line", filter: kind === "a" ? AREAS : LINES,
    layout: { "line-cap": thin || butt ? "butt" : "round", "line-join": thin ? "miter" : "round" },
    paint: {
      "line-color": kind === "a" && style.stroke ? style.stroke : TINT,
      "line-width": byZoom((zoom) => style.weight * factorsOf(layer, zoom).line),
      ...(dashes ? { "line-dasharray": dashes } : {}),
    },
    opacity: { "line-opacity": 1 },
  };
}

/** Light dashes inside a dark line, as railways are drawn. */
function inlayLooks(layer) {
  const style = layer.style;
  const inside = Math.max(1, style.weight - 2);
  return {
    type: "line", filter: LINES,
    paint: {
      "line-color": style.inlay, "line-dasharray": [7 / inside, 7 / inside],
      "line-width": byZoom((zoom) => Math.max(1, style.weight * factorsOf(layer, zoom).line - 2)),
    },
    opacity: { "line-opacity": 1 },
  };
}

function arrowLooks(map, layer) {
  const style = layer.style;
  const size = (zoom) => arrowLength(style.weight * factorsOf(layer, zoom).line) / arrowLength(style.weight);
  return {
    type: "symbol", data: arrowData(layer),
    layout: {
      "icon-image": addIcons(map, layer, "arrow", arrowIcon), "icon-rotate": ["get", "angle"],
      "icon-anchor": "left", "icon-rotation-alignment": "map", "icon-allow-overlap": true,
      "icon-ignore-placement": true, "icon-size": byZoom(size),
    },
    opacity: { "icon-opacity": 1 },
  };
}

function discLooks(layer) {
  const style = layer.style;
  return {
    type: "circle", filter: POINTS,
    paint: {
      "circle-color": TINT, "circle-stroke-color": style.stroke || TINT, "circle-stroke-width": style.weight,
      // MapLibre draws the outline outside the disc, canvases on its edge.
      "circle-radius": byZoom((zoom) => style.radius * factorsOf(layer, zoom).point - style.weight / 2),
    },
    opacity: { "circle-opacity": POINT_OPACITY, "circle-stroke-opacity": 1 },
  };
}

function symbolLooks(map, layer) {
  return {
    type: "symbol", filter: POINTS,
    layout: {
      "icon-image": addIcons(map, layer, "symbol", symbolIcon), "icon-allow-overlap": true,
      "icon-ignore-placement": true, "icon-size": byZoom((zoom) => factorsOf(layer, zoom).point),
    },
    opacity: { "icon-opacity": 1 },
  };
}

/** The looks of a vector layer, from the lowest to the highest. */
function vectorLooks(map, layer) {
  const style = layer.style;
  const has = (kind) => layer.kinds.includes(kind);
  const looks = [];
  if (has("a")) looks.push(fillLooks(map, layer));
  if (has("a") && style.weight) looks.push(strokeLooks(layer, "a"));
  if (has("l") && style.weight) looks.push(strokeLooks(layer, "l"));
  if (has("l") && style.inlay) looks.push(inlayLooks(layer));
  if (has("l") && style.arrow) looks.push(arrowLooks(map, layer));
  if (has("p")) looks.push(style.symbol ? symbolLooks(map, layer) : discLooks(layer));
  return looks.map((look) => ({ ...look, minzoom: (style.from_zoom ?? 1) + GL_ZOOM }));
}

/** Sources of a grid: its picture between its corners. */
async function gridSource(layer) {
  const [west, south, east, north] = layerExtent(layer);
  return {
    type: "canvas", canvas: await gridCanvas(layer), animate: false,
    coordinates: [[west, north], [east, north], [east, south], [west, south]],
  };
}

const GRID_LOOKS = [{
  type: "raster", paint: { "raster-resampling": "nearest", "raster-fade-duration": 0 },
  opacity: { "raster-opacity": 1 },
}];
