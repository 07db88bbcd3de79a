//! Three invented children, graded by hand: fixtures of the tests and of the sample page.

use barograph_grading::{Cause, Episode, Evidence, Gap, Grade, Graded, Onset, Peak, Resolution, Role, Step};
use barograph_record::{
    Age, Comparator, Files, Instant, Ledger, Observation, Patient, RawTime, RawValue, Record, RecordBuilder, Sex, Signal,
};

pub(crate) struct Child {
    pub(crate) record: Record,
    pub(crate) graded: Vec<Graded>,
    pub(crate) thresholds: Vec<(Instant, f64)>,
    pub(crate) title: &'static str,
    pub(crate) story: &'static str,
}

pub(crate) fn at(days: f64) -> Instant {
    Instant::from_ms((days * 86_400_000.0).round() as i64)
}

/// All three, read through one ledger.
pub(crate) fn all(ledger: &mut Ledger) -> Vec<Child> {
    ledger.count_rows("events.csv", 0);
    vec![storm(ledger), uncharted(ledger), quiet(ledger)]
}

struct Chart<'a> {
    builder: RecordBuilder,
    files: Files,
    row: u32,
    ledger: &'a mut Ledger,
}

impl<'a> Chart<'a> {
    fn of(patient: Patient, first_row: u32, ledger: &'a mut Ledger) -> Self {
        Self { builder: RecordBuilder::new(patient), files: ["events.csv".into()].into(), row: first_row, ledger }
    }

    fn put(&mut self, signal: Signal, rows: &[(f64, &str)]) -> &mut Self {
        for (day, value) in rows {
            self.row += 1;
            let row = Observation { row: self.row, ..Observation::new(RawTime::Day(at(*day)), signal, RawValue::Text(value)) };
            self.builder.push(&row, &self.files, self.ledger);
        }
        self.ledger.count_rows("events.csv", rows.len() as u64);
        self
    }

    /// A smooth curve charted every so often.
    fn curve(&mut self, signal: Signal, every: f64, until: f64, value: impl Fn(f64) -> f64) -> &mut Self {
        let n = (until / every) as u32;
        for i in 0..=n {
            let day = f64::from(i) * every;
            self.row += 1;
            let number = RawValue::Number((value(day) * 10.0).round() / 10.0, Comparator::Exact);
            let row = Observation { row: self.row, ..Observation::new(RawTime::Day(at(day)), signal, number) };
            self.builder.push(&row, &self.files, self.ledger);
        }
        self.ledger.count_rows("events.csv", u64::from(n) + 1);
        self
    }

    fn finish(self) -> Record {
        self.builder.finish(&self.files, self.ledger)
    }
}

/// The causes found in the record at these days; a day without such an event yields none.
fn causes(record: &Record, told: &[(Role, Signal, f64)]) -> Vec<Cause> {
    let find = |(role, signal, day): &(Role, Signal, f64)| {
        let event = record.events.iter().rfind(|e| e.signal == *signal && e.at == at(*day))?;
        Some(Cause { role, evidence: Evidence { signal: *signal, value: event.value, at: event.at, origin: event.origin } })
    };
    told.iter().filter_map(find).collect()
}

