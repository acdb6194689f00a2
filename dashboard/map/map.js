// The world map: one film (all years of a measure, film.py) drawn as SVG; see dashboard/map/__init__.py.
// It draws another year without asking the server, and tells it afterwards. Every text comes from the film.

const SVG = "http://www.w3.org/2000/svg";
const SETTLE_MS = 250; // a year is told to the server when the reader has stopped there
const ECHO_MS = 5000; // after which the server is believed again, whatever it says
const CLOSEST = 24; // times the size of the whole
const STEP = 1.6; // of a zoom
const SMALL = [2, 3.5]; // pixels: least and largest radius of the marker of a place too small to be seen
const [SCORE, NOTHING, NOWHERE, OUTSIDE, FILTERED, UNPAIRED] = ["score", "nothing", "nowhere", "outside", "filtered", "unpaired"];
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

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function shape(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function set(node, key, value) {
  if (node.getAttribute(key) !== value) node.setAttribute(key, value);
}

/** A number with so many digits, as Python writes it: halves go to the even digit. */
function fixed(value, digits, decimal) {
  const scaled = value * 10 ** digits;
  const half = Number.isInteger(value * 2 ** 20) && Math.abs(scaled % 1) === 0.5;
  const text = half ? ((2 * Math.round(scaled / 2)) / 10 ** digits).toFixed(digits) : value.toFixed(digits);
  return text.replace(".", decimal);
}

function mix(from, to, share) {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((colour) => parseInt(colour.slice(at, at + 2), 16));
    return Math.round(a + (b - a) * share);
  });
  return `rgb(${channels.join(",")})`;
}

