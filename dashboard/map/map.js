// The world map: one film (all years of a measure, film.py) drawn as SVG; see dashboard/map/__init__.py.
// It draws another year without asking the server, and tells it afterwards. Every text comes from the film.

const SETTLE_MS = 250; // a year is told to the server when the reader has stopped there
const ECHO_MS = 5000; // after which the server is believed again, whatever it says
const CLOSEST = 24; // times the size of the whole
const STEP = 1.6; // of a zoom
const SMALL = [2, 3.5]; // pixels: least and largest radius of the marker of a place too small to be seen
const drawn = new WeakMap();
const shapes = new Map();

export default function ({ parentElement, data, setTriggerValue }) {
  const map = drawn.get(parentElement) ?? new WorldMap(parentElement);
  drawn.set(parentElement, map);
  map.tell = setTriggerValue;
  map.load(data);
  return () => map.remove();
}

/** The polygons, fetched once for all maps of a page. */
function fetchShapes(address) {
  if (!shapes.has(address)) {
    const coming = fetch(new URL(address, document.baseURI)).then((answer) => {
      if (!answer.ok) throw new Error(`The map's shapes cannot be read: ${answer.status}`);
      return answer.json();
    });
    coming.catch(() => shapes.delete(address));
    shapes.set(address, coming);
  }
  return shapes.get(address);
}

/** What the server sent: a line that names map, film and shapes, then the film, compressed. */
function split(bytes) {
  const cut = bytes.indexOf(10);
  return [JSON.parse(new TextDecoder().decode(bytes.subarray(0, cut))), bytes.subarray(cut + 1)];
}

async function unpack(packed) {
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"))).json();
}

/** Red, green and blue of a colour as the theme writes it: "#0e1117" or "rgb(14, 17, 23)". */
function parseColour(text) {
  if (text.startsWith("#")) return [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16));
  return text.match(/\d+/g).slice(0, 3).map(Number);
}

class WorldMap {
  constructor(root) {
    this.root = root;
    this.state = {};
    this.places = [];
    this.gone = new AbortController();
    this.box = element("div", { class: "world" });
    root.append(this.box);
    addEventListener("upstream-map", (event) => event.detail === this.film?.map && this.obey(), this.listening);
  }

  get listening() {
    return { signal: this.gone.signal };
  }

  remove() {
    this.gone.abort();
    drawn.delete(this.root);
    this.box.remove();
    this.size?.disconnect();
    clearTimeout(this.waiting);
  }

  /** Take a film; what is drawn stays until the film and the state that goes with it are both there. */
  async load(bytes) {
    this.theme();
    const [about, packed] = split(bytes);
    this.wanted = about.film;
    if (about.film === this.film?.id) return;
    const [film, world] = await Promise.all([unpack(packed), fetchShapes(about.shapes)]);
    if (this.gone.signal.aborted || this.wanted !== about.film) return;
    this.film = new Film(film, about.film, about.map);
    this.world = world;
    this.obey();
  }

  /** On a dark page the greys are others; the scale of colours stays. */
  theme() {
    const ground = getComputedStyle(this.box).getPropertyValue("--st-background-color").trim() || "#ffffff";
    const [red, green, blue] = parseColour(ground);
    this.box.classList.toggle("dark", red + green + blue < 3 * 128);
  }

  /** Do as the server says (state.js): year, picked country, region, coverage, comparison, small maps, words. */
  obey() {
    const said = globalThis.upstreamMaps?.[this.film.map];
    if (said?.film !== this.film.id) return;
    const before = this.state;
    const year = this.isAhead(said.year) ? before.year : said.year;
    this.state = this.film.state = { ...said, year };
    if (this.built !== this.film.id) this.build();
    if (before.region !== said.region) this.show(said.region);
    this.paint();
    this.beside.show(this.places, this.whole);
  }

  /** Whether the reader has gone on to another year than the one that the server speaks of. */
  isAhead(year) {
    if (this.state.film !== this.film.id || this.waiting) return Boolean(this.waiting);
    if (this.sent === undefined || performance.now() - this.sentAt > ECHO_MS) return false;
    if (year === this.sent) this.sent = undefined;
    return this.sent !== undefined;
  }

  // ------------------------------------------------------------------------------------------------ building

  build() {
    const keep = this.built && this.root.activeElement?.className;
    this.built = this.film.id;
    this.box.dir = this.state.direction;
    this.box.lang = this.state.language;
    this.beside = new Beside(this.film, (year) => this.turn(year));
    const parts = [this.slider(), this.frame(), this.beside.legendNode, this.beside.stillsNode];
    this.box.replaceChildren(...parts.filter(Boolean));
    this.size?.disconnect();
    this.size = new ResizeObserver(() => this.place());
    this.size.observe(this.list);
    if (keep) this.box.querySelector(`.${keep.split(" ")[0]}`)?.focus();
    this.view ?? this.show(this.state.region);
  }

