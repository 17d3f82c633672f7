// What stands over and under the map, and what is left of the page where there is no map.

function writeHeading() {
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
  document.title = said(CONTENT, "title");
  by("title").textContent = said(CONTENT, "title");
  by("headline").textContent = said(CONTENT, "headline");
  by("language-button").textContent = word("language");
  by("language-button").title = word("language_hint");
}

function writeBanner() {
  const synthetic = CONTENT.layers.some((layer) => layer.drawn_from === "synthetic");
  by("banner").hidden = !synthetic;
  by("banner").textContent = word("synthetic_banner");
  by("trouble").hidden = !state.fallback;
  by("trouble").textContent = word("no_webgl");
}

function writeFoot() {
  const parts = Object.entries(CONTENT.field_labels).map(([key, label]) => {
    const value = CONTENT.fields[key] || word("not_stated");
    return element("span", {}, element("b", {}, label[state.language]), ` ${value}`);
  });
  const borders = visibleLayers().some((layer) => layer.administrative);
  const reminder = borders && !CONTENT.fields.review_number;
  by("foot").replaceChildren(...parts,
    ...(reminder ? [element("span", { class: "reminder" }, word("review_reminder"))] : []));
}

/** Say why there is no map; title, tables, notes and foot can be read all the same. */
function giveUp(key) {
  for (const id of ["frame", "panel", "layers-button"]) by(id).hidden = true;
  const write = () => {
    writeHeading();
    writeBanner();
    by("trouble").hidden = false;
    by("trouble").textContent = word(key);
    writeDrawer(by("drawer"), state.tab, (tab) => {
      state.tab = tab;
      write();
    }, null); // there is no map to go to
    writeFoot();
  };
  by("language-button").onclick = () => {
    state.language = state.language === "zh" ? "en" : "zh";
    write();
  };
  state.tab = Math.max(state.tab, 0);
  write();
  document.documentElement.dataset.ready = "no";
}
