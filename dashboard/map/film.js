// What the film says of a place in a year: which row it shows, its value, colour and words. No drawing here.
// This file, legend.js and map.js reach the browser in this order as one module.

// What a place shows: a value, no value, no row, a row that the reader left out, or one without a comparison.
const [SCORE, NOTHING, NOWHERE] = ["score", "nothing", "nowhere"];
const [OUTSIDE, FILTERED, UNPAIRED] = ["outside", "filtered", "unpaired"];

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

/** All years of a map (film.py), and what is chosen of them (`state`: year, region, coverage, earlier year). */
class Film {
  constructor(content, id, map) {
    Object.assign(this, content, { id, map, state: {} });
    this.rowAt = new Map(content.rows.map((code, at) => [code, at]));
  }

  /** The row that held the place's land in a year, "" if none. */
  rowOf(place, year) {
    return (this.held[place.holder] ?? []).find(([, first, last]) => first <= year && year <= last)?.[0] ?? "";
  }

  cell(row, year) {
    const [first, last] = this.years;
    const at = this.rowAt.get(row);
    return at === undefined || year < first || year > last ? -1 : at * (last - first + 1) + year - first;
  }

  known(column, cell) {
    return this.columns[column]?.values[cell] ?? null;
  }

  /** What a place shows in a year: its kind, row and cell, and the value that is drawn. */
  look(place, year) {
    const { since, region, only, cover } = this.state;
    const row = this.rowOf(place, year);
    const cell = this.cell(row, year);
    if (cell < 0 || this.known("country", cell) === null) return { kind: NOWHERE, row: "", cell: -1 };
    if (region && this.regions[this.rowAt.get(row)] !== region) return { kind: OUTSIDE, row, cell };
    if (only && !only.includes(row)) return { kind: OUTSIDE, row, cell };
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
    const column = this.columns[then ? name.slice(0, -6) : name];
    const value = column?.values[then ? found.then : found.cell] ?? null;
    if (value === null) return null;
    if (column.words) return column.words[value];
    if (column.percent) return this.percent.replace("{}", fixed(100 * value, 0, this.decimal));
    return fixed(value, column.digits, this.decimal);
  }

  change(value) {
    const { decimal } = this;
    if (this.unit === "points") {
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

  /** What is read out for a place, its name and value in short; `words` has the rest. */
  name(place, found) {
    const [heading, ...lines] = this.words(place, this.state.year, found);
    const remark = found.cell >= 0 && place.code !== found.row ? 1 : 0;
    return `${heading}: ${lines.slice(0, remark + (this.state.since ? this.pair.length : this.short)).join("; ")}`;
  }

  /** Heading and lines of a place in a year. */
  words(place, year = this.state.year, found = this.look(place, year)) {
    const { texts } = this;
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
      const choices = this.state.since ? this.pair : this.lines;
      lines.push(...choices.map((each) => this.sentence(each, found, year)).filter(Boolean));
      if (this.isWide(found)) lines.push(texts.wide);
      if (this.notes[found.row]) lines.push(this.notes[found.row]);
    }
    return [heading, ...lines];
  }

  isWide(found) {
    return found.kind === SCORE && !this.state.since && this.known("wide", found.cell) === 1;
  }

  colour(found) {
    return found.kind === SCORE ? colourOf(this.looks[this.state.since ? 1 : 0], found.value) : "";
  }
}

