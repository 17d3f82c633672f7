// Names written on the map: the most important first, each where there is room for it.

const LINE_PX = 16;
const WIDEST_PX = 132; // longer names take a second line
const ALONG = [0.5, 0.35, 0.65, 0.2, 0.8];

function overlaps(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

function boxAround(x, y, [width, height]) {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

/** Room that a name takes: broken into lines of about equal length. */
function sizeOf(name, measure) {
  const width = measure.measureText(name).width;
  const lines = Math.ceil(width / WIDEST_PX);
  return [Math.ceil(width / lines) + (lines > 1 ? 20 : 8), lines * LINE_PX];
}

/** Points of the longest part of a line at some shares of its length, in pixels. */
function placesAlong(map, feature) {
  const parts = feature.places.map((part) => part.map((place) => map.latLngToLayerPoint(place)));
  const lengths = (part) => part.slice(1).map((place, i) => place.distanceTo(part[i]));
  const total = (part) => lengths(part).reduce((sum, length) => sum + length, 0);
  const longest = parts.reduce((best, part) => (total(part) > total(best) ? part : best));
  return ALONG.map((share) => {
    let left = share * total(longest);
    const steps = lengths(longest);
    const at = Math.max(0, steps.findIndex((length) => (left -= length) <= 0));
    const back = steps[at] ? -left / steps[at] : 0;
    const [from, to] = [longest[at], longest[at + 1]];
    return L.point(to.x + (from.x - to.x) * back, to.y + (from.y - to.y) * back);
  });
}

/** Boxes in which the name of a feature may stand, the best first. */
function candidates(map, layer, feature, [lng, lat], size) {
  const at = map.latLngToLayerPoint([lat, lng]);
  const [width] = size;
  if (feature.kind === "l") return placesAlong(map, feature).map(({ x, y }) => boxAround(x, y, size));
  if (feature.kind === "a") {
    const [south, west, north, east] = feature.box;
    const span = map.project([north, east]).subtract(map.project([south, west]));
    if (width > span.x * 1.4) {
      const middle = map.latLngToLayerPoint([(south + north) / 2, (west + east) / 2]);
      return besides(middle, [span.x / 2 + 1, -span.y / 2 + 1], size);
    }
    return [0, -1, 1, -2, 2].filter((step) => Math.abs(step) * LINE_PX * 2 < -span.y || step === 0)
      .map((step) => boxAround(at.x, at.y + step * LINE_PX, size));
  }
  const reach = layer.style.radius * factorsOf(map, layer).point + 1;
  return besides(at, [reach, reach], size);
}

/** Boxes over, under, right and left of something that reaches so far from its middle. */
function besides(middle, [right, down], size) {
  const [x, y] = [right + size[0] / 2, down + size[1] / 2];
  return [[0, -y], [0, y], [x, 0], [-x, 0]]
    .map(([east, south]) => boxAround(middle.x + east, middle.y + south, size));
}

/** The map's own corner pieces, which names keep clear of, in pixels of the label pane. */
function furniture(map) {
  const frame = map.getContainer().getBoundingClientRect();
  return [...map.getContainer().querySelectorAll("#legend, .leaflet-control")].map((piece) => {
    const box = piece.getBoundingClientRect();
    const corner = map.containerPointToLayerPoint([box.left - frame.left, box.top - frame.top]);
    return [corner.x, corner.y, corner.x + box.width, corner.y + box.height];
  });
}

/** Boxes of the symbols of named points, which names keep clear of too. */
function symbols(map, layers) {
  return layers.filter((layer) => layer.style?.label && !layer.style.quiet).flatMap((layer) => {
    const size = 2 * layer.style.radius * factorsOf(map, layer).point;
    return featuresOf(layer).filter((feature) => feature.kind === "p").map((feature) => {
      const { x, y } = map.latLngToLayerPoint(feature.places);
      return boxAround(x, y, [size, size]);
    });
  });
}

/** Names to write, the most important first: [layer, feature, anchor, name]. */
function wanted(map, layers) {
  const view = map.getBounds().pad(0.1);
  const rank = (layer) => -layer.style.label;
  return STACK.filter((layer) => layers.includes(layer) && layer.anchors?.length).reverse()
    .filter((layer) => isNear(layer, map.getZoom()))
    .filter((layer) => !isHeaded(layer.group) || !isTiny(map, layer.group))
    .sort((a, b) => rank(a) - rank(b))
    .flatMap((layer) => layer.anchors.map((anchor, index) => [layer, featuresOf(layer)[index], anchor]))
    .map(([layer, feature, anchor]) => [layer, feature, anchor, text(feature.name)])
    .filter(([, feature, [lng, lat], name]) => name && (feature.kind === "l" || view.contains([lat, lng])));
}

/** A colour dark enough to read on white. */
function ink(color) {
  const parts = rgb(color);
  const light = (0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2]) / 255;
  const factor = light > 0.35 ? 0.35 / light : 1;
  return `rgb(${parts.map((part) => Math.round(part * factor)).join(",")})`;
}

function writeLabel(pane, layer, name, box) {
  const label = element("span", { class: layer.style.quiet ? "label quiet" : "label" }, name);
  label.style.color = ink(layer.style.color);
  label.style.transform = `translate(${Math.round(box[0])}px, ${Math.round(box[1])}px)`;
  label.style.width = `${Math.ceil(box[2] - box[0])}px`;
  pane.append(label);
}

/** Write the labels of the visible layers anew. */
function writeLabels(map, layers, pane) {
  const measure = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.documentElement).fontFamily;
  const corner = map.containerPointToLayerPoint([0, 0]);
  const edge = [corner.x, corner.y, corner.x + map.getSize().x, corner.y + map.getSize().y];
  const inside = (box) => box[0] >= edge[0] && box[1] >= edge[1] && box[2] <= edge[2] && box[3] <= edge[3];
  const taken = [...furniture(map), ...symbols(map, layers)];
  const written = [];
  pane.replaceChildren();
  for (const [layer, feature, anchor, name] of wanted(map, layers)) {
    const at = map.latLngToLayerPoint([anchor[1], anchor[0]]);
    // One place in several structures is written once.
    if (written.some((other) => other.name === name && other.at.distanceTo(at) < WIDEST_PX)) continue;
    measure.font = layer.style.quiet ? `400 11px ${family}` : `600 13px ${family}`;
    const box = candidates(map, layer, feature, anchor, sizeOf(name, measure))
      .find((one) => inside(one) && !taken.some((other) => overlaps(one, other)));
    if (!box) continue;
    taken.push(box);
    written.push({ name, at });
    writeLabel(pane, layer, name, box);
  }
}
