//! One patient as compact JSON: what the charts draw, and the course with its evidence.

use super::PatientView;
use super::escape::json;
use super::scores::Strip;
use super::series::{MOST_POINTS, Series};
use crate::words;
use barograph_grading::{Cause, Episode, Grade, Graded, Step};
use barograph_record::{Age, Event, Group, Instant, Kind, Patient, Record, Sex, Signal, Value};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::io;

/// Signals drawn as lines, in the order of the panels.
const LINES: [Signal; 6] = [Signal::Temperature, Signal::SystolicBp, Signal::Spo2, Signal::Crp, Signal::Ferritin, Signal::Il6];
/// Days from infusion that the page shows first; episodes widen it.
const FIRST_VIEW: (f64, f64) = (-2.0, 30.0);

/// What the page keeps of one patient.
#[derive(Debug)]
pub(super) struct Entry {
    pub id: String,
    pub heading: String,
    pub facts: String,
    /// Peak, first onset and remarks per scale, in the order graded.
    pub results: Vec<Summary>,
    /// The data block's object for this patient.
    pub json: String,
}

/// One scale's result in the list of patients.
#[derive(Debug)]
pub(super) struct Summary {
    pub scale: &'static str,
    pub policy: String,
    pub peak: Grade,
    pub onset: Option<f64>,
}

impl Entry {
    pub(super) fn new(view: &PatientView<'_>) -> io::Result<Self> {
        let patient = &view.record.patient;
        let results = view.graded.iter().map(summary).collect();
        let heading = view.title.unwrap_or_default().to_owned();
        Ok(Self { id: patient.id.clone(), heading, facts: facts(patient), results, json: json(&Data::new(view))? })
    }
}

fn summary(graded: &Graded) -> Summary {
    let peak = super::cohort::peak(graded);
    let onset = graded.episodes.iter().find_map(|e| e.onset).map(|o| words::days(o.at));
    Summary { scale: graded.scale, policy: graded.policy.clone(), peak, onset }
}

fn facts(patient: &Patient) -> String {
    let mut facts = Vec::new();
    facts.push(match (patient.age, patient.years_at(Instant::INFUSION)) {
        (Age::Unknown, _) | (_, None) => "age not stated".to_owned(),
        (_, Some(years)) => format!("{years:.1} years"),
    });
    match patient.sex {
        Sex::Female => facts.push("female".to_owned()),
        Sex::Male => facts.push("male".to_owned()),
        Sex::Unknown => {}
    }
    facts.extend(patient.weight_kg.map(|kg| format!("{} kg", words::round(kg, 10.0))));
    facts.extend(patient.product.clone());
    if patient.infusion_assumed {
        facts.push("day 0 is assumed: no infusion is recorded".to_owned());
    }
    facts.join(" · ")
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    story: Option<&'a str>,
    /// Days of the first and the last thing told.
    range: [f64; 2],
    /// Days shown first.
    view: [f64; 2],
    lines: Vec<Line>,
    #[serde(skip_serializing_if = "Series::is_empty")]
    threshold: Series,
    device: Device,
    rates: Vec<Line>,
    marks: Vec<Mark>,
    /// Signals charted but not drawn, with their number of chartings.
    undrawn: Vec<(String, usize)>,
    causes: Vec<(String, String)>,
    unstated: Vec<&'static str>,
    scales: Vec<ScaleData<'a>>,
    scores: Vec<Strip<'a>>,
}

#[derive(Serialize)]
struct Line {
    signal: &'static str,
    name: String,
    unit: &'static str,
    #[serde(flatten)]
    series: Series,
}

/// Oxygen devices as steps: `v` indexes `names` (least support first); `text` is the flow and fraction charted.
#[derive(Default, Serialize)]
struct Device {
    names: Vec<String>,
    t: Vec<f64>,
    v: Vec<usize>,
    text: Vec<String>,
}

#[derive(Serialize)]
struct Mark {
    t: f64,
    row: String,
    text: String,
    cite: String,
}

#[derive(Serialize)]
struct ScaleData<'a> {
    scale: &'static str,
    policy: &'a str,
    episodes: Vec<EpisodeData>,
}

/// `[from, to, floor, ceiling, causes, unstated]`, the last two by index.
type StepData = (f64, f64, u8, u8, Vec<usize>, Vec<usize>);

/// `gaps` are `[from, to, unstated]`, the last by index.
#[derive(Serialize)]
struct EpisodeData {
    n: u32,
    onset: Option<(f64, Option<f64>)>,
    resolved: Option<(f64, f64)>,
    peak: (u8, u8, f64),
    steps: Vec<StepData>,
    gaps: Vec<(f64, f64, Vec<usize>)>,
    notes: Vec<&'static str>,
}

