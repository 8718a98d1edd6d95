// Comforts for readers with script. Every page works without it; nothing leaves the browser.

const root = document.documentElement;

// Storage may be refused or full; then the comforts last for one page.
const store = {
  get(name, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`tidings:${name}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  set(name, value) {
    try {
      localStorage.setItem(`tidings:${name}`, JSON.stringify(value));
    } catch {}
  },
};

const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const make = (tag, fields) => Object.assign(document.createElement(tag), fields);

// Light or dark: set before the first paint, so that nothing flashes.
const THEMES = ["auto", "light", "dark"];
let theme = store.get("theme", "auto");
function applyTheme() {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const label of all("[data-switch] span")) label.textContent = theme;
}
applyTheme();
root.classList.add("scripted");

function switchTheme() {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  store.set("theme", theme);
  applyTheme();
}

// Stories that were opened are shown as read. The newest 600 are remembered.
const path = (link) => link.origin === location.origin && link.pathname;
function markRead() {
  const article = document.querySelector("[data-article]");
  let read = store.get("read", []);
  if (article) {
    const here = article.dataset.article;
    read = [here, ...read.filter((one) => one !== here)].slice(0, 600);
    store.set("read", read);
  }
  const known = new Set(read);
  for (const link of all("[data-story]")) {
    if (!known.has(path(link))) continue;
    link.closest(".card")?.classList.add("is-read");
    link.title = "Read";
  }
}

// Sources that a reader does not want, on every page but the source's own.
function hideSources() {
  const hidden = new Set(store.get("hidden", []));
  const own = document.querySelector("[data-hide]")?.dataset.hide;
  let count = 0;
  for (const card of all(".card[data-source]")) {
    card.hidden = card.dataset.source !== own && hidden.has(card.dataset.source);
    if (card.hidden) count += 1;
  }
  // A heading goes with its last story, and so does what leads to it.
  for (const part of all(".section:has(.card)")) {
    part.hidden = !part.querySelector(".card:not([hidden])");
    for (const jump of all(`.jumps li:has([href="#${part.id}"])`)) jump.hidden = part.hidden;
  }
  for (const button of all("[data-hide]")) {
    button.textContent = hidden.has(button.dataset.hide) ? "Show this source again" : "Hide this source";
  }
  const notice = document.querySelector("[data-hidden-notice]");
  if (!notice) return;
  notice.hidden = count === 0;
  if (count === 0) return;
  const show = make("button", { className: "plain", textContent: "Show all sources again" });
  show.addEventListener("click", () => {
    store.set("hidden", []);
    hideSources();
  });
  const what = count === 1 ? "1 story is" : `${count} stories are`;
  notice.replaceChildren(`${what} hidden, from sources that you hid. `, show);
}

function toggleSource(button) {
  const hidden = new Set(store.get("hidden", []));
  const domain = button.dataset.hide;
  if (!hidden.delete(domain)) hidden.add(domain);
  store.set("hidden", [...hidden].sort());
  hideSources();
}

// A theme may say no language, or one that is none; then the browser's own is taken.
function wordsForTimes() {
  const options = { numeric: "auto" };
  try {
    return new Intl.RelativeTimeFormat(root.lang || undefined, options);
  } catch {
    return new Intl.RelativeTimeFormat(undefined, options);
  }
}

// "3 hours ago" for what is fresh. The full time stays in the title.
function freshenTimes() {
  const words = wordsForTimes();
  for (const time of all("time[datetime*='T']")) {
    const minutes = Math.round((Date.parse(time.dateTime) - Date.now()) / 60000);
    if (minutes > 0 || minutes < -1440 || time.closest("[data-article]")) continue;
    time.title = time.textContent;
    time.textContent =
      minutes > -60 ? words.format(minutes, "minute") : words.format(Math.round(minutes / 60), "hour");
  }
}

// The player is asked for only when a reader asks for it.
function play(event, link) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  const url = new URL(link.dataset.embed);
  url.searchParams.set("autoplay", "1");
  frame.src = url;
  frame.title = document.querySelector("h1")?.textContent ?? document.title;
  frame.allow = "autoplay; fullscreen; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  link.replaceWith(frame);
  frame.focus();
}

// Keys: j and k walk through the stories, o opens, / searches, ? explains, unless turned off.
root.classList.toggle("keyless", store.get("keyless", false));
const keyless = () => root.classList.contains("keyless");

function step(by) {
  const links = all("[data-story]").filter(
    (link) => link.offsetParent && !link.closest("details:not([open])"),
  );
  if (links.length === 0) return;
  const at = links.indexOf(document.activeElement);
  const link = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
  link?.focus();
  link?.scrollIntoView({ block: "center" });
}

function open() {
  const link = document.activeElement.closest("[data-story]");
  (link ?? document.querySelector("[data-read-at]"))?.click();
}

const searchBox = () => document.querySelector("input[type=search]");
const KEYS = [
  ["j", "next story", () => step(1)],
  ["k", "story before", () => step(-1)],
  ["o", "open the story, or read it at its source", open],
  ["/", "search", () => searchBox().focus()],
  ["?", "this list", showKeys],
];

function showKeys() {
  const dialog = make("dialog");
  dialog.setAttribute("aria-label", "Keys");
  const list = make("dl");
  for (const [key, what] of KEYS) {
    if (key === "/" && !searchBox()) continue;
    const term = make("dt");
    term.append(make("kbd", { textContent: key }));
    list.append(term, make("dd", { textContent: what }));
  }
  const turn = make("button");
  const say = () => (turn.textContent = `Turn keys ${keyless() ? "on" : "off"}`);
  say();
  turn.addEventListener("click", () => {
    store.set("keyless", root.classList.toggle("keyless"));
    say();
  });
  const close = make("button", { textContent: "Close", autofocus: true });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.append(list, turn, " ", close);
  document.body.append(dialog);
  dialog.showModal();
}

function onKey(event) {
  if (keyless() || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
  const found = KEYS.find(([key]) => key === event.key);
  if (!found || (event.key === "/" && !searchBox())) return;
  event.preventDefault();
  found[2]();
}

function onClick(event) {
  const target = event.target.closest("[data-switch], [data-hide], [data-keys], [data-embed]");
  if (!target) return;
  if ("switch" in target.dataset) switchTheme();
  else if ("hide" in target.dataset) toggleSource(target);
  else if ("keys" in target.dataset) showKeys();
  else play(event, target);
}

// A table or listing that is wider than its place scrolls; keys must be able to reach it.
function reachScrollers() {
  for (const box of all(".prose pre, .prose table")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  }
}

function start() {
  applyTheme();
  reachScrollers();
  markRead();
  hideSources();
  freshenTimes();
  addEventListener("keydown", onKey);
  addEventListener("click", onClick);
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
else start();
