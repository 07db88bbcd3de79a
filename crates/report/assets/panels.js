"use strict";
// The measured course: panels that share the axis of days, drawn by uPlot.

const Panels = (() => {
  const INK = "#1a1a1a", QUIET = "#5a5a5a", GRID = "#e3e3e3", LINE = "#0b559f", LIMIT = "#b2182b", PICKED = "rgba(240, 200, 60, 0.22)";
  const FONT = "11px system-ui, sans-serif";
  const VITAL = 0.5, LABORATORY = 3.5; // days without a charting beyond which a line is broken
  const STYLE = {
    temperature: { breaks: VITAL, limits: [[38.0, "38.0"]], range: (a, b) => [Math.min(a, 36), Math.max(b, 39)] },
    systolic_bp: { breaks: VITAL, range: (a, b) => [a - 5, b + 5] },
    spo2: { breaks: VITAL, range: (a) => [Math.min(a, 90), 100] },
    crp: { breaks: LABORATORY, range: (a, b) => [0, b * 1.1 || 1] },
    ferritin: { breaks: LABORATORY, log: true },
    il6: { breaks: LABORATORY, log: true },
  };
  /** Drugs whose first dose is ruled through every panel. */
  const RULED = ["tocilizumab", "siltuximab", "anakinra", "emapalumab", "ruxolitinib", "dasatinib", "etanercept",
    "dexamethasone", "methylprednisolone", "hydrocortisone", "prednisolone"];

  /** Every panel of a patient, in order: what it shows and how. */
  function list(patient) {
    const end = patient.range[1];
    const vital = patient.lines.filter((l) => (STYLE[l.signal]?.breaks ?? LABORATORY) === VITAL);
    const laboratory = patient.lines.filter((l) => !vital.includes(l));
    const panels = vital.map((l) => measured(l, l.signal === "systolic_bp" ? patient.threshold : undefined));
    if (patient.device.t.length) panels.push(device(patient.device, end));
    panels.push(...patient.rates.map((l) => rate(l, end)), ...laboratory.map((l) => measured(l)));
    return panels;
  }

  function measured(line, threshold) {
    const style = STYLE[line.signal] ?? { breaks: LABORATORY };
    const { days, values, index } = Model.withBreaks(line.t, line.v, style.breaks);
    const numbers = line.v.filter((x) => x !== null).concat(threshold?.v ?? []);
    const low = Math.min(...numbers), high = Math.max(...numbers);
    const log = Boolean(style.log) && low > 0;
    const ticks = log ? Model.decades(low, high) : undefined;
    const range = numbers.length === 0 ? [0, 1] : log ? [ticks[0], ticks[ticks.length - 1]] : (style.range ?? ((a, b) => [a, b]))(low, high);
    return {
      title: line.name, unit: line.unit + (log ? ", logarithmic" : ""), days, values, height: 92, log, range, ticks,
      note: line.of ? `${line.of} chartings, thinned to ${line.t.length} points for display` : "",
      limits: style.limits ?? [], threshold,
      qualified: Object.entries(line.q ?? {}).map(([i, words]) => ({ day: line.t[i], value: line.v[i], words })),
      read: (i) => (index[i] < 0 ? "" : `${Model.valueText(line, index[i])} ${line.unit} at day ${line.t[index[i]].toFixed(2)}`),
    };
  }

  function rate(line, end) {
    const { days, values } = Model.held(line.t, line.v, end);
    const most = Math.max(...line.v.filter((x) => x !== null), 0);
    return {
      title: line.name, unit: line.unit, days, values, height: 62, stepped: true, charted: line.t.length, range: [0, most * 1.25 || 1], limits: [],
      note: line.of ? `${line.of} rates, thinned to ${line.t.length} for display` : "",
      unnumbered: Model.unnumbered(line.t, line.v, end),
      read(_, day) {
        const i = Model.heldAt(line.t, day);
        return i < 0 ? "" : `${Model.valueText(line, i)} ${line.v[i] === null ? "" : line.unit} from day ${line.t[i].toFixed(2)}`;
      },
    };
  }

  function device(device, end) {
    const { days, values } = Model.held(device.t, device.v, end);
    return {
      title: "Oxygen support", unit: "", days, values, height: 40 + 17 * device.names.length, stepped: true, charted: device.t.length,
      range: [-0.6, device.names.length - 0.2], limits: [], note: "", names: device.names,
      texts: device.t.map((day, i) => ({ day, value: device.v[i], words: device.text[i] })).filter((t) => t.words),
      read(_, day) {
        const i = Model.heldAt(device.t, day);
        return i < 0 ? "" : `${device.names[device.v[i]]} ${device.text[i]} from day ${device.t[i].toFixed(2)}`;
      },
    };
  }

  /** Draws one panel into `host`; `figure` holds frame, marked step, rules and what to do on zoom. */
  function draw(host, panel, figure, last, readout) {
    const tickDays = (u) => Model.dayTicks(u.scales.x.min, u.scales.x.max, u.width - figure.frame.left - figure.frame.right);
    const ticks = panel.ticks ?? (panel.names ? panel.names.map((_, i) => i) : undefined);
    const axis = { stroke: INK, font: FONT, grid: { stroke: GRID, width: 1 }, ticks: { show: false } };
    const options = {
      width: figure.frame.width, height: panel.height + (last ? 34 : 0), padding: [8, figure.frame.right, last ? 0 : 6, 0],
      legend: { show: false }, pxAlign: 1,
      cursor: {
        sync: { key: figure.key }, points: { size: 6 }, y: false,
        drag: { x: true, y: false, setScale: false },
        bind: { dblclick: () => () => figure.zoom(null) },
      },
      scales: {
        x: { time: false, range: () => figure.frame.view },
        y: { range: () => panel.range, distr: panel.log ? 3 : 1 },
      },
      axes: [
        { ...axis, size: last ? 34 : 0, splits: tickDays, values: (_, days) => (last ? days.map(Model.dayText) : days.map(() => "")),
          label: last ? "days from infusion" : undefined, labelSize: 16, labelFont: FONT, gap: 3 },
        { ...axis, size: figure.frame.left, gap: 7, ...(ticks ? { splits: () => ticks } : { space: 17 }),
          ...(panel.names ? { values: () => panel.names } : panel.log ? { values: (_, v) => v.map((x) => (x == null ? "" : x.toLocaleString("en"))) } : {}) },
      ],
      series: [{}, {
        stroke: LINE, width: 1.5, spanGaps: false, paths: panel.stepped ? uPlot.paths.stepped({ align: 1 }) : uPlot.paths.linear(),
        // A dot is a charting; where a step is merely held there is none.
        points: { show: panel.days.length < 400, size: 4.5, width: 1, fill: LINE, stroke: LINE,
          ...(panel.charted ? { filter: () => Array.from({ length: panel.charted }, (_, i) => i) } : {}) },
      }],
      hooks: {
        drawClear: [(u) => marked(u, figure)],
        drawAxes: [(u) => behind(u, panel, figure)],
        draw: [(u) => before(u, panel)],
        setSelect: [(u) => {
          if (u.select.width < 4) return;
          figure.zoom([u.posToVal(u.select.left, "x"), u.posToVal(u.select.left + u.select.width, "x")]);
        }],
        setCursor: [(u) => { readout.textContent = u.cursor.idx == null ? "" : panel.read(u.cursor.idx, u.posToVal(u.cursor.left, "x")); }],
      },
    };
    return new uPlot(options, [panel.days, panel.values], host);
  }

  const clamp = (x, [a, b]) => Math.min(Math.max(x, a), b);

  /** Behind everything: the days of the marked step. */
  function marked(u, figure) {
    if (!figure.marked) return;
    const { top, height } = u.bbox, [from, to] = figure.marked.slice(0, 2).map((day) => u.valToPos(clamp(day, figure.frame.view), "x", true));
    u.ctx.fillStyle = PICKED;
    u.ctx.fillRect(from, top, Math.max(to - from, 2), height);
  }

  /** Behind the data: first doses, limits and stretches of unknown rate. */
  function behind(u, panel, figure) {
    const { ctx } = u, { left, top, width, height } = u.bbox, view = figure.frame.view;
    const x = (day) => u.valToPos(clamp(day, view), "x", true), y = (v) => u.valToPos(v, "y", true);
    ctx.save();
    ctx.lineWidth = uPlot.pxRatio;
    ctx.strokeStyle = "#9a9a9a";
    ctx.setLineDash([2, 4]);
    for (const day of figure.rules.filter((d) => d >= view[0] && d <= view[1])) stroke(ctx, [[x(day), top], [x(day), top + height]]);
    ctx.strokeStyle = LIMIT;
    ctx.setLineDash([8, 5]);
    for (const [value, words] of panel.limits) {
      stroke(ctx, [[left, y(value)], [left + width, y(value)]]);
      write(u, words, left + width - 3, y(value) - 4, "right", LIMIT);
    }
    if (panel.threshold?.t.length) threshold(u, panel.threshold, view, x, y);
    ctx.setLineDash([]);
    for (const [from, to] of panel.unnumbered ?? []) {
      if (to < view[0] || from > view[1]) continue;
      ctx.fillStyle = "rgba(11, 85, 159, 0.16)";
      ctx.fillRect(x(from), top, Math.max(x(to) - x(from), 2), height);
      write(u, "running, rate not stated", Math.min(x(from) + 4, left + width - 140 * uPlot.pxRatio), top + 14 * uPlot.pxRatio, "left", INK);
    }
    ctx.restore();
  }

  function threshold(u, { t, v }, view, x, y) {
    const points = t.flatMap((day, i) => [[x(day), y(v[i])], [x(i + 1 < t.length ? t[i + 1] : view[1]), y(v[i])]]);
    stroke(u.ctx, points);
    const [right, height] = points[points.length - 1];
    write(u, `threshold ${Math.round(v[v.length - 1] * 10) / 10}`, right - 3, height - 4, "right", LIMIT);
  }

  /** In front of the data: what qualifies single points, and flow and fraction of oxygen. */
  function before(u, panel) {
    const { left, top, width, height } = u.bbox, ratio = uPlot.pxRatio;
    const place = (p) => [u.valToPos(p.day, "x", true), p.value === null ? top + height - 5 * ratio : u.valToPos(p.value, "y", true)];
    for (const p of panel.qualified ?? []) {
      const [px, py] = place(p);
      if (px >= left && px <= left + width) write(u, p.words, px + 5 * ratio, py + 4 * ratio, "left", INK);
    }
    const free = {}; // by level: words must not run into each other
    for (const p of panel.texts ?? []) {
      const [px, py] = place(p);
      if (px < left || px > left + width || px < free[p.value]) continue;
      free[p.value] = px + write(u, p.words, px + 3 * ratio, py - 4 * ratio, "left", QUIET);
    }
  }

  function stroke(ctx, points) {
    ctx.beginPath();
    points.forEach(([x, y], i) => (i ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
    ctx.stroke();
  }

  function write(u, words, x, y, align, colour) {
    const { ctx } = u;
    ctx.save();
    ctx.font = `${10.5 * uPlot.pxRatio}px system-ui, sans-serif`;
    ctx.textAlign = align;
    ctx.textBaseline = "alphabetic";
    ctx.setLineDash([]);
    ctx.lineWidth = 3 * uPlot.pxRatio;
    ctx.strokeStyle = "rgba(255, 255, 255, 0.85)";
    ctx.strokeText(words, x, y);
    ctx.fillStyle = colour;
    ctx.fillText(words, x, y);
    const { width } = ctx.measureText(words);
    ctx.restore();
    return width;
  }

  const rules = (patient) => RULED.flatMap((row) => patient.marks.find((m) => m.row === row)?.t ?? []);

  return { list, draw, rules };
})();
