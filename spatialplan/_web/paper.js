// The page on paper: the map fills the sheet, and areas are told apart without colour too.

const PAPERS = { a4: [277, 190], a3: [400, 277] }; // millimetres between margins of 10 mm, as in tools.css
const PX_PER_MM = 96 / 25.4;
const HATCH_PX = 12; // side of a pattern's tile
const HATCH_SHARP = 3; // pixels of a pattern for one of the page
const SLANT = [[-3, 15, 15, -3], [-3, 3, 3, -3], [9, 15, 15, 9]];
const LEVEL = [[0, 3, 12, 3], [0, 9, 12, 9]];
const MIRRORED = ([x0, y0, x1, y1]) => [HATCH_PX - x0, y0, HATCH_PX - x1, y1];
const UPRIGHT = ([x0, y0, x1, y1]) => [y0, x0, y1, x1];
// Strokes of the pattern of each class, in turn: the first has none.
const HATCHINGS = [
  [], SLANT, LEVEL, SLANT.map(MIRRORED), LEVEL.map(UPRIGHT),
  [...SLANT, ...SLANT.map(MIRRORED)], [...LEVEL, ...LEVEL.map(UPRIGHT)],
  [[3, 3, 4, 3], [9, 9, 10, 9]],
];

// How the page stood before it became a sheet.
const paper = { before: null };

/** The tile of a class's pattern, light on dark colours and dark on light ones. */
function classTile(number, color) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = HATCH_PX * HATCH_SHARP;
  const pen = tile.getContext("2d");
  pen.scale(HATCH_SHARP, HATCH_SHARP);
  const [red, green, blue] = rgb(color);
  pen.strokeStyle = 0.3 * red + 0.59 * green + 0.11 * blue < 110 ? "#ffffff" : "#000000";
  for (const [x0, y0, x1, y1] of HATCHINGS[number % HATCHINGS.length]) {
    pen.moveTo(x0, y0);
    pen.lineTo(x1, y1);
  }
  pen.stroke();
  return tile;
}

/** Whether the classes of a layer tell areas apart by nothing but their colour. */
function isHatched(layer) {
  return layer.type === "vector" && layer.classes.length > 1 && layer.kinds.includes("a") && !layer.style.hatch;
}

/** Trace the rings of an area. */
function traceArea(pen, feature) {
  pen.beginPath();
  for (const ring of feature.places.flat()) {
    ring.forEach((place, index) => {
      const { x, y } = stage.project(place);
      if (index) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    pen.closePath();
  }
}

/** Fill the areas of a layer that are in view with the patterns of their classes. */
function hatchLayer(pen, layer) {
  const patterns = layer.classes.map((part, number) => {
    const pattern = pen.createPattern(classTile(number, part.color), "repeat");
    pattern.setTransform(new DOMMatrix().scale(1 / HATCH_SHARP));
    return pattern;
  });
  for (const index of numbersNear(layer, stage.view().bounds)) {
    const feature = featureOf(layer, index);
    if (feature.kind !== "a" || !feature.group) continue;
    traceArea(pen, feature);
    pen.fillStyle = patterns[layer.class_of[index]];
    pen.fill("evenodd");
  }
}

/** Lay the patterns of all classed areas over the map, whoever draws it. */
function hatchMap() {
  const { clientWidth: width, clientHeight: height } = by("map");
  const canvas = element("canvas", { id: "hatches", width: width * HATCH_SHARP, height: height * HATCH_SHARP });
  const pen = canvas.getContext("2d");
  pen.scale(HATCH_SHARP, HATCH_SHARP);
  visibleLayers().filter(isHatched).forEach((layer) => hatchLayer(pen, layer));
  by("labels").before(canvas);
}

/** Give the signs in the legend the patterns of their classes. */
function hatchLegend() {
  for (const layer of visibleLayers().filter(isHatched)) {
    const signs = by("legend").querySelectorAll(`[data-layer="${CSS.escape(layer.id)}"] .swatch`);
    layer.classes.map((part, number) => ({ ...part, number })).filter((part) => part.count)
      .forEach(({ number, color }, index) => {
        signs[index].classList.add("hatched");
        signs[index].style.setProperty("--hatching", `url(${classTile(number, color).toDataURL()})`);
      });
  }
}

/** Give the page the size of a sheet, or its own where none is named. */
function sizePage(name) {
  const { bounds } = stage.view();
  const [width, height] = (PAPERS[name] ?? []).map((side) => `${side * PX_PER_MM}px`);
  delete document.body.dataset.paper;
  if (name) document.body.dataset.paper = name;
  document.body.style.width = width ?? "";
  document.body.style.height = height ?? "";
  stage.resize();
  stage.fit(bounds, { animate: false });
  stage.resize(); // draws at once: a browser that prints does not wait
}

/** Lay the page out as a sheet of paper with the legend open on it. */
function layOut(name) {
  if (paper.before) return;
  paper.before = { view: stage.view(), legend: by("legend").open };
  by("legend").open = true;
  sizePage(name);
  hatchMap();
  hatchLegend();
}

/** Make the page what it was before it became a sheet. */
function layBack() {
  if (!paper.before) return;
  const { view, legend } = paper.before;
  paper.before = null;
  by("hatches").remove();
  by("legend").open = legend;
  sizePage("");
  stage.jump(view);
}

/** Print the page on paper. */
async function printOn(name) {
  layOut(name);
  await new Promise((done) => { setTimeout(done, 400); }); // until tiles and labels stand
  print();
  layBack();
}

/** The list that prints on the paper one chooses. */
function printList() {
  const choose = (event) => {
    const name = event.target.value;
    event.target.value = "";
    if (name) printOn(name);
  };
  return element("select", { id: "print", "data-word": "print", onchange: choose },
    element("option", { value: "", "data-said": "print" }),
    ...Object.keys(PAPERS).map((name) => element("option", { value: name }, name.toUpperCase())));
}

/** The browser's own way to print gives the same sheet. */
function startPaper() {
  addEventListener("beforeprint", () => {
    if (paper.before) return; // `printOn` has laid it out, and lays it back
    layOut("a4");
    addEventListener("afterprint", layBack, { once: true });
  });
}
