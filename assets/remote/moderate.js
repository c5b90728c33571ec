// The gate of a wall: shows what waits for approval, as the wall tells it, and sends decisions. It never shows as
// decided what the wall has not answered.
"use strict";

const EVERY_MS = 1000;
const PATIENCE_MS = 2500;
const ANSWER_MS = 3000;
const SAID_MS = 6000;
// Texts that are asked for.
const LIMIT = 200;
// After texts have moved, and after one was edited, nothing can be decided for so long.
const CALM_MS = 400;
const READ_MS = 2000;
const SWIPE_PX = 120;

// Behind a proxy the page may stand below a path.
const base = location.pathname.replace(/moderate\/?$/, "");
const at = (id) => document.getElementById(id);

let queue = "waiting";
let heard = -Infinity;      // when the wall last answered, by performance.now()
let held = null;            // uid of the text that keys act on
let last = null;            // uid of the text that was decided on last
let claimed = null;
let hush = 0;
let asking = null;
let calm = 0;
let fresh = [];             // what the wall told last

function say(words) {
  at("said").textContent = words;
  at("said").hidden = !words;
  clearTimeout(hush);
  hush = setTimeout(() => { at("said").hidden = true; }, SAID_MS);
}

const alive = () => performance.now() - heard < PATIENCE_MS;

function element(parent, tag, text, name) {
  const made = parent.appendChild(document.createElement(tag));
  if (text) made.textContent = text;
  if (name) made.className = name;
  return made;
}

function clock(stamp) {
  return new Date(stamp).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
}

async function send(verb, item) {
  const { mention, words } = item.dataset;
  if (!alive()) return say("Not sent: the wall does not answer.");
  item.classList.add("waits");
  const request = verb === "approve" || verb === "pin" ? { verb, mention, words } : { verb, mention };
  try {
    const answer = await fetch(`${base}control`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (answer.status === 401) return location.reload();
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) say(told.error || `The wall refused: ${answer.status}`);
    // It was dropped for newer ones, or deleted.
    if (answer.status === 404) leave(item);
    if (!answer.ok) return;
    if (verb === "spotlight") say("It stands alone on the wall for 30 seconds.");
    else if (verb !== "claim") decided(item, verb);
    await ask();
  } catch {
    say("The wall did not answer; it is not known whether the decision was taken.");
  } finally {
    item.classList.remove("waits");
  }
}

// What was decided here goes, and the next one takes its place.
function decided(item, verb) {
  const { mention } = item.dataset;
  last = verb === "undo" ? null : mention;
  const after = item.nextElementSibling ?? item.previousElementSibling;
  if (held === mention) held = after?.dataset.mention ?? null;
  item.remove();
  calm = performance.now() + CALM_MS;
  mark();
}

function query() {
  const wanted = new URLSearchParams({ queue, order: at("order").value, limit: LIMIT });
  for (const id of ["topic", "feed", "sentiment", "language", "followers"]) {
    const value = at(id).value.trim();
    if (value) wanted.set(id, value);
  }
  if (at("listed").checked) wanted.set("listed", "true");
  return wanted;
}

async function ask() {
  asking?.abort();
  asking = new AbortController();
  try {
    const signal = AbortSignal.any([asking.signal, AbortSignal.timeout(ANSWER_MS)]);
    const answer = await fetch(`${base}gate?${query()}`, { cache: "no-store", signal });
    if (answer.status === 401) return location.reload();
    const told = await answer.json();
    heard = performance.now();
    at("link").textContent = answer.ok ? "Connected" : told.error;
    if (answer.ok) show(told);
  } catch (error) {
    if (error.name !== "AbortError" && !alive()) at("link").textContent = "The wall does not answer";
  }
}

function options(id, names) {
  const wanted = JSON.stringify(names);
  if (at(id).dataset.shape === wanted) return;
  at(id).dataset.shape = wanted;
  const chosen = at(id).value;
  at(id).replaceChildren(new Option("All", ""), ...names.map((name) => new Option(name, name)));
  at(id).value = names.includes(chosen) ? chosen : "";
}

