// Shows every display of the wall where it hangs, or one of them large, and says plainly what is
// wrong and when the wall does not answer.
"use strict";

const RETRY_MS = 1000;      // between two questions after a failure
const STATE_MS = 1000;      // between two looks at wall.json
const PATIENCE_MS = 9000;   // the server answers within 5 s; longer is no answer
const WELL = ["connecting", "catching up", "live", "ended"];   // states that are no trouble

// Behind a proxy the mirror may stand below a path, which may be asked for without its last slash.
const base = location.pathname.replace(/\/?$/, "/");
const phone = matchMedia("(max-width: 700px), (max-height: 480px)");

const at = (id) => document.getElementById(id);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const visible = () => document.hidden
  ? new Promise((done) => document.addEventListener("visibilitychange", done, { once: true }))
  : Promise.resolve();

let wall = null;            // the last wall.json
let shape = "";             // what was laid out, to see when the wall is another
let panes = [];             // one per display: { name, ratio, box, words, image, frame }
let one = phone.matches;    // one display at a time, not the whole wall
let chosen = 0;             // which of them
let large = null;           // the pane that is larger than the screen
let known = null;           // serial of the last news of pictures
let poll = new AbortController();

async function ask(path, leave = new AbortController()) {
  const limit = setTimeout(() => leave.abort(), PATIENCE_MS);
  try {
    const answer = await fetch(base + path, { cache: "no-store", signal: leave.signal });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.status === 204 ? null : await answer.json();
  } finally {
    clearTimeout(limit);
  }
}

function element(parent, tag, name, text) {
  const made = parent.appendChild(document.createElement(tag));
  if (name) made.className = name;
  if (text) made.textContent = text;
  return made;
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
  enlarge(null);
  at("wall").replaceChildren();
  panes = wall.displays.map((display, i) => {
    const box = element(at("wall"), "div", "display");
    box.dataset.name = display.name;
    box.tabIndex = 0;
    box.setAttribute("role", "button");
    box.setAttribute("aria-label", `Display ${display.name}`);
    box.addEventListener("click", (event) => press(i, event.offsetX / box.clientWidth));
    const [, , w, h] = display.rect_mm;
    return { name: display.name, ratio: w / h, box, words: element(box, "p", "", display.name), image: null, frame: null };
  });
  chosen = Math.min(chosen, panes.length - 1);
  choices();
  poll.abort();   // asked for a wall that is gone
  place();
}

function choices() {
  const choice = at("choice");
  choice.replaceChildren();
  choice.hidden = panes.length < 2;
  const button = (text, pressed) => {
    const made = element(choice, "button", "", text);
    made.type = "button";
    made.addEventListener("click", pressed);
  };
  button("All", () => look(false, chosen));
  panes.forEach((pane, i) => button(pane.name, () => look(true, i)));
}

function place() {
  if (!wall) return;
  document.body.classList.toggle("one", one);
  [...at("choice").children].forEach((button, i) =>
    button.setAttribute("aria-pressed", one ? i === chosen + 1 : i === 0));
  const [left, top, width, height] = wall.bounds_mm;
  const most = innerHeight * (innerHeight > innerWidth ? 0.62 : 0.8);
  const wanted = innerWidth / (one ? Math.min(...panes.map((pane) => pane.ratio)) : width / height);
  document.documentElement.style.setProperty("--room", `${Math.min(most, wanted)}px`);
  const bezel = bezelMm(wall.displays);
  const room = at("room").getBoundingClientRect();
  const scale = Math.min(room.width / (width + 2 * bezel), room.height / (height + 2 * bezel));
  const set = (node, values) =>
    Object.entries(values).forEach(([key, px]) => node.style.setProperty(key, `${px}px`));
  const hung = { left: (room.width - width * scale) / 2, top: (room.height - height * scale) / 2,
    width: width * scale, height: height * scale };
  if (one) at("wall").removeAttribute("style"); else set(at("wall"), hung);
  wall.displays.forEach((display, i) => {
    const [x, y, w, h] = display.rect_mm, { box, ratio } = panes[i];
    set(box, { "--x": (x - left) * scale, "--y": (y - top) * scale, "--w": w * scale, "--h": h * scale,
      "--large": Math.max(innerHeight * ratio, 2 * Math.min(innerWidth, innerHeight * ratio)) });
    box.style.boxShadow = one ? "none" : `0 0 0 ${Math.max(1, bezel * scale)}px var(--bezel)`;
  });
  if (one) bring(chosen, "instant");
}

// From the whole wall to one display and back.
function look(single, i) {
  enlarge(null);
  const glide = one && single;
  [one, chosen] = [single, i];
  if (glide) bring(i, "smooth"); else place();
  refresh();
}

function bring(i, behavior) {
  const strip = at("wall"), box = panes[i]?.box;
  if (box) strip.scrollTo({ left: box.offsetLeft - (strip.clientWidth - box.offsetWidth) / 2, behavior });
}

// A display that is pressed: from the wall to it alone; on a phone then to its letters.
function press(i, where) {
  if (!one) return look(true, i);
  if (large) return enlarge(null);
  if (!phone.matches) return look(false, i);
  enlarge(panes[i]);
  large.box.scrollLeft = large.box.scrollWidth * where - innerWidth / 2;
}

function enlarge(pane) {
  large?.box.classList.remove("large");
  large = pane;
  large?.box.classList.add("large");
  at("back").hidden = !large;
  if (one && !large) bring(chosen, "instant");   // the strip closed up behind the large one
}

function back() {
  if (large) enlarge(null); else if (one) look(false, chosen);
}

function step(by) {
  if (!large && one) look(true, Math.max(0, Math.min(panes.length - 1, chosen + by)));
}

