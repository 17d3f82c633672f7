// Arrow heads, railways, symbols of points and hatches, drawn on any canvas.

const ARROW_PX = 14;

/** Corners of symbols, in radii from the middle. */
const CORNERS = {
  diamond: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  triangle: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
};

function arrowLength(weight) {
  return Math.max(ARROW_PX, 1.8 * weight);
}

/** A head whose tip lies beyond the true end of its line. */
function arrowHead(context, from, to, { color, weight }) {
  const length = arrowLength(weight);
  context.save();
  context.setLineDash([]);
  context.translate(to.x, to.y);
  context.rotate(Math.atan2(to.y - from.y, to.x - from.x));
  context.beginPath();
  context.moveTo(length, 0);
  context.lineTo(-4, Math.max(length / 2, weight));
  context.lineTo(-4, -Math.max(length / 2, weight));
  context.fillStyle = color;
  context.fill();
  context.restore();
}

/** Light dashes inside a dark line, as railways are drawn; the path is still at hand. */
function inlay(context, options) {
  context.setLineDash([7, 7]);
  context.lineCap = "butt";
  context.lineWidth = Math.max(1, options.weight - 2);
  context.strokeStyle = options.inlay;
  context.stroke();
}

/** The outline of a symbol with corners. */
function cornered(context, { x, y }, radius, corners) {
  context.beginPath();
  for (const [right, down] of corners) context.lineTo(x + right * radius, y + down * radius);
  context.closePath();
}

/** A second circle inside the first. */
function target(context, { x, y }, radius, color) {
  context.beginPath();
  context.arc(x, y, radius * 0.55, 0, 2 * Math.PI);
  context.lineWidth = Math.max(1.5, radius / 5);
  context.strokeStyle = color;
  context.stroke();
}

/** A tile of slanted strokes that stay readable over any colour and in grey print. */
function hatchTile(color) {
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
  return tile;
}
