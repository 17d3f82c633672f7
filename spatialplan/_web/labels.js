// Names written on the map: from the top layer down, each where there is room for it.

const LABEL_HEIGHT_PX = 16;

function overlaps(a, b) {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

/** Whether a name fits the feature it belongs to; a point or line takes any name. */
function fits(map, feature, width) {
  if (feature.kind !== "a") return true;
  const [south, west, north, east] = feature.box;
  const span = map.project([north, east]).x - map.project([south, west]).x;
  return width < span * 1.4;
}

function labelBox(map, layer, index, name, measure) {
  const [lng, lat] = layer.anchors[index];
  const at = map.latLngToLayerPoint([lat, lng]);
  const feature = featuresOf(layer)[index];
  const width = measure.measureText(name).width + 8;
  if (!fits(map, feature, width)) return null;
  const rise = feature.kind === "p" ? layer.style.radius + LABEL_HEIGHT_PX : LABEL_HEIGHT_PX / 2;
  return [at.x - width / 2, at.y - rise, at.x + width / 2, at.y - rise + LABEL_HEIGHT_PX];
}

/** Write the labels of the visible layers anew. */
function writeLabels(map, layers, pane) {
  const measure = document.createElement("canvas").getContext("2d");
  measure.font = `600 13px ${getComputedStyle(document.documentElement).fontFamily}`;
  const view = map.getBounds().pad(0.1);
  const taken = [];
  pane.replaceChildren();
  for (const layer of [...layers].reverse()) {
    (layer.anchors || []).forEach(([lng, lat], index) => {
      const name = text(layer.names[index]);
      if (!name || !view.contains([lat, lng])) return;
      const box = labelBox(map, layer, index, name, measure);
      if (!box || taken.some((other) => overlaps(box, other))) return;
      taken.push(box);
      const label = element("span", { class: "label" }, name);
      label.style.color = layer.style.color;
      label.style.transform = `translate(${Math.round(box[0])}px, ${Math.round(box[1])}px)`;
      label.style.width = `${Math.ceil(box[2] - box[0])}px`;
      pane.append(label);
    });
  }
}
