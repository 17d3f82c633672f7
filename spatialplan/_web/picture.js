// The page as one picture: title, map, legend, scale and what the foot states.

const EDGE_PX = 16;
const LEGEND_PX = 250;
const LEAST_PX = 640; // of the picture's width, so that titles have room
const INK = "#1d2733";
const SOFT = "#5c6875";
const ROW_PX = 18;

function fontOf(size, weight = 400) {
  return `${weight} ${size}px ${getComputedStyle(document.documentElement).fontFamily}`;
}

/** Break a text into lines of a width: between words, or between letters of Chinese. */
function brokenLines(pen, words, width) {
  const lines = [];
  let line = "";
  for (const part of words.match(/[\u0021-\u024f]+|\s+|[^]/gu) ?? []) {
    if (line && pen.measureText(line + part).width > width) {
      lines.push(line.trimEnd());
      line = part.trimStart();
    } else line += part;
  }
  return line ? [...lines, line] : lines;
}

/** Write a text in lines from a corner; returns where the next one begins. */
function writeLines(pen, words, [x, y, width], { size, weight, color = INK }) {
  pen.font = fontOf(size, weight);
  pen.fillStyle = color;
  const lines = brokenLines(pen, words, width);
  lines.forEach((line, index) => pen.fillText(line, x, y + size * (1 + 1.4 * index)));
  return y + size * 1.4 * lines.length;
}

const POINT_PATHS = {
  square: (pen) => pen.rect(4, 1, 10, 10),
  diamond: (pen) => [[9, 0], [15, 6], [9, 12], [3, 6]].forEach(([x, y]) => pen.lineTo(x, y)),
  triangle: (pen) => [[9, 0], [15, 12], [3, 12]].forEach(([x, y]) => pen.lineTo(x, y)),
};

function drawPointSign(pen, has, color) {
  const path = POINT_PATHS[["square", "diamond", "triangle"].find(has)];
  if (path) path(pen);
  else pen.arc(9, 6, 5, 0, 2 * Math.PI);
  pen.closePath();
  pen.fillStyle = has("open") ? "#fff" : color;
  pen.fill();
  if (!has("open") && !has("core")) return;
  pen.setLineDash(has("open") ? [2, 2] : []);
  pen.stroke();
}

function drawLineSign(pen, has, weight) {
  pen.lineWidth = weight;
  pen.setLineDash(has("dash") ? [6, 2] : []);
  pen.moveTo(0, 6);
  pen.lineTo(18, 6);
  pen.stroke();
  if (!has("arrow")) return;
  pen.beginPath();
  [[0, 6], [6, 1], [6, 11]].forEach(([x, y]) => pen.lineTo(x, y));
  [[18, 6], [12, 1], [12, 11]].forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  pen.fill();
}

function drawAreaSign(pen, has, opacity) {
  pen.rect(0, 0, 18, 12);
  pen.clip();
  pen.globalAlpha = opacity;
  if (has("hatch")) for (let x = -12; x < 18; x += 4) pen.moveTo(x, 12), pen.lineTo(x + 12, 0);
  else if (!has("hollow")) pen.fill();
  pen.setLineDash(has("dash") || has("hollow") ? [4, 2] : []);
  pen.globalAlpha = 1;
  pen.stroke();
}

/** Draw the sign of a legend row as the page shows it, in a box of 18 by 12. */
function drawSign(pen, swatch, [x, y]) {
  const has = (name) => swatch.classList.contains(name);
  const read = (name, usual) => swatch.style.getPropertyValue(name) || usual;
  pen.save();
  pen.translate(x, y);
  pen.beginPath();
  pen.fillStyle = read("--color", "#888");
  pen.strokeStyle = pen.fillStyle;
  pen.lineWidth = 1.5;
  if (has("p")) drawPointSign(pen, has, read("--color", "#888"));
  else if (has("l")) drawLineSign(pen, has, Math.min(8, parseFloat(read("--weight", "2"))));
  else drawAreaSign(pen, has, Number(read("--fill", 1)));
  pen.restore();
}

/** Rows of the legend that stand open, and of the live panel: an element with a sign, or a heading. */
function legendRows() {
  const shut = (row) => row.parentNode.closest("#legend details:not([open])");
  return [...document.querySelectorAll("#legend h3, #legend div summary, #legend li, #live .band")]
    .filter((row) => !shut(row));
}

function rowText(row) {
  return [...row.childNodes].map((part) => part.textContent.trim()).filter(Boolean).join("  ");
}

/** Draw the legend down a column; returns where it ends. */
function drawLegend(pen, [x, top]) {
  let y = writeLines(pen, word("legend"), [x, top, LEGEND_PX], { size: 14, weight: 700 }) + 4;
  for (const row of legendRows()) {
    const swatch = row.querySelector(".swatch");
    if (!swatch) {
      y = writeLines(pen, rowText(row), [x, y + 4, LEGEND_PX], { size: 12, weight: 700 }) + 2;
      continue;
    }
    drawSign(pen, swatch, [x, y + 2]);
    y = Math.max(y + ROW_PX, writeLines(pen, rowText(row), [x + 26, y, LEGEND_PX - 26], { size: 12 }));
  }
  return y;
}

