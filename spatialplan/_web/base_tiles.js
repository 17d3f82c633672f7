// A base map of tiles under the content, where the user has asked for one.

const NOTHING_PX = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const UNDER_PANE = 200; // as Leaflet's own pane of tiles

/** Whether the page has a base map, and whether its tiles travel in the page. */
const TILES = CONTENT.tiles?.datum ? CONTENT.tiles : null;
const TILES_INSIDE = Boolean(TILES && Object.keys(TILES.inside).length);

/** Put the base map under what Leaflet draws. */
function leafletTiles(map) {
  if (!TILES) return;
  const options = { maxNativeZoom: TILES.max_zoom, maxZoom: HIGHEST_ZOOM, zIndex: UNDER_PANE };
  if (!TILES_INSIDE) {
    TILES.urls.forEach((url) => L.tileLayer(url, options).addTo(map));
    return;
  }
  const Inside = L.TileLayer.extend({
    getTileUrl({ x, y }) {
      return TILES.inside[`${this._getZoomForUrl()}/${x}/${y}`] || NOTHING_PX;
    },
  });
  new Inside("", options).addTo(map);
}

/** The bytes of a data address. */
function bytesOf(address) {
  return Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0)).buffer;
}

/** Put the base map under what MapLibre draws, once its style is there. */
function glTiles(map) {
  if (!TILES) return;
  if (TILES_INSIDE) {
    maplibregl.addProtocol("inside", ({ url }) => Promise.resolve({
      data: bytesOf(TILES.inside[url.slice("inside://".length)] || NOTHING_PX),
    }));
  }
  const urls = TILES_INSIDE ? ["inside://{z}/{x}/{y}"] : TILES.urls;
  urls.forEach((url, index) => {
    const id = `tiles-${index}`;
    map.addSource(id, { type: "raster", tiles: [url], tileSize: TILE_PX, maxzoom: TILES.max_zoom });
    map.addLayer({ id, type: "raster", source: id });
  });
}
