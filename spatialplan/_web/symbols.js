// What Leaflet's canvas does not draw: arrow heads, railways, symbols of points, hatches.

const ARROW_PX = 14;
const HATCHES = new Map();

/** Corners of symbols, in radii from the middle. */
const CORNERS = {
  diamond: [[0, -1.2], [1.2, 0], [0, 1.2], [-1.2, 0]],
  square: [[-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]],
  triangle: [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]],
};

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
    const corners = CORNERS[circle.options.symbol];
    if (corners && this._drawing) cornered(this._ctx, circle, corners);
    if (corners) this._fillStroke(this._ctx, circle);
    else L.Canvas.prototype._updateCircle.call(this, circle);
    if (circle.options.symbol === "core" && this._drawing) target(this._ctx, circle);
  },
  _destroyContainer() {
    L.Canvas.prototype._destroyContainer.call(this);
    this._redrawRequest = null; // Leaflet 1.9.4 keeps the cancelled one and never draws again
  },
});

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

function cornered(context, circle, corners) {
  const { x, y } = circle._point;
  context.beginPath();
  for (const [right, down] of corners) {
    context.lineTo(x + right * circle._radius, y + down * circle._radius);
  }
  context.closePath();
}

/** A second circle inside the first. */
function target(context, circle) {
  context.beginPath();
  context.arc(circle._point.x, circle._point.y, circle._radius * 0.55, 0, 2 * Math.PI);
  context.lineWidth = Math.max(1.5, circle._radius / 5);
  context.strokeStyle = circle.options.color;
  context.stroke();
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