// Nothing moves under a finger: what comes later waits behind a button, or stands at the end; what others decided
// stays where it is until then.
function show(told) {
  for (const tab of at("queues").children) {
    tab.querySelector("b").textContent = told[tab.dataset.queue];
    tab.setAttribute("aria-selected", String(tab.dataset.queue === queue));
  }
  options("topic", told.topics);
  options("feed", told.feeds);
  const texts = new Map(told.texts.map((text) => [text.mention, text]));
  const isWhole = told.texts.length < LIMIT;
  for (const item of at("texts").children) {
    const text = texts.get(item.dataset.mention);
    if (text) renew(item, text);
    else if (isWhole) leave(item);
    texts.delete(item.dataset.mention);
  }
  fresh = told.texts;
  const open = at("texts").querySelector("li:not(.gone)");
  if (!open) load();
  else if (at("order").value === "oldest") at("texts").append(...[...texts.values()].map(card));
  at("new").hidden = !open || at("order").value === "oldest" || texts.size === 0;
  at("new").textContent = `Show ${texts.size} new`;
  at("empty").hidden = told.texts.length > 0;
  at("empty").textContent = told[queue] ? "No text here fits the filter." : "Nothing here.";
}

// Begins anew with what the wall told last.
function load() {
  if (fresh.length || at("texts").children.length) calm = performance.now() + CALM_MS;
  at("texts").replaceChildren(...fresh.map(card));
  if (!fresh.some((text) => text.mention === held)) held = fresh[0]?.mention ?? null;
  at("new").hidden = true;
  mark();
}

// Somebody else decided, or it was deleted.
function leave(item) {
  if (item.classList.contains("gone")) return;
  item.classList.add("gone");
  item.querySelector(".why").textContent = "Not here any more";
}

const VERBS = [["approve", "Approve"], ["pin", "Pin"], ["hide", "Hide"], ["stash", "Stash"], ["ban", "Ban author"], ["undo", "Back to waiting"], ["spotlight", "Show alone"]];
const OFFERED = {
  waiting: ["approve", "pin", "hide", "stash", "ban"],
  approved: ["pin", "hide", "undo", "ban", "spotlight"],
  pinned: ["approve", "hide", "undo", "ban", "spotlight"],
  hidden: ["approve", "undo"],
  stashed: ["approve", "hide", "undo", "ban"],
};

function card(text) {
  const item = document.createElement("li");
  item.dataset.mention = text.mention;
  item.tabIndex = -1;
  element(item, "p", "", "who");
  element(item, "p", "", "text").dir = "auto";
  element(item, "p", "", "links");
  element(item, "small", "", "why");
  const row = element(item, "div", "", "row");
  for (const verb of OFFERED[text.queue]) {
    if (verb === "ban" && !text.has_author) continue;
    const button = element(row, "button", VERBS.find(([name]) => name === verb)[1], verb);
    button.type = "button";
    button.addEventListener("click", () => { if (isReady(item)) send(verb, item); });
  }
  item.addEventListener("pointerdown", (event) => { held = text.mention; mark(); grasp(item, event); });
  renew(item, text);
  return item;
}

// A thumb that moves a text to the right approves it, one that moves it to the left hides it.
function grasp(item, from) {
  if (from.pointerType !== "touch" || from.target.closest("button")) return;
  const way = (event) => event.clientX - from.clientX;
  const move = (event) => {
    item.style.transform = Math.abs(way(event)) > SWIPE_PX / 3 ? `translateX(${way(event)}px)` : "";
  };
  const end = (event) => {
    item.removeEventListener("pointermove", move);
    item.removeEventListener("pointercancel", end);
    item.removeEventListener("pointerup", end);
    item.style.transform = "";
    const verb = way(event) > 0 ? "approve" : "hide";
    const isFar = event.type === "pointerup" && Math.abs(way(event)) >= SWIPE_PX;
    if (isFar && isReady(item) && OFFERED[queue].includes(verb)) send(verb, item);
  };
  item.setPointerCapture(from.pointerId);
  item.addEventListener("pointermove", move);
  item.addEventListener("pointercancel", end);
  item.addEventListener("pointerup", end);
}

