"use strict";
// The page: builds a patient's course when it comes into view and lets it go when it leaves, so that large cohorts open fast.

(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const FRAME = { left: 120, right: 18 };
  const PRINT_WIDTH = 690;
  /** Courses drawn into one printout; a canvas each panel is too much for more. */
  const MOST_PRINTED = 60;

  function make(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children); // strings become text nodes, never markup
    return element;
  }

  function table(caption, headers, rows) {
    const head = make("tr", {}, ...headers.map((h) => make("th", { scope: "col" }, h)));
    const body = rows.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, ...[cell].flat()))));
    return make("table", { class: "course" }, make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body));
  }

  const lines = (items) => (items.length ? items.map((item) => make("div", {}, item)) : ["–"]);

  /** The course in words, for print and for screen readers. */
  function tables(patient) {
    const out = [];
    for (const result of patient.scales) {
      for (const episode of result.episodes) {
        const name = episode.n === 0 ? "no episode" : `episode ${episode.n}`;
        const remarks = [
          ...(episode.notes.length ? [`notes: ${episode.notes.join(", ")}`] : []),
          ...episode.gaps.map(([a, b, u]) => `not charted from day ${a.toFixed(2)} to ${b.toFixed(2)}: ${u.map((i) => patient.unstated[i]).join(", ")}`),
        ];
        const rows = episode.steps.map((step) => {
          const told = Model.describeStep(patient, step);
          const unstated = told.unstated.length ? [`${told.unstated.join(", ")}: ${told.hidden}`] : [];
          return [`${step[0].toFixed(2)}–${step[1].toFixed(2)}`, told.grade, lines(told.because.map((c) => `${c.text} [${c.cite}]`)), lines(unstated)];
        });
        out.push(table([`${result.scale}, ${name}`, ...remarks].join("; "), ["days", "grade", "because [source]", "not charted"], rows));
      }
    }
    if (patient.marks.length) {
      const rows = patient.marks.map((m) => [m.t.toFixed(2), m.row, m.text, m.cite]);
      out.push(table("Treatments and events", ["day", "what", "amount", "source"], rows));
    }
    const charted = [...patient.lines, ...patient.rates].map((line) => {
      const { n, lowest, highest } = Model.summary(line);
      return [`${line.name}${line.unit ? `, ${line.unit}` : ""}`, String(n), lowest, highest];
    });
    if (charted.length) out.push(table("Values charted", ["signal", "n", "lowest", "highest"], charted));
    if (patient.scores.length) {
      const rows = patient.scores.map((score) => {
        const { certain, possible } = Model.scoreExtremes(score);
        const names = (items) => Model.inputs(patient, items) || "–";
        return [score.id, certain, possible, names(score.never), names(score.at_times), score.warning ?? "–"];
      });
      out.push(table("Scores", ["score", "highest that is certain", "highest not excluded", "never known", "not always known", "beware"], rows));
    }
    if (patient.device.t.length) {
      const rows = patient.device.t.map((t, i) => [t.toFixed(2), patient.device.names[patient.device.v[i]], patient.device.text[i] || "–"]);
      out.push(table("Oxygen support", ["from day", "device", "flow, FiO2"], rows));
    }
    if (patient.undrawn.length) {
      out.push(make("p", {}, `Charted but not drawn: ${patient.undrawn.map(([name, n]) => `${name} (${n})`).join(", ")}.`));
    }
    return out;
  }

  /** What is behind the picked step. */
  function tell(box, patient, result, step) {
    const told = Model.describeStep(patient, step);
    const because = told.because.map((c) => make("li", {}, c.text, " ", make("span", { class: "cite" }, `[${c.cite}]`)));
    const unstated = told.unstated.map((u) => make("li", {}, u));
    box.replaceChildren(
      make("p", {}, make("strong", {}, `Grade ${told.grade}`), ` by ${result.scale}, ${told.when}`),
      make("div", {}, make("h4", {}, "Because"), make("ul", {}, ...(because.length ? because : [make("li", {}, "no charted sign")]))),
      make("div", {}, make("h4", {}, told.hidden ? `Not charted; ${told.hidden}` : "Not charted"),
        make("ul", {}, ...(unstated.length ? unstated : [make("li", {}, "nothing that matters to the grade")]))),
    );
  }

  class Course {
    constructor(section, patient, key) {
      Object.assign(this, { section, patient, key, charts: [], marking: [], picked: null, zooming: false });
      this.host = section.querySelector(".course");
      this.rules = Panels.rules(patient);
      this.frame = { ...FRAME, width: 0, view: patient.view };
    }

    /** Builds what stays: words, tables and empty places for the drawings. */
    build() {
      if (this.box) return;
      const { patient } = this;
      if (patient.story) this.host.append(make("p", { class: "story" }, patient.story));
      this.whole = make("button", { type: "button" }, "whole record");
      this.whole.addEventListener("click", () => this.zoom(this.frame.view === patient.range ? null : patient.range));
      this.host.append(make("p", { class: "tools" }, this.whole, " Drag across a chart to zoom, double-click to return. Point at a grade, or tab to it and use the arrow keys."));
      this.ribbons = patient.scales.map((result) => {
        const place = make("div", { class: "plot" });
        this.host.append(make("h3", {}, `Grade, ${result.scale} `, make("span", { class: "cite" }, `policy ${result.policy}`)), place);
        return place;
      });
      this.box = make("div", { class: "evidence", role: "status", "aria-live": "polite" });
      this.host.append(this.box);
      if (patient.marks.length) {
        this.lanes = make("div", { class: "plot" });
        this.host.append(make("h3", {}, "Treatments and events"), this.lanes);
      }
      this.panels = Panels.list(patient).map((panel) => {
        const readout = make("output", {}), place = make("div", { class: "plot" });
        const title = make("h3", {}, `${panel.title} `, make("span", { class: "cite" }, [panel.unit, panel.note].filter(Boolean).join("; ")), readout);
        this.host.append(make("div", { class: "panel" }, title, place));
        return { panel, place, readout };
      });
      if (patient.scores.length) {
        const readout = make("output", {});
        this.strips = { place: make("div", { class: "plot" }), readout };
        const key = make("span", { class: "cite" }, "solid: certain; hatched: not excluded, for want of what is named");
        this.host.append(make("div", { class: "panel" }, make("h3", {}, "Scores ", key), make("p", { class: "reading" }, readout), this.strips.place));
      }
      this.host.append(make("details", {}, make("summary", {}, "The course in words"), ...tables(patient)));
      const steps = patient.scales.flatMap((result) => result.episodes.flatMap((e) => e.steps.map((step) => ({ result, step }))));
      const rank = ({ step: [, , floor, ceiling] }) => floor * 10 + ceiling;
      const worst = steps.reduce((a, b) => (a && rank(a) >= rank(b) ? a : b), null);
      if (!worst) this.box.textContent = "No grade was computed for this patient.";
      else if (worst.step[3] > 0) this.pick(worst.result, worst.step);
      else tell(this.box, patient, worst.result, worst.step); // told, but grade 0 needs no marking
    }

    pick(result, step) {
      if (this.picked === step) return;
      this.picked = this.marked = step;
      tell(this.box, this.patient, result, step);
      this.marking.forEach((mark) => mark(step));
      this.charts.forEach((chart) => chart.redraw(false));
    }

    /** Draws at a width in pixels, by default the room there is, with a step marked, by default the picked one. */
    draw(width = this.host.clientWidth, marked = this.picked) {
      this.build();
      this.clear();
      this.frame.width = width;
      this.marked = marked;
      this.ribbon();
      this.charts = this.panels.map(({ panel, place, readout }, i) => Panels.draw(place, panel, this, i === this.panels.length - 1, readout));
      this.section.classList.add("drawn");
    }

    ribbon() {
      const { patient, frame } = this;
      this.marking = patient.scales.map((result, i) => Ribbon.grades(this.ribbons[i], patient, result, frame, (step) => this.pick(result, step)));
      this.marking.forEach((mark) => mark(this.picked));
      if (this.lanes) Ribbon.lanes(this.lanes, patient, frame);
      if (this.strips) Strips.draw(this.strips.place, patient, frame, this.strips.readout);
      const { view, range } = patient;
      this.whole.hidden = frame.view === view && view[0] === range[0] && view[1] === range[1];
      this.whole.textContent = frame.view === range ? "first view" : "whole record";
    }

    /** Lets the canvases go, but keeps the room they took. */
    clear() {
      this.charts.forEach((chart) => chart.destroy());
      this.panels?.forEach(({ place }) => { place.style.minHeight = place.firstChild ? `${place.clientHeight}px` : place.style.minHeight; });
      this.charts = [];
    }

    /** Shows these days, or the first view. Panels report one drag all together, so the first report counts. */
    zoom(view) {
      const wanted = view ?? this.patient.view;
      if (this.zooming || wanted[1] - wanted[0] < 1 / 1440) return;
      this.zooming = true;
      setTimeout(() => {
        this.zooming = false;
        this.frame.view = wanted;
        this.draw(this.frame.width);
      });
    }
  }

  const sections = [...document.querySelectorAll("section.patient")];
  const courses = sections.map((section, i) => new Course(section, data.patients[i], `p-${i}`));
  const visible = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const course = courses[sections.indexOf(target)];
      if (isIntersecting && !visible.has(course)) { visible.add(course); course.draw(); }
      if (!isIntersecting && visible.delete(course)) course.clear();
    }
  }, { rootMargin: "400px 0px" });
  sections.forEach((section) => watcher.observe(section));

  let resizing = 0;
  window.addEventListener("resize", () => {
    clearTimeout(resizing);
    resizing = setTimeout(() => visible.forEach((course) => { if (course.frame.width !== course.host.clientWidth) course.draw(); }), 150);
  });

  window.addEventListener("beforeprint", () => {
    const shown = courses.filter((course) => !course.section.hidden);
    shown.slice(0, MOST_PRINTED).forEach((course) => course.draw(PRINT_WIDTH, null));
    shown.forEach((course) => { course.build(); course.host.querySelector("details").open = true; });
    if (shown.length > MOST_PRINTED) {
      document.getElementById("cut").textContent =
        `Charts are printed for the first ${MOST_PRINTED} of ${shown.length} patients; filter the list to print others. The words are printed for all.`;
    }
  });
  window.addEventListener("afterprint", () => {
    document.getElementById("cut").textContent = "";
    courses.forEach((course) => { if (visible.has(course)) course.draw(); else course.clear(); });
  });

  const form = document.getElementById("filter");
  const rows = [...document.querySelectorAll("#list tbody tr")].map((row) => ({
    row, text: row.textContent, floor: Number(row.dataset.floor), open: row.dataset.open === "true",
  }));
  function filter() {
    const wanted = { text: form.elements.text.value, least: Number(form.elements.least.value), open: form.elements.open.checked };
    let shown = 0;
    rows.forEach((entry, i) => {
      const pass = Model.matches(entry, wanted);
      entry.row.hidden = sections[i].hidden = !pass;
      shown += pass;
    });
    form.querySelector("output").textContent = `${shown} of ${rows.length} patients`;
  }
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
})();
