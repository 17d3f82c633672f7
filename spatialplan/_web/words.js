// Words, numbers and elements. Text from data reaches the page through text nodes only.

const CONTENT = JSON.parse(document.getElementById("content").textContent);
const state = { language: CONTENT.lang };

/** A word of the viewer itself. */
function word(key) {
  return CONTENT.words[key][state.language];
}

/** `thing.name_zh` or `thing.name_en`, by the language shown. */
function said(thing, key) {
  return thing[`${key}_${state.language}`] || thing[`${key}_zh`];
}

/** A text of the data: the same in both languages, or a [Chinese, English] pair. */
function text(value) {
  return Array.isArray(value) ? value[state.language === "zh" ? 0 : 1] || value[0] : value;
}

function grouped(value, digits) {
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}

const FORMATS = {
  number: (value) => grouped(value, 2),
  count: (value) => grouped(value, 0),
  people(value, zh) {
    if (!zh) return `${grouped(value, 0)} people`;
    if (value >= 1e8) return `${grouped(value / 1e8, 2)} 亿人`;
    return value >= 1e4 ? `${grouped(value / 1e4, 2)} 万人` : `${grouped(value, 0)} 人`;
  },
  m: (value) => (value < 10000 ? `${grouped(value, 0)} m` : `${grouped(value / 1000, 1)} km`),
  min: (value, zh) => `${grouped(value, 1)} ${zh ? "分钟" : "min"}`,
  share: (value) => `${(value * 100).toFixed(1)}%`,
  m2(value, zh) {
    if (value < 1e4) return `${grouped(value, 0)} ${zh ? "㎡" : "m²"}`;
    if (value < 1e6) return `${grouped(value / 1e4, 1)} ${zh ? "公顷" : "ha"}`;
    return `${grouped(value / 1e6, 2)} km²`;
  },
};

/** A value as the reader sees it. */
function shown(value, format) {
  if (format === "text") return text(value);
  if (value === null) return "—";
  if (typeof value === "string") return word("unreachable");
  return FORMATS[format](value, state.language === "zh");
}

/** An element with attributes (`on...` adds a listener) and children (strings become text). */
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

/** The mark that a layer is generated or drawn from wording; nothing for surveyed data. */
function originMark(layer) {
  const key = { synthetic: "synthetic", text: "schematic" }[layer.drawn_from];
  return key ? [element("em", { class: "mark" }, word(key))] : [];
}
