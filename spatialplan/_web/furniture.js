// The buttons and the scale bar in the corners of the map.

const SCALE_PX = 140; // the longest scale bar

/** A round button in the corner of the map. */
function toolButton(key, sign, press) {
  return element("button", { type: "button", class: "tool", "data-word": key, onclick: press }, sign);
}

/** The longest round length of a scale bar: 1, 2, 3 or 5 and zeros. */
function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 3, 2, 1].find((digit) => digit * power <= most) * power;
}

/** Write the scale bar for the middle of the map. */
function writeScale(stage, place) {
  const perPixel = stage.metresPerPixel();
  const length_m = roundLength(SCALE_PX * perPixel);
  place.textContent = length_m < 1000 ? `${length_m} m` : `${length_m / 1000} km`;
  place.style.width = `${Math.round(length_m / perPixel)}px`;
}