function drawScale(pen, [x, y]) {
  const perPixel = stage.metresPerPixel();
  const metres = roundLength(SCALE_PX * perPixel);
  const width = metres / perPixel;
  pen.fillStyle = "#ffffffd0";
  pen.fillRect(x - 6, y - 20, width + 12, 26);
  pen.fillStyle = INK;
  pen.fillRect(x, y - 4, width, 4);
  pen.font = fontOf(12);
  pen.fillText(lengthText(metres), x, y - 8);
}

/** Where a piece over the map stands, from the map's corner. */
function placeOnMap(piece) {
  const [box, frame] = [piece.getBoundingClientRect(), by("map").getBoundingClientRect()];
  return { x: box.left - frame.left, y: box.top - frame.top, width: box.width, height: box.height };
}

/** Write the names on the map as they stand there. */
function drawNames(pen) {
  pen.textAlign = "center";
  pen.lineJoin = "round";
  for (const label of by("labels").querySelectorAll(".label")) {
    const { x, y, width } = placeOnMap(label);
    const { fontWeight, fontSize, lineHeight, color } = getComputedStyle(label);
    pen.font = fontOf(parseFloat(fontSize), fontWeight);
    pen.strokeStyle = "#fff";
    pen.lineWidth = 3;
    pen.fillStyle = color;
    brokenLines(pen, label.textContent, width + 1).forEach((line, index) => {
      const at = [x + width / 2, y + parseFloat(lineHeight) * (index + 0.75)];
      pen.strokeText(line, ...at);
      pen.fillText(line, ...at);
    });
  }
  pen.textAlign = "start";
}

/** Draw the pins with their signs. */
function drawPinSigns(pen) {
  for (const pin of by("map").querySelectorAll(".pin")) {
    const { x, y, width, height } = placeOnMap(pin);
    const [middle, tip] = [x + width / 2, y + height + 6];
    pen.beginPath();
    pen.arc(middle, y + height / 2, width / 2 - 1, 0.8 * Math.PI, 0.2 * Math.PI);
    pen.lineTo(middle, tip);
    pen.closePath();
    pen.fillStyle = pin.style.getPropertyValue("--color");
    pen.fill();
    pen.fillStyle = "#fff";
    pen.font = fontOf(13, 700);
    pen.fillText(pin.textContent, middle - pen.measureText(pin.textContent).width / 2, y + height / 2 + 5);
  }
}

/** Draw the map itself with what stands over it. */
function drawMap(pen, map, [x, y, width, height]) {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.drawImage(map, x, y, width, height);
  pen.translate(x, y);
  drawNames(pen);
  drawPinSigns(pen);
  pen.restore();
  pen.strokeStyle = "#b9c1ca";
  pen.lineWidth = 1;
  pen.strokeRect(x, y, width, height);
  drawScale(pen, [x + 14, y + height - 12]);
}

/** What stands over the map; returns where the map begins. */
function drawHead(pen, width) {
  let y = writeLines(pen, said(CONTENT, "title"), [EDGE_PX, EDGE_PX, width], { size: 22, weight: 700 });
  y = writeLines(pen, said(CONTENT, "headline"), [EDGE_PX, y, width],
    { size: 15, weight: 600, color: "#0b5c8a" });
  if (by("banner").hidden) return y + 8;
  return writeLines(pen, by("banner").textContent, [EDGE_PX, y, width],
    { size: 13, weight: 600, color: "#9c3d00" }) + 8;
}

function drawFoot(pen, y, width) {
  const stated = [...by("foot").children].map((part) => part.textContent.trim()).join("   ");
  return writeLines(pen, stated, [EDGE_PX, y + 6, width], { size: 12, color: SOFT }) + EDGE_PX;
}

/** Draw everything about a map of so many pixels; returns the height of it all. */
function drawAround(pen, map, [mapWidth, mapHeight], width) {
  const inner = width - 2 * EDGE_PX;
  const top = drawHead(pen, inner);
  drawMap(pen, map, [EDGE_PX, top, mapWidth, mapHeight]);
  const legendEnd = drawLegend(pen, [EDGE_PX * 2 + mapWidth, top]);
  return drawFoot(pen, Math.max(top + mapHeight, legendEnd), inner);
}

/** The page as one picture, as sharp as the screen. */
async function wholePicture() {
  const map = await stage.picture();
  const [mapWidth, mapHeight] = [by("map").clientWidth, by("map").clientHeight];
  const width = Math.max(LEAST_PX, mapWidth + LEGEND_PX + 3 * EDGE_PX);
  const canvas = document.createElement("canvas");
  const sharp = Math.max(1, map.width / mapWidth);
  const drawAt = (height) => {
    canvas.width = width * sharp;
    canvas.height = height * sharp;
    const pen = canvas.getContext("2d");
    pen.scale(sharp, sharp);
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, width, height);
    return drawAround(pen, map, [mapWidth, mapHeight], width);
  };
  drawAt(drawAt(1)); // once to learn how high it is
  return canvas;
}
