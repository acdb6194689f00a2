// What stands beside the map: the legend with its numbers, and small maps of other years.

const SVG = "http://www.w3.org/2000/svg";

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

/** Marks on a ground of their own: stripes, dots or crosses, so that a look does not rest on colour alone. */
function pattern(id, side, marks) {
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

/** The legend of a film, and small maps in the same colours, each a button to its year. */
class Beside {
  constructor(film, turn) {
    this.film = film;
    this.turn = turn;
    this.legendNode = element("div", { class: "legend" });
    this.stillsNode = element("div", { class: "stills", role: "group", "aria-label": film.texts.stills });
  }

  /** Show what belongs to the film's state; `places` and `whole`, the window, are those of the large map. */
  show(places, whole) {
    this.places = places;
    this.whole = whole;
    this.legend();
    this.stills();
  }

  legend() {
    const { since } = this.film.state;
    const look = this.film.looks[since ? 1 : 0];
    const [low, high] = look.ends;
    const share = (value) => ((value - low) / (high - low)) * 100;
    const side = this.film.state.direction === "rtl" ? "left" : "right";
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
    const { since, region, cover } = this.film.state;
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
    const marks = shape("defs", {}, pattern("hatch-small", 6, "hatched"), pattern("dots-small", 8, "dotted"), pattern("cross-small", 6, "crossed"));
    return shape("svg", { width: 20, height: 14, "aria-hidden": "true" }, marks, ...parts);
  }

  stills() {
    const { still, region, cover, since } = this.film.state;
    const key = JSON.stringify([still, region, cover, since]);
    if (key === this.stillsKey && this.stillsNode.childElementCount) return this.markStill();
    this.stillsKey = key;
    this.stillsNode.hidden = !still;
    this.stillsNode.replaceChildren(...(still ? this.film.stills.map((year) => this.still(year)) : []));
    this.markStill();
  }

  still(year) {
    const [x, y, w, h] = this.whole;
    const paths = this.places.map((place) => {
      const found = this.film.look(place, year);
      return shape("path", { class: "place", d: place.d, "data-kind": found.kind, fill: this.film.colour(found) || "none" });
    });
    const svg = shape("svg", { viewBox: `${x} ${y} ${w} ${h}`, "aria-hidden": "true" }, ...paths);
    const made = element("button", { type: "button", class: "still", "data-year": year }, svg, String(year));
    made.addEventListener("click", () => this.turn(year));
    return made;
  }

  markStill() {
    for (const each of this.stillsNode.children) set(each, "aria-pressed", String(Number(each.dataset.year) === this.film.state.year));
  }
}
