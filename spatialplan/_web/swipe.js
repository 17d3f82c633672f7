// Before and after: two stages in one place, a divider between them, and the difference.

const SLIDE_STEP = 2; // percent of the width, of an arrow key; with shift five times as much
const SLIDE_KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/** Whether a layer shows on one of the stages, in a view `swipe` of both states or of the `change`. */
function showsOn(layer, side, view) {
  return !layer.side || layer.side === (view === "change" ? "change" : side);
}

/** Let each of two stages look where the other does; `events` tells those that a reader caused. */
function yoke(stages) {
  let following = false;
  const follow = (leader, other) => leader.on("move", () => {
    if (following) return;
    following = true;
    other.jump(leader.view());
    following = false;
  });
  follow(stages[0], stages[1]);
  follow(stages[1], stages[0]);
  return (name, handler) => stages.forEach((stage) => stage.on(name, (event) => {
    if (!following) handler(event);
  }));
}

/** What both stages show, on one canvas: the first up to the divider, the second beyond it. */
async function joinedPicture(stages, share) {
  const [first, second] = await Promise.all(stages.map((stage) => stage.picture()));
  const cut = Math.round(first.width * share);
  const canvas = document.createElement("canvas");
  canvas.width = first.width;
  canvas.height = first.height;
  const context = canvas.getContext("2d");
  if (cut > 0) context.drawImage(first, 0, 0, cut, first.height, 0, 0, cut, first.height);
  const rest = first.width - cut;
  if (rest > 0) context.drawImage(second, cut, 0, rest, first.height, cut, 0, rest, first.height);
  return canvas;
}

/** The divider: dragged, or moved by arrow keys, Home and End; `slide` is told the percentage. */
function divider(place, slide) {
  const handle = element("div", {
    id: "swipe-handle", role: "slider", tabindex: 0, "data-word": "compare_slider",
    "aria-valuemin": 0, "aria-valuemax": 100, "aria-orientation": "horizontal",
  });
  handle.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    handle.focus();
  });
  handle.addEventListener("pointermove", (event) => {
    if (!handle.hasPointerCapture(event.pointerId)) return;
    const { left, width } = place.getBoundingClientRect();
    slide((100 * (event.clientX - left)) / width);
  });
  handle.addEventListener("keydown", (event) => {
    const now = Number(handle.getAttribute("aria-valuenow"));
    const step = SLIDE_STEP * (event.shiftKey ? 5 : 1) * (SLIDE_KEYS[event.key] ?? 0);
    const to = { Home: 0, End: 100 }[event.key] ?? (step ? now + step : null);
    if (to === null) return;
    event.preventDefault();
    event.stopPropagation();
    slide(to);
  });
  return handle;
}

/** The buttons before, after and difference. */
function swipeButtons(press) {
  const button = (key) => element("button", {
    type: "button", "data-view": key, "data-word": `compare_${key}`, onclick: () => press(key),
  });
  return element("div", { id: "swipe-views", role: "group", "data-word": "compare" },
    ...["before", "after", "change"].map(button));
}

/**
 * What the reader sees of the comparison and how they change it: `view` is `swipe` or `change`,
 * `percent` the place of the divider. `changed` is called when another view is to be shown.
 */
function swipeControls(place, over, changed) {
  const shown = { view: "swipe", percent: 50 };
  const show = (view, percent) => {
    const turned = view !== shown.view;
    shown.view = view;
    shown.percent = Math.round(Math.max(0, Math.min(100, percent)));
    write();
    if (turned) changed();
  };
  const handle = divider(place, (percent) => show("swipe", percent));
  const buttons = swipeButtons((key) => {
    if (key === "change") show(shown.view === "change" ? "swipe" : "change", shown.percent);
    else show("swipe", key === "before" ? 100 : 0);
  });
  const write = () => {
    const { view, percent } = shown;
    over.style.clipPath = `inset(0 0 0 ${percent}%)`;
    place.style.setProperty("--divider", `${percent}%`);
    handle.hidden = view === "change";
    handle.setAttribute("aria-valuenow", percent);
    handle.setAttribute("aria-valuetext", `${word("compare_before")} ${percent}%`);
    const pressed = view === "change" ? "change" : { 0: "after", 100: "before" }[percent];
    for (const button of buttons.children) {
      button.textContent = word(button.dataset.word);
      button.setAttribute("aria-pressed", String(button.dataset.view === pressed));
    }
  };
  // The viewer says by the language of the page that the reader has chosen another one.
  new MutationObserver(write).observe(document.documentElement, { attributeFilter: ["lang"] });
  place.append(handle, buttons);
  write();
  return shown;
}

/** A stage, as stage.js describes it, of two that `make` makes: the state before, and after. */
function swipeStage(place, make) {
  const frames = ["before", "after"].map((side) => element("div", { class: "side", "data-side": side }));
  place.append(...frames);
  const stages = frames.map((frame) => make(frame));
  const [lead] = stages;
  const visible = new Set();
  const both = (act) => Promise.all(stages.map((stage, index) => act(stage, frames[index].dataset.side)));
  const draw = (layer) => both((stage, side) =>
    stage.show(layer, visible.has(layer) && showsOn(layer, side, shown.view)));
  const shown = swipeControls(place, frames[1], () =>
    CONTENT.layers.filter((layer) => layer.side).forEach(draw));
  const each = (name) => (...given) => stages.forEach((stage) => stage[name](...given));
  const stage = {
    ...lead, // it looks where the other does
    ready: () => both((one) => one.ready()),
    async show(layer, on) {
      if (on) visible.add(layer);
      else visible.delete(layer);
      if (on && layer.type === "grid") await gridCanvas(layer); // told on both sides, drawn on one
      await draw(layer);
    },
    fade: each("fade"),
    overlay: each("overlay"),
    resize: each("resize"),
    remove: each("remove"),
    on: yoke(stages),
    picture: () => joinedPicture(stages, shown.percent / 100),
  };
  return Object.assign(stage, { pin: pinsOn(stage, place) });
}
