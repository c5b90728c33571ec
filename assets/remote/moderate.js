// The gate of a wall: shows what waits for approval, as the wall tells it, and sends decisions. It never shows as
// decided what the wall has not answered.
"use strict";

const EVERY_MS = 1000;
const PATIENCE_MS = 2500;
const ANSWER_MS = 3000;
const SAID_MS = 6000;

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

async function send(verb, mention) {
  if (!alive()) return say("Not sent: the wall does not answer.");
  const item = [...at("texts").children].find((one) => one.dataset.mention === mention);
  item?.classList.add("waits");
  try {
    const answer = await fetch(`${base}control`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ verb, mention }),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (answer.status === 401) return location.reload();
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) return say(told.error || `The wall refused: ${answer.status}`);
    if (verb !== "claim") last = mention;
    await ask();
  } catch {
    say("The wall did not answer; it is not known whether the decision was taken.");
  } finally {
    item?.classList.remove("waits");
  }
}

function query() {
  const wanted = new URLSearchParams({ queue, order: at("order").value });
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

function show(told) {
  for (const tab of at("queues").children) {
    tab.querySelector("b").textContent = told[tab.dataset.queue];
    tab.setAttribute("aria-selected", String(tab.dataset.queue === queue));
  }
  options("topic", told.topics);
  options("feed", told.feeds);
  at("empty").hidden = told.texts.length > 0;
  at("empty").textContent = told[queue] ? "No text here fits the filter." : "Nothing here.";
  const known = new Map([...at("texts").children].map((item) => [item.dataset.mention, item]));
  const items = told.texts.map((text) => known.get(text.mention) || card(text));
  items.forEach((item, index) => renew(item, told.texts[index]));
  at("texts").replaceChildren(...items);
  if (!told.texts.some((text) => text.mention === held)) held = told.texts[0]?.mention ?? null;
  mark();
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
  const who = element(item, "p", "", "who");
  element(who, "b", text.author || (text.handle ? `@${text.handle}` : "Unknown author"));
  const more = [text.handle && `@${text.handle}`, text.followers !== null && `${text.followers.toLocaleString()} followers`, text.feed, text.at && clock(text.at)];
  element(who, "small", more.filter(Boolean).join(" · "));
  const words = element(item, "p", text.text, "text");
  words.dir = "auto";
  if (text.language) words.lang = text.language;
  element(item, "small", "", "why");
  const row = element(item, "div", "", "row");
  for (const verb of OFFERED[text.queue]) {
    const button = element(row, "button", VERBS.find(([name]) => name === verb)[1], verb);
    button.type = "button";
    button.addEventListener("click", () => send(verb, text.mention));
  }
  item.addEventListener("pointerdown", () => { held = text.mention; mark(); });
  return item;
}

// What of a text can change while it is here.
function renew(item, text) {
  const others = text.claimed_by && Date.now() - Date.parse(text.claimed) < 30000 && claimed !== text.mention;
  const why = [
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
  if (queue === "waiting") send("claim", held);
}

for (const tab of at("queues").children) {
  tab.addEventListener("click", () => { queue = tab.dataset.queue; at("texts").replaceChildren(); ask(); });
}
for (const id of ["order", "topic", "feed", "sentiment", "language", "followers", "listed"]) at(id).addEventListener("change", ask);
document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const verb = { a: "approve", p: "pin", h: "hide", s: "stash", b: "ban" }[key];
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "u") send("undo", last ?? held);
  else if (verb && held && OFFERED[queue].includes(verb)) send(verb, held);
  else return;
  event.preventDefault();
});
setInterval(() => {
  document.body.classList.toggle("lost", !alive());
  for (const button of document.querySelectorAll("#texts button")) button.disabled = !alive();
  if (!document.hidden) ask();
}, EVERY_MS);
ask();
