"use strict";
// Scores over time: one strip each, on the axis of days of the charts. Solid up to what is certain, hatched up to what is not excluded.

const Strips = (() => {
  const TOP = 17, BAND = 30, ROW = TOP + BAND + 9, FOOT = 20;
  const { node, scale, within, daysAxis } = Ribbon;

  /** Draws every score of a patient; what is under the pointer is told to `readout`. */
  function draw(host, patient, frame, readout) {
    const base = patient.scores.length * ROW + 2, x = scale(frame);
    const names = patient.scores.map((s) => s.id).join(", ");
    const svg = node("svg", { class: "strips", width: frame.width, height: base + FOOT, role: "img", "aria-label": `Scores over time: ${names}; their extremes stand in the course in words` });
    daysAxis(svg, frame, 0, base, true);
    patient.scores.forEach((score, i) => strip(svg, patient, score, i * ROW, frame, x));
    svg.addEventListener("pointermove", (event) => {
      const [from, to] = frame.view, at = event.offsetX - frame.left, room = frame.width - frame.left - frame.right;
      const score = patient.scores[Math.floor(event.offsetY / ROW)];
      readout.textContent = score ? Model.scoreAt(patient, score, from + (Math.min(Math.max(at, 0), room) / room) * (to - from)) : "";
    });
    svg.addEventListener("pointerleave", () => { readout.textContent = ""; });
    host.replaceChildren(svg);
  }

  function strip(svg, patient, score, top, frame, x) {
    const most = Model.scoreMost(score), foot = top + TOP + BAND, right = frame.width - frame.right;
    const y = (value) => foot - (Math.min(value, most) / most) * BAND;
    svg.append(node("text", { class: "name", x: 0, y: top + 13 }, score.id));
    svg.append(node("text", { class: "missing", x: frame.left, y: top + 13 }, fitted(Model.scoreMissing(patient, score), right - frame.left)));
    svg.append(node("text", { class: "y", x: frame.left - 7, y: foot + 1 }, "0"));
    svg.append(node("text", { class: "y", x: frame.left - 7, y: foot - BAND + 9 }, Model.numberText(most)));
    const end = Math.max(patient.range[1], score.steps[score.steps.length - 1][0]);
    score.steps.forEach(([from, floor, ceiling], i) => {
      const to = i + 1 < score.steps.length ? score.steps[i + 1][0] : end;
      if (!within(frame, from, to)) return;
      const left = x(from), width = Math.max(x(to) - left, 1), above = y(ceiling ?? most);
      if (above < y(floor)) svg.append(node("rect", { class: "open", x: left, y: above, width, height: y(floor) - above }));
      svg.append(node("rect", { class: "sure", x: left, y: y(floor), width, height: foot - y(floor) }));
      svg.append(node("path", { class: "edge", d: `M${left} ${y(floor)}H${left + width}` }));
      if (ceiling === null) svg.append(node("path", { class: "unbounded", d: `M${left} ${above}H${left + width}` }));
    });
    svg.append(node("path", { class: "axis", d: `M${frame.left} ${foot}H${right}` }));
  }

  /** A line of words as far as it fits. */
  function fitted(words, room) {
    const most = Math.floor(room / 5.6);
    return words.length > most ? `${words.slice(0, most - 1)}…` : words;
  }

  return { draw };
})();