  slider() {
    const { texts, years } = this.film;
    if (years[0] === years[1]) return null;
    this.range = element("input", { type: "range", id: "year", class: "year", min: years[0], max: years[1], step: 1 });
    this.shownYear = element("output", { for: "year" });
    this.range.addEventListener("input", () => this.turn(Number(this.range.value)));
    const step = (by, sign, label) => this.button(sign, label, () => this.turn(this.state.year + by));
    return element(
      "div",
      { class: "years" },
      element("label", { for: "year" }, texts.year),
      this.shownYear,
      step(-1, "‹", texts.earlier),
      this.range,
      step(1, "›", texts.later),
    );
  }

  button(sign, label, act) {
    const made = element("button", { type: "button", "aria-label": label, title: label, tabindex: "-1" }, sign);
    made.addEventListener("click", act);
    return made;
  }

  frame() {
    const { texts } = this.film;
    this.list = element("div", {
      class: "list",
      role: "listbox",
      tabindex: "0",
      "aria-describedby": "hint",
    });
    this.list.append(this.picture());
    this.tip = element("div", { class: "tip", "aria-hidden": "true" });
    this.live = element("p", { class: "unseen", "aria-live": "polite" });
    const zoom = element(
      "div",
      { class: "zoom" },
      this.button("+", texts.zoom_in, () => this.zoom(STEP)),
      this.button("−", texts.zoom_out, () => this.zoom(1 / STEP)),
      this.button("⤢", texts.reset, () => this.show(this.state.region)),
    );
    this.listen();
    const hint = element("p", { class: "unseen", id: "hint" }, texts.hint);
    return element("div", { class: "frame" }, this.list, zoom, this.tip, hint, this.live);
  }

  picture() {
    this.patterns = [pattern("hatch", 9, "hatched"), pattern("dots", 8, "dotted"), pattern("cross", 6, "crossed")];
    this.land = shape("g", { role: "presentation" });
    this.places = this.film.places
      .filter(([code]) => this.world.paths[code] || this.world.centres[code])
      .map((place) => this.placeOf(place));
    const order = new Map(Object.keys(this.world.paths).map((code, at) => [code, at]));
    this.places.sort((a, b) => (order.get(a.code) ?? 0) - (order.get(b.code) ?? 0));
    for (const place of this.places) this.land.append(place.path, place.over);
    for (const path of this.world.disputed) this.land.append(shape("path", { class: "disputed", d: path }));
    this.land.append(shape("path", { class: "line", d: this.world.lines }));
    for (const place of this.places) if (place.dot) this.land.append(place.dot);
    this.active = this.places.find((place) => place.code === this.active?.code);
    this.pickedMark = shape("path", { class: "picked" });
    this.focusMark = shape("path", { class: "focus" });
    this.land.append(this.pickedMark, this.focusMark);
    this.svg = shape("svg", { role: "presentation" }, shape("defs", {}, ...this.patterns), this.land);
    return this.svg;
  }

  placeOf([code, name, holder, tiny]) {
    const d = this.world.paths[code] ?? "";
    const [x, y] = this.world.centres[code] ?? [0, 0];
    const place = { code, name, holder, x, y, d };
    const option = { role: "option", id: `place-${code}`, "aria-selected": "false" };
    place.path = shape("path", { class: "place", d, ...(tiny ? { "aria-hidden": "true" } : option) });
    place.over = shape("path", { class: "over", d, "aria-hidden": "true" });
    if (tiny) place.dot = shape("circle", { class: "place dot-place", cx: x, cy: y, ...option });
    place.option = place.dot ?? place.path;
    for (const node of [place.path, place.dot]) if (node) node.place = place;
    return place;
  }

  // ------------------------------------------------------------------------------------------------ drawing

  paint() {
    const { year } = this.state;
    if (this.range) {
      this.range.value = year;
      this.shownYear.textContent = year;
    }
    set(this.list, "aria-label", `${this.film.texts.places}. ${this.state.title.replace("{year}", year)}`);
    this.pickedMark.setAttribute("d", "");
    for (const place of this.places) this.paintPlace(place, this.film.look(place, year));
    if (this.active) this.point(this.active, this.tip.classList.contains("on"));
  }

  paintPlace(place, found) {
    place.found = found;
    const fill = this.film.colour(found);
    for (const node of [place.path, place.dot]) {
      if (!node) continue;
      set(node, "data-kind", found.kind);
      set(node, "fill", fill || "none");
    }
    set(place.over, "data-mark", this.film.isWide(found) ? "dots" : found.kind === NOTHING ? "hatch" : found.kind === UNPAIRED ? "cross" : "");
    const picked = found.row !== "" && found.row === this.state.country;
    set(place.option, "aria-selected", String(picked));
    set(place.option, "aria-label", this.film.name(place, found));
    if (picked) this.pickedMark.setAttribute("d", this.pickedMark.getAttribute("d") + place.d);
  }

