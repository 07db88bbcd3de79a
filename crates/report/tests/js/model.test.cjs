// Tests of the page's pure functions: `node --test crates/report/tests/js/model.test.cjs`.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const Model = require("../../assets/model.js");

const patient = {
  causes: [["fever 38.6 Cel at day 2.50", "events.csv:41"], ["one vasopressor", "events.csv:57"]],
  unstated: ["oxygen", "ice"],
};

test("a step tells its evidence with citations and what is not charted", () => {
  const told = Model.describeStep(patient, [2.5, 3, 1, 4, [0], [0]]);
  assert.deepEqual(told.because, [{ text: "fever 38.6 Cel at day 2.50", cite: "events.csv:41" }]);
  assert.deepEqual([told.grade, told.when, told.hidden], ["1–4", "day 2.50 to 3.00", "could hide a grade up to 4"]);
  assert.deepEqual(told.unstated, ["oxygen"]);
  assert.equal(Model.describeStep(patient, [2.5, 3, 3, 3, [1], [1]]).hidden, "could not change the grade");
  assert.equal(Model.describeStep(patient, [2.5, 3, 3, 3, [1], []]).hidden, "");
});

test("a step is one sentence to a screen reader", () => {
  assert.equal(Model.stepSentence(patient, [0, 2, 0, 0, [], []]), "Grade 0, day 0.00 to 2.00. Because: no charted sign.");
  assert.match(Model.stepSentence(patient, [2.5, 3, 1, 4, [0], [0]]), /\[events\.csv:41\]\. Not charted: oxygen, which could hide/);
});

test("ticks are round days that leave room", () => {
  assert.deepEqual(Model.dayTicks(-1, 3, 400), [-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3].map((d) => d + 0));
  assert.deepEqual(Model.dayTicks(0, 28, 200), [0, 7, 14, 21, 28]);
  assert.ok(Model.dayTicks(0, 5000, 600).length <= 15);
  assert.deepEqual(Model.dayTicks(3, 3, 600), [3]);
  assert.equal(Model.dayText(1 / 24), "0.04");
});

test("a line does not bridge an uncharted stretch", () => {
  const { days, values, index } = Model.withBreaks([0, 0.25, 2], [37, 38, 39], 0.5);
  assert.deepEqual(days, [0, 0.25, 1.125, 2]);
  assert.deepEqual(values, [37, 38, null, 39]);
  assert.deepEqual(index, [0, 1, -1, 2]);
});

test("support holds until it is changed, and an unstated rate is no number", () => {
  assert.deepEqual(Model.held([1, 2], [0.1, 0], 5), { days: [1, 2, 5], values: [0.1, 0, 0] });
  assert.deepEqual(Model.held([], [], 5), { days: [], values: [] });
  assert.deepEqual(Model.unnumbered([1, 2, 4], [null, 0, null], 6), [[1, 2], [4, 6]]);
  assert.deepEqual([Model.heldAt([1, 2], 0.5), Model.heldAt([1, 2], 1), Model.heldAt([1, 2], 9)], [-1, 0, 1]);
});

test("decades enclose the values", () => {
  assert.deepEqual(Model.decades(5, 10000), [1, 10, 100, 1000, 10000]);
  assert.deepEqual(Model.decades(100, 100), [100, 1000]);
  assert.deepEqual(Model.decades(0.02, 0.03), [0.01, 0.1]);
});

test("values keep their qualifiers", () => {
  const line = { t: [0, 1, 2], v: [5, null, 7.5], q: { 0: "<", 1: ">ULOQ" } };
  assert.deepEqual([0, 1, 2].map((i) => Model.valueText(line, i)), ["<5", ">ULOQ", "7.5"]);
  assert.deepEqual(Model.summary(line), { n: 3, lowest: "<5 (day 0.00)", highest: "7.5 (day 2.00)" });
  assert.deepEqual(Model.summary({ t: [1], v: [null] }), { n: 1, lowest: "–", highest: "–" });
});

test("the list filters by words, by certain peak and by openness", () => {
  const row = { text: "p1 a storm", floor: 3, open: true };
  assert.ok(Model.matches(row, { text: " STORM ", least: 3, open: true }));
  assert.ok(!Model.matches(row, { text: "", least: 4, open: false }));
  assert.ok(!Model.matches({ ...row, open: false }, { text: "", least: 0, open: true }));
});

test("a score tells its value, what is missing and its extremes", () => {
  const patient = { unstated: ["mean_bp", "lactate"] };
  const score = { id: "phoenix", steps: [[0, 1, null, [0, 1]], [2, 3, 4.5, [0]], [5, 0, 0, []]], never: [], at_times: [0, 1] };
  assert.equal(Model.scoreAt(patient, score, -1), "");
  assert.equal(Model.scoreAt(patient, score, 1), "phoenix ≥ 1 from day 0.00; not known: mean bp, lactate");
  assert.equal(Model.scoreAt(patient, score, 2), "phoenix 3–4.5 from day 2.00; not known: mean bp");
  assert.equal(Model.scoreAt(patient, score, 9), "phoenix 0 from day 5.00");
  assert.equal(Model.scoreMost(score), 4.5);
  assert.equal(Model.scoreMissing(patient, score), "not always known: mean bp, lactate");
  assert.equal(Model.scoreMissing(patient, { never: [1], at_times: [0] }), "never known: lactate · not always known: mean bp");
  assert.equal(Model.scoreMissing(patient, { never: [], at_times: [] }), "every input known throughout");
  assert.deepEqual(Model.scoreExtremes(score), { certain: "3 (day 2.00)", possible: "no largest value" });
});