impl<'a> Data<'a> {
    fn new(view: &PatientView<'a>) -> Self {
        let record = view.record;
        let mut terms = Terms::default();
        let scales: Vec<_> = view.graded.iter().map(|g| terms.scale(record, g)).collect();
        let scores = view.scores.iter().filter_map(|s| Strip::new(s, |items| terms.unstated(items))).collect();
        let lines = LINES.into_iter().filter_map(|signal| line(record, signal)).collect();
        let mut threshold = Series::default();
        for (at, value) in view.thresholds.iter().filter(|(_, value)| value.is_finite()) {
            threshold.push(words::days(*at), Some(*value), "");
        }
        let (range, view_days) = ranges(record, view.graded);
        Self {
            story: view.story,
            range,
            view: view_days,
            lines,
            threshold,
            device: device(record),
            rates: rates(record),
            marks: record.events.iter().filter(|e| is_mark(e.signal)).map(|e| mark(record, e)).chain(advised(view)).collect(),
            undrawn: undrawn(record),
            causes: terms.causes,
            unstated: terms.unstated,
            scales,
            scores,
        }
    }
}

/// Causes and unstated items of one patient, each told once and pointed to by index.
#[derive(Default)]
struct Terms {
    causes: Vec<(String, String)>,
    seen: HashMap<(String, String), usize>,
    unstated: Vec<&'static str>,
}

impl Terms {
    fn cause(&mut self, record: &Record, cause: &Cause) -> usize {
        let told = (cause.describe(), record.cite(cause.evidence.origin));
        *self.seen.entry(told).or_insert_with_key(|told| {
            self.causes.push(told.clone());
            self.causes.len() - 1
        })
    }

    fn unstated(&mut self, items: &[&'static str]) -> Vec<usize> {
        let mut index = |item: &'static str| {
            self.unstated.iter().position(|u| *u == item).unwrap_or_else(|| {
                self.unstated.push(item);
                self.unstated.len() - 1
            })
        };
        items.iter().map(|item| index(item)).collect()
    }

    fn scale<'a>(&mut self, record: &Record, graded: &'a Graded) -> ScaleData<'a> {
        let episodes = graded.episodes.iter().map(|e| self.episode(record, e)).collect();
        ScaleData { scale: graded.scale, policy: &graded.policy, episodes }
    }

    fn episode(&mut self, record: &Record, episode: &Episode) -> EpisodeData {
        let steps = episode.course.iter().map(|s| {
            let causes = s.because.iter().map(|c| self.cause(record, c)).collect();
            (words::days(s.from), words::days(s.to), s.grade.floor(), s.grade.ceiling(), causes, self.unstated(&s.unstated))
        });
        let steps = steps.collect();
        EpisodeData {
            n: episode.number,
            onset: episode.onset.map(|o| (words::days(o.at), o.after.map(words::days))),
            resolved: episode.resolved.map(|r| (words::days(r.at), words::days(r.last_sign))),
            peak: (episode.peak.grade.floor(), episode.peak.grade.ceiling(), words::days(episode.peak.at)),
            steps,
            gaps: episode.gaps.iter().map(|g| (words::days(g.from), words::days(g.to), self.unstated(&g.unstated))).collect(),
            notes: episode.notes.clone(),
        }
    }
}

fn line(record: &Record, signal: Signal) -> Option<Line> {
    let mut series = Series::default();
    for event in record.events.iter().filter(|e| e.signal == signal) {
        point(record, event, &mut series);
    }
    let series = series.thin(MOST_POINTS);
    (!series.is_empty()).then(|| Line { signal: signal.name(), name: words::signal(signal), unit: words::unit(signal), series })
}

fn point(record: &Record, event: &Event, series: &mut Series) {
    let day = words::days(event.at);
    match event.value {
        Value::Number(x, c) => series.push(day, Some(x), words::comparator(c)),
        // The detail then says which limit it lies beyond.
        _ => match record.texts.get(event.detail) {
            "" => series.push(day, None, &words::value(event.signal, event.value)),
            detail => series.push(day, None, detail),
        },
    }
}

/// One line per vasoactive drug and pump.
fn rates(record: &Record) -> Vec<Line> {
    let mut pumps: BTreeMap<(Signal, u32), Series> = BTreeMap::new();
    for event in record.events.iter().filter(|e| e.signal.is_rate()) {
        point(record, event, pumps.entry((event.signal, event.channel)).or_default());
    }
    let line = |((signal, _), series): ((Signal, u32), Series)| {
        let series = series.thin(MOST_POINTS);
        Line { signal: signal.name(), name: words::signal(signal), unit: words::unit(signal), series }
    };
    pumps.into_iter().map(line).collect()
}

