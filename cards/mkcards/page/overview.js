// A small picture of the deck, and the filters.

const SHOWN_NOTES = 200;
const ORDER = ["new", "edited", "moved", "returned", "shown", "same", "retired"];
const NAMES = { shown: "shown otherwise", same: "unchanged" };
const living = cards.filter((card) => card.status !== "retired");

function setFacet(facet, value) {
  state.facets[facet] = value;
  const select = $(`facet-${facet}`);
  if (![...select.options].some((option) => option.value === value)) {
    select.append(make("option", { value }, facet === "note" ? notes[value].title : value));
  }
  select.value = value;
  select.classList.toggle("set", value !== "");
  rebuild(true);
}

function drawFacets() {
  const byFinding = tally(living.flatMap((card) => [...new Set(card.findings.map((one) => one.code))]));
  const any = living.filter((card) => card.findings.length).length;
  const byStatus = tally(cards.map((card) => card.status));
  const facets = {
    status: ["In the deck", ORDER.filter((one) => byStatus.has(one)).map((one) => [one, NAMES[one] ?? one, byStatus.get(one)])],
    rule: ["Any rule", sorted(tally(living.map((card) => card.rule)))],
    note: ["Any note", notes.map((note, at) => [at, note.title, note.count]).filter((one) => one[2])],
    tag: ["Any tag", sorted(tally(living.flatMap((card) => card.tags)))],
    finding: ["Checked or not", [...(any ? [["any", "with a finding", any]] : []), ...sorted(byFinding)]],
    length: ["Any length", [...tally(living.map(lengthOf))].sort((a, b) => a[0] - b[0]).map(([at, n]) => [at, lengthName(at), n])],
  };
  for (const [facet, [all, options]] of Object.entries(facets)) {
    const select = make("select", { id: `facet-${facet}`, change: (event) => setFacet(facet, event.target.value) });
    select.append(make("option", { value: "" }, all));
    for (const [value, name, count] of options) select.append(make("option", { value }, `${name} (${count})`));
    $("facets").append(make("label", {}, make("span", { class: "hidden" }, facet), select));
  }
}

const sorted = (counts) => [...counts].sort((a, b) => b[1] - a[1]).map(([name, count]) => [name, name, count]);

function bars(title, note, rows, facet) {
  const most = Math.max(1, ...rows.map((row) => row[2]));
  const list = make("ul", { class: "bars" });
  for (const [value, name, count] of rows) {
    const bar = make("i", { "aria-hidden": "true" });
    bar.style.width = `${(100 * count) / most}%`;
    const button = make("button", { type: "button", class: count ? "" : "empty" }, make("b", {}, name), bar, make("span", {}, String(count)));
    button.addEventListener("click", () => (count || facet !== "note" ? setFacet(facet, String(value)) : showNote(value, undefined, true)));
    list.append(make("li", {}, button));
  }
  return make("section", {}, make("h2", {}, title), note ? make("p", {}, note) : "", list);
}

function strip() {
  const most = Math.max(1, ...notes.map((note) => note.count));
  const outline = notes.map((note, at) => `M${at} ${most}V${most - Math.max(note.count, 0)}h.85V${most}z`).join("");
  const box = make("div", { class: "strip", "aria-hidden": "true" });
  box.innerHTML = `<svg viewBox="0 0 ${notes.length} ${most}" preserveAspectRatio="none"><path d="${outline}"/></svg>`;
  const noteAt = (event) => Math.min(notes.length - 1, Math.floor((event.offsetX / box.clientWidth) * notes.length));
  box.addEventListener("mousemove", (event) => (box.title = `${notes[noteAt(event)].title}: ${number(notes[noteAt(event)].count, "card")}`));
  box.addEventListener("click", (event) => setFacet("note", String(noteAt(event))));
  return box;
}

function drawOverview() {
  const real = notes.map((note, at) => [at, note.title, note.count]).filter((row) => !notes[row[0]].gone);
  const byCount = [...real].sort((a, b) => b[2] - a[2]);
  const none = real.filter((row) => !row[2]).length;
  const perNote = bars("Cards per note", none ? `${number(none, "note")} of ${real.length} without a card` : "", byCount.slice(0, SHOWN_NOTES), "note");
  if (notes.length > 1) perNote.querySelector("ul").before(strip());
  const perRule = bars("Cards per rule", "", sorted(tally(living.map((card) => card.rule))), "rule");
  const counts = tally(living.map(lengthOf));
  const perLength = bars("Answers by length", "", lengths.map((_, at) => [at, lengthName(at), counts.get(at) ?? 0]), "length");
  perLength.append(findings());
  $("overview").append(perNote, perRule, perLength);
}

function findings() {
  const all = notes.flatMap((note, at) => note.findings.map((one) => ({ ...one, note: at })));
  const section = make("section", {}, make("h2", {}, "What check says"));
  if (!all.length) section.append(make("p", {}, "Nothing."));
  for (const [code, , count] of sorted(tally(all.map((one) => one.code)))) {
    const list = make("ul");
    for (const one of all.filter((one) => one.code === code).slice(0, SHOWN_NOTES)) {
      const place = `${notes[one.note].path}${one.line ? `:${one.line}` : ""}`;
      const open = () => showNote(one.note, { line: one.line, end_line: one.line, label_line: one.line }, true);
      list.append(make("li", {}, make("button", { type: "button", title: one.message, click: open }, place)));
    }
    section.append(make("details", {}, make("summary", {}, `${code} (${count})`), list));
  }
  return section;
}
