// Keys and buttons.

function showNight() {
  document.documentElement.classList.toggle("night", state.night);
  $("night").setAttribute("aria-pressed", state.night);
  redraw();
}

function showAnswers() {
  state.turned.clear();
  $("answers").setAttribute("aria-pressed", state.answers);
  redraw();
}

function clear() {
  state.query = $("search").value = "";
  for (const facet of Object.keys(state.facets)) {
    state.facets[facet] = $(`facet-${facet}`).value = "";
    $(`facet-${facet}`).classList.remove("set");
  }
  rebuild(true);
}

function toggle(button, element) {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", open);
  element.hidden = !open;
}

function escape() {
  if ($("note").classList.contains("open")) return $("note").classList.remove("open");
  if (!$("keys").hidden) return toggle($("help"), $("keys"));
  document.activeElement?.blur?.();
  clear();
  activate(state.at);
}

const keys = {
  j: () => step(1),
  ArrowDown: () => step(1),
  k: () => step(-1),
  ArrowUp: () => step(-1),
  Home: () => activate(0),
  End: () => activate(state.shown.length - 1),
  " ": () => articles()[state.at] && turn(articles()[state.at]),
  a: () => $("answers").click(),
  n: () => $("night").click(),
  o: () => activate(state.at, { note: true }),
  "/": () => $("search").select(),
  "?": () => toggle($("help"), $("keys")),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.composedPath()[0];
  const typing = target.matches?.("input, select, textarea");
  if (event.key === "Escape") escape();
  else if (typing) {
    if (target === $("search") && (event.key === "Enter" || event.key === "ArrowDown")) activate(0);
    else return;
  } else if (keys[event.key]) {
    const scrolls = event.key.startsWith("Arrow") && target.closest?.(".lines");
    const presses = event.key === " " && target.matches?.("button, summary, a, audio, video");
    if (scrolls || presses) return;
    keys[event.key]();
  } else return;
  event.preventDefault();
});

let waiting;
$("search").addEventListener("input", (event) => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    state.query = event.target.value;
    rebuild();
  }, 80);
});
$("answers").addEventListener("click", () => {
  state.answers = !state.answers;
  showAnswers();
});
$("night").addEventListener("click", () => {
  state.night = !state.night;
  showNight();
});
$("help").addEventListener("click", () => toggle($("help"), $("keys")));
$("filters").addEventListener("click", () => {
  const open = $("facets").classList.toggle("open");
  $("filters").setAttribute("aria-expanded", open);
});
$("clear").addEventListener("click", clear);
$("feed").addEventListener("focusin", (event) => {
  const article = event.target.closest("article");
  if (article && article.place !== state.at) activate(article.place, { move: false });
});

new ResizeObserver(([entry]) => {
  document.documentElement.style.setProperty("--head", `${entry.target.offsetHeight}px`);
}).observe(document.querySelector("header"));

drawFacets();
drawOverview();
rebuild();
showNight();
document.documentElement.classList.add("ready");