  /** The size of what has one on the screen, whatever the zoom. */
  place() {
    const [, , width, height] = this.view;
    const { clientWidth, clientHeight } = this.list;
    if (!clientWidth) return;
    this.pixel = Math.max(width / clientWidth, height / clientHeight);
    const w = clientWidth * this.pixel;
    const h = clientHeight * this.pixel;
    const [x, y] = [this.view[0] + width / 2 - w / 2, this.view[1] + height / 2 - h / 2];
    this.svg.setAttribute("viewBox", `${x} ${y} ${w} ${h}`);
    this.seen = [x, y, w, h];
    const radius = Math.min(Math.max(clientWidth / 340, SMALL[0]), SMALL[1]);
    for (const pattern of this.patterns) pattern.setAttribute("patternTransform", `scale(${this.pixel})`);
    for (const place of this.places) place.dot?.setAttribute("r", radius * this.pixel);
    if (this.active && this.tip.classList.contains("on")) this.moveTip();
  }

  /** Show the window of a region, or the whole. */
  show(region) {
    const [west, north, east, south] = this.world.windows[region || "All"] ?? this.world.windows.All;
    this.whole = [west, north, east - west, south - north];
    this.view = [...this.whole];
    this.place();
  }

  /** Zoom about a point of the map, or its middle. */
  zoom(times, [px, py] = [this.view[0] + this.view[2] / 2, this.view[1] + this.view[3] / 2]) {
    const [x, y, w] = this.view;
    const width = Math.min(Math.max(w / times, this.whole[2] / CLOSEST), this.whole[2]);
    const by = width / w;
    this.view = [px - (px - x) * by, py - (py - y) * by, width, this.view[3] * by];
    this.keepInside();
  }

  pan(dx, dy) {
    this.view[0] += dx;
    this.view[1] += dy;
    this.keepInside();
  }

  keepInside() {
    for (const at of [0, 1]) {
      const most = this.whole[at] + this.whole[at + 2] - this.view[at + 2];
      this.view[at] = Math.min(Math.max(this.view[at], this.whole[at]), most);
    }
    this.list.classList.toggle("zoomed", this.view[2] < this.whole[2] * 0.999);
    this.place();
  }

  // ------------------------------------------------------------------------------------------------ what the reader does

  listen() {
    const { list } = this;
    list.addEventListener("keydown", (event) => this.key(event));
    list.addEventListener("focus", () => {
      if (list.matches(":focus-visible")) this.point(this.active ?? this.first());
    });
    list.addEventListener("blur", () => this.hide());
    list.addEventListener("click", (event) => !this.dragged && this.pick(this.placeAt(event)));
    list.addEventListener("pointermove", (event) => this.hover(event));
    list.addEventListener("pointerleave", () => this.hide());
    list.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    this.fingers = new Map();
    list.addEventListener("pointerdown", (event) => this.press(event));
    for (const end of ["pointerup", "pointercancel"]) list.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
  }

  first() {
    return this.places.find((place) => place.found.row === this.state.country) ?? this.places[0];
  }

  placeAt(event) {
    return event.composedPath()[0].place;
  }

  press(event) {
    if (!this.fingers.size) this.dragged = false;
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
  }

  hover(event) {
    if (this.fingers.has(event.pointerId) && (event.buttons || event.pointerType === "touch")) this.drag(event);
    else if (event.pointerType !== "touch") {
      const place = this.placeAt(event);
      if (place) this.point(place, true, false);
      else this.hide();
    }
  }

  drag(event) {
    const before = this.fingers.get(event.pointerId);
    const now = [event.clientX, event.clientY];
    const [dx, dy] = [now[0] - before[0], now[1] - before[1]];
    if (!this.dragged && Math.hypot(dx, dy) < 4) return;
    if (!this.dragged) this.hide();
    this.dragged = true;
    this.fingers.set(event.pointerId, now);
    const others = [...this.fingers].filter(([id]) => id !== event.pointerId);
    if (!others.length) return void this.pan(-dx * this.pixel, -dy * this.pixel);
    const [, other] = others[0];
    const reach = (point) => Math.hypot(point[0] - other[0], point[1] - other[1]) || 1;
    this.zoom(reach(now) / reach(before), this.pointOf(...other));
  }

  /** Where on the map a point of the screen is. */
  pointOf(clientX, clientY) {
    const box = this.list.getBoundingClientRect();
    return [this.seen[0] + (clientX - box.left) * this.pixel, this.seen[1] + (clientY - box.top) * this.pixel];
  }