/// Steps of the oxygen device with what was charted of flow and fraction; in very long records repeats are left out.
fn device(record: &Record) -> Device {
    // What was charted last, told apart: a device, words that name none, or nothing at all.
    #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
    enum Said {
        Unstated,
        Unread(String),
        Device(barograph_record::Code),
    }
    let oxygen = |e: &&Event| matches!(e.signal, Signal::OxygenDevice | Signal::OxygenFlow | Signal::Fio2);
    let said = |event: &Event| match event.value.code() {
        Some(code) => Said::Device(code),
        None => Said::Unread(words::clean(record.texts.get(event.detail))),
    };
    let mut current = (Said::Unstated, String::new());
    let mut steps: Vec<(f64, Said, String)> = Vec::new();
    let events: Vec<&Event> = record.events.iter().filter(oxygen).collect();
    for at_once in events.chunk_by(|a, b| a.at == b.at) {
        let before = current.0.clone();
        let mut amounts = Vec::new();
        for event in at_once {
            match event.signal {
                Signal::OxygenDevice => current.0 = said(event),
                Signal::Fio2 => amounts.push(format!("FiO2 {}", words::value(event.signal, event.value))),
                _ => amounts.push(words::value(event.signal, event.value)),
            }
        }
        if !amounts.is_empty() {
            current.1 = amounts.join(", ");
        } else if before != current.0 {
            current.1.clear();
        }
        steps.extend(at_once.first().map(|first| (words::days(first.at), current.0.clone(), current.1.clone())));
    }
    if steps.len() > MOST_POINTS {
        steps.dedup_by(|later, earlier| (&later.1, &later.2) == (&earlier.1, &earlier.2));
    }
    let mut used: Vec<_> = steps.iter().map(|(_, device, _)| device.clone()).collect();
    used.sort_unstable();
    used.dedup();
    let name = |said: &Said| match said {
        Said::Unstated => "device not stated".to_owned(),
        Said::Unread(text) => format!("device not readable: '{text}'"),
        Said::Device(code) => words::device(*code).to_owned(),
    };
    let mut out = Device { names: used.iter().map(name).collect(), ..Device::default() };
    for (t, device, text) in steps {
        out.t.push(t);
        out.v.push(used.iter().position(|d| *d == device).unwrap_or(0));
        out.text.push(text);
    }
    out
}

/// What is shown as a labelled tick: doses, boluses, blood products, seizures and judgements.
fn is_mark(signal: Signal) -> bool {
    matches!(signal.group(), Group::Drug | Group::Fluid | Group::Judgement) || matches!(signal, Signal::Seizure | Signal::VasopressorPush)
}

fn mark(record: &Record, event: &Event) -> Mark {
    let name = words::signal(event.signal);
    let told = [words::value(event.signal, event.value), record.texts.get(event.detail).to_owned()];
    let told: Vec<String> = told.into_iter().filter(|t| !t.is_empty()).collect();
    Mark { t: words::days(event.at), text: told.join(", "), row: name, cite: record.cite(event.origin) }
}

fn advised<'a>(view: &PatientView<'a>) -> impl Iterator<Item = Mark> + 'a {
    super::advice::marks(view.record, view.advice).map(|m| Mark { t: m.day, row: m.lane, text: m.text, cite: m.cite })
}

fn undrawn(record: &Record) -> Vec<(String, usize)> {
    let mut counts: BTreeMap<Signal, usize> = BTreeMap::new();
    let drawn = |s: Signal| {
        LINES.contains(&s) || is_mark(s) || s.kind() == Kind::Rate || matches!(s, Signal::OxygenDevice | Signal::OxygenFlow | Signal::Fio2)
    };
    for event in record.events.iter().filter(|e| !drawn(e.signal)) {
        *counts.entry(event.signal).or_default() += 1;
    }
    counts.into_iter().map(|(signal, n)| (words::signal(signal), n)).collect()
}

/// All days told of, infusion included, and the days shown first: the first month and every episode.
fn ranges(record: &Record, graded: &[Graded]) -> ([f64; 2], [f64; 2]) {
    let steps = || graded.iter().flat_map(|g| &g.episodes).flat_map(|e| e.course.iter().map(move |s| (e.number, s)));
    let charted = || record.events.iter().map(|e| words::days(e.at));
    let held = |steps: &mut dyn Iterator<Item = (u32, &Step)>| span(steps.flat_map(|(_, s)| [words::days(s.from), words::days(s.to)]));
    let join = |a: [f64; 2], b: [f64; 2]| [a[0].min(b[0]), a[1].max(b[1])];
    let whole = join(span(charted()), held(&mut steps()));
    let first = join(span(charted().filter(|d| (FIRST_VIEW.0..=FIRST_VIEW.1).contains(d))), held(&mut steps().filter(|(n, _)| *n > 0)));
    match (whole[0] < whole[1], first[0] < first[1]) {
        (true, true) => (whole, first),
        // Nothing lies in the first month.
        (true, false) => (whole, whole),
        (false, _) => ([0.0, 1.0], [0.0, 1.0]),
    }
}

/// Least and greatest day, with day 0, so that the infusion is on every axis.
fn span(days: impl Iterator<Item = f64>) -> [f64; 2] {
    days.fold([0.0, 0.0], |[a, b], d| [a.min(d), b.max(d)])
}
