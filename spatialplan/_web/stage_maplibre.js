// The stage of large and live pages, drawn by MapLibre with WebGL. What a stage is: stage.js.

const MOVE_MS = 300; // a move to another extent
const EMPTY = { type: "FeatureCollection", features: [] };

/** Opacities of a look, each as a share of what it is when the layer shows wholly. */
function dimmed(look, share) {
  return Object.fromEntries(Object.entries(look.opacity).map(([key, value]) => [key, value * share]));
}

/** Give MapLibre the source and the looks of a content layer, below the look `above`. */
async function addContent(map, layer, above) {
  const id = `layer-${CONTENT.layers.indexOf(layer)}`;
  const grid = layer.type === "grid";
  map.addSource(id, grid ? await gridSource(layer) : vectorSource(layer));
  const looks = grid ? GRID_LOOKS : vectorLooks(map, layer);
  return looks.map((look, index) => {
    const { opacity, data, ...rest } = look;
    const own = { ...rest, id: `${id}-${index}`, ...sourceOf(map, id, grid, data) };
    map.addLayer({ ...own, paint: { ...look.paint, ...dimmed(look, opacityOf(layer)) } }, above());
    return { id: own.id, opacity };
  });
}

/** Where a look has its things from: of its own, or the tiles or the picture of its layer. */
function sourceOf(map, id, grid, data) {
  if (grid) return { source: id };
  if (!data) return { source: id, "source-layer": "all" };
  map.addSource(`${id}-own`, { type: "geojson", data, maxzoom: 18 });
  return { source: `${id}-own` };
}

/** The functions of a stage that show, hide and fade content layers. */
function glLayers(map) {
  const pieces = new Map();
  /** The lowest look that lies above a layer. */
  const above = (layer) => {
    const higher = STACK.slice(STACK.indexOf(layer) + 1).map((one) => pieces.get(one)?.looks?.[0]);
    const overlay = map.getStyle().layers.find((one) => one.id.startsWith("overlay-"));
    return higher.find(Boolean)?.id ?? overlay?.id;
  };
  const add = async (layer, piece) => {
    piece.looks = await addContent(map, layer, () => above(layer));
  };
  return {
    async show(layer, visible) {
      if (!pieces.has(layer)) {
        if (!visible) return;
        const piece = {};
        pieces.set(layer, piece);
        piece.adding = add(layer, piece);
      }
      const piece = pieces.get(layer);
      piece.visible = visible;
      await piece.adding;
      const shown = piece.visible ? "visible" : "none";
      for (const { id } of piece.looks) map.setLayoutProperty(id, "visibility", shown);
    },
    fade(layer, opacity) {
      for (const look of pieces.get(layer)?.looks || []) {
        Object.entries(dimmed(look, opacity)).forEach(([key, value]) =>
          map.setPaintProperty(look.id, key, value));
      }
    },
  };
}

/** How overlays look: what each feature says of itself. */
function overlayLayers(id, dash, weight) {
  const own = (key) => ["get", key];
  const dashes = dash ? { "line-dasharray": dash.split(" ").map((part) => part / weight) } : {};
  return [
    { id: `${id}-fill`, type: "fill", filter: AREAS,
      paint: { "fill-color": own("color"), "fill-opacity": own("fill") } },
    { id: `${id}-line`, type: "line", filter: ["!", POINTS],
      layout: { "line-join": "round" },
      paint: { "line-color": own("color"), "line-width": own("weight"),
        "line-opacity": own("opacity"), ...dashes } },
    { id: `${id}-disc`, type: "circle", filter: POINTS,
      paint: { "circle-color": own("color"), "circle-opacity": own("fill"),
        "circle-radius": own("radius"), "circle-stroke-color": own("color"),
        "circle-stroke-width": own("weight"), "circle-stroke-opacity": own("opacity") } },
  ];
}

