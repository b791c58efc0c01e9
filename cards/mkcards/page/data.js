// What the page holds, and which of it is shown.

const $ = (id) => document.getElementById(id);

function read(id) {
  const holder = $(id);
  holder.remove(); // Or its text would stay in memory beside what it says.
  return JSON.parse(holder.textContent);
}

const { cards, notes, media, lengths } = read("data");
const look = new CSSStyleSheet();
look.replaceSync(read("look"));

const state = {
  shown: [], // places in `cards`
  at: -1, // place in `shown`
  answers: false,
  night: matchMedia("(prefers-color-scheme: dark)").matches,
  turned: new Set(),
  query: "",
  facets: { status: "", rule: "", note: "", tag: "", finding: "", length: "" },
};

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const number = (count, what) => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;
const lengthOf = (card) => lengths.findIndex((most) => most === null || card.words <= most);
const lengthName = (at) =>
  lengths[at] === null ? `over ${lengths[at - 1]} words` : `${at ? lengths[at - 1] + 1 : 1}–${lengths[at]} words`;

const tests = {
  status: (card, value) => card.status === value,
  rule: (card, value) => card.rule === value,
  note: (card, value) => card.note === Number(value),
  tag: (card, value) => card.tags.includes(value),
  finding: (card, value) => card.findings.some((one) => value === "any" || one.code === value),
  length: (card, value) => lengthOf(card) === Number(value),
};

function fits(card, words) {
  if (!state.facets.status && card.status === "retired") return false;
  for (const [facet, value] of Object.entries(state.facets)) if (value && !tests[facet](card, value)) return false;
  if (!words.length) return true;
  card.folded ??= fold(card.text);
  return words.every((word) => card.folded.includes(word));
}

function choose() {
  const words = fold(state.query).split(/\s+/).filter(Boolean);
  state.shown = [...cards.keys()].filter((at) => fits(cards[at], words));
}

function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

const urls = new Map();
function address(name) {
  if (!urls.has(name)) {
    const [kind, base64] = media[name];
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    urls.set(name, URL.createObjectURL(new Blob([bytes], { type: kind })));
  }
  return urls.get(name);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = make("textarea", { class: "hidden" }, text);
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  $("said").textContent = `Copied: ${text}`;
}
