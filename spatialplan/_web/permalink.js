// The address of a view: everything that a reader has set, after the # of the page's address.

const KEEP_MS = 300;
const link = { opening: null, waiting: 0 };

function rounded(numbers, digits = 6) {
  return numbers.map((number) => Number(number.toFixed(digits)));
}

/** Layers that show now and did not when the page opened, or the other way round. */
function changedLayers(wanted) {
  return CONTENT.layers.filter((layer) => layer.visible === wanted && link.opening.has(layer.id) !== wanted)
    .map((layer) => layer.id);
}

/** What the reader has set, as parameters of an address. */
function linkParameters() {
  const { centre, zoom } = stage.view();
  const all = {
    view: [...rounded(centre, 5), Number(zoom.toFixed(2))].join(","),
    lang: state.language,
    on: changedLayers(true).join("|"),
    off: changedLayers(false).join("|"),
    ...liveParameters(),
  };
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value));
}

/** Keep the address up to date; never an entry of the history. */
function keepLink() {
  if (!link.opening) return;
  clearTimeout(link.waiting);
  link.waiting = setTimeout(writeAddress, KEEP_MS);
}

/** The page's address with all that is set; written where the page has an address of its own. */
function writeAddress() {
  const address = `${location.href.split("#")[0]}#${linkParameters()}`;
  if (location.protocol !== "about:") history.replaceState(null, "", address); // not in a notebook
  return address;
}

/** Three numbers of a view, or null where they are none. */
function viewOf(words) {
  const [lng, lat, zoom] = (words ?? "").split(",").map(Number);
  const fits = Math.abs(lng) <= 180 && Math.abs(lat) <= 85 && zoom >= 0 && zoom <= 22;
  return fits ? { centre: [lng, lat], zoom } : null;
}

/** Layers to switch, as an address names them; what the page does not have is left out. */
async function restoreLayers(parameters) {
  const named = (key) => new Set((parameters.get(key) ?? "").split("|"));
  const [on, off] = [named("on"), named("off")];
  for (const layer of CONTENT.layers) {
    const wanted = on.has(layer.id) || (link.opening.has(layer.id) && !off.has(layer.id));
    if (wanted !== Boolean(layer.visible)) await showLayer(layer, wanted);
  }
}

/** Show what the page's address says. */
async function restoreLink() {
  const parameters = new URLSearchParams(location.hash.slice(1));
  if (["zh", "en"].includes(parameters.get("lang"))) state.language = parameters.get("lang");
  await restoreLayers(parameters);
  afterLanguage();
  const view = viewOf(parameters.get("view"));
  if (view) stage.jump(view);
  await restoreLive(parameters);
}

/** Remember how the page opens, then show what its address asks for. */
async function startLink() {
  link.opening = new Set(CONTENT.layers.filter((layer) => layer.visible).map((layer) => layer.id));
  stage.on("moved", keepLink);
  addEventListener("hashchange", restoreLink);
  if (location.hash.length > 1) await restoreLink();
}

/** Give the reader the address: on the clipboard, or marked in a box where there is none. */
async function shareLink() {
  clearTimeout(link.waiting);
  const address = writeAddress();
  try {
    await navigator.clipboard.writeText(address);
    writeHint(word("link_copied"));
  } catch {
    const box = element("input", { readonly: true, value: address, "aria-label": word("share") });
    by("hint").replaceChildren(word("link_copy"), box);
    by("hint").hidden = false;
    box.select();
  }
  setTimeout(() => { if (!hand.tool) writeHint(""); }, 8000);
}
