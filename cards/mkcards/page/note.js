// The note's own text beside the card.

let shownNote;

function showNote(at, card, open = false) {
  const pane = $("note");
  if (open) pane.classList.add("open");
  if (at === undefined) return pane.replaceChildren();
  if (shownNote !== at || !pane.firstChild) drawNote(pane, at);
  shownNote = at;
  for (const line of pane.querySelectorAll(".label, .answer")) line.classList.remove("label", "answer");
  if (!card?.line) return;
  const lines = pane.querySelectorAll(".line");
  if (card.label_line < card.line) lines[card.label_line - 1]?.classList.add("label");
  for (let line = card.line; line <= card.end_line; line++) lines[line - 1]?.classList.add("answer");
  const box = pane.querySelector(".lines");
  const first = lines[Math.min(card.label_line, card.line) - 1];
  const last = lines[card.end_line - 1];
  if (!first || !last) return;
  const top = first.offsetTop - box.offsetTop;
  const bottom = last.offsetTop + last.offsetHeight - box.offsetTop;
  const fitting = bottom - top < box.clientHeight * 0.8 ? (top + bottom - box.clientHeight) / 2 : top - 24;
  if (top < box.scrollTop || bottom > box.scrollTop + box.clientHeight) box.scrollTop = Math.max(0, fitting);
}

function drawNote(pane, at) {
  const note = notes[at];
  const box = make("div", { class: "lines", tabindex: 0, role: "region", "aria-label": `Text of ${note.title}` });
  const findings = Map.groupBy ? Map.groupBy(note.findings, (one) => one.line) : grouped(note.findings);
  const owners = ownersOf(at);
  for (const one of findings.get(0) ?? []) box.append(make("p", { class: "said" }, `${one.code}: ${one.message}`));
  (note.text === null ? [] : note.text.split("\n")).forEach((text, index) => {
    const owner = owners.get(index + 1);
    const line = make("div", { class: owner === undefined ? "line" : "line has", "data-line": index + 1 }, text || " ");
    if (owner !== undefined) line.addEventListener("click", () => goTo(owner));
    box.append(line);
    for (const one of findings.get(index + 1) ?? []) box.append(make("p", { class: "said" }, `${one.code}: ${one.message}`));
  });
  if (note.text === null) {
    const command = `mkcards explain ${note.quoted}`;
    box.append(make("p", { class: "said" }, note.count ? "The note is gone." : "It gives no card. This says why:"));
    if (!note.count) box.append(copier(command, "Copy the command"));
  }
  const close = make("button", { type: "button", class: "close", click: () => pane.classList.remove("open") }, "Close");
  pane.replaceChildren(make("h2", {}, note.title), make("p", { class: "path" }, note.path), close, box);
}

function grouped(findings) {
  const groups = new Map();
  for (const one of findings) groups.set(one.line, [...(groups.get(one.line) ?? []), one]);
  return groups;
}

function ownersOf(note) {
  const owners = new Map();
  cards.forEach((card, at) => {
    if (card.note !== note || !card.line) return;
    for (let line = card.line; line <= card.end_line; line++) if (!owners.has(line)) owners.set(line, at);
    if (!owners.has(card.label_line)) owners.set(card.label_line, at);
  });
  return owners;
}

function goTo(at) {
  const place = state.shown.indexOf(at);
  if (place >= 0) activate(place);
}