  wheel(event) {
    if (!event.ctrlKey) return; // a wheel alone scrolls the page
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 200), this.pointOf(event.clientX, event.clientY));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const acts = {
      Enter: () => this.pick(this.active),
      " ": () => this.pick(this.active),
      "+": () => this.zoom(STEP, this.activePoint()),
      "=": () => this.zoom(STEP, this.activePoint()),
      "-": () => this.zoom(1 / STEP, this.activePoint()),
      0: () => this.show(this.state.region),
      Escape: () => this.hide(),
    };
    if (arrows[event.key]) this.point(this.next(...arrows[event.key]));
    else if (acts[event.key]) acts[event.key]();
    else if (event.key.length === 1) this.find(event.key);
    else return;
    event.preventDefault();
  }

  activePoint() {
    return this.active ? [this.active.x, this.active.y] : undefined;
  }

  /** The nearest place in a direction; what lies aside counts as farther. */
  next(right, down) {
    const from = this.active ?? this.first();
    let best = from;
    let least = Infinity;
    for (const place of this.places) {
      const [dx, dy] = [place.x - from.x, place.y - from.y];
      const along = dx * right + dy * down;
      const aside = Math.abs(dx * down) + Math.abs(dy * right);
      if (along <= 0 || aside > along * 2) continue;
      const far = along + 2 * aside;
      if (far < least) [best, least] = [place, far];
    }
    return best;
  }

  /** The next place whose name begins with what was typed within a second. */
  find(letter) {
    const now = performance.now();
    this.typed = now - (this.typedAt ?? 0) < 1000 ? this.typed + letter : letter;
    this.typedAt = now;
    const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    const sought = plain(this.typed);
    const fits = this.places.filter((place) => plain(place.name).startsWith(sought));
    const from = this.typed.length > 1 ? -1 : fits.indexOf(this.active);
    if (fits.length) this.point(fits[(from + 1) % fits.length]);
  }

  /** Make a place the one that is spoken of; by keyboard it is brought into view and read out. */
  point(place, tip = true, byKey = true) {
    if (!place) return;
    const words = this.film.words(place);
    if (byKey) {
      this.active = place;
      set(this.list, "aria-activedescendant", place.option.id);
      this.focusMark.setAttribute("d", place.d || "");
      this.focusDot(place);
      this.live.textContent = words.slice(1).join(". ");
      this.bringIntoView(place);
    }
    if (!tip) return;
    this.tipped = place;
    this.tip.replaceChildren(...words.map((line, at) => element(at ? "div" : "strong", {}, line)));
    this.tip.classList.add("on");
    this.moveTip();
  }

  focusDot(place) {
    for (const other of this.places) other.dot?.classList.toggle("focused", other === place);
  }

  bringIntoView(place) {
    const [x, y, w, h] = this.seen;
    const out = (value, low, size) => (value < low ? value - low - size / 4 : value > low + size ? value - low - size * 0.75 : 0);
    const [dx, dy] = [out(place.x, x, w), out(place.y, y, h)];
    if (dx || dy) this.pan(dx, dy);
  }

  moveTip() {
    const place = this.tipped;
    const left = (place.x - this.seen[0]) / this.pixel;
    const top = (place.y - this.seen[1]) / this.pixel;
    const { offsetWidth, offsetHeight } = this.tip;
    const { clientWidth, clientHeight } = this.list;
    const x = Math.min(Math.max(left - offsetWidth / 2, 4), Math.max(clientWidth - offsetWidth - 4, 4));
    const above = top - offsetHeight - 14;
    const y = above > 0 ? above : Math.min(top + 18, clientHeight - offsetHeight - 4);
    this.tip.style.transform = `translate(${x}px, ${y}px)`;
  }

  hide() {
    this.tip.classList.remove("on");
    if (this.root.activeElement !== this.list) this.focusMark.setAttribute("d", "");
  }

  pick(place) {
    if (!place) return;
    this.point(place, true, this.root.activeElement === this.list);
    const { row } = place.found;
    if (!row) return;
    this.state.country = row;
    for (const each of this.places) this.paintPlaceMark(each);
    this.tell("picked", row);
  }

  paintPlaceMark(place) {
    const picked = place.found.row === this.state.country;
    set(place.option, "aria-selected", String(picked));
    if (picked) this.pickedMark.setAttribute("d", place.d);
  }

  /** Go to another year: drawn at once, told to the server when the reader has stopped there. */
  turn(year) {
    const [first, last] = this.film.years;
    this.state.year = Math.min(Math.max(year, first), last);
    this.paint();
    this.beside.markStill();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.waiting = undefined;
      this.sent = this.state.year;
      this.sentAt = performance.now();
      this.tell("year", this.state.year);
    }, SETTLE_MS);
  }
}
