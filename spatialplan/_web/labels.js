// Names written on the map: the most important first, each where there is room for it.

const LINE_PX = 16;
const WIDEST_PX = 132; // longer names take a second line
const ALONG = [0.5, 0.35, 0.65, 0.2, 0.8];
const WRITTEN_AT = new WeakMap(); // the view for which the labels of a pane are written

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

function apart(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** Points of the longest part of a line at some shares of its length, in pixels. */
function placesAlong(stage, feature) {
  const parts = feature.places.map((part) => part.map((place) => stage.project(place)));
  const lengths = (part) => part.slice(1).map((point, i) => apart(point, part[i]));
  const total = (part) => lengths(part).reduce((sum, length) => sum + length, 0);
  const longest = parts.reduce((best, part) => (total(part) > total(best) ? part : best));
  return ALONG.map((share) => {
    let left = share * total(longest);
    const steps = lengths(longest);
    const at = Math.max(0, steps.findIndex((length) => (left -= length) <= 0));
    const back = steps[at] ? -left / steps[at] : 0;
    const [from, to] = [longest[at], longest[at + 1]];
    return { x: to.x + (from.x - to.x) * back, y: to.y + (from.y - to.y) * back };
  });
}

/** Boxes in which the name of a feature may stand, the best first. */
function candidates(stage, layer, feature, anchor, size) {
  const at = stage.project(anchor);
  const [width] = size;
  if (feature.kind === "l") {
    return placesAlong(stage, feature).map(({ x, y }) => boxAround(x, y, size));
  }
  if (feature.kind === "a") {
    const [west, south, east, north] = feature.box;
    const [low, high] = [stage.project([west, south]), stage.project([east, north])];
    const span = { x: high.x - low.x, y: low.y - high.y };
    if (width > span.x * 1.4) {
      return besides(stage.project(middleOf(feature.box)), [span.x / 2 + 1, span.y / 2 + 1], size);
    }
    return [0, -1, 1, -2, 2].filter((step) => Math.abs(step) * LINE_PX * 2 < span.y || step === 0)
      .map((step) => boxAround(at.x, at.y + step * LINE_PX, size));
  }
  const reach = layer.style.radius * factorsOf(layer, stage.view().zoom).point + 1;
  return besides(at, [reach, reach], size);
}

/** Boxes over, under, right and left of something that reaches so far from its middle. */
function besides(middle, [right, down], size) {
  const [x, y] = [right + size[0] / 2, down + size[1] / 2];
  return [[0, -y], [0, y], [x, 0], [-x, 0]]
    .map(([east, south]) => boxAround(middle.x + east, middle.y + south, size));
}

/** The map's own corner pieces, which names keep clear of. */
function furniture(pane) {
  const frame = pane.parentNode.getBoundingClientRect();
  return [...pane.parentNode.querySelectorAll("#legend, #scale, .tool, #toolbar")].map((piece) => {
    const { left, top, right, bottom } = piece.getBoundingClientRect();
    return [left - frame.left, top - frame.top, right - frame.left, bottom - frame.top];
  });
}

/** Boxes of the symbols of named points, which names keep clear of too. */
function symbols(stage, layers) {
  return layers.filter((layer) => layer.style?.label && !layer.style.quiet).flatMap((layer) => {
    const size = 2 * layer.style.radius * factorsOf(layer, stage.view().zoom).point;
    return featuresOf(layer).filter((feature) => feature.kind === "p").map((feature) => {
      const { x, y } = stage.project(feature.places);
      return boxAround(x, y, [size, size]);
    });
  });
}

/** Names to write, the most important first: [layer, feature, anchor, name]. */
function wanted(stage, layers) {
  const { bounds, zoom } = stage.view();
  const near = padded(bounds, 0.1);
  return STACK.filter((layer) => layers.includes(layer) && layer.anchors?.length).reverse()
    .filter((layer) => isNear(layer, zoom))
    .filter((layer) => !isHeaded(layer.group) || !isTiny(layer.group, zoom))
    .sort((a, b) => b.style.label - a.style.label)
    .flatMap((layer) => layer.anchors.map((anchor, index) => [layer, featuresOf(layer)[index], anchor]))
    .map(([layer, feature, anchor]) => [layer, feature, anchor, text(feature.name)])
    .filter(([, feature, anchor, name]) => name && (feature.kind === "l" || holds(near, anchor)));
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
function writeLabels(stage, layers, pane) {
  const names = wanted(stage, layers);
  WRITTEN_AT.set(pane, stage.view());
  pane.replaceChildren();
  if (names.length) placeLabels(stage, layers, pane, names);
  carryLabels(stage, pane);
}

/** Write names, each where the ones before it have left room. */
function placeLabels(stage, layers, pane, names) {
  const measure = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.documentElement).fontFamily;
  pane.hidden = false; // what is hidden has no size
  const edge = [0, 0, pane.clientWidth, pane.clientHeight];
  const taken = [...furniture(pane), ...symbols(stage, layers)];
  const written = [];
  for (const [layer, feature, anchor, name] of names) {
    const at = stage.project(anchor);
    // One place in several structures is written once.
    if (written.some((other) => other.name === name && apart(other.at, at) < WIDEST_PX)) continue;
    measure.font = layer.style.quiet ? `400 11px ${family}` : `600 13px ${family}`;
    const box = candidates(stage, layer, feature, anchor, sizeOf(name, measure))
      .find((one) => holds(edge, one) && !taken.some((other) => overlaps(one, other)));
    if (!box) continue;
    taken.push(box);
    written.push({ name, at });
    writeLabel(pane, layer, name, box);
  }
}

/** Let labels go along with a map that is dragged, and hide them while it zooms. */
function carryLabels(stage, pane) {
  const { centre, zoom } = WRITTEN_AT.get(pane);
  const { x, y } = stage.project(centre);
  const [right, down] = [x - pane.clientWidth / 2, y - pane.clientHeight / 2];
  pane.style.transform = `translate(${right}px, ${down}px)`;
  pane.hidden = Math.abs(stage.view().zoom - zoom) > 0.01;
}
