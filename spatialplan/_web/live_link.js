// The live map in the page's address: places, mode, standard and what the reader has changed.

/** What the panel has set, as parameters of an address. */
function liveParameters() {
  if (!live.router || !live.places.a) return {};
  const { a, b } = live.places;
  return {
    a: a.join(","),
    b: b ? b.join(",") : "",
    mode: live.mode,
    standard: live.standard,
    closed: live.closed.map((line) => line.flat().join(",")).join("|"),
    added: live.added.map(({ lng, lat, category }) => [category, lng, lat].join(",")).join("|"),
  };
}

/** Numbers of an address two by two, as places. */
function placesIn(words) {
  const numbers = words.split(",").map(Number);
  const places = [];
  for (let i = 0; i + 1 < numbers.length; i += 2) places.push([numbers[i], numbers[i + 1]]);
  return places.filter(([lng, lat]) => Math.abs(lng) <= 180 && Math.abs(lat) <= 85);
}

/** Parts of a parameter, or none. */
function partsOf(parameters, key) {
  return (parameters.get(key) ?? "").split("|").filter(Boolean);
}

/** Set the panel as an address says; what the router does not know is left as it is. */
async function restoreLive(parameters) {
  if (!live.router || !parameters.get("a")) return;
  for (const [key, known] of [["mode", live.router.modes], ["standard", live.router.standards]]) {
    if (known.some(({ id }) => id === parameters.get(key))) live[key] = parameters.get(key);
  }
  live.closed = partsOf(parameters, "closed").map(placesIn).filter((line) => line.length > 1);
  live.added = partsOf(parameters, "added").map((part) => part.split(","))
    .filter(([category]) => categoryOf(category))
    .map(([category, lng, lat]) => ({ category, lng: Number(lng), lat: Number(lat) }))
    .filter(({ lng, lat }) => Math.abs(lng) <= 180 && Math.abs(lat) <= 85);
  live.places = { a: placesIn(parameters.get("a"))[0] ?? null, b: placesIn(parameters.get("b") ?? "")[0] ?? null };
  drawPins();
  writeLive();
  await askAll();
}
