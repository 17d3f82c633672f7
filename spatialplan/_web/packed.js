// What the page carries compressed: gzip in base64, inside script elements that do not run.

/** The bytes of a gzip stream in base64, as a response to read them from. */
function unzipped(text) {
  const letters = atob(text);
  const packed = new Uint8Array(letters.length); // Uint8Array.from takes many times as long
  for (let i = 0; i < letters.length; i++) packed[i] = letters.charCodeAt(i);
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
}

/** Run the libraries that the page carries compressed; its policy knows them by their hashes. */
async function loadLibraries() {
  for (const packed of document.querySelectorAll("script[data-library]")) {
    const script = element("script", {}, await unzipped(packed.textContent).text());
    document.head.append(script);
    packed.remove();
  }
}

/** Read the long lists of the layers, where the page carries them compressed. */
async function loadBulk() {
  const packed = document.getElementById("packed");
  if (!packed) return;
  const bulk = await unzipped(packed.textContent).json();
  CONTENT.layers.forEach((layer, index) => Object.assign(layer, bulk[index]));
  packed.remove();
}