fn step(record: &Record, days: (f64, f64), grade: Grade, because: &[(Role, Signal, f64)], unstated: &[&'static str]) -> Step {
    Step { from: at(days.0), to: at(days.1), grade, because: causes(record, because).into(), unstated: unstated.into(), observed: true }
}

fn bump(day: f64, centre: f64, width: f64) -> f64 {
    (-((day - centre) / width).powi(2)).exp()
}

/// Grade 3 with one vasopressor and high-flow oxygen; answers to tocilizumab; graded by two scales.
fn storm(ledger: &mut Ledger) -> Child {
    let patient = Patient {
        age: Age::AtInfusion(8.4),
        sex: Sex::Female,
        weight_kg: Some(26.0),
        product: Some("tisagenlecleucel".into()),
        ..Patient::new("p1")
    };
    let mut chart = Chart::of(patient, 1, ledger);
    chart
        .curve(Signal::Temperature, 0.25, 14.0, |d| 36.8 + 3.2 * bump(d, 4.0, 1.3))
        .curve(Signal::SystolicBp, 0.125, 14.0, |d| 104.0 + 3.0 * (d * 6.3).sin() - 32.0 * bump(d, 4.3, 0.9))
        .curve(Signal::Spo2, 0.5, 14.0, |d| 98.0 - 9.0 * bump(d, 4.3, 1.0))
        .curve(Signal::HeartRate, 0.5, 14.0, |d| 100.0 + 45.0 * bump(d, 4.0, 1.5))
        .curve(Signal::Crp, 1.0, 14.0, |d| 4.0 + 180.0 * bump(d, 4.5, 1.8))
        .curve(Signal::Ferritin, 1.0, 14.0, |d| 600.0 + 24_000.0 * bump(d, 5.5, 2.0))
        .put(Signal::Il6, &[(0.0, "<5"), (2.0, "48"), (3.0, "610"), (4.0, "5200"), (5.0, ">10000"), (7.0, "900"), (10.0, "40")])
        .put(
            Signal::OxygenDevice,
            &[(0.0, "room_air"), (3.25, "nasal_cannula"), (4.0, "high_flow_nasal_cannula"), (5.5, "nasal_cannula"), (6.5, "room_air")],
        )
        .put(Signal::OxygenFlow, &[(3.25, "2"), (4.0, "15"), (5.5, "1")])
        .put(Signal::Fio2, &[(4.0, "45")])
        .put(Signal::FluidBolus, &[(3.5, "20"), (3.75, "10")])
        .put(Signal::Norepinephrine, &[(4.0, "0.05"), (4.25, "0.12"), (5.0, "0.06"), (5.5, "0")])
        .put(Signal::Acetaminophen, &[(2.6, "390"), (3.1, "390"), (3.6, "390")])
        .put(Signal::Tocilizumab, &[(4.1, "312")])
        .put(Signal::Dexamethasone, &[(4.5, "6"), (5.0, "6"), (5.5, "6")])
        .put(Signal::ReportedGrade, &[(5.0, "3")]);
    let record = chart.finish();
    let oxygen = ("low-flow oxygen", Signal::OxygenDevice, 3.25);
    let astct = vec![
        step(&record, (2.75, 3.25), Grade::between(1, 2), &[("fever", Signal::Temperature, 2.75)], &["oxygen"]),
        step(&record, (3.25, 4.0), Grade::exactly(2), &[("fever", Signal::Temperature, 3.25), oxygen], &[]),
        step(
            &record,
            (4.0, 5.5),
            Grade::exactly(3),
            &[
                ("fever", Signal::Temperature, 4.0),
                ("one vasopressor", Signal::Norepinephrine, 4.0),
                ("high-flow oxygen", Signal::OxygenDevice, 4.0),
            ],
            &[],
        ),
        step(&record, (5.5, 6.5), Grade::exactly(2), &[("low-flow oxygen", Signal::OxygenDevice, 5.5)], &[]),
        step(&record, (6.5, 7.5), Grade::exactly(0), &[("room air", Signal::OxygenDevice, 6.5)], &[]),
    ];
    let penn = vec![
        step(&record, (2.75, 3.25), Grade::exactly(1), &[("fever", Signal::Temperature, 2.75)], &[]),
        step(&record, (3.25, 6.5), Grade::between(3, 4), &[oxygen, ("fluids", Signal::FluidBolus, 3.5)], &["vasopressor hours"]),
        step(&record, (6.5, 7.5), Grade::exactly(1), &[("fever", Signal::Temperature, 5.25)], &[]),
    ];
    let episode = |peak: Grade, peak_day: f64, course: Vec<Step>| Episode {
        number: 1,
        onset: Some(Onset { at: at(2.75), after: Some(at(2.5)) }),
        resolved: Some(Resolution { at: at(7.5), last_sign: at(6.5) }),
        peak: Peak { grade: peak, at: at(peak_day) },
        course,
        gaps: Vec::new(),
        notes: Vec::new(),
    };
    let graded = vec![
        Graded { scale: "astct-2019", policy: "default-1".into(), episodes: vec![episode(Grade::exactly(3), 4.0, astct)] },
        Graded { scale: "penn-2014", policy: "default-1".into(), episodes: vec![episode(Grade::between(3, 4), 3.25, penn)] },
    ];
    Child {
        record,
        graded,
        thresholds: vec![(at(0.0), 86.8)],
        title: "A storm on day 4",
        story: "Eight-year-old girl. Fever on day 2, low-flow then high-flow oxygen, one vasopressor for a day and a half; tocilizumab on day 4.",
    }
}

/// A late second episode, oxygen hardly charted, a pump of unknown rate; the peak stays open.
fn uncharted(ledger: &mut Ledger) -> Child {
    let patient = Patient { age: Age::AtInfusion(15.2), sex: Sex::Male, infusion_assumed: true, ..Patient::new("p2 </script><b>&") };
    let mut chart = Chart::of(patient, 400, ledger);
    chart
        .put(Signal::Temperature, &[(0.5, "37.0"), (1.0, "38.4"), (1.5, "39.0"), (2.0, "38.2"), (3.5, "37.1"), (4.5, "36.9")])
        .put(Signal::Temperature, &[(15.0, "38.1"), (15.5, "38.9"), (16.0, "38.3"), (17.0, "37.9")])
        .put(Signal::SystolicBp, &[(0.5, "112"), (1.0, "104"), (1.5, "87"), (2.0, "99"), (15.5, "108")])
        .put(Signal::OxygenFlow, &[(1.5, "3")])
        .put(Signal::Norepinephrine, &[(1.6, "running"), (1.9, "0")])
        .put(Signal::Crp, &[(1.0, "88"), (2.0, "140"), (15.5, "61")])
        .put(Signal::Temperature, &[(16.5, "101")])
        .put(Signal::Methylprednisolone, &[(2.0, "60")]);
    let record = chart.finish();
    let first = vec![
        step(&record, (1.0, 1.5), Grade::between(1, 4), &[("fever", Signal::Temperature, 1.0)], &["oxygen device", "vasopressors"]),
        step(
            &record,
            (1.5, 2.0),
            Grade::between(3, 4),
            &[
                ("fever", Signal::Temperature, 1.5),
                ("hypotension", Signal::SystolicBp, 1.5),
                ("one vasopressor", Signal::Norepinephrine, 1.6),
            ],
            &["oxygen device"],
        ),
        step(&record, (2.0, 3.5), Grade::between(1, 4), &[("fever", Signal::Temperature, 2.0)], &["oxygen device", "temperature"]),
    ];
    let second = vec![step(&record, (15.0, 17.0), Grade::between(1, 2), &[("fever", Signal::Temperature, 15.5)], &["oxygen device"])];
    let episodes = vec![
        Episode {
            number: 1,
            onset: Some(Onset { at: at(1.0), after: Some(at(0.5)) }),
            resolved: Some(Resolution { at: at(4.5), last_sign: at(2.0) }),
            peak: Peak { grade: Grade::between(3, 4), at: at(1.5) },
            course: first,
            gaps: vec![Gap { from: at(2.0), to: at(3.5), unstated: vec!["temperature", "oxygen device"] }],
            notes: Vec::new(),
        },
        Episode {
            number: 2,
            onset: Some(Onset { at: at(15.0), after: None }),
            resolved: None,
            peak: Peak { grade: Grade::between(1, 2), at: at(15.0) },
            course: second,
            gaps: Vec::new(),
            notes: vec!["onset-after-day-14"],
        },
    ];
    Child {
        record,
        graded: vec![Graded { scale: "astct-2019", policy: "default-1".into(), episodes }],
        thresholds: vec![(at(0.0), 90.0)],
        title: "",
        story: "",
    }
}

/// Never febrile: no episode.
fn quiet(ledger: &mut Ledger) -> Child {
    let patient = Patient { age: Age::AtInfusion(3.1), weight_kg: Some(14.5), ..Patient::new("p3") };
    let mut chart = Chart::of(patient, 600, ledger);
    chart
        .curve(Signal::Temperature, 0.5, 10.0, |d| 36.9 + 0.3 * (d * 3.0).sin())
        .put(Signal::OxygenDevice, &[(0.0, "room_air"), (9.0, "room_air")])
        .put(Signal::Crp, &[(0.0, "<1"), (3.0, "6"), (7.0, "2")]);
    let record = chart.finish();
    let course = vec![step(&record, (0.0, 10.0), Grade::NONE, &[("no fever", Signal::Temperature, 0.0)], &[])];
    let episode = Episode {
        number: 0,
        onset: None,
        resolved: None,
        peak: Peak { grade: Grade::NONE, at: at(0.0) },
        course,
        gaps: Vec::new(),
        notes: Vec::new(),
    };
    let graded = vec![Graded { scale: "astct-2019", policy: "default-1".into(), episodes: vec![episode] }];
    Child { record, graded, thresholds: vec![(at(0.0), 76.0)], title: "A quiet course", story: "" }
}