// The strip was pushed: the display in its middle is the one that is looked at.
function swiped() {
  if (!one || large) return;
  const strip = at("wall"), middle = strip.scrollLeft + strip.clientWidth / 2;
  const i = panes.findIndex(({ box }) => middle < box.offsetLeft + box.offsetWidth);
  if (i < 0 || i === chosen) return;
  chosen = i;
  [...at("choice").children].forEach((button, n) => button.setAttribute("aria-pressed", n === i + 1));
  at("choice").children[i + 1]?.scrollIntoView({ block: "nearest", inline: "nearest" });
  refresh();
}

// Pictures are looked for at once, not only when the next one comes.
function refresh() {
  known = null;
  poll.abort();
}

function age(s) {
  if (s < 120) return `${Math.floor(s)} s`;
  return s < 7200 ? `${Math.floor(s / 60)} min` : `${Math.floor(s / 3600)} h`;
}

// A line of its own for everything that is wrong: a reason is read whole.
function trouble(name, health, why) {
  const line = element(at("troubles"), "li");
  if (name) element(line, "span", "name", name);
  element(line, "span", "health", health);
  element(line, "span", "why", why);
}

function feedTrouble(feed) {
  const rest = feed.words.startsWith(feed.health) ? feed.words.slice(feed.health.length) : feed.words;
  const heard = feed.age_s == null ? "no data yet" : `last data ${age(feed.age_s)} ago`;
  const said = feed.next_try_s == null || feed.health === "throttled" || /retry/.test(feed.words);
  const next = said ? "" : `retrying in ${age(feed.next_try_s)}`;
  const told = [rest.replace(/^[,:\s]+/, ""), feed.health === "stale" ? "" : heard, next];
  trouble(feed.name, feed.health, told.filter(Boolean).join(" · "));
}

function tell() {
  document.title = `${wall.name} – Fishbowl`;
  at("name").textContent = wall.name || "Fishbowl";
  at("question").textContent = wall.title || wall.scene;
  at("troubles").replaceChildren();
  const well = (feed) => WELL.includes(feed.health);
  wall.feeds.filter((feed) => !well(feed)).forEach(feedTrouble);
  const lines = wall.feeds.map((feed) => `feed \`${feed.name}\`: `);   // has its line already
  wall.problems.filter((problem) => !lines.some((start) => problem.startsWith(start)))
    .forEach((problem) => trouble("", "wall", problem));
  const wrong = at("troubles").childElementCount;
  at("troubles").hidden = !wrong;
  at("back").textContent = wrong ? `Back (${wrong} ${wrong === 1 ? "problem" : "problems"})` : "Back";
  at("back").classList.toggle("warn", wrong > 0);
  at("state").textContent = wall.feeds.filter(well).map((feed) => `${feed.name} ${feed.words}`).join(" · ");
  at("rate").textContent = wall.health.ok ? `${wall.fps} fps` : "";
  wall.displays.forEach((display, i) => {
    panes[i].words.textContent = display.present ? display.name : `${display.name}: no monitor`;
    panes[i].words.hidden = display.present && panes[i].image !== null;
  });
  notice(wall.health.ok ? "" : `The wall has stopped: ${wall.health.words}.`);
}

function notice(words) {
  at("notice").textContent = words;
  at("notice").hidden = !words;
  document.body.classList.toggle("lost", Boolean(words));
}

function lost() {
  notice("The wall is not responding. Retrying.");
  at("rate").textContent = "";
}

async function watchState() {
  for (;;) {
    await visible();
    try {
      wall = await ask("wall.json");
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
  image.draggable = false;
  image.src = `${base}frame/${encodeURIComponent(pane.name)}.jpg?n=${frame}`;
  await image.decode();
  if (pane.image) pane.image.replaceWith(image); else pane.box.prepend(image);
  pane.image = image;
  pane.frame = frame;
  pane.box.dataset.frame = frame;
  pane.words.hidden = true;
}

// Of a strip only the display that is looked at and its neighbours are fetched.
const near = (pane, i) => !one || Math.abs(i - chosen) <= 1;

async function watchPictures() {
  for (;;) {
    await visible();
    poll = new AbortController();
    const { signal } = poll;
    try {
      const news = await ask(known === null ? "changes" : `changes?after=${known}`, poll);
      if (!news) continue;
      const fresh = panes.filter(near).filter((pane) => (news.frames[pane.name] ?? pane.frame) !== pane.frame);
      const shown = await Promise.allSettled(fresh.map((pane) => show(pane, news.frames[pane.name])));
      const failed = shown.some((picture) => picture.status === "rejected");
      known = signal.aborted || failed ? null : news.serial;   // of a wall at rest there is no more news
      if (failed && !signal.aborted) await pause(RETRY_MS);
    } catch {
      known = null;
      if (!signal.aborted) await pause(RETRY_MS);
    }
  }
}

const KEYS = { Escape: back, ArrowLeft: () => step(-1), ArrowRight: () => step(1) };
addEventListener("keydown", (event) => {
  const box = event.target.closest?.(".display");
  const pressed = box && (event.key === "Enter" || event.key === " ");
  const does = pressed ? () => box.click() : KEYS[event.key];
  if (!does || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  does();
});
addEventListener("resize", place);
new ResizeObserver(place).observe(at("room"));   // lines of troubles take their room from the wall
phone.addEventListener("change", () => look(phone.matches, Math.max(0, chosen)));
at("wall").addEventListener("scroll", swiped, { passive: true });
at("back").addEventListener("click", back);
document.querySelector("link[rel=icon]").href = `${base}icon.svg`;
watchState();
watchPictures();
