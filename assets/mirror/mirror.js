// Shows every display of the wall where it hangs, and says plainly when the wall does not answer.
"use strict";

const RETRY_MS = 1000;      // between two questions after a failure
const STATE_MS = 1000;      // between two looks at wall.json
const PATIENCE_MS = 9000;   // the server answers within 5 s; longer is no answer
const WELL = ["connecting", "catching up", "live", "ended"];   // states that are no trouble

const at = (id) => document.getElementById(id);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const visible = () => document.hidden
  ? new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }))
  : Promise.resolve();

let wall = null;            // the last wall.json
let shape = "";             // what was laid out, to see when the wall is another
let panes = [];             // one per display: { name, box, words, image, frame }
let known = null;           // serial of the last news of pictures
let poll = new AbortController();

async function ask(path, leave = new AbortController()) {
  const limit = setTimeout(() => leave.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(path, { cache: "no-store", signal: leave.signal });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.status === 204 ? null : await answer.json();
  } finally {
    clearTimeout(limit);
  }
}

function element(parent, tag) {
  return parent.appendChild(document.createElement(tag));
}

// Frames as wide as half of the narrowest gap, so that bezels stand as they do on the wall.
function bezelMm(displays) {
  let gap = 24;
  for (const a of displays) for (const b of displays) {
    const [ax, ay, aw, ah] = a.rect_mm, [bx, by, bw, bh] = b.rect_mm;
    const across = bx - (ax + aw), down = by - (ay + ah);
    if (across >= 0 && ay < by + bh && by < ay + ah) gap = Math.min(gap, across);
    if (down >= 0 && ax < bx + bw && bx < ax + aw) gap = Math.min(gap, down);
  }
  return gap / 2;
}

function hang() {
  const now = JSON.stringify([wall.bounds_mm, wall.displays.map((d) => [d.name, d.rect_mm])]);
  if (now === shape) return;
  shape = now;
  at("wall").replaceChildren();
  panes = wall.displays.map((display) => {
    const box = element(at("wall"), "div");
    box.className = "display";
    box.dataset.name = display.name;
    const words = element(box, "p");
    words.textContent = display.name;
    return { name: display.name, box, words, image: null, frame: null };
  });
  poll.abort();   // asked for a wall that is gone
  place();
}

function place() {
  if (!wall) return;
  const [left, top, width, height] = wall.bounds_mm;
  const bezel = bezelMm(wall.displays);
  const room = at("room").getBoundingClientRect();
  const scale = Math.min(room.width / (width + 2 * bezel), room.height / (height + 2 * bezel));
  const set = (node, x, y, w, h) => Object.assign(node.style,
    { left: `${x}px`, top: `${y}px`, width: `${w}px`, height: `${h}px` });
  set(at("wall"), (room.width - width * scale) / 2, (room.height - height * scale) / 2,
    width * scale, height * scale);
  wall.displays.forEach((display, i) => {
    const [x, y, w, h] = display.rect_mm;
    set(panes[i].box, (x - left) * scale, (y - top) * scale, w * scale, h * scale);
    panes[i].box.style.boxShadow = `0 0 0 ${Math.max(1, bezel * scale)}px var(--bezel)`;
  });
}

function line(parent, text, warn) {
  if (parent.childNodes.length) parent.append(" · ");
  const part = element(parent, "span");
  part.textContent = text;
  if (warn) part.className = "warn";
}

function tell() {
  document.title = `${wall.name} – Fishbowl`;
  at("name").textContent = wall.name || "Fishbowl";
  at("question").textContent = wall.title || wall.scene;
  const state = at("state");
  state.replaceChildren();
  for (const feed of wall.feeds) {
    line(state, `${feed.name} ${feed.words}`, !WELL.includes(feed.health));
  }
  // Those of feeds are told with their feeds.
  const others = wall.problems.filter((problem) => !problem.startsWith("feed `"));
  for (const problem of others) line(state, problem, true);
  at("rate").textContent = wall.health.ok ? `${wall.fps} fps` : "";
  wall.displays.forEach((display, i) => {
    panes[i].words.textContent = display.present ? display.name : `${display.name}: no monitor`;
    panes[i].words.hidden = display.present && panes[i].image !== null;
  });
  notice(wall.health.ok ? "" : `The wall stands still: ${wall.health.words}.`);
}

function notice(words) {
  at("notice").textContent = words;
  at("notice").hidden = !words;
  document.body.classList.toggle("lost", Boolean(words));
}

function lost() {
  notice("The wall does not answer. Trying again.");
  at("rate").textContent = "";
}

async function watchState() {
  for (;;) {
    await visible();
    try {
      wall = await ask("/wall.json");
      hang();
      tell();
    } catch {
      lost();
    }
    await pause(STATE_MS);
  }
}

// The new picture takes the old one's place when it is whole, so that nothing flickers.
async function show(pane, frame) {
  const image = new Image();
  image.alt = pane.name;
  image.src = `/frame/${encodeURIComponent(pane.name)}.jpg?n=${frame}`;
  await image.decode();
  if (pane.image) pane.image.replaceWith(image); else pane.box.prepend(image);
  pane.image = image;
  pane.frame = frame;
  pane.box.dataset.frame = frame;
  pane.words.hidden = true;
}

async function watchPictures() {
  for (;;) {
    await visible();
    poll = new AbortController();
    const { signal } = poll;
    try {
      const news = await ask(known === null ? "/changes" : `/changes?after=${known}`, poll);
      if (!news) continue;
      const fresh = panes.filter((pane) => (news.frames[pane.name] ?? pane.frame) !== pane.frame);
      await Promise.allSettled(fresh.map((pane) => show(pane, news.frames[pane.name])));
      known = signal.aborted ? null : news.serial;
    } catch {
      known = null;
      if (!signal.aborted) await pause(RETRY_MS);
    }
  }
}

addEventListener("resize", place);
watchState();
watchPictures();
