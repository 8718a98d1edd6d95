// The search page. The index is this site's own and is loaded when a reader first searches;
// nothing of what they look for leaves the browser.

const form = document.querySelector("form[data-index]");
const find = (name) => document.querySelector(`[data-${name}]`);
const [filters, said, results, more] = ["filters", "said", "results", "more"].map(find);
const { q: field, topic, source, date, sort } = form.elements;
const choices = [topic, source, date, sort];

const SHOWN = 10;
const PAUSE = 250; // Milliseconds without a key, after which what is typed is searched for.
const wish = new URLSearchParams(location.search);

const make = (tag, fields, ...children) => {
  const made = Object.assign(document.createElement(tag), fields);
  made.append(...children);
  return made;
};
const option = (value, text) => make("option", { value, textContent: text });

// A theme may say no language, or one that is none; then the browser's own is taken.
function wordsForMonths() {
  const options = { month: "long", timeZone: "UTC" };
  try {
    return new Intl.DateTimeFormat(document.documentElement.lang || undefined, options);
  } catch {
    return new Intl.DateTimeFormat(undefined, options);
  }
}

let months = [];
function offerChoices(found) {
  const words = wordsForMonths();
  const offer = (select, counts) => {
    const names = Object.keys(counts ?? {}).sort((a, b) => a.localeCompare(b));
    select.append(...names.map((name) => option(name, `${name} (${counts[name]})`)));
  };
  offer(topic, found.topic);
  offer(source, found.source);
  months = Object.keys(found.date ?? {}).sort().reverse();
  for (const year of new Set(months.map((month) => month.slice(0, 4)))) {
    const within = months.filter((month) => month.startsWith(year));
    date.append(
      make(
        "optgroup",
        { label: year },
        option(year, `All of ${year}`),
        ...within.map((month) => option(month, `${words.format(Date.parse(month))} ${year}`)),
      ),
    );
  }
  // A link may ask for a topic that is gone: then all are searched.
  for (const select of choices) {
    const value = wish.get(select.name) ?? "";
    if ([...select.options].some((one) => one.value === value)) select.value = value;
  }
  filters.hidden = false;
}

let index;
function loadIndex() {
  index ??= import(form.dataset.index).then(async (pagefind) => {
    offerChoices(await pagefind.filters());
    return pagefind;
  });
  return index;
}

function options() {
  const wanted = {};
  if (topic.value) wanted.topic = topic.value;
  if (source.value) wanted.source = source.value;
  if (date.value) wanted.date = { any: months.filter((month) => month.startsWith(date.value)) };
  const order = { newest: { date: "desc" }, oldest: { date: "asc" } }[sort.value];
  return order ? { filters: wanted, sort: order } : { filters: wanted };
}

// The address says what is searched for, so that it can be kept, and come back to.
function remember() {
  const asked = new URLSearchParams();
  for (const { name, value } of [field, ...choices]) if (value.trim()) asked.set(name, value.trim());
  history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
}

// The index gives the excerpt as HTML; only its words and its marks are taken over.
function excerptOf(html) {
  const { childNodes, textContent } = new DOMParser().parseFromString(html, "text/html").body;
  const words = [...childNodes].map((node) =>
    node.nodeName === "MARK" ? make("mark", { textContent: node.textContent }) : node.textContent,
  );
  return /[\p{Po}\p{Pf}"]$/u.test(textContent.trim()) ? words : [...words, "…"];
}

function cardOf({ url, meta, excerpt }) {
  const told = meta.lang ? { lang: meta.lang } : {};
  const link = make("a", { href: url }, make("bdi", { textContent: meta.title, ...told }));
  link.dataset.story = "";
  const about = [meta.source, meta.date]
    .filter(Boolean)
    .map((textContent) => make("span", {}, make("bdi", { textContent })));
  return make(
    "article",
    { className: "card" },
    make("h2", {}, link),
    make("p", { className: "gist" },
      make("span", { className: "meta" }, ...about.flatMap((one) => [one, " "])),
      make("bdi", { className: "excerpt", ...told }, ...excerptOf(excerpt)),
    ),
  );
}

let turn = 0;
let rest = [];
async function showMore(focus) {
  const mine = turn;
  const shown = await Promise.all(rest.slice(0, SHOWN).map((result) => result.data()));
  if (mine !== turn) return;
  rest = rest.slice(SHOWN);
  const cards = shown.map(cardOf);
  results.append(...cards);
  more.hidden = rest.length === 0;
  if (focus) cards[0]?.querySelector("a").focus();
}

async function search() {
  const mine = ++turn;
  const words = field.value.trim();
  try {
    said.textContent = "Searching…";
    const pagefind = await loadIndex();
    if (mine !== turn) return;
    remember();
    const nothing = ![field, topic, source, date].some((asked) => asked.value.trim());
    const found = nothing ? [] : (await pagefind.search(words || null, options())).results;
    if (mine !== turn) return;
    rest = found;
    results.replaceChildren();
    results.hidden = found.length === 0;
    await showMore(false);
    if (mine !== turn) return;
    const what = found.length === 1 ? "1 story" : `${found.length || "No"} stories`;
    said.textContent = nothing ? "" : words ? `${what} for “${words}”` : what;
  } catch {
    index = undefined;
    said.textContent = "The search does not work just now. The lists below have every story.";
  }
}

let waiting;
function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(search, PAUSE);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  search();
});
field.addEventListener("input", soon);
for (const select of choices) select.addEventListener("change", search);
more.firstElementChild.addEventListener("click", () => showMore(true));
field.value = wish.get("q") ?? "";
if (["q", "topic", "source", "date"].some((name) => wish.get(name))) search();
