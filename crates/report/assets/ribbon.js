"use strict";
// Grades and treatments as drawings that a reader can point at, tab to and print: SVG, aligned with the charts below.

const Ribbon = (() => {
  const NS = "http://www.w3.org/2000/svg";
  const GRADE_HEIGHT = 13, TOP = 18, FOOT = 26, LANE = 19;

  function node(name, attributes, text) {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /** Days to pixels, kept within the view. */
  function scale(frame) {
    const [from, to] = frame.view;
    const wide = frame.width - frame.left - frame.right;
    return (day) => frame.left + ((Math.min(Math.max(day, from), to) - from) / (to - from)) * wide;
  }

  const within = (frame, from, to) => to >= frame.view[0] && from <= frame.view[1];

  function daysAxis(svg, frame, top, bottom, labels) {
    const x = scale(frame);
    for (const day of Model.dayTicks(frame.view[0], frame.view[1], frame.width - frame.left - frame.right)) {
      svg.append(node("path", { class: "grid", d: `M${x(day)} ${top}V${bottom}` }));
      if (labels) svg.append(node("text", { class: "x", x: x(day), y: bottom + 15 }, Model.dayText(day)));
    }
  }

  /** Onset and resolution: lines with their days; the stretch in which onset lies is shaded. */
  function bounds(svg, frame, episode, base) {
    const x = scale(frame);
    const line = (day, text, anchor) => {
      if (!within(frame, day, day)) return;
      svg.append(node("path", { class: "bound", d: `M${x(day)} ${TOP - 4}V${base}` }));
      svg.append(node("text", { class: "bound", x: x(day), y: TOP - 7, "text-anchor": anchor }, text));
    };
    if (episode.onset) {
      const [day, after] = episode.onset;
      if (after !== null && within(frame, after, day)) {
        svg.append(node("rect", { class: "window", x: x(after), y: TOP - 4, width: Math.max(x(day) - x(after), 0), height: 4 }));
      }
      line(day, `onset ${day.toFixed(2)}`, x(day) - frame.left < 60 ? "start" : "middle");
    }
    if (episode.resolved) line(episode.resolved[0], `resolved ${episode.resolved[0].toFixed(2)}`, "start");
  }

  /** One scale's grades. `pick(step)` is called when a step is pointed at, tapped or reached by keyboard. */
  function grades(host, patient, result, frame, pick) {
    const base = TOP + 5 * GRADE_HEIGHT, x = scale(frame), y = (grade) => base - grade * GRADE_HEIGHT;
    const svg = node("svg", {
      class: "ribbon", width: frame.width, height: base + FOOT, role: "listbox",
      "aria-label": `Grades by ${result.scale}; arrow keys move from step to step`,
    });
    daysAxis(svg, frame, TOP, base, true);
    for (let grade = 0; grade <= 5; grade++) {
      svg.append(node("path", { class: "grid", d: `M${frame.left} ${y(grade)}H${frame.width - frame.right}` }));
      svg.append(node("text", { class: "y", x: frame.left - 7, y: y(grade) + 4 }, grade));
    }
    const options = [];
    for (const episode of result.episodes) {
      for (const [from, to] of episode.gaps.filter(([a, b]) => within(frame, a, b))) {
        svg.append(node("path", { class: "gap", d: `M${x(from)} ${base + 3}H${x(to)}` }));
      }
      for (const step of episode.steps.filter(([a, b]) => within(frame, a, b))) {
        options.push({ step, element: drawStep(svg, patient, step, x, y, base) });
      }
      bounds(svg, frame, episode, base);
    }
    svg.append(node("path", { class: "axis", d: `M${frame.left} ${base}H${frame.width - frame.right}` }));
    keyboard(options, pick);
    host.replaceChildren(svg);
    return (step) => options.forEach((o) => o.element.setAttribute("aria-selected", o.step === step));
  }

  function drawStep(svg, patient, step, x, y, base) {
    const [from, to, floor, ceiling] = step;
    const left = x(from), wide = Math.max(x(to) - left, 1.5);
    const group = node("g", { role: "option", tabindex: -1, "aria-selected": false, "aria-label": Model.stepSentence(patient, step) });
    const block = (name, low, high) =>
      group.append(node("rect", { class: name, x: left, y: y(high), width: wide, height: (high - low) * GRADE_HEIGHT }));
    if (floor > 0) block(`g${floor}`, 0, floor);
    if (ceiling > floor) block(`h${ceiling}`, floor, ceiling);
    if (ceiling === 0) group.append(node("rect", { class: "g0", x: left, y: base - 3, width: wide, height: 3 }));
    const label = Model.gradeText(floor, ceiling);
    if (wide > label.length * 8) {
      group.append(node("text", { class: "n", x: left + wide / 2, y: Math.min(y(ceiling) - 2, base - 6) }, label));
    }
    group.append(node("rect", { class: "hit", x: left, y: TOP, width: wide, height: base - TOP }));
    svg.append(group);
    return group;
  }

  /** One tab stop for all steps; arrows, Home and End move between them. */
  function keyboard(options, pick) {
    const focus = (i) => options[Math.min(Math.max(i, 0), options.length - 1)]?.element.focus();
    options.forEach(({ step, element }, i) => {
      element.setAttribute("tabindex", i === 0 ? 0 : -1);
      element.addEventListener("pointerenter", () => pick(step));
      element.addEventListener("click", () => element.focus());
      element.addEventListener("focus", () => {
        options.forEach((o) => o.element.setAttribute("tabindex", o.element === element ? 0 : -1));
        pick(step);
      });
      element.addEventListener("keydown", (event) => {
        const to = { ArrowRight: i + 1, ArrowDown: i + 1, ArrowLeft: i - 1, ArrowUp: i - 1, Home: 0, End: options.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        focus(to);
      });
    });
  }

  /** Drugs, fluids, seizures and judgements: one lane each, a tick per event, with its amount where there is room. */
  function lanes(host, patient, frame) {
    const rows = [...new Set(patient.marks.map((m) => m.row))];
    const x = scale(frame), base = rows.length * LANE + 4;
    const svg = node("svg", { class: "lanes", width: frame.width, height: base + 4, role: "img", "aria-label": `Treatments and events: ${rows.join(", ")}` });
    daysAxis(svg, frame, 0, base, false);
    rows.forEach((row, i) => {
      const middle = i * LANE + LANE / 2 + 2;
      svg.append(node("text", { class: "y", x: frame.left - 7, y: middle + 4 }, row));
      svg.append(node("path", { class: "lane", d: `M${frame.left} ${middle}H${frame.width - frame.right}` }));
      const marks = patient.marks.filter((m) => m.row === row && within(frame, m.t, m.t));
      marks.forEach((mark, j) => {
        const at = x(mark.t), room = (j + 1 < marks.length ? x(marks[j + 1].t) : frame.width - frame.right) - at;
        const tick = node("g", { class: "mark" });
        tick.append(node("title", {}, `${mark.row} ${mark.text} at day ${mark.t.toFixed(2)} [${mark.cite}]`));
        tick.append(node("rect", { class: "hit", x: at - 4, y: middle - 8, width: 8, height: 16 }));
        tick.append(node("path", { d: `M${at} ${middle - 7}V${middle + 7}` }));
        if (mark.text && room > mark.text.length * 6 + 10) tick.append(node("text", { x: at + 4, y: middle + 4 }, mark.text));
        svg.append(tick);
      });
    });
    host.replaceChildren(svg);
  }

  return { grades, lanes, node, scale, within, daysAxis };
})();
