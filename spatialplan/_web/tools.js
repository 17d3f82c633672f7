// The toolbar, and who takes the clicks on the map.

const STILL_PX = 12; // how far the pointer strays from a click while the tip of the click stays

// A tool in the hand takes clicks until it is put down; else they go to `idle`, if anything wants them.
const hand = { tool: null, idle: null, clicked: null };

/** Take a tool into the hand; the one that was there is put down. */
function takeUp(tool) {
  putDown();
  hand.tool = tool;
  by("map").classList.add("sketching");
  writeHint(tool.hint);
  pressTools();
  focusMap();
}

/** Put the tool in the hand down, and take away what it has drawn. */
function putDown() {
  const tool = hand.tool;
  hand.tool = null;
  tool?.stop?.();
  by("map").classList.remove("sketching");
  writeHint("");
  pressTools();
}

/** Take a tool up, or put it down where it is in the hand. */
function toggleTool(id, make) {
  if (hand.tool?.id === id) putDown();
  else takeUp(make());
}

/** Keys go to the map, so that arrows move it and space sets a corner. */
function focusMap() {
  const place = by("map").querySelector("canvas[tabindex]") ?? by("map");
  if (!place.hasAttribute("tabindex")) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

function writeHint(words) {
  by("hint").textContent = words;
  by("hint").hidden = !words;
}

/** Show which tool is in the hand. */
function pressTools() {
  for (const button of document.querySelectorAll("[data-tool]")) {
    button.setAttribute("aria-pressed", String(hand.tool?.id === button.dataset.tool));
  }
}

/** What some names begin with in common, up to a colon; "" where they do not. */
function sharedStart(names) {
  const start = names[0].match(/^[^：:]*[：:]\s*/)?.[0] ?? "";
  return names.every((name) => name.startsWith(start)) ? start : "";
}

/** Other layers of the exclusive groups of some things that hold the place too, as a note. */
function alsoThere(things, lngLat) {
  const groups = new Set(things.map(({ layer }) => layer.group).filter((key) => CONTENT.groups[key].exclusive));
  const others = CONTENT.layers.filter((layer) => layer.type === "vector" && !layer.visible && groups.has(layer.group));
  const names = under(stage, others, lngLat).map(({ layer }) => said(layer, "name")).reverse();
  if (!names.length) return [];
  const start = sharedStart(names);
  const heading = `${word("also_there")} (${names.length}) ${start}`;
  const list = names.map((name) => name.slice(start.length)).join(state.language === "zh" ? "、" : "; ");
  return [{ note: element("p", {}, element("b", {}, heading), list) }];
}

/** A click goes to who takes clicks, else it tells what is there, on the map and in the tables. */
function handClick({ lngLat, point, shift }) {
  const taker = hand.tool ?? hand.idle;
  hand.clicked = point;
  if (taker) {
    hideTip();
    taker.click(lngLat, Boolean(shift));
    return;
  }
  const things = under(stage, STACK.filter((layer) => layer.visible), lngLat);
  markRow(things);
  showTip(point, [...things.slice(0, 3), ...alsoThere(things, lngLat)]);
}

/** Whether what the last click has shown or hidden stays: the pointer has hardly moved since. */
function tipStays({ x, y }) {
  if (hand.clicked && Math.hypot(x - hand.clicked.x, y - hand.clicked.y) > STILL_PX) hand.clicked = null;
  return Boolean(hand.clicked);
}

function isOnMap({ x, y }) {
  const { clientWidth, clientHeight } = by("map");
  return x >= 0 && y >= 0 && x < clientWidth && y < clientHeight;
}

const HAND_KEYS = {
  Enter: (taker) => taker.finish?.(),
  Backspace: (taker) => taker.undo?.(),
  " ": (taker, shift) => taker.click(stage.view().centre, shift),
};

/** Keys on the map: space clicks its middle, Enter ends, Backspace goes a step back. */
function handKey(event) {
  const taker = hand.tool ?? hand.idle;
  const act = HAND_KEYS[event.key];
  const elsewhere = event.target !== document.body && !by("map").contains(event.target);
  if (!taker || !act || elsewhere || event.target.closest("button, summary, input, a")) return;
  event.preventDefault();
  act(taker, event.shiftKey);
}

/** Keep a double click that ends a line from moving the map. */
function keepStill(event) {
  if (!hand.tool) return;
  event.stopPropagation();
  event.preventDefault();
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch((error) => writeHint(error.message));
}

/** Hand a file to the reader. */
function offerFile(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Name of a file after the title of the page, without what file systems refuse. */
function fileName(ending) {
  const plain = said(CONTENT, "title").replace(/[\\/:*?"<>|\u0000-\u001f]+/g, " ").trim();
  return `${plain.slice(0, 80) || "map"}${ending}`;
}

async function savePicture() {
  const canvas = await wholePicture();
  canvas.toBlob((blob) => offerFile(blob, fileName(".png")), "image/png");
}

/** A button of the toolbar; its words change with the language. */
function wordButton(key, press, tool = false) {
  return element("button", {
    type: "button", "data-said": key, "data-tool": tool, "aria-pressed": tool ? "false" : false, onclick: press,
  });
}

function toolbar() {
  return element("div", { id: "toolbar", role: "toolbar", "data-word": "tools" },
    wordButton("measure", () => toggleTool("measure", measureTool), "measure"),
    wordButton("full_screen", fullScreen),
    wordButton("save_picture", savePicture),
    printList(),
    wordButton("share", shareLink));
}

/** The words of the tools and of the live panel, when the language has changed. */
function writeTools() {
  for (const one of document.querySelectorAll("[data-said]")) one.textContent = word(one.dataset.said);
  writeLive();
}

/** Put the tools on the map; the viewer calls this once, when its stage is ready. */
function startTools() {
  by("frame").append(toolbar(), element("div", { id: "hint", role: "status", hidden: true }));
  by("map").addEventListener("dblclick", keepStill, true);
  document.addEventListener("keydown", handKey);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && hand.tool) putDown();
  });
  stage.on("pointer", ({ lngLat }) => hand.tool?.move?.(lngLat));
  startPaper();
}
