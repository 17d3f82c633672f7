// The stage of pages with moderate layers, drawn by Leaflet. What a stage is: stage.js.

const FIRST_PANE = 300; // panes of content: from here to
const LAST_PANE = 670;

/** Where a content layer is drawn: a pane at its place in the stack. */
function layerPane(map, layer) {
  const name = `layer-${CONTENT.layers.indexOf(layer)}`;
  const pane = map.getPane(name) || map.createPane(name);
  const share = STACK.indexOf(layer) / STACK.length;
  pane.style.zIndex = FIRST_PANE + Math.floor((LAST_PANE - FIRST_PANE) * share);
  pane.style.pointerEvents = "none";
  pane.style.opacity = opacityOf(layer);
  return name;
}

/** What Leaflet draws of a content layer. */
function newPiece(map, layer) {
  const pane = layerPane(map, layer);
  if (layer.type === "grid") return { pane, drawing: drawGrid(layer, pane) };
  const tolerance = layer.style.arrow ? arrowLength(2 * layer.style.weight) : 0; // beyond the line
  const renderer = new SymbolCanvas({ pane, padding: 0.2, tolerance });
  return { pane, renderer, drawing: drawVector(layer, renderer) };
}

/** The functions of a stage that show, hide and fade content layers. */
function leafletLayers(map) {
  const pieces = new Map();
  map.on("zoomend", () => pieces.forEach((piece, layer) => {
    if (piece.renderer) rescale(layer, piece.drawing, map.getZoom());
  }));
  return {
    async show(layer, visible) {
      if (!pieces.has(layer)) {
        if (!visible) return;
        pieces.set(layer, newPiece(map, layer));
      }
      const piece = pieces.get(layer);
      piece.visible = visible;
      const drawn = await piece.drawing;
      if (piece.renderer) rescale(layer, drawn, map.getZoom());
      // The reader may have changed their mind while a picture was being decoded.
      if (piece.visible) {
        drawn.addTo(map);
        return;
      }
      drawn.remove();
      piece.renderer?.remove(); // Leaflet would leave an empty canvas, and arrow heads on it
    },
    fade(layer, opacity) {
      const piece = pieces.get(layer);
      if (piece) map.getPane(piece.pane).style.opacity = opacity;
    },
  };
}

/** Leaflet's options for a feature of an overlay. */
function overlayPath(feature, style) {
  const { color, weight, opacity, fill, dash, radius } = overlayLooks(feature, style);
  return {
    color, weight, opacity, radius, stroke: weight > 0, fill: fill > 0, fillColor: color,
    fillOpacity: fill, dashArray: dash || null,
  };
}

/** The function `overlay` of a stage: each key has a pane, the newest key the highest. */
function leafletOverlays(map) {
  const overlays = new Map();
  return (key, geojson, style = {}) => {
    const old = overlays.get(key);
    old?.drawn.remove();
    if (!geojson) {
      old?.renderer.remove();
      return;
    }
    if (!old) {
      const pane = `overlay-${key}`;
      map.createPane(pane).style.zIndex = LAST_PANE + overlays.size;
      map.getPane(pane).style.pointerEvents = "none";
      overlays.set(key, { renderer: new SymbolCanvas({ pane, padding: 0.2 }) });
    }
    const entry = overlays.get(key);
    entry.drawn = L.geoJSON(geojson, {
      renderer: entry.renderer, interactive: false,
      style: (feature) => overlayPath(feature, style),
      pointToLayer: (feature, at) =>
        L.circleMarker(at, { renderer: entry.renderer, interactive: false }),
    }).addTo(map);
  };
}

/** What Leaflet shows, on one canvas: its canvases and pictures, pane by pane. */
function leafletPicture(map) {
  const frame = map.getContainer().getBoundingClientRect();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(frame.width * devicePixelRatio);
  canvas.height = Math.round(frame.height * devicePixelRatio);
  const context = canvas.getContext("2d");
  context.scale(devicePixelRatio, devicePixelRatio);
  const panes = Object.values(map.getPanes()).sort((a, b) => a.style.zIndex - b.style.zIndex);
  for (const pane of panes) {
    context.globalAlpha = pane.style.opacity || 1;
    for (const drawn of pane.querySelectorAll(":scope > canvas, :scope > img")) {
      const { left, top, width, height } = drawn.getBoundingClientRect();
      context.imageSmoothingEnabled = drawn.tagName === "CANVAS"; // cells keep their edges
      context.drawImage(drawn, left - frame.left, top - frame.top, width, height);
    }
  }
  return canvas;
}

/** The function `on` of a stage. */
function leafletEvents(map) {
  const names = { leave: "mouseout", move: "move", moved: "moveend", zoomed: "zoomend" };
  const place = ({ latlng, containerPoint, originalEvent }) => ({
    lngLat: [latlng.lng, latlng.lat],
    point: { x: containerPoint.x, y: containerPoint.y },
    shift: originalEvent.shiftKey,
  });
  return (name, handler) => {
    if (name === "pointer") map.on("mousemove", (event) => handler(place(event)));
    else if (name === "click") map.on("click", (event) => handler(place(event)));
    else map.on(names[name], () => handler());
  };
}

/** The functions of a stage about where it looks. */
function leafletView(map) {
  return {
    fit(bounds, { padding = {}, maxZoom, animate } = {}) {
      const { left = 0, top = 0, right = 0, bottom = 0 } = padding;
      map.fitBounds(leafletBounds(bounds), {
        paddingTopLeft: [left, top], paddingBottomRight: [right, bottom], maxZoom, animate,
      });
    },
    view() {
      const { lng, lat } = map.getCenter();
      const box = map.getBounds();
      return {
        centre: [lng, lat], zoom: map.getZoom(),
        bounds: [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()],
      };
    },
    jump: ({ centre, zoom }) => map.setView(latLng(centre), zoom, { animate: false }),
    zoomBy: (steps) => map.setZoom(map.getZoom() + steps),
    project(place) { // latLngToContainerPoint would round to whole pixels
      const flat = map.project(latLng(place)).subtract(map.getPixelOrigin());
      const { x, y } = map.layerPointToContainerPoint(flat);
      return { x, y };
    },
    unproject({ x, y }) {
      const { lng, lat } = map.containerPointToLatLng([x, y]);
      return [lng, lat];
    },
    metresPerPixel() {
      const middle = map.getSize().divideBy(2);
      const beside = map.containerPointToLatLng(middle.add([1, 0]));
      return map.distance(map.containerPointToLatLng(middle), beside);
    },
  };
}

function leafletStage(container) {
  const map = L.map(container, {
    attributionControl: false, zoomControl: false, preferCanvas: true, zoomSnap: 0.5,
    minZoom: LOWEST_ZOOM, maxZoom: HIGHEST_ZOOM, center: [0, 0], zoom: LOWEST_ZOOM,
  });
  leafletTiles(map);
  // What is HTML over the map cannot follow Leaflet's zooming by style sheet: viewer.css hides it.
  map.on("zoomanim", () => container.parentNode.classList.add("zooming"));
  map.on("zoomend", () => container.parentNode.classList.remove("zooming"));
  const stage = {
    ready: () => Promise.resolve(),
    settled: () => new Promise(requestAnimationFrame),
    ...leafletView(map),
    ...leafletLayers(map),
    overlay: leafletOverlays(map),
    on: leafletEvents(map),
    resize: () => map.invalidateSize(),
    remove: () => map.remove(),
    picture: () => Promise.resolve(leafletPicture(map)),
  };
  return Object.assign(stage, { pin: pinsOn(stage, container) });
}
