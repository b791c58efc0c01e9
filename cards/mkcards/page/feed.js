// The cards one below the other. Only those near the window are drawn; the others keep their place.

const FAR = "1200px 0px";
const heights = new Map();
const allNew = cards.every((card) => card.status === "new");
let list = [];
const articles = () => list;
const isTurned = (at) => state.answers !== state.turned.has(at);

const near = new IntersectionObserver(
  (entries) => entries.forEach((entry) => (entry.isIntersecting ? draw(entry.target) : wipe(entry.target))),
  { rootMargin: FAR },
);

function rebuild(keep = false) {
  const old = keep && state.at >= 0 ? state.shown[state.at] : undefined;
  choose();
  $("overview").hidden = state.query.trim() !== "";
  near.disconnect();
  const all = document.createDocumentFragment();
  let note;
  state.shown.forEach((at, place) => {
    const card = cards[at];
    if (card.note !== note) all.append(heading(card.note));
    note = card.note;
    const article = document.createElement("article");
    article.at = at;
    article.place = place;
    if (heights.has(at)) article.style.minHeight = `${heights.get(at)}px`;
    all.append(article);
  });
  list = [...all.querySelectorAll("article")];
  $("feed").replaceChildren(all);
  list.forEach((article) => near.observe(article));
  const inDeck = cards.filter((card) => card.status !== "retired").length;
  const some = state.shown.length === inDeck ? "" : `${state.shown.length.toLocaleString("en")} of `;
  $("count").textContent = some + number(inDeck, "card");
  $("none").hidden = state.shown.length > 0;
  state.at = -1;
  const place = old === undefined ? -1 : state.shown.indexOf(old);
  activate(place >= 0 ? place : 0, { move: false });
}

function heading(note) {
  const { title, path, count } = notes[note];
  const name = make("button", { type: "button", title: path, click: () => showNote(note, undefined, true) }, title);
  return make("h2", {}, name, make("span", {}, count ? number(count, "card") : "gone"));
}

function draw(article) {
  if (article.firstChild) return;
  const card = cards[article.at];
  card.sides.forEach((side, nth) => article.append(face(article, side, nth)));
  article.append(footer(card, article));
  article.setAttribute("aria-label", card.label);
  article.setAttribute("aria-posinset", article.place + 1);
  article.setAttribute("aria-setsize", state.shown.length);
  if (article.place !== state.at) article.tabIndex = -1;
  article.classList.add("drawn");
  article.style.minHeight = "";
  turnTo(article);
}

function wipe(article) {
  if (!article.firstChild || article.contains(document.activeElement)) return;
  heights.set(article.at, article.offsetHeight);
  article.style.minHeight = `${article.offsetHeight}px`;
  article.classList.remove("drawn");
  article.replaceChildren();
}

function face(article, side, nth) {
  const host = make("div", { class: "face" });
  const shadow = host.attachShadow({ mode: "open" });
  shadow.adoptedStyleSheets = [look];
  const body = make("div", { class: "card" });
  const front = make("div", { class: "front" });
  front.innerHTML = side.front;
  const back = make("div", { class: "back", "aria-live": "polite" });
  body.append(front, back);
  shadow.append(body);
  fillMedia(front);
  host.side = side;
  body.addEventListener("click", (event) => {
    const used = event.target.closest("a, summary, audio, video, button");
    if (!used && getSelection().isCollapsed) turn(article);
  });
  return nth ? make("div", { class: "reverse" }, make("p", {}, "and the other way round"), host) : host;
}

function fillMedia(root) {
  for (const shown of root.querySelectorAll("[data-media]")) {
    if (media[shown.dataset.media]) shown.src = address(shown.dataset.media);
    else shown.replaceWith(make("span", { class: "link" }, `[${shown.dataset.media} is too large for this page]`));
  }
  for (const link of root.querySelectorAll("a[href]")) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
}

function turnTo(article) {
  const turned = isTurned(article.at);
  article.classList.toggle("turned", turned);
  for (const host of article.querySelectorAll(".face")) {
    const back = host.shadowRoot.querySelector(".back");
    host.shadowRoot.firstChild.className = state.night ? "card card1 nightMode night_mode" : "card card1";
    if (turned && !back.firstChild) {
      back.innerHTML = host.side.tail;
      fillMedia(back);
    } else if (!turned) back.replaceChildren();
  }
  const button = article.querySelector(".turn");
  if (button) {
    button.textContent = turned ? "Hide answer" : "Show answer";
    button.setAttribute("aria-expanded", turned);
  }
}

function turn(article) {
  const { at, place } = article;
  if (!state.turned.delete(at)) state.turned.add(at);
  activate(place, { move: false });
  turnTo(article);
  article.scrollIntoView({ block: "nearest" });
}

function footer(card, article) {
  const place = card.line ? `${notes[card.note].path}:${card.label_line}` : notes[card.note].path;
  const chips = [make("span", { class: "rule" }, card.rule)];
  if (card.status !== "same" && !allNew) chips.push(make("span", { class: `status ${card.status}` }, NAMES[card.status] ?? card.status));
  for (const one of card.findings) chips.push(make("span", { class: "finding", title: one.message }, one.code));
  const tools = make("p", { class: "tools" });
  if (card.off) {
    const where = card.off.before ? `on a line of its own above line ${card.off.line}` : `at the end of line ${card.off.line}`;
    const title = `Copy what switches it off; put it ${where} of the note`;
    tools.append(copier("%% nocard %%", title), make("span", {}, card.off.before ? `above line ${card.off.line}` : `at the end of line ${card.off.line}`));
  }
  if (card.drop) tools.append(copier(card.drop, "Copy the command that drops it"));
  return make(
    "footer",
    {},
    make("button", { type: "button", class: "turn", click: () => turn(article) }),
    make("button", { type: "button", class: "place", title: "Its note (o)", click: () => activate(article.place, { note: true }) }, place),
    ...chips,
    tools,
  );
}

function copier(text, title) {
  return make("button", { type: "button", class: "copy", title, click: () => copy(text) }, make("code", {}, text));
}

function activate(place, { move = true, note = false } = {}) {
  const all = articles();
  if (!all.length) return showNote(undefined);
  place = Math.max(0, Math.min(place, all.length - 1));
  all[state.at]?.removeAttribute("aria-current");
  if (all[state.at]) all[state.at].tabIndex = -1;
  state.at = place;
  const article = all[place];
  article.setAttribute("aria-current", "true");
  article.tabIndex = 0;
  draw(article);
  if (move) {
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "nearest" });
  }
  const card = cards[article.at];
  showNote(card.note, card, note);
}

function step(by) {
  const article = articles()[state.at];
  const rest = by > 0 ? article?.getBoundingClientRect().bottom - innerHeight : 0;
  // A card taller than the window is read to its end first.
  if (rest > 24 && article.contains(document.activeElement)) return scrollBy({ top: Math.min(rest + 16, innerHeight * 0.7) });
  activate(document.activeElement?.closest?.("article") ? state.at + by : state.at);
}

const redraw = () => articles().forEach((article) => article.firstChild && turnTo(article));