/** The function `overlay` of a stage: the newest key is the highest. */
function glOverlays(map) {
  return (key, geojson, style = {}) => {
    const id = `overlay-${key}`;
    const { dash, weight } = { ...OVERLAY, ...style };
    const layers = overlayLayers(id, dash, weight);
    const source = map.getSource(id);
    if (!geojson) {
      if (!source) return;
      layers.forEach((layer) => map.removeLayer(layer.id));
      map.removeSource(id);
      return;
    }
    const features = (geojson.features || [geojson]).map((feature) =>
      ({ ...feature, properties: overlayLooks(feature, style) }));
    const data = { ...EMPTY, features };
    if (source) {
      source.setData(data);
      return;
    }
    map.addSource(id, { type: "geojson", data, maxzoom: 18 });
    layers.forEach((layer) => map.addLayer({ ...layer, source: id }));
  };
}

/** The function `on` of a stage. */
function glEvents(map) {
  const names = {
    pointer: "mousemove", leave: "mouseout", click: "click", move: "move", moved: "moveend", zoomed: "zoomend",
  };
  return (name, handler) => map.on(names[name], ({ lngLat, point, originalEvent }) => handler(lngLat
    && { lngLat: lngLat.toArray(), point: { x: point.x, y: point.y }, shift: originalEvent.shiftKey }));
}

/** The functions of a stage about where it looks. */
function glView(map) {
  return {
    fit([west, south, east, north], { padding = {}, maxZoom = HIGHEST_ZOOM, animate = true } = {}) {
      map.fitBounds([[west, south], [east, north]], {
        padding: { left: 0, top: 0, right: 0, bottom: 0, ...padding },
        maxZoom: maxZoom + GL_ZOOM, animate, linear: true, duration: MOVE_MS,
      });
    },
    view() {
      return {
        centre: map.getCenter().toArray(), zoom: map.getZoom() - GL_ZOOM,
        bounds: map.getBounds().toArray().flat(),
      };
    },
    jump: ({ centre, zoom }) => map.jumpTo({ center: centre, zoom: zoom + GL_ZOOM }),
    zoomBy: (steps) => map.easeTo({ zoom: map.getZoom() + steps, duration: MOVE_MS }),
    project(place) {
      const { x, y } = map.project(place);
      return { x, y };
    },
    unproject: ({ x, y }) => map.unproject([x, y]).toArray(),
    metresPerPixel() {
      const across = TILE_PX * 2 ** (map.getZoom() - GL_ZOOM);
      return (2 * Math.PI * EARTH_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / across;
    },
  };
}

/** A promise that everything is drawn. */
function glSettled(map) {
  return new Promise((resolve) => {
    map.once("idle", resolve);
    map.triggerRepaint();
  });
}

/** What the map shows; its pixels can be read only while it has just drawn them. */
async function glPicture(map) {
  await glSettled(map);
  map.redraw();
  const shown = map.getCanvas();
  const canvas = document.createElement("canvas");
  canvas.width = shown.width;
  canvas.height = shown.height;
  canvas.getContext("2d").drawImage(shown, 0, 0);
  return canvas;
}

/** Throws where there is no WebGL. */
function maplibreStage(container) {
  serveTiles();
  const map = new maplibregl.Map({
    container, style: { version: 8, sources: {}, layers: [] }, attributionControl: false,
    dragRotate: false, boxZoom: false, // a click with Shift sets the second place
    pitchWithRotate: false, touchPitch: false, rollEnabled: false, fadeDuration: 0,
    minZoom: LOWEST_ZOOM + GL_ZOOM, maxZoom: HIGHEST_ZOOM + GL_ZOOM, zoom: LOWEST_ZOOM + GL_ZOOM,
    trackResize: false, // the viewer calls resize
  });
  const ready = new Promise((resolve) => { map.once("style.load", () => {
    glTiles(map);
    resolve();
  }); });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.getCanvas().setAttribute("aria-label", word("map"));
  const stage = {
    ready: () => ready,
    settled: () => glSettled(map),
    ...glView(map),
    ...glLayers(map),
    overlay: glOverlays(map),
    on: glEvents(map),
    resize: () => map.resize().redraw(),
    remove: () => map.remove(),
    picture: () => glPicture(map),
  };
  return Object.assign(stage, { pin: pinsOn(stage, container) });
}
