"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const say = (text) => { $("#said").textContent = text; };

  /* Filters and search: a check is shown while one of its marks is wanted and its text fits. */
  const search = $("#search");
  const boxes = all("input[name=status]");
  const checks = all(".check").map((node) => ({ node, statuses: node.dataset.status.split(" "), text: node.dataset.text }));
  const filter = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { node, statuses, text } of checks) {
      const fits = statuses.some((status) => wanted.has(status)) && words.every((word) => text.includes(word));
      node.hidden = !fits;
      count += fits;
    }
    for (const pair of all(".pair")) {
      pair.hidden = !$(".check:not([hidden])", pair);
      const table = $("table.rows", pair);
      if (table) table.hidden = !$("tbody:not([hidden])", table);
    }
    $("#nothing").hidden = count > 0;
    if (words.length) say(`${count} checks fit`);
  };
  search.addEventListener("input", filter);
  boxes.forEach((box) => box.addEventListener("change", filter));
  $(".filters").addEventListener("submit", (event) => event.preventDefault());
  const clear = () => { search.value = ""; boxes.forEach((box) => { box.checked = true; }); filter(); };

  /* What stood behind a tick. */
  const toggle = (button, open = button.getAttribute("aria-expanded") !== "true") => {
    button.setAttribute("aria-expanded", open);
    document.getElementById(button.getAttribute("aria-controls")).hidden = !open;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.tick");
    if (button) toggle(button);
    const copy = event.target.closest("button.copy");
    if (copy) copyText(copy);
  });

  const copyText = async (button) => {
    const text = document.getElementById(button.dataset.copy).textContent;
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch { done = oldCopy(text); }
    const before = button.dataset.label ??= button.textContent;
    button.textContent = done ? "Copied" : "Select and copy by hand";
    say(button.textContent);
    setTimeout(() => { button.textContent = before; }, 1600);
  };
  const oldCopy = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  };

  /* Permalinks open what they lead to. */
  const openAt = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const node = id && document.getElementById(id);
    if (!node) return;
    if (node.closest(".check")?.hidden) clear();
    for (let up = node; up; up = up.parentElement?.closest("details")) if (up.localName === "details") up.open = true;
    $(":scope > details", node)?.setAttribute("open", "");
    if (node.matches("button.tick")) toggle(node, true);
    node.scrollIntoView({ block: node.matches(".story") ? "start" : "center" });
  };
  addEventListener("hashchange", openAt);

  /* Sequence diagrams: what was said stands below, for whatever line is pointed at or chosen. */
  for (const drawn of all(".drawn")) {
    const texts = JSON.parse(document.getElementById(drawn.dataset.details).textContent);
    const lines = all("g.line", drawn);
    const panel = $(".panel", drawn);
    let chosen = -1;
    const element = (name, className, text) => Object.assign(document.createElement(name), { className, textContent: text });
    const show = (at) => {
      const [title, asked, answered] = texts[at];
      const both = element("div", "both", "");
      for (const [head, text] of [["", asked], ["Answer", answered]]) {
        if (!text) continue;
        const part = document.createElement("div");
        if (head) part.append(element("h5", "", head));
        part.append(element("pre", "", text));
        both.append(part);
      }
      panel.replaceChildren(element("p", "title", title), both);
      panel.scrollTop = 0;
    };
    const choose = (at, focus) => {
      if (at < 0 || at >= lines.length) return;
      if (chosen >= 0) { lines[chosen].classList.remove("chosen"); lines[chosen].setAttribute("tabindex", -1); }
      else lines[0].setAttribute("tabindex", -1);
      chosen = at;
      lines[at].classList.add("chosen");
      lines[at].setAttribute("tabindex", 0);
      show(at);
      if (focus) { lines[at].focus({ preventScroll: true }); lines[at].scrollIntoView({ block: "nearest", inline: "nearest" }); }
    };
    lines.forEach((line, at) => {
      line.addEventListener("pointerenter", () => show(at));
      line.addEventListener("click", () => choose(at, false));
      line.addEventListener("focus", () => choose(at, false));
    });
    drawn.addEventListener("pointerleave", () => { if (chosen >= 0) show(chosen); });
    drawn.addEventListener("keydown", (event) => {
      const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, Home: 0, End: lines.length - 1 }[event.key];
      if (to === undefined || event.target.closest(".panel")) return;
      event.preventDefault();
      choose(to, true);
    });
    const scroll = $(".diagram", drawn);
    const toViolation = () => {
      const violated = $(".violated", drawn);
      if (violated && scroll.clientHeight) scroll.scrollTop = violated.getBBox().y - scroll.clientHeight * 0.7;
    };
    toViolation();
    drawn.closest("details").addEventListener("toggle", toViolation, { once: true });
  }

  /* Keys. */
  let at = -1;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && (search.value || boxes.some((box) => !box.checked))) { clear(); return; }
    if (event.target.matches("input, textarea, select")) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); search.select(); }
    if (event.key === "j" || event.key === "k") {
      const bad = all(".check:not([hidden]) :is(summary:has(.is-violated), button.is-violated)");
      if (!bad.length) { say("Nothing is violated here"); return; }
      at = (at + (event.key === "j" ? 1 : -1) + bad.length) % bad.length;
      bad[at].focus({ preventScroll: true });
      bad[at].scrollIntoView({ block: "center" });
    }
  });

  /* Paper has no folds. */
  let folded = [];
  addEventListener("beforeprint", () => { folded = all("details.story:not([open])"); folded.forEach((one) => { one.open = true; }); });
  addEventListener("afterprint", () => folded.forEach((one) => { one.open = false; }));

  openAt();
})();