// Whether this text has stood still for long enough to be read.
const isReady = (item) => performance.now() > Math.max(calm, Number(item.dataset.calm ?? 0)) && !item.classList.contains("gone");

// What of a text can change while it is here.
function renew(item, text) {
  item.classList.remove("gone");
  if (item.dataset.words !== text.words) {
    const isEdited = item.dataset.words !== undefined;
    item.dataset.words = text.words;
    item.classList.toggle("edited", isEdited);
    if (isEdited) item.dataset.calm = performance.now() + READ_MS;
    const who = item.querySelector(".who");
    who.replaceChildren();
    element(who, "b", text.author || (text.handle ? `@${text.handle}` : "Unknown author"));
    const more = [text.handle && `@${text.handle}`, text.followers !== null && `${text.followers.toLocaleString()} followers`, text.place, text.feed, text.at && clock(text.at)];
    element(who, "small", more.filter(Boolean).join(" · "));
    item.querySelector(".text").textContent = text.text;
    item.querySelector(".text").lang = text.language ?? "";
    item.querySelector(".links").textContent = text.links.length ? `Links: ${text.links.join(" · ")}` : "";
  }
  const others = text.claimed_by && Date.now() - Date.parse(text.claimed) < 30000 && claimed !== text.mention;
  const why = [
    item.classList.contains("edited") && "Edited, read it again",
    text.by ? `${text.by}, ${clock(text.decided)}` : text.why,
    text.listed && "on the wall",
    text.due && `shown at ${clock(text.due)}`,
    others && `${text.claimed_by} is looking at it`,
    text.topics.join(", "),
    text.sentiment !== "unknown" && text.sentiment,
  ];
  const words = why.filter(Boolean).join(" · ");
  const line = item.querySelector(".why");
  if (line.textContent !== words) line.textContent = words;
  item.classList.toggle("claimed", Boolean(others));
}

function mark() {
  for (const item of at("texts").children) item.setAttribute("aria-current", String(item.dataset.mention === held));
}

function move(step) {
  const items = [...at("texts").children];
  if (items.length === 0) return;
  const now = items.findIndex((item) => item.dataset.mention === held);
  const item = items[Math.min(Math.max(now + step, 0), items.length - 1)];
  held = item.dataset.mention;
  mark();
  item.focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
  // Others see that somebody is at it.
  claimed = held;
  if (queue === "waiting") send("claim", item);
}

const current = () => [...at("texts").children].find((item) => item.dataset.mention === held);

// The last decision of this page, whose text stands in another queue by now.
function takeBack(mention) {
  const item = document.createElement("li");
  item.dataset.mention = mention;
  send("undo", item).then(load);
}

// Another queue, or another part of it.
function turn() {
  at("texts").replaceChildren();
  fresh = [];
  ask();
}
for (const tab of at("queues").children) tab.addEventListener("click", () => { queue = tab.dataset.queue; turn(); });
for (const id of ["order", "topic", "feed", "sentiment", "language", "followers", "listed"]) at(id).addEventListener("change", turn);
at("new").addEventListener("click", load);
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const verb = { a: "approve", p: "pin", h: "hide", s: "stash", b: "ban" }[key];
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (event.repeat) return;
  else if (key === "u") {
    const item = current();
    if (last) takeBack(last);
    else if (item) send("undo", item);
  } else if (verb && OFFERED[queue].includes(verb)) {
    const item = current();
    if (item && isReady(item)) send(verb, item);
  }
  else return;
  event.preventDefault();
});
setInterval(() => {
  document.body.classList.toggle("lost", !alive());
  for (const item of at("texts").children) {
    const rests = !alive() || item.classList.contains("gone") || performance.now() < Number(item.dataset.calm ?? 0);
    for (const button of item.querySelectorAll("button")) button.disabled = rests;
  }
  if (!document.hidden) ask();
}, EVERY_MS);
ask();
