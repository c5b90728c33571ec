// The remote of a wall: shows what holds as the wall tells it, and sends commands. It never shows as done
// what the wall has not answered, and says when the wall does not answer any more.
"use strict";

const PATIENCE_MS = 2500;   // the wall says something every second
const ANSWER_MS = 3000;     // a command without an answer has failed
const SAID_MS = 6000;

// Behind a proxy the remote may stand below a path.
const base = location.pathname.replace(/remote\/?$/, "");
const at = (id) => document.getElementById(id);

let now = null;             // what the wall said last
let heard = 0;              // when, by performance.now()
let events = null;
let shape = "";             // of what was laid out
let hush = 0;

function say(words) {
  at("said").textContent = words;
  at("said").hidden = !words;
  clearTimeout(hush);
  hush = setTimeout(() => { at("said").hidden = true; }, SAID_MS);
}

async function send(verb, more, button) {
  if (!alive()) return say("Not sent: the wall does not answer.");
  button?.classList.add("waits");
  try {
    const answer = await fetch(`${base}control`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ verb, ...more }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.status === 401) return location.reload();
    if (!answer.ok) return say(told.error || `The wall refused: ${answer.status}`);
    show(told);
    return true;
  } catch {
    say("The wall did not answer; it is not known whether the command was taken.");
  } finally {
    button?.classList.remove("waits");
  }
}

const alive = () => now !== null && performance.now() - heard < PATIENCE_MS;

