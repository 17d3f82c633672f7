// Markers that can be dragged: buttons over the map, the same on every stage.

const PIN_STEP_M = 10; // of an arrow key; with shift ten times as much
const PER_DEGREE_M = (EARTH_M * Math.PI) / 180;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** A place some metres east and north of another. */
function moved([lng, lat], east, north) {
  const shrink = Math.cos((lat * Math.PI) / 180);
  return [lng + east / (PER_DEGREE_M * shrink), lat + north / PER_DEGREE_M];
}

/** Where a pin is dragged to: its tip keeps its distance from the pointer. */
function dragPin(stage, pin, event, follow) {
  const tip = stage.project(pin.place);
  const grip = { x: event.clientX - tip.x, y: event.clientY - tip.y };
  const go = (step, finished) => follow(
    stage.unproject({ x: step.clientX - grip.x, y: step.clientY - grip.y }), finished);
  const move = (step) => go(step, false);
  pin.button.setPointerCapture(event.pointerId);
  pin.button.addEventListener("pointermove", move);
  pin.button.addEventListener("lostpointercapture", (step) => {
    pin.button.removeEventListener("pointermove", move);
    go(step, true);
  }, { once: true });
}

function newPin(stage, key, put) {
  const pin = { button: element("button", { type: "button", class: "pin", "data-pin": key }) };
  const follow = (place, finished) => {
    if (!pin.ondrag) return;
    put(pin, place);
    pin.ondrag(place, finished);
  };
  // The map under the pin is not to be dragged or clicked along with it.
  for (const name of ["pointerdown", "mousedown", "touchstart", "click", "dblclick"]) {
    pin.button.addEventListener(name, (event) => event.stopPropagation());
  }
  pin.button.addEventListener("pointerdown", (event) => dragPin(stage, pin, event, follow));
  pin.button.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const metres = PIN_STEP_M * (event.shiftKey ? 10 : 1);
    follow(moved(pin.place, step[0] * metres, step[1] * metres), true);
  });
  return pin;
}

/**
 * The function `pin(key, place, {color, label, ondrag(place, finished)})` of a stage. A pin that
 * is there already is moved and changed, so that a handler may set it again while it is dragged.
 */
function pinsOn(stage, container) {
  const pins = new Map();
  const put = (pin, place) => {
    const { x, y } = stage.project(place);
    pin.place = place;
    pin.button.style.transform = `translate(${x}px, ${y}px)`;
  };
  stage.on("move", () => pins.forEach((pin) => put(pin, pin.place)));
  return (key, place, { color = "#b3261e", label = "", ondrag = null } = {}) => {
    if (!place) {
      pins.get(key)?.button.remove();
      pins.delete(key);
      return;
    }
    if (!pins.has(key)) pins.set(key, newPin(stage, key, put));
    const pin = pins.get(key);
    pin.ondrag = ondrag;
    pin.button.setAttribute("aria-label", label);
    pin.button.textContent = label.slice(0, 1);
    pin.button.style.setProperty("--color", color);
    put(pin, place);
    if (!pin.button.isConnected) container.append(pin.button);
  };
}
