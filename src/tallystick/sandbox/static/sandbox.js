"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const element = (name, className = "", text = "") => Object.assign(document.createElement(name), { className, textContent: text });
  const SVG = "http://www.w3.org/2000/svg";
  const drawn = (name, attributes) => {
    const node = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    return node;
  };
  const ROW = 48, LINE = 22, MOST_LINES = 10000;
  const token = location.hash.slice(1);
  const headers = { Authorization: `Bearer ${token}` };

  const toast = (text) => {
    const node = $("#toast");
    node.textContent = text;
    node.hidden = false;
    clearTimeout(toast.timer);
    toast.timer = setTimeout(() => { node.hidden = true; }, 4000);
  };
  const ask = async (path) => {
    const answer = await fetch(path, { headers });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.why);
    return found;
  };
  const act = async (deed, body = {}) => {
    try {
      const answer = await fetch(`/do/${deed}`, { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) });
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.why);
      return found;
    } catch (error) {
      toast(error.message);
      throw error;
    }
  };

  /* A list of which only what can be seen is in the document. `draw(item)` gives a node, `key` names it. */
  const virtual = (box, height, key, draw) => {
    const inner = element("div", "inner");
    box.append(inner);
    let items = [], nodes = new Map(), waiting = false;
    const paint = () => {
      waiting = false;
      inner.style.height = `${items.length * height}px`;
      const first = Math.max(0, Math.floor(box.scrollTop / height) - 6);
      const last = Math.min(items.length, Math.ceil((box.scrollTop + box.clientHeight) / height) + 6);
      const shown = new Map();
      for (let at = first; at < last; at++) {
        const item = items[at], name = key(item), mark = item.mark;
        let known = nodes.get(name);
        if (!known || known.mark !== mark) {
          const focused = known?.node.contains(document.activeElement) ? document.activeElement.dataset.id : null;
          const node = draw(item);
          known?.node.replaceWith(node);
          known = { node, mark };
          if (focused && node.isConnected) all("[data-id]", node).find((one) => one.dataset.id === focused)?.focus();
        }
        known.node.style.transform = `translateY(${at * height}px)`;
        shown.set(name, known);
      }
      for (const [name, { node }] of nodes) if (!shown.has(name)) node.remove();
      nodes = shown;
      let next = inner.firstChild; /* who tabs through them goes from top to bottom */
      for (const { node } of shown.values()) {
        if (node === next) next = next.nextSibling;
        else inner.insertBefore(node, next);
      }
    };
    const soon = () => { if (!waiting) { waiting = true; requestAnimationFrame(paint); } };
    box.addEventListener("scroll", soon, { passive: true });
    new ResizeObserver(soon).observe(box);
    return { set: (next) => { items = next; soon(); }, soon };
  };

  /* What is known. */
  let about = null, records = new Map(), links = [], log = [], chosen = null, chosenLine = -1, inspections = 0, inspected = 0, seen = new Set();

  /* Records: those that are linked, directly or not, stand together; links are lines between them. */
  const recordList = virtual($("#records"), ROW, (row) => row.key, (row) => {
    const node = element("div", "row");
    node.append(card(row.left), ties(row), card(row.right));
    return node;
  });
  const card = (record) => {
    if (!record) return element("span");
    const button = element("button", `rec${record.live ? "" : " gone"}${record.bad.length ? " bad" : ""}${seen.has(record.id) ? "" : " fresh"}`);
    seen.add(record.id);
    button.type = "button";
    button.dataset.id = record.id;
    button.setAttribute("aria-pressed", record.id === chosen);
    button.append(element("span", "name", record.label || record.key), element("span", "kind", `${record.type} ${record.key}`));
    const differs = record.bad.length ? `out of sync: ${record.bad.join(", ")}` : record.said;
    button.append(element("span", "sum", record.live ? differs : "deleted"));
    return button;
  };
  const ties = ({ tied }) => {
    const svg = drawn("svg", { class: "tie", role: tied.length ? "img" : "presentation", viewBox: `0 0 100 ${ROW}`, preserveAspectRatio: "none" });
    for (const { down, state, count } of tied) {
      svg.append(drawn("line", { class: state, x1: 2, y1: ROW / 2, x2: 98, y2: ROW / 2 + down * ROW, "vector-effect": "non-scaling-stroke" }));
      svg.setAttribute("aria-label", count ? `linked, ${count} out of sync` : state === "over" ? "once linked" : "linked");
    }
    if (!tied.some(({ count }) => count)) return svg;
    const holder = element("div", "mid");
    const label = drawn("svg", { class: "tie label", viewBox: `-60 0 120 ${ROW}`, "aria-hidden": "true" });
    const text = drawn("text", { x: 0, y: ROW / 2 + 4 });
    text.textContent = `≠ ${tied.reduce((sum, { count }) => sum + count, 0)}`;
    label.append(drawn("rect", { x: -22, y: ROW / 2 - 9, width: 44, height: 18 }), text);
    holder.append(svg, label);
    return holder;
  };
  let show = "all";
  const arrange = () => {
    const near = new Map();
    const join = (one, other, over) => { if (!near.has(one)) near.set(one, []); near.get(one).push({ other, over }); };
    for (const [source, target, over] of links) { join(source, target, over); join(target, source, over); }
    const words = $("#find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (record) => {
      const text = `${record.label} ${record.key} ${record.type} ${record.said}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    const done = new Set(), rows = [];
    for (const record of records.values()) {
      if (done.has(record.id)) continue;
      const group = [], queue = [record.id];
      while (queue.length) {
        const id = queue.pop();
        if (done.has(id) || !records.has(id)) continue;
        done.add(id);
        group.push(records.get(id));
        for (const { other } of near.get(id) ?? []) queue.push(other);
      }
      if (!group.some(fits)) continue;
      if (show === "bad" && !group.some(({ bad }) => bad.length)) continue;
      if (show === "alone" && (group.length > 1 || !group[0].live)) continue;
      const left = group.filter(({ side }) => side === "source"), right = group.filter(({ side }) => side === "target");
      for (let at = 0; at < Math.max(left.length, right.length); at++) {
        const one = left[at], other = right[at];
        const tied = (one ? near.get(one.id) ?? [] : []).map(({ other: id, over }) => ({
          down: right.findIndex((each) => each.id === id) - at,
          state: over ? "over" : one.bad.length ? "bad" : "good",
          count: over ? 0 : one.bad.length,
        }));
        rows.push({ key: one?.id ?? other.id, left: one, right: other, tied, mark: JSON.stringify([one, other, tied, chosen === one?.id, chosen === other?.id]) });
      }
    }
    recordList.set(rows.reverse());
    $("#empty").hidden = rows.length > 0;
    if (!rows.length) $("#empty").textContent = records.size ? "Nothing here fits." : "No records yet. Create one above, or make a burst of edits.";
  };
  $("#find").addEventListener("input", arrange);
  $(".chips").addEventListener("click", ({ target }) => {
    if (!target.dataset.show) return;
    show = target.dataset.show;
    for (const button of all(".chips button")) button.setAttribute("aria-pressed", button === target);
    arrange();
  });

  /* The chosen record beside its counterpart; each value can be edited where it stands. */
  const choose = async (id) => {
    chosen = id;
    $("#inspector").hidden = !id;
    if (id) await inspect();
    arrange();
  };
  $("#records").addEventListener("click", ({ target }) => {
    const button = target.closest(".rec");
    if (button) choose(button.dataset.id === chosen ? null : button.dataset.id);
  });
  $("#unchoose").addEventListener("click", () => choose(null));
  const inspect = async () => {
    const turn = ++inspections;
    let pair;
    try { pair = await ask(`/pair?id=${encodeURIComponent(chosen)}`); } catch { return turn === inspections && choose(null); }
    if (turn < inspected || pair.id !== chosen) return; /* a newer answer was faster */
    inspected = turn;
    const { source, target } = pair.records;
    $("#inspector h2").textContent = [...new Set([source, target].filter(Boolean).map((one) => `${one.type} ${one.label || one.key}`))].join(" ↔ ");
    for (const [side, record] of Object.entries(pair.records)) {
      const head = $(`#inspector th[data-side=${side}]`);
      head.replaceChildren(record ? `${about.systems[side].name} ${record.key}` : `no counterpart in ${about.systems[side].name}`);
      if (record?.live) {
        const button = element("button", "", "Delete");
        button.type = "button";
        button.addEventListener("click", () => act("delete", { id: record.id }));
        head.append(button);
      }
    }
    const body = $("#inspector tbody");
    const shape = JSON.stringify(pair.rows.map((row) => [row.source?.path, row.target?.path, row.source?.fixed, row.target?.fixed])) + source?.id + target?.id;
    if (body.dataset.shape !== shape) {
      body.dataset.shape = shape;
      body.replaceChildren(...pair.rows.map((row) => {
        const line = element("tr");
        for (const side of ["source", "target"]) {
          const cell = row[side], record = pair.records[side], value = element("td");
          const name = element(cell ? "th" : "td");
          if (cell) {
            name.scope = "row";
            name.append(element("span", "v", cell.path));
            const input = element("input");
            Object.assign(input, { readOnly: cell.fixed, placeholder: cell.fixed ? "" : "nothing", spellcheck: false, autocomplete: "off" });
            input.setAttribute("aria-label", `${cell.path} in ${about.systems[side].name}`);
            const commit = () => {
              if (input.value === input.dataset.known) return;
              const before = input.dataset.known;
              input.dataset.known = input.value;
              act("edit", { id: record.id, path: cell.path, value: input.value }).catch(() => { input.value = input.dataset.known = before; });
            };
            input.addEventListener("change", commit);
            input.addEventListener("keydown", ({ key }) => {
              if (key === "Escape") { input.value = input.dataset.known; input.blur(); }
            });
            value.append(input);
          }
          line.append(name, value);
        }
        return line;
      }));
    }
    pair.rows.forEach((row, at) => {
      const line = body.rows[at];
      line.className = row.bad ? "bad" : row.source && row.target ? "" : "unlisted";
      ["source", "target"].forEach((side, place) => {
        const input = $("input", line.cells[2 * place + 1]);
        if (!input) return;
        const typing = document.activeElement === input && input.value !== input.dataset.known;
        input.dataset.known = row[side].value;
        if (!typing) input.value = row[side].value;
      });
    });
  };

  /* The log. */
  const wanted = () => $("#reads").checked ? log : log.filter(({ kind }) => kind !== "read");
  const logList = virtual($("#lines"), LINE, (line) => line.n, (line) => {
    const button = element("button", `line ${line.kind}${line.bad ? " bad" : ""}`);
    button.type = "button";
    button.dataset.id = line.n;
    button.title = `${line.at} ${line.text}`;
    button.setAttribute("aria-pressed", line.n === chosenLine);
    button.append(element("span", "way", { source: "◂", target: "▸" }[line.side] ?? "·"), element("span", "text", line.text), element("span", "note", line.note));
    if (line.side) button.setAttribute("aria-label", `${about.systems[line.side].name}: ${line.text} ${line.note}`);
    return button;
  });
  const showLog = () => {
    const box = $("#lines");
    logList.set(wanted().map((line) => ({ ...line, mark: line.n === chosenLine })));
    if ($("#follow").checked) requestAnimationFrame(() => { box.scrollTop = box.scrollHeight; });
  };
  $("#reads").addEventListener("change", showLog);
  $("#follow").addEventListener("change", showLog);
  $("#lines").addEventListener("wheel", ({ deltaY }) => { if (deltaY < 0) $("#follow").checked = false; }, { passive: true });
  $("#lines").addEventListener("click", async ({ target }) => {
    const button = target.closest(".line");
    if (!button) return;
    chosenLine = Number(button.dataset.id);
    showLog();
    const { title, asked, answered } = await ask(`/line?n=${chosenLine}`);
    const parts = [element("h3", "", title)];
    if (asked) parts.push(element("pre", "", asked));
    if (answered) parts.push(element("h4", "", "Answer"), element("pre", "", answered));
    $("#detail").replaceChildren(...parts);
    $("#detail").scrollTop = 0;
  });

  /* What comes from the server. */
  const furnish = () => {
    const { source, target } = about.systems;
    $("#title").replaceChildren(source.name, element("span", "to", " ↔ "), target.name);
    document.title = `${source.name} ↔ ${target.name} · sandbox`;
    for (const [side, system] of Object.entries(about.systems)) {
      const head = $(`.head[data-side=${side}]`);
      $("h2", head).textContent = system.name;
      $(".url", head).textContent = `${system.api} at ${system.url}`;
      $(".new", head).replaceChildren(...system.types.map((type) => {
        const button = element("button", "", `+ ${type}`);
        button.type = "button";
        button.setAttribute("aria-label", `Create a ${type} in ${system.name}`);
        button.addEventListener("click", () => act("create", { side, type }));
        return button;
      }));
    }
    for (const id of ["sync", "automatic-label", "kill-menu"]) $(`#${id}`).hidden = about.attached;
    const item = (words, deed, body) => {
      const button = element("button", "", words);
      button.type = "button";
      button.addEventListener("click", () => { act(deed, body); button.closest("details").open = false; });
      return button;
    };
    $("#kill-menu .list").replaceChildren(
      item("now, and start it again", "kill", { moment: "now" }),
      ...["before", "during", "after"].map((moment) => item(`${moment} its next request`, "kill", { moment })));
    all("#fault-menu .list button").forEach((button) => button.remove());
    $("#fault-menu .list").append(...about.faults.map(({ kind, words }) => item(words, "fault", { fault: kind })));
  };
  const showState = (state) => {
    const node = $("#status");
    const name = about.connector || "a connector of yours";
    const planned = state.planned ? ` · ${state.planned} to go wrong` : "";
    const words = state.why ? state.why : state.working ? `${name} is at work` : about.attached ? `waiting for ${name}` : state.running ? `${name} rests` : `${name} does not run`;
    node.className = `status ${state.why ? "is-down" : state.working ? "is-working" : state.running ? "is-up" : "is-down"}`;
    $(".words", node).textContent = words + planned;
    $("#automatic").checked = state.automatic;
    $("#save").disabled = !state.steps;
    const laws = $("#laws");
    laws.hidden = !state.violated;
    if (state.violated) {
      $(".newest", laws).textContent = state.violations.at(-1).text;
      $(".count", laws).textContent = state.violated > 1 ? `and ${state.violated - 1} before` : "";
      $("ol", laws).replaceChildren(...state.violations.slice(0, -1).reverse().map(({ law, text }) => {
        const line = element("li", "", `${text} `);
        line.append(element("code", "", law));
        return line;
      }));
    }
  };
  const take = (news) => {
    if (news.about) {
      about = news.about;
      records = new Map();
      log = [];
      furnish();
    }
    for (const record of news.records ?? news.changed ?? []) records.set(record.id, record);
    if (news.records) seen = new Set(records.keys());
    links = news.links ?? links;
    if (news.state) showState(news.state);
    if (news.log) { log = log.concat(news.log).slice(-MOST_LINES); showLog(); }
    if (news.records || news.changed || news.links) {
      arrange();
      if (chosen && !records.has(chosen)) choose(null);
      else if (chosen) inspect();
    }
  };
  const listen = async () => {
    for (;;) {
      try {
        const answer = await fetch("/events", { headers });
        if (answer.status === 401) { $("#status .words").textContent = "This address lacks its token: take the one that was printed."; return; }
        const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
        for (let rest = ""; ;) {
          const { value, done } = await reader.read();
          if (done) break;
          const parts = (rest + value).split("\n\n");
          rest = parts.pop();
          for (const part of parts) if (part.startsWith("data: ")) take(JSON.parse(part.slice(6)));
        }
      } catch { /* it is tried again */ }
      $("#status").className = "status is-down";
      $("#status .words").textContent = "The sandbox has ended, or cannot be reached.";
      await new Promise((resolve) => { setTimeout(resolve, 1000); });
    }
  };

  /* What people do. */
  $("#sync").addEventListener("click", () => act("sync"));
  $("#automatic").addEventListener("change", ({ target }) => act("automatic", { on: target.checked }));
  $("#burst").addEventListener("click", () => act("burst", { count: 20 }));
  $("#save").addEventListener("click", async () => {
    $("#saved pre").textContent = (await ask("/scenario")).feature;
    $("#saved").showModal();
  });
  $("#copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText($("#saved pre").textContent);
    $("#copy").textContent = "Copied";
    setTimeout(() => { $("#copy").textContent = "Copy"; }, 1500);
  });
  $("#download").addEventListener("click", () => {
    const link = element("a");
    link.href = URL.createObjectURL(new Blob([$("#saved pre").textContent], { type: "text/plain" }));
    link.download = "sandbox.feature";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  addEventListener("click", ({ target }) => all("details.menu[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; }));
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    const menu = $("details.menu[open]");
    if (key === "Escape" && menu) { menu.open = false; $("summary", menu).focus(); }
    if (key === "/" && !target.matches("input")) { event.preventDefault(); $("#find").focus(); }
  });
  listen();
})();
