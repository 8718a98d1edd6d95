// Keeps a previewed page current. Added to responses of `tidings serve`, never to the site.
(() => {
  "use strict";

  const own = "/_tidings/";
  const wait = 500; // Milliseconds between two attempts to reach the server.
  const scrollKey = "tidings-scroll";
  const dismissedKey = "tidings-dismissed";
  // The digest of the page as it was on disk when it was served.
  let page = document.currentScript.dataset.page;
  let server = "";
  let events = null;
  let timer = 0;

  // Storage is missing in some private windows; the preview works without.
  const remember = (key, value) => {
    try {
      sessionStorage.setItem(key, value);
    } catch {}
  };
  const recall = (key) => {
    try {
      return sessionStorage.getItem(key) || "";
    } catch {
      return "";
    }
  };

  // --- Reload, with the reader's place kept -------------------------------------------------

  const leaveFor = (path, go) => {
    disconnect();
    remember(scrollKey, JSON.stringify({ path, x: scrollX, y: scrollY }));
    history.scrollRestoration = "manual";
    go();
  };

  const reload = () => leaveFor(location.pathname, () => location.reload());

  const move = (url) => leaveFor(url, () => location.replace(url + location.hash));

  const returnToPlace = () => {
    const stored = recall(scrollKey);
    remember(scrollKey, "");
    const place = stored ? JSON.parse(stored) : null;
    if (!place || place.path !== location.pathname) return;
    const go = () => scrollTo({ left: place.x, top: place.y, behavior: "instant" });
    go();
    // Pictures without a size may have moved things once all is loaded.
    addEventListener("load", () => {
      go();
      history.scrollRestoration = "auto";
    });
  };

  // --- New styles in place of old ones ------------------------------------------------------

  const restyle = (styles) => {
    const old = [...document.querySelectorAll("link[rel~=stylesheet][href]")].filter(
      (link) => new URL(link.href).pathname in styles,
    );
    if (!old.length) return reload();
    for (const link of old) {
      const address = new URL(link.href);
      const renewed = styles[address.pathname];
      // A name that stayed needs something new about it, or the browser would use what it has.
      address.search = renewed === address.pathname ? `?${Date.now()}` : "";
      address.pathname = renewed;
      const next = link.cloneNode();
      next.href = address.href;
      // The old style stays until the new one is there, so that nothing flickers.
      next.addEventListener("load", () => link.remove());
      next.addEventListener("error", reload);
      link.after(next);
    }
  };

  // --- Problems, over the last good page ----------------------------------------------------

  let overlay = null;
  let shown = ""; // The problems in the overlay, as text.
  let focusBefore = null;

  const element = (name, className, text = "") => {
    const made = document.createElement(name);
    made.className = className;
    made.textContent = text; // Messages quote what records say: never HTML.
    return made;
  };

  const closeOverlay = () => {
    if (!overlay) return;
    overlay.remove();
    overlay = null;
    focusBefore?.focus({ preventScroll: true });
  };

  const dismiss = () => {
    remember(dismissedKey, shown);
    closeOverlay();
  };

  const dismissByKey = (event) => {
    if (!overlay || event.key !== "Escape") return;
    event.stopPropagation();
    dismiss();
  };

  const problemItem = (problem) => {
    const { file, line, column } = problem.place;
    const numbers = line ? (column ? `:${line}:${column}` : `:${line}`) : "";
    const item = element("li", "problem");
    const place = element("p", "place");
    place.append(element("code", "file", `${file}${numbers}`), element("span", "code", problem.code));
    item.append(place, element("p", "message", problem.message));
    if (problem.hint) item.append(element("p", "hint", problem.hint));
    return item;
  };

  const problemDialog = (problems) => {
    const dialog = element("section", "dialog");
    dialog.setAttribute("role", "alertdialog");
    dialog.setAttribute("aria-labelledby", "title");
    dialog.setAttribute("aria-describedby", "problems");
    dialog.tabIndex = -1;
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const title = element("h1", "title", `${count} in this site`);
    title.id = "title";
    const button = element("button", "close", "Dismiss (Esc)");
    button.type = "button";
    button.addEventListener("click", dismiss);
    const head = element("header", "head");
    head.append(title, button);
    const list = element("ol", "problems");
    list.id = "problems";
    list.append(...problems.map(problemItem));
    dialog.append(head, list, element("p", "foot", "Goes away by itself once this is mended."));
    return dialog;
  };

  const showProblems = (problems) => {
    const text = JSON.stringify(problems);
    if (overlay && shown === text) return;
    const before = overlay ? focusBefore : document.activeElement;
    closeOverlay();
    focusBefore = before;
    shown = text;
    if (!problems.length) remember(dismissedKey, "");
    // Once read and put away, the same problems need not come back with every page.
    if (!problems.length || recall(dismissedKey) === text) return;
    // A shadow tree keeps the page's styles out of this, and this one's out of the page.
    overlay = document.createElement("tidings-problems");
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = `${own}overlay.css`;
    const dialog = problemDialog(problems);
    const veil = element("div", "veil");
    veil.append(dialog);
    overlay.attachShadow({ mode: "open" }).append(style, veil);
    document.documentElement.append(overlay);
    dialog.focus({ preventScroll: true });
  };

  // --- The connection -----------------------------------------------------------------------

  const heed = {
    hello(news) {
      // Another start of the server may mean another version, theme or folder.
      if (server && server !== news.server) reload();
      server = news.server;
    },
    reload,
    move(news) {
      // An edited title makes another address; the reader comes along.
      move(news.url);
    },
    style(news) {
      page = news.page;
      restyle(news.styles);
    },
    problems(news) {
      showProblems(news.problems);
    },
  };

  const disconnect = () => {
    clearTimeout(timer);
    if (events) events.close();
    events = null;
  };

  const connect = () => {
    disconnect();
    const query = new URLSearchParams({ path: location.pathname, page });
    events = new EventSource(`${own}events?${query}`);
    events.addEventListener("message", (message) => {
      const news = JSON.parse(message.data);
      heed[news.event](news);
    });
    // Browsers differ in when they give up, so the next attempt is made here.
    events.addEventListener("error", () => {
      disconnect();
      timer = setTimeout(connect, wait);
    });
  };

  // A browser grants one server few connections; pages that nobody sees leave theirs to others.
  // What they miss meanwhile shows when they come back and compare.
  const connectIfSeen = () => (document.hidden ? disconnect() : connect());
  document.addEventListener("visibilitychange", connectIfSeen);
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", (event) => event.persisted && connectIfSeen());

  document.addEventListener("keydown", dismissByKey, true);

  returnToPlace();
  connectIfSeen();
})();
