//! The grader on arbitrary events, those that the gate lets through and those that it would not.

use arbitrary::Arbitrary;
use barograph_grading::{Episode, Graded, Grader, LiveGrader, Policy, grade, scales};
use barograph_record::{
    Age, Code, Comparator, Event, Files, Instant, Kind, Ledger, Observation, Origin, Patient, RawTime, RawValue, Record, RecordBuilder,
    Signal, Span, TextId, Texts, Value,
};

/// Rows beyond which more of them only cost time.
const MOST_ROWS: usize = 48;

const QUARTER_MS: i64 = 900_000;

/// A patient and what was observed.
#[derive(Debug, Arbitrary)]
pub struct Input {
    age: Option<u16>,
    weight: Option<u8>,
    infusion_assumed: bool,
    policy: u8,
    /// Whether events go to the grader without passing the gate.
    raw: bool,
    known_at: u16,
    rows: Vec<Row>,
}

#[derive(Debug, Arbitrary)]
struct Row {
    at: At,
    known_after: Option<u16>,
    signal: Which,
    value: Said,
    /// Which of the units that the gate must convert, or cannot.
    unit: u8,
    channel: u8,
    detail: Detail,
}

#[derive(Debug, Arbitrary)]
enum At {
    /// The instant of the row before.
    Same,
    /// Quarters of an hour after the row before.
    Later(u8),
    /// Quarters of an hour from a week before infusion.
    Quarter(u16),
    /// Milliseconds from infusion.
    Ms(i64),
}

#[derive(Debug, Arbitrary)]
enum Which {
    /// One that grading looks at often.
    Telling(u8),
    Any(u8),
}

#[derive(Debug, Arbitrary)]
enum Said {
    Tenths(u16),
    Zero,
    Number(f64, u8),
    Word(u8),
    Unquantified,
    Words,
}

#[derive(Debug, Arbitrary)]
enum Detail {
    None,
    Telling(u8),
    Text(String),
}

const TELLING: &[Signal] = &[
    Signal::Temperature,
    Signal::SystolicBp,
    Signal::DiastolicBp,
    Signal::MeanBp,
    Signal::Spo2,
    Signal::OxygenDevice,
    Signal::OxygenFlow,
    Signal::Fio2,
    Signal::VentilationIndication,
    Signal::Norepinephrine,
    Signal::Epinephrine,
    Signal::Dopamine,
    Signal::Vasopressin,
    Signal::Milrinone,
    Signal::FluidBolus,
    Signal::Acetaminophen,
    Signal::Tocilizumab,
    Signal::Dexamethasone,
    Signal::Weight,
    Signal::Attribution,
    Signal::BaselineSupport,
    Signal::Death,
    Signal::Encounter,
];

const DETAILS: &[&str] =
    &["crs", "fever; infection", "hypotension; sepsis", "hypoxia; pneumonia", "infection", "surgery", "time not stated"];

/// Units in which rates and doses are charted, the signal's own first.
const UNITS: &[&str] = &["", "", "", "ug/min", "U/h", "mg/kg", "mL", "1 dose", "furlong"];

/// Policies that differ where grading branches.
const POLICIES: &[&str] = &[
    "",
    "name = \"open\"\nunlisted_vasopressors = \"unknown\"",
    "name = \"zero\"\nresolution_hours = 0\nnew_episode_hours = 0\nfever_lookback_hours = 0\nconfirmation_minutes = 0\noverlap_minutes = 0\n\
     temperature_window_hours = 0\npressure_window_hours = 0\nsaturation_window_hours = 0\nbridged_gap_minutes = 0\nmasking_hours = 0",
    "name = \"long\"\nresolution_hours = 8760\nconfirmation_minutes = 1440\noverlap_minutes = 1440\ntemperature_window_hours = 8760",
];

/// The policies that inputs choose from.
#[must_use]
pub fn policies() -> Vec<Policy> {
    POLICIES.iter().map(|text| Policy::from_toml(text).expect("the policies of the target are sound")).collect()
}

/// Grades the input in every way there is, and compares.
pub fn run(input: &Input, policies: &[Policy]) {
    let Some(policy) = policies.get(usize::from(input.policy) % policies.len().max(1)) else { return };
    let record = if input.raw { input.raw_record() } else { input.gated_record() };
    let whole = grade(&record, policy, scales::ALL.iter().copied());
    check(&whole);
    for episode in whole.iter().flat_map(|g| &g.episodes) {
        episode.evidence(&record);
        for cause in episode.course.iter().flat_map(|s| s.because.iter()) {
            cause.describe();
        }
    }
    let mut grader = Grader::new(&record.patient, policy, scales::ALL.iter().copied());
    for event in &record.events {
        grader.push(event, &record.texts);
        check(&grader.clone().finish(&record.texts));
    }
    assert_eq!(grader.finish(&record.texts), whole, "pushing one by one is grading the whole");

    let mut live = LiveGrader::new(record.patient.clone(), policy.clone(), scales::ALL.iter().copied(), record.texts.clone());
    for event in record.events.iter().rev() {
        live.push(*event);
    }
    assert_eq!(live.graded(), whole, "rows may come in any order");
    check(&live.as_known_at(quarter(input.known_at)));
}

/// What must hold of any result.
pub fn check(graded: &[Graded]) {
    for episode in graded.iter().flat_map(|g| &g.episodes) {
        check_episode(episode);
    }
}

