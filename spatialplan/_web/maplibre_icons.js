// Symbols, arrow heads and hatches as pictures that MapLibre repeats on the map.

const ICON_RATIO = 2; // pixels of a picture for one of the map

/** A picture of so many map pixels, drawn around its middle. */
function iconOf(width, height, paint) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * ICON_RATIO);
  canvas.height = Math.ceil(height * ICON_RATIO);
  const context = canvas.getContext("2d");
  context.scale(ICON_RATIO, ICON_RATIO);
  context.translate(width / 2, height / 2);
  paint(context);
  return { data: context.getImageData(0, 0, canvas.width, canvas.height), ratio: ICON_RATIO };
}

/** The symbol of a point: filled, outlined, as its style says. */
function symbolIcon(style, color) {
  const { radius, weight, symbol } = style;
  const size = 2 * (1.3 * radius + weight + 1);
  return iconOf(size, size, (context) => {
    const corners = CORNERS[symbol];
    if (corners) cornered(context, { x: 0, y: 0 }, radius, corners);
    else context.arc(0, 0, radius, 0, 2 * Math.PI);
    context.globalAlpha = POINT_OPACITY;
    context.fillStyle = symbol === "open" ? "#fff" : color;
    context.fill();
    context.globalAlpha = 1;
    context.setLineDash(dashesOf(style, "p", weight) || []);
    context.lineWidth = weight;
    context.strokeStyle = style.stroke || color;
    if (weight) context.stroke();
    context.setLineDash([]);
    if (symbol === "core") target(context, { x: 0, y: 0 }, radius, style.stroke || color);
  });
}

/** A head that points east; its left edge is to stand on the end of a line. */
function arrowIcon({ weight }, color) {
  const length = arrowLength(weight);
  return iconOf(length, 2 * Math.max(length / 2, weight), (context) =>
    arrowHead(context, { x: -length, y: 0 }, { x: -length / 2, y: 0 }, { color, weight }));
}

function hatchIcon(style, color) {
  const tile = hatchTile(color);
  return { data: tile.getContext("2d").getImageData(0, 0, tile.width, tile.height), ratio: 1 };
}

/** Hand MapLibre the picture of a layer in each of its colours; ids end in the colour. */
function addIcons(map, layer, kind, make) {
  const prefix = `${kind}-${CONTENT.layers.indexOf(layer)}-`;
  for (const color of new Set([layer.style.color, ...layer.classes.map((part) => part.color)])) {
    if (map.hasImage(prefix + color)) continue;
    const { data, ratio } = make(layer.style, color);
    map.addImage(prefix + color, data, { pixelRatio: ratio });
  }
  return ["concat", prefix, ["get", "color"]];
}