function element(parent, tag, text, name) {
  const made = parent.appendChild(document.createElement(tag));
  if (text) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function clock(stamp) {
  return new Date(stamp).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

const day = (stamp) => `${new Date(stamp).toLocaleDateString([], { day: "numeric", month: "short" })} ${clock(stamp)}`;

function labelled(name) {
  const words = name.replace(/[_-]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function show(told) {
  now = told;
  heard = performance.now();
  document.title = `${told.wall} remote`;
  at("wall").textContent = told.wall;
  lay();
  const scene = told.scene;
  const cover = told.black || told.rewind || told.spotlight;
  at("unrewind").hidden = !told.rewind;
  at("unspot").hidden = !told.spotlight;
  at("shown").textContent = told.black ? "Black" : told.rewind ? `The past, ${told.rewind.speed} ×` : told.spotlight ? "One text, alone" : scene ? scene.title || labelled(scene.name) : "No scene";
  at("until").textContent = cover ? `by ${cover.by}, until ${clock(cover.until)}` : words(scene);
  for (const button of at("scenes").children) {
    button.setAttribute("aria-current", String(button.dataset.name === scene?.name));
    button.classList.toggle("aside", !told.scenes.find((one) => one.name === button.dataset.name)?.turns);
  }
  const mode = told.mode;
  for (const button of at("modes").children) {
    button.setAttribute("aria-current", String(button.dataset.name === mode?.name));
  }
  at("mode-now").textContent = mode?.by ? `Chosen by ${mode.by}, until ${clock(mode.until)}` : "As scheduled";
  at("unmode").hidden = !mode?.by;
  const pressed = (id, is) => at(id).setAttribute("aria-pressed", String(Boolean(is)));
  pressed("hold", scene?.by);
  at("hold").textContent = scene?.by ? "Resume" : "Hold";
  pressed("black", told.black);
  pressed("identify", told.identify);
  const banner = told.banner;
  at("banner-now").textContent = banner ? `“${banner.text}” by ${banner.by}, until ${clock(banner.until)}` : "";
  at("unbanner").disabled = !banner;
  power(told.panels);
  monitors(told.offers, told.adopted);
  alerts(told.alerts);
  at("troubles").hidden = told.problems.length === 0;
  at("troubles").querySelector("ul").replaceChildren(...told.problems.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
  const you = told.you;
  at("you").textContent = you ? `You are ${you.name}, ${you.role}.${told.kept ? "" : " Nothing is kept over a restart."}` : "";
  at("leave").hidden = !you || you.name === "local";
  look();
}

function words(scene) {
  if (!scene) return "";
  if (scene.alert) return "Brought by an alert; take it on to go back";
  if (!scene.by) return scene.until ? `Next at ${clock(scene.until)}` : "";
  return `${scene.held ? "Held" : "Chosen"} by ${scene.by}, until ${clock(scene.until)}`;
}

// What changes only with the layout.
function lay() {
  const wanted = JSON.stringify([now.scenes.map((scene) => [scene.name, scene.title]), now.modes, now.displays]);
  if (wanted === shape) return;
  shape = wanted;
  at("scenes").replaceChildren();
  now.scenes.forEach((scene, index) => {
    const button = element(at("scenes"), "button", labelled(scene.name));
    button.type = "button";
    button.dataset.name = scene.name;
    if (scene.title) element(button, "small", scene.title);
    button.addEventListener("click", () => send("scene", { name: scene.name }, button));
    if (index < 9) button.setAttribute("aria-keyshortcuts", String(index + 1));
  });
  at("mode").hidden = now.modes.length === 0;
  at("modes").replaceChildren();
  for (const name of now.modes) {
    const button = element(at("modes"), "button", labelled(name));
    button.type = "button";
    button.dataset.name = name;
    button.addEventListener("click", () => send("mode", { name }, button));
  }
  at("pictures").replaceChildren();
  for (const name of now.displays) {
    const image = element(at("pictures"), "img");
    image.alt = `Display ${name}`;
    follow(image, name, wanted);
  }
}

// Fetches one picture after the other, for as long as the wall is the same.
async function follow(image, name, of) {
  let after = "";
  while (shape === of) {
    try {
      if (document.hidden) throw new Error("nobody looks");
      const path = `${base}frame/${encodeURIComponent(name)}.jpg${after}`;
      const answer = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(9000) });
      if (answer.status === 200) {
        after = `?after=${answer.headers.get("x-frame")}`;
        const old = image.src;
        image.src = URL.createObjectURL(await answer.blob());
        if (old) URL.revokeObjectURL(old);
      } else if (answer.status !== 204) throw new Error(String(answer.status));
      await new Promise((done) => setTimeout(done, 250));
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

function power(panels) {
  at("power").hidden = panels.length === 0;
  const asked = panels.filter((panel) => panel.by);
  at("unpower").hidden = asked.length === 0;
  const states = panels.map((panel) => `${panel.display}: ${panel.state}`).join(", ");
  const who = asked.map((panel) => `${panel.display} by ${panel.by}, until ${clock(panel.until)}`).join("; ");
  const words = who ? `${states} (${who})` : states;
  if (at("power-now").textContent !== words) at("power-now").textContent = words;
}

// A monitor that no display uses is offered to those that have none; what was accepted can be taken back.
function monitors(offers, adopted) {
  at("monitors").hidden = offers.length + adopted.length === 0;
  const list = at("offers");
  const wanted = JSON.stringify([offers, adopted]);
  if (list.dataset.shape === wanted) return;
  list.dataset.shape = wanted;
  list.replaceChildren();
  for (const monitor of new Set(offers.map((offer) => offer.monitor))) {
    const item = element(list, "li");
    const of = offers.filter((offer) => offer.monitor === monitor);
    element(item, "b", of.length === 1 ? `${labelled(of[0].display)} has no monitor` : "Displays have no monitors");
    element(item, "small", `This one is not used: ${of[0].words}.`);
    for (const offer of of) {
      const differs = offer.differs.length ? offer.differs.join("; ") : "Same size and resolution";
      ask(item, `Use it as ${offer.display}`, differs, "adopt", { display: offer.display, monitor });
    }
  }
  for (const one of adopted) {
    const item = element(list, "li");
    element(item, "b", `${labelled(one.display)} ${one.used ? "is shown on" : "can use"} another monitor`);
    const more = one.used
      ? `To make this permanent, add ${one.entry} to the match of this display in the layout.`
      : "Its own is there, or this one is not.";
    element(item, "small", `${one.monitor}. Accepted by ${one.by}, ${day(one.since)}. ${more}`);
    ask(item, "Take back", "", "release", { display: one.display });
  }
}

function ask(item, words, small, verb, more) {
  const button = element(item, "button", words);
  button.type = "button";
  if (small) element(button, "small", small);
  button.addEventListener("click", () => send(verb, more, button));
}

function alerts(list) {
  at("alarm").hidden = list.length === 0;
  const wanted = JSON.stringify(list);
  if (at("alerts").dataset.shape === wanted) return;
  at("alerts").dataset.shape = wanted;
  at("alerts").replaceChildren();
  for (const alert of list) {
    const item = element(at("alerts"), "li", "", alert.severity);
    element(item, "b", alert.label);
    const more = [alert.severity, `since ${clock(alert.since)}`, alert.owner, alert.action].filter(Boolean);
    if (alert.standing === "raised") {
      const button = element(item, "button", "Take on");
      button.type = "button";
      button.setAttribute("aria-label", `Take on ${alert.label}`);
      button.addEventListener("click", () => send("acknowledge", { alert: alert.id }, button));
    } else {
      more.push("taken on");
    }
    element(item, "small", more.join(" · "));
  }
}

function look() {
  const lost = !alive();
  document.body.classList.toggle("lost", lost);
  const words = lost ? "The wall does not answer" : now.health.ok ? "Connected" : now.health.words;
  if (at("link").textContent !== words) at("link").textContent = words;
  const mute = lost || now.you?.role === "viewer";
  const talks = now?.you?.role !== "moderator";
  for (const button of document.querySelectorAll("nav button, main section:not(#alarm) button, #banner button")) {
    button.disabled = mute || !talks || (button.id === "unbanner" && !now.banner);
  }
  for (const button of document.querySelectorAll("#alerts button")) button.disabled = mute;
}

function listen() {
  events?.close();
  events = new EventSource(`${base}control/events`);
  events.addEventListener("state", (event) => show(JSON.parse(event.data)));
  events.onerror = async () => {
    // The browser tries again by itself, but not after a refusal.
    if (events.readyState !== EventSource.CLOSED) return;
    const answer = await fetch(`${base}control/state`).catch(() => null);
    if (answer?.status === 401) return location.reload();
    setTimeout(listen, 1000);
  };
}

const toggle = (on, clear, begin) => (on ? send(...clear) : send(...begin));
const actions = {
  next: () => send("next", {}, at("next")),
  back: () => send("back", {}, at("back")),
  hold: () => toggle(now?.scene?.by, ["resume", {}, at("hold")], ["hold", {}, at("hold")]),
  black: () => toggle(now?.black, ["clear", { what: "black" }, at("black")], ["black", {}, at("black")]),
  identify: () =>
    toggle(now?.identify, ["clear", { what: "identify" }, at("identify")], ["identify", {}, at("identify")]),
};
for (const [id, action] of Object.entries(actions)) at(id).addEventListener("click", action);
for (const verb of ["rest", "wake"]) at(verb).addEventListener("click", () => send(verb, {}, at(verb)));
at("unpower").addEventListener("click", () => send("clear", { what: "power" }, at("unpower")));
at("unmode").addEventListener("click", () => send("clear", { what: "mode" }, at("unmode")));
at("unspot").addEventListener("click", () => send("clear", { what: "spotlight" }, at("unspot")));
at("unrewind").addEventListener("click", () => send("live", {}, at("unrewind")));
at("unbanner").addEventListener("click", () => send("clear", { what: "banner" }, at("unbanner")));
at("banner").addEventListener("submit", async (event) => {
  event.preventDefault();
  const [text, severity, length] = ["text", "severity", "length"].map((id) => at(id).value);
  if (await send("banner", { text, severity, for: length })) at("text").value = "";
});
at("leave").addEventListener("click", async () => {
  await fetch(`${base}sign-out`, { method: "POST" }).catch(() => null);
  location.reload();
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, select, textarea");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const on = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", b: "black" }[event.key];
  const pressesButton = event.key === " " && event.target.matches("button, summary");
  if (on) actions[on]();
  else if (event.key === " " && !pressesButton) actions.hold();
  else if (/^[1-9]$/.test(event.key) && now?.scenes[event.key - 1]) send("scene", { name: now.scenes[event.key - 1].name });
  else return;
  event.preventDefault();
});
setInterval(() => { if (now) look(); else if (performance.now() > PATIENCE_MS) at("link").textContent = "The wall does not answer"; }, 250);
listen();