/** The colour of a value on a look's scale; beyond its ends that of the end. */
function colourOf(look, value) {
  const [low, high] = look.ends;
  const at = Math.min(Math.max((value - low) / (high - low), 0), 1);
  const next = Math.max(look.stops.findIndex(([position]) => position >= at), 1);
  const [[from, one], [to, other]] = [look.stops[next - 1], look.stops[next]];
  return mix(one, other, (at - from) / (to - from));
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
    addEventListener("upstream-map", (event) => event.detail === this.film?.name && this.obey(), this.listening);
  }

  get listening() {
    return { signal: this.gone.signal };
  }

  remove() {
    this.gone.abort();
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
    this.film = { ...film, id: about.film, name: about.map };
    this.world = world;
    this.rowAt = new Map(film.rows.map((code, at) => [code, at]));
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
    const said = globalThis.upstreamMaps?.[this.film.name];
    if (said?.film !== this.film.id) return;
    const before = this.state;
    const year = this.isAhead(said.year) ? before.year : said.year;
    this.state = { ...said, year };
    if (this.built !== this.film.id) this.build();
    if (before.region !== said.region) this.show(said.region);
    this.paint();
    this.legend();
    this.stills();
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
    const parts = [this.slider(), this.frame(), this.legendBox(), this.stillsBox()];
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
    this.patterns = [this.pattern("hatch", 9, "hatched"), this.pattern("dots", 8, "dotted"), this.pattern("cross", 6, "crossed")];
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
    this.pickedMark = shape("path", { class: "picked" });
    this.focusMark = shape("path", { class: "focus" });
    this.land.append(this.pickedMark, this.focusMark);
    this.svg = shape("svg", { role: "presentation" }, shape("defs", {}, ...this.patterns), this.land);
    return this.svg;
  }

  pattern(id, side, marks) {
    const box = { id, width: side, height: side, patternUnits: "userSpaceOnUse" };
    const line = (x1, y1, x2, y2) => shape("line", { x1, y1, x2, y2, class: "stroke" });
    const inside = {
      hatched: () => [line(-1, side + 1, side + 1, -1), line(-1, 1, 1, -1), line(side - 1, side + 1, side + 1, side - 1)],
      dotted: () => [
        [2, 2],
        [6, 6],
      ].flatMap(([cx, cy]) => [shape("circle", { cx, cy, r: 1.35, class: "dot-rim" }), shape("circle", { cx, cy, r: 0.8, class: "dot" })]),
      crossed: () => [line(0, 0, side, side), line(0, side, side, 0)],
    };
    return shape("pattern", box, ...inside[marks]());
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

  // ------------------------------------------------------------------------------------------------ what is shown

  /** The row that held the place's land in a year, "" if none. */
  rowOf(place, year) {
    return (this.film.held[place.holder] ?? []).find(([, first, last]) => first <= year && year <= last)?.[0] ?? "";
  }

  cell(row, year) {
    const [first, last] = this.film.years;
    const at = this.rowAt.get(row);
    return at === undefined || year < first || year > last ? -1 : at * (last - first + 1) + year - first;
  }

  known(column, cell) {
    return this.film.columns[column]?.values[cell] ?? null;
  }

  /** What a place shows in a year: its kind, row and cell, and the value that is drawn. */
  look(place, year) {
    const { since, region, cover } = this.state;
    const row = this.rowOf(place, year);
    const cell = this.cell(row, year);
    if (cell < 0 || this.known("country", cell) === null) return { kind: NOWHERE, row: "", cell: -1 };
    if (region && this.film.regions[this.rowAt.get(row)] !== region) return { kind: OUTSIDE, row, cell };
    const enough = (at) => !cover || Math.round(this.known("cover", at) * 1e6) >= cover * 1e4;
    if (!enough(cell)) return { kind: FILTERED, row, cell };
    const value = this.known("value", cell);
    if (!since) return { kind: value === null ? NOTHING : SCORE, row, cell, value };
    const then = this.rowOf(place, since) === row ? this.cell(row, since) : -1;
    const before = then < 0 ? null : this.known("value", then);
    if (value === null || before === null || !enough(then)) return { kind: UNPAIRED, row, cell };
    return { kind: SCORE, row, cell, then, value: value - before };
  }

  tellColumn(name, found) {
    if (name === "change") return this.change(found.value);
    const then = name.endsWith("_since");
    const column = this.film.columns[then ? name.slice(0, -6) : name];
    const value = column?.values[then ? found.then : found.cell] ?? null;
    if (value === null) return null;
    if (column.words) return column.words[value];
    if (column.percent) return this.film.percent.replace("{}", fixed(100 * value, 0, this.film.decimal));
    return fixed(value, column.digits, this.film.decimal);
  }

  change(value) {
    const { decimal } = this.film;
    if (this.film.change === "points") {
      const text = fixed(Number(value.toFixed(4)), 1, decimal);
      return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
    }
    const times = 10 ** value;
    return times >= 10 ? fixed(times, 0, decimal) : fixed(times, times < 1 ? 2 : 1, decimal);
  }

  /** The first of these sentences of which all is known. */
  sentence(choices, found, year) {
    const fixedNames = { year, since: this.state.since };
    for (const choice of choices) {
      let whole = true;
      const text = choice.replace(/\{(\w+)\}/g, (_all, name) => {
        const told = name in fixedNames ? fixedNames[name] : this.tellColumn(name, found);
        whole &&= told !== null;
        return told;
      });
      if (whole) return text;
    }
    return "";
  }

  /** Heading and lines of a place in a year. */
  words(place, year = this.state.year, found = this.look(place, year)) {
    const { texts } = this.film;
    const own = found.cell >= 0 && place.code === found.row;
    const country = found.cell >= 0 ? this.tellColumn("country", found) : "";
    const fill = (text, names) => text.replace(/\{(\w+)\}/g, (_all, name) => names[name]);
    const lines = own || found.cell < 0 ? [] : [fill(texts.row, { row: country, code: found.row })];
    const heading = fill(texts.heading, { name: own ? country : place.name, year });
    if (found.kind === NOWHERE) lines.push(place.holder ? texts.no_state : texts.no_row);
    else if (found.kind === OUTSIDE) lines.push(texts.outside);
    else if (found.kind === FILTERED) lines.push(texts.left_out);
    else if (found.kind === UNPAIRED) lines.push(texts.no_pair);
    else {
      const choices = this.state.since ? this.film.pair : this.film.lines;
      lines.push(...choices.map((each) => this.sentence(each, found, year)).filter(Boolean));
      if (this.isWide(found)) lines.push(texts.wide);
      if (this.film.notes[found.row]) lines.push(this.film.notes[found.row]);
    }
    return [heading, ...lines];
  }

  isWide(found) {
    return found.kind === SCORE && !this.state.since && this.known("wide", found.cell) === 1;
  }

  colour(found) {
    return found.kind === SCORE ? colourOf(this.film.looks[this.state.since ? 1 : 0], found.value) : "";
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
    for (const place of this.places) this.paintPlace(place, this.look(place, year));
    if (this.active) this.point(this.active, this.tip.classList.contains("on"));
  }

  paintPlace(place, found) {
    place.found = found;
    const fill = this.colour(found);
    for (const node of [place.path, place.dot]) {
      if (!node) continue;
      set(node, "data-kind", found.kind);
      set(node, "fill", fill || "none");
    }
    set(place.over, "data-mark", this.isWide(found) ? "dots" : found.kind === NOTHING ? "hatch" : found.kind === UNPAIRED ? "cross" : "");
    const picked = found.row !== "" && found.row === this.state.country;
    set(place.option, "aria-selected", String(picked));
    place.option.setAttribute("aria-label", this.words(place, this.state.year, found).slice(0, 2).join(": "));
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
    const words = this.words(place);
    if (byKey) {
      this.active = place;
      set(this.list, "aria-activedescendant", place.option.id);
      this.focusMark.setAttribute("d", place.d || "");
      this.focusDot(place);
      this.live.textContent = words.slice(2).join(". ");
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
    this.markStill();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.waiting = undefined;
      this.sent = this.state.year;
      this.sentAt = performance.now();
      this.tell("year", this.state.year);
    }, SETTLE_MS);
  }

  // ------------------------------------------------------------------------------------------------ legend, small maps

  legendBox() {
    this.legendNode = element("div", { class: "legend" });
    return this.legendNode;
  }

  legend() {
    const { since } = this.state;
    const look = this.film.looks[since ? 1 : 0];
    const [low, high] = look.ends;
    const share = (value) => ((value - low) / (high - low)) * 100;
    const side = this.state.direction === "rtl" ? "left" : "right";
    const bar = element("div", { class: "bar" });
    bar.style.background = `linear-gradient(to ${side}, ${look.stops.map(([at, colour]) => `${colour} ${at * 100}%`).join(", ")})`;
    const marks = look.marks.map(([value, text]) => {
      const mark = element("span", {}, text);
      mark.style.insetInlineStart = `${share(value)}%`;
      return mark;
    });
    const scale = element("div", { class: "scale" }, bar, element("div", { class: "marks" }, ...marks));
    this.legendNode.replaceChildren(
      element("div", { class: "measure" }, element("div", {}, look.title.replace("{since}", since)), scale),
      element("ul", {}, ...this.entries().map(([mark, text]) => element("li", {}, this.swatch(mark), text))),
    );
  }

  entries() {
    const { texts } = this.film;
    const { since, region, cover } = this.state;
    return [
      since ? ["cross", texts.unpaired] : ["hatch", texts.nothing],
      texts.wide && !since ? ["dots", texts.wide] : null,
      ["nowhere", texts.nowhere],
      region || cover ? ["filtered", texts.filtered] : null,
      ["disputed", texts.disputed],
    ].filter(Boolean);
  }

  swatch(mark) {
    const tile = { x: 1, y: 1, width: 18, height: 12 };
    const kinds = { hatch: NOTHING, cross: UNPAIRED, nowhere: NOWHERE, filtered: FILTERED, dots: SCORE };
    const kind = kinds[mark];
    const parts = kind ? [shape("rect", { ...tile, class: "place", "data-kind": kind, fill: kind === SCORE ? "#f9b05a" : "none" })] : [];
    const over = { hatch: "hatch", dots: "dots", cross: "cross" }[mark];
    if (over) parts.push(shape("rect", { ...tile, class: "over small", "data-mark": over }));
    if (mark === "disputed") parts.push(shape("rect", { ...tile, class: "disputed" }));
    const marks = shape("defs", {}, this.pattern("hatch-small", 6, "hatched"), this.pattern("dots-small", 8, "dotted"), this.pattern("cross-small", 6, "crossed"));
    return shape("svg", { width: 20, height: 14, "aria-hidden": "true" }, marks, ...parts);
  }

  stillsBox() {
    this.stillsNode = element("div", { class: "stills", role: "group", "aria-label": this.film.texts.stills });
    return this.stillsNode;
  }

  /** Small maps of the film's chosen years in the same colours, each a button to its year. */
  stills() {
    const { still, region, cover, since } = this.state;
    const key = JSON.stringify([this.film.id, still, region, cover, since]);
    if (key === this.stillsKey && this.stillsNode.childElementCount) return this.markStill();
    this.stillsKey = key;
    this.stillsNode.hidden = !still;
    this.stillsNode.replaceChildren(...(still ? this.film.stills.map((year) => this.still(year)) : []));
    this.markStill();
  }

  still(year) {
    const [x, y, w, h] = this.whole;
    const paths = this.places.map((place) => {
      const found = this.look(place, year);
      return shape("path", { class: "place", d: place.d, "data-kind": found.kind, fill: this.colour(found) || "none" });
    });
    const svg = shape("svg", { viewBox: `${x} ${y} ${w} ${h}`, "aria-hidden": "true" }, ...paths);
    const made = element("button", { type: "button", class: "still", "data-year": year }, svg, String(year));
    made.addEventListener("click", () => this.turn(year));
    return made;
  }

  markStill() {
    for (const each of this.stillsNode.children) set(each, "aria-pressed", String(Number(each.dataset.year) === this.state.year));
  }
}