fn check_episode(episode: &Episode) {
    let peak = episode.peak.grade;
    assert!(peak.floor() <= peak.ceiling(), "{peak}");
    assert_eq!(peak.floor(), episode.course.iter().map(|s| s.grade.floor()).max().unwrap_or(0), "the peak is the worst step");
    for pair in episode.course.windows(2) {
        assert_eq!(pair[0].to, pair[1].from, "steps leave no hole");
    }
    for step in &episode.course {
        let grade = step.grade;
        assert!(grade.floor() <= grade.ceiling() && grade.ceiling() <= 5, "{grade}");
        assert!(step.from <= step.to, "{step:?}");
        assert!(grade.is_exact() || !step.unstated.is_empty(), "an open grade says what is missing: {step:?}");
        assert!(grade.floor() == 0 || !step.because.is_empty(), "a grade has evidence: {step:?}");
    }
    for gap in &episode.gaps {
        assert!(gap.from <= gap.to && !gap.unstated.is_empty(), "{gap:?}");
    }
    if let Some(onset) = episode.onset {
        assert!(onset.after.is_none_or(|after| after < onset.at), "{onset:?}");
    }
}

fn quarter(quarters: u16) -> Instant {
    Instant::from_ms((i64::from(quarters) - 7 * 96) * QUARTER_MS)
}

fn later(at: Instant, quarters: u16) -> Instant {
    at + Span::from_ms(i64::from(quarters) * QUARTER_MS)
}

impl Input {
    fn patient(&self) -> Patient {
        let age = self.age.map_or(Age::Unknown, |tenths| Age::AtInfusion(f64::from(tenths) / 10.0));
        Patient { age, weight_kg: self.weight.map(f64::from), infusion_assumed: self.infusion_assumed, ..Patient::new("p") }
    }

    /// Rows with their numbers and instants.
    fn placed(&self) -> Vec<(u32, Instant, &Row)> {
        let mut last = Instant::INFUSION;
        let mut placed = Vec::new();
        for (number, row) in (1..).zip(self.rows.iter().take(MOST_ROWS)) {
            last = match row.at {
                At::Same => last,
                At::Later(quarters) => later(last, u16::from(quarters)),
                At::Quarter(quarters) => quarter(quarters),
                At::Ms(ms) => Instant::from_ms(ms),
            };
            placed.push((number, last, row));
        }
        placed
    }

    fn gated_record(&self) -> Record {
        let files: Files = ["x".into()].into();
        let (mut builder, mut ledger) = (RecordBuilder::new(self.patient()), Ledger::listing());
        for (number, at, row) in self.placed() {
            let signal = row.signal.signal();
            let known = row.known_after.map(|q| RawTime::Day(later(at, q)));
            let channel = if row.channel == 0 { String::new() } else { row.channel.to_string() };
            let value = match row.value.value(signal) {
                Value::Number(x, comparator) => RawValue::Number(x, comparator),
                Value::Code(code) => RawValue::Code(code),
                Value::Unquantified => RawValue::Unquantified,
                Value::Words => RawValue::Text("words"),
            };
            let told = Observation::new(RawTime::Day(at), signal, value);
            let in_amounts = matches!(signal.kind(), Kind::Rate | Kind::Dose);
            let unit = if in_amounts { UNITS[usize::from(row.unit) % UNITS.len()] } else { "" };
            let told = Observation { known, unit, channel: &channel, detail: row.detail.text(), row: number, ..told };
            builder.push(&told, &files, &mut ledger);
        }
        builder.finish(&files, &mut ledger)
    }

    fn raw_record(&self) -> Record {
        let mut texts = Texts::default();
        let mut events: Vec<Event> = Vec::new();
        for (number, at, row) in self.placed() {
            let signal = row.signal.signal();
            let known = later(at, row.known_after.unwrap_or(0));
            let origin = Origin { file: 0, row: number, resource: TextId(0) };
            let detail = texts.intern(row.detail.text());
            events.push(Event {
                at,
                known,
                signal,
                value: row.value.value(signal),
                channel: u32::from(row.channel),
                detail,
                origin,
                half_digit: 0.0,
            });
        }
        events.sort_by(|a, b| a.order(b, &texts));
        Record { patient: self.patient(), events, texts, files: ["x".into()].into() }
    }
}

impl Which {
    fn signal(&self) -> Signal {
        let (all, i) = match self {
            Self::Telling(i) => (TELLING, *i),
            Self::Any(i) => (Signal::ALL, *i),
        };
        all[usize::from(i) % all.len()]
    }
}

impl Said {
    fn value(&self, signal: Signal) -> Value {
        match self {
            Self::Tenths(tenths) => Value::Number(f64::from(*tenths) / 10.0, Comparator::Exact),
            Self::Zero => Value::Number(0.0, Comparator::Exact),
            // The gate lets no number through that is not finite.
            Self::Number(x, comparator) => {
                let comparator = [Comparator::Exact, Comparator::Below, Comparator::Above][usize::from(*comparator) % 3];
                Value::Number(if x.is_finite() { *x } else { f64::MAX }, comparator)
            }
            Self::Word(i) => match signal.kind() {
                Kind::Coded(allowed) => Value::Code(allowed[usize::from(*i) % allowed.len()]),
                _ => Value::Code(Code::Yes),
            },
            Self::Unquantified => Value::Unquantified,
            Self::Words => Value::Words,
        }
    }
}

impl Detail {
    fn text(&self) -> &str {
        match self {
            Self::None => "",
            Self::Telling(i) => DETAILS[usize::from(*i) % DETAILS.len()],
            Self::Text(text) => text,
        }
    }
}
