// What the viewer asks of whoever draws the map.
//
// Bounds are [west, south, east, north] in degrees, places [lng, lat], points {x, y} in
// pixels of the stage's element. A stage has
//   ready(), settled()           promises: it may draw; it has drawn all that is on
//   show(layer, visible)         a promise: a content layer is on or off, at its place in the stack
//   fade(layer, opacity)
//   fit(bounds, {padding: {left, top, right, bottom}, maxZoom, animate})
//   view()                       {centre, zoom, bounds}; zoom counted for tiles of 256 pixels
//   jump({centre, zoom}), zoomBy(n), project(place), unproject(point)
//   metresPerPixel()             at the centre
//   on(name, handler)            "pointer" {lngLat, point}, "leave", "click" {lngLat, point, shift},
//                                "move" (each frame), "moved" (at the end), "zoomed"
//   overlay(key, geojson, style) something live above the content, drawn or replaced at once; null
//                                removes it; style and properties of a feature: OVERLAY below
//   pin(key, place, options)     a marker, see pins.js; null removes it
//   resize(), remove()
//   picture()                    a promise of a canvas with what the map shows, without names

/** How an overlay is drawn unless it says otherwise; `fill` is the opacity of its inside. */
const OVERLAY = { color: "#111111", weight: 2, opacity: 1, fill: 0, dash: "", radius: 6 };

/** What a feature of an overlay looks like: its own properties before those of the overlay. */
function overlayLooks(feature, style) {
  const own = ["color", "weight", "opacity", "fill", "radius"]
    .filter((key) => feature.properties?.[key] !== undefined);
  return { ...OVERLAY, ...style, ...Object.fromEntries(own.map((key) => [key, feature.properties[key]])) };
}

/** A stage in an element; where MapLibre cannot draw, Leaflet does, and `state.fallback` says so. */
function createStage(container) {
  if (CONTENT.renderer === "maplibre") {
    try {
      return maplibreStage(container);
    } catch (error) {
      state.fallback = true;
      console.info(`MapLibre cannot draw here: ${error.message}`);
      container.replaceChildren();
    }
  }
  return leafletStage(container);
}
