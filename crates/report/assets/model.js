"use strict";
// Pure functions of the report page: they touch no document, so that they can be tested apart from a browser.

const Model = {
  /** "3", or "1–4" when floor and ceiling differ. */
  gradeText(floor, ceiling) {
    return floor === ceiling ? String(floor) : `${floor}–${ceiling}`;
  },

  /** What stands behind one step `[from, to, floor, ceiling, causes, unstated]` of a patient, in words. */
  describeStep(patient, step) {
    const [from, to, floor, ceiling, causes, unstated] = step;
    const missing = unstated.map((i) => patient.unstated[i]);
    const exact = floor === ceiling;
    return {
      when: `day ${from.toFixed(2)} to ${to.toFixed(2)}`,
      grade: Model.gradeText(floor, ceiling),
      because: causes.map((i) => ({ text: patient.causes[i][0], cite: patient.causes[i][1] })),
      unstated: missing,
      hidden: missing.length === 0 ? "" : exact ? "could not change the grade" : `could hide a grade up to ${ceiling}`,
    };
  },

  /** The same in one sentence, for screen readers. */
  stepSentence(patient, step) {
    const told = Model.describeStep(patient, step);
    const because = told.because.map((c) => `${c.text} [${c.cite}]`).join("; ") || "no charted sign";
    const unstated = told.unstated.length ? ` Not charted: ${told.unstated.join(", ")}, which ${told.hidden}.` : "";
    return `Grade ${told.grade}, ${told.when}. Because: ${because}.${unstated}`;
  },

  /** Round days for the ticks of an axis of `room` pixels, at least 42 apart. */
  dayTicks(from, to, room) {
    const span = to - from;
    if (!(span > 0)) return [from];
    const least = (span * 42) / Math.max(room, 42);
    const sizes = [1 / 24, 0.25, 0.5, 1, 2, 5, 7, 14, 28, 56, 112, 365];
    const step = sizes.find((s) => s >= least) ?? Math.ceil(least / 365) * 365;
    const ticks = [];
    for (let i = Math.ceil(from / step - 1e-9); i * step <= to + 1e-9; i++) ticks.push(i * step + 0); // + 0 makes a negative zero plain
    return ticks;
  },

  /** A tick's day, with no more digits than it needs. */
  dayText(day) {
    return String(Math.round(day * 100) / 100);
  },

  /** The series with a break wherever two chartings lie more than `most` days apart: a line must not bridge the unknown. */
  withBreaks(t, v, most) {
    const days = [], values = [], index = [];
    t.forEach((day, i) => {
      if (i > 0 && day - t[i - 1] > most) {
        days.push((day + t[i - 1]) / 2);
        values.push(null);
        index.push(-1);
      }
      days.push(day);
      values.push(v[i]);
      index.push(i);
    });
    return { days, values, index };
  },

  /** A step series held to the end of the record: support holds until it is changed. */
  held(t, v, end) {
    if (t.length === 0 || t[t.length - 1] >= end) return { days: t.slice(), values: v.slice() };
    return { days: [...t, end], values: [...v, v[v.length - 1]] };
  },

  /** Index of the step that holds on a day; -1 before the first. */
  heldAt(t, day) {
    return t.findLastIndex((start) => start <= day);
  },

  /** Stretches `[from, to]` in which a step series has no number. */
  unnumbered(t, v, end) {
    return t.flatMap((day, i) => (v[i] === null ? [[day, i + 1 < t.length ? t[i + 1] : Math.max(end, day)]] : []));
  },

  /** Powers of ten that enclose two positive numbers. */
  decades(least, most) {
    const first = Math.floor(Math.log10(least) + 1e-9);
    const last = Math.max(Math.ceil(Math.log10(most) - 1e-9), first + 1);
    return Array.from({ length: last - first + 1 }, (_, i) => Number(`1e${first + i}`));
  },

  /** How many values a series has, and its extremes with their days. */
  summary(line) {
    let low = -1, high = -1;
    line.v.forEach((x, i) => {
      if (x === null) return;
      if (low < 0 || x < line.v[low]) low = i;
      if (high < 0 || x > line.v[high]) high = i;
    });
    const tell = (i) => (i < 0 ? "–" : `${Model.valueText(line, i)} (day ${line.t[i].toFixed(2)})`);
    return { n: line.of ?? line.t.length, lowest: tell(low), highest: tell(high) };
  },

  /** A point's value as charted: "38.6", "<5", "rate not stated". */
  valueText(line, i) {
    const words = line.q?.[i] ?? "";
    const x = line.v[i];
    if (x === null) return words || "no number";
    const number = String(Math.round(x * 1e4) / 1e4);
    return words.length > 1 ? `${number} ${words}` : words + number;
  },

  /** A number with four significant digits, and no more than it needs. */
  numberText(x) {
    return String(Number(x.toPrecision(4)));
  },

  /** Inputs of a score in words. */
  inputs(patient, items) {
    return items.map((i) => patient.unstated[i].replaceAll("_", " ")).join(", ");
  },

  /** "3", "3–8", or "≥ 3" where there is no largest value. */
  scoreText(floor, ceiling) {
    const least = Model.numberText(floor);
    return ceiling === null ? `≥ ${least}` : floor === ceiling ? least : `${least}–${Model.numberText(ceiling)}`;
  },

  /** The largest number that a score's strip shows. */
  scoreMost(score) {
    return score.steps.reduce((most, [, floor, ceiling]) => Math.max(most, floor, ceiling ?? 0), 0) || 1;
  },

  /** A score on a day, and what was not known then. */
  scoreAt(patient, score, day) {
    const i = Model.heldAt(score.steps.map((s) => s[0]), day);
    if (i < 0) return "";
    const [from, floor, ceiling, unstated] = score.steps[i];
    const missing = unstated.length ? `; not known: ${Model.inputs(patient, unstated)}` : "";
    return `${score.id} ${Model.scoreText(floor, ceiling)} from day ${from.toFixed(2)}${missing}`;
  },

  /** Which inputs of a score were missing. */
  scoreMissing(patient, score) {
    const told = [];
    if (score.never.length) told.push(`never known: ${Model.inputs(patient, score.never)}`);
    if (score.at_times.length) told.push(`not always known: ${Model.inputs(patient, score.at_times)}`);
    return told.join(" · ") || "every input known throughout";
  },

  /** The highest floor and the highest ceiling of a score, with their days. */
  scoreExtremes(score) {
    const most = (value) => score.steps.reduce((a, b) => (value(b) > value(a) ? b : a));
    const floor = most((s) => s[1]), ceiling = most((s) => s[2] ?? Infinity);
    return {
      certain: `${Model.numberText(floor[1])} (day ${floor[0].toFixed(2)})`,
      possible: ceiling[2] === null ? "no largest value" : `${Model.numberText(ceiling[2])} (day ${ceiling[0].toFixed(2)})`,
    };
  },

  /** Whether a row of the list passes the filter. */
  matches(row, filter) {
    const words = filter.text.trim().toLowerCase();
    return (!words || row.text.toLowerCase().includes(words)) && row.floor >= filter.least && (!filter.open || row.open);
  },
};

if (typeof module !== "undefined") module.exports = Model;
