//! Companions (ICANS, IEC-HS, carHLH) beside the course of CRS.
//!
//! What they look at is charted a few times a day, so their grade is found anew only when something of it changes. Each time
//! they are asked for all that follows should nothing more be charted, which tells when the passage of time changes the answer.

use barograph_grading::companions::{Companion, Options};
use barograph_grading::{Cause, Episode, Grade, Graded, Onset, Peak, Resolution, Step};
use barograph_record::{Code, Comparator, Event, Group, Instant, Origin, Patient, Record, Signal, Span, TextId, Texts, Value};

/// Beyond this nothing that a companion holds on to still holds.
const AHEAD: Span = Span::from_ms(60 * 86_400_000);

/// The highest grade of a living patient.
const HIGHEST: u8 = 4;

/// One companion's present and, should nothing more be charted, its future.
#[derive(Clone)]
pub(crate) struct CompanionTrack {
    companion: &'static dyn Companion,
    options: Options,
    patient: Patient,
    events: Vec<Event>,
    /// The details of those events.
    texts: Texts,
    /// The last word, or whether it ran, of each signal whose rows repeat themselves.
    last: Vec<Option<Value>>,
    steps: Vec<Step>,
    stale: bool,
    away: bool,
}

impl CompanionTrack {
    pub(crate) fn new(companion: &'static dyn Companion, patient: &Patient, options: &Options) -> Self {
        Self {
            companion,
            options: options.clone(),
            patient: patient.clone(),
            events: Vec::new(),
            texts: Texts::default(),
            last: vec![None; Signal::ALL.len()],
            steps: Vec::new(),
            stale: true,
            away: false,
        }
    }

    /// Whether its answer rests on the course of CRS.
    pub(crate) fn follows_crs(&self) -> bool {
        self.companion.id() != "icans-2019"
    }

    pub(crate) fn crs_changed(&mut self) {
        self.stale |= self.follows_crs();
    }

    pub(crate) fn take(&mut self, event: &Event, texts: &Texts) {
        let own = match event.signal.group() {
            Group::Neurology => !self.follows_crs(),
            Group::Chemistry | Group::Blood | Group::Drug => self.follows_crs(),
            Group::Oxygen | Group::Vasoactive => self.follows_crs() && self.changes(event),
            Group::Judgement => true,
            Group::VitalSign => self.away,
            _ => false,
        };
        if !own {
            return;
        }
        match (event.signal, event.value.code()) {
            (Signal::Encounter, Some(Code::End)) => self.away = true,
            (Signal::Encounter | Signal::Death, _) => {}
            _ => self.away = false,
        }
        let detail = self.texts.intern(texts.get(event.detail));
        self.events.push(Event { detail, ..*event });
        self.stale = true;
    }

    /// Whether a row says anything else than the one before it.
    fn changes(&mut self, event: &Event) -> bool {
        let Some(last) = self.last.get_mut(event.signal as usize) else { return true };
        let same = match (*last, event.value) {
            (Some(a), b) if event.signal.is_rate() => a.is_running() == b.is_running(),
            (Some(a), b) => a == b,
            (None, _) => false,
        };
        *last = Some(event.value);
        !same
    }

    /// Brings the answer up to an instant; says whether it was found anew.
    pub(crate) fn settle(&mut self, now: Instant, crs: &CrsCourse) -> bool {
        if !std::mem::take(&mut self.stale) {
            return false;
        }
        let until = now + AHEAD;
        // A pulse at the infusion and one far ahead hold the record open: what was never charted is seen to be missing, and
        // what lapses is seen to lapse.
        let pulse = |at: Instant| {
            let (value, detail, origin) = (Value::Number(100.0, Comparator::Exact), TextId(0), Origin::default());
            Event { at, known: at, signal: Signal::HeartRate, value, channel: 0, detail, origin, half_digit: 0.0 }
        };
        let begin = self.events.partition_point(|e| e.at < Instant::INFUSION);
        let mut events = self.events.clone();
        events.insert(begin, pulse(Instant::INFUSION));
        events.push(pulse(until));
        let record = Record { patient: self.patient.clone(), events, texts: self.texts.clone(), files: Vec::new().into() };
        let graded = self.companion.grade(&record, &crs.graded(until), &self.options);
        self.steps = graded.episodes.into_iter().flat_map(|e| e.course).filter(|s| s.to >= now).collect();
        true
    }

    fn step(&self, now: Instant) -> Option<&Step> {
        self.steps.iter().rev().find(|s| s.from <= now && now <= s.to)
    }

    /// The grade at an instant. Of a patient who was discharged and not charted since, nothing is known.
    pub(crate) fn grade(&self, now: Instant) -> Grade {
        if self.away {
            return Grade::between(0, HIGHEST);
        }
        self.step(now).map_or(Grade::NONE, |s| s.grade)
    }

    /// What is not charted, and the facts behind the grade.
    pub(crate) fn because(&self, now: Instant) -> (Vec<&'static str>, Vec<Cause>) {
        if self.away {
            return (vec!["observation"], Vec::new());
        }
        self.step(now).map_or_else(Default::default, |s| (s.unstated.to_vec(), s.because.to_vec()))
    }

    pub(crate) fn deadline(&self, now: Instant) -> Option<Instant> {
        self.steps.iter().map(|s| s.from).filter(|from| *from > now).min()
    }
}

/// The course of CRS by ASTCT 2019 so far, in the form that companions read.
#[derive(Clone, Default)]
pub(crate) struct CrsCourse {
    outside: Vec<Step>,
    episodes: Vec<(Instant, Option<Instant>, Vec<Step>)>,
}

impl CrsCourse {
    /// Takes the grade of an instant; says whether anything changed.
    pub(crate) fn set(&mut self, now: Instant, grade: Grade, onset: Option<Instant>, resolved: Option<Instant>) -> bool {
        let mut changed = false;
        if let Some(onset) = onset.filter(|o| self.episodes.last().is_none_or(|(last, ..)| last != o)) {
            self.episodes.push((onset, None, Vec::new()));
            changed = true;
        }
        let steps = match (self.episodes.last_mut(), onset) {
            (Some((_, end, steps)), Some(_)) => {
                changed |= *end != resolved;
                *end = resolved;
                steps
            }
            _ => &mut self.outside,
        };
        if steps.last().is_none_or(|s| s.grade != grade) {
            if let Some(last) = steps.last_mut() {
                last.to = now;
            }
            steps.push(Step { from: now, to: now, grade, because: [].into(), unstated: [].into(), observed: true });
            changed = true;
        }
        changed
    }

    /// Everything so far, the last step drawn out.
    fn graded(&self, until: Instant) -> Graded {
        let course = |steps: &[Step]| {
            let mut steps = steps.to_vec();
            if let Some(last) = steps.last_mut() {
                last.to = until;
            }
            steps
        };
        let peak = |steps: &[Step]| Peak {
            grade: steps.iter().fold(Grade::NONE, |worst, s| worst.max(s.grade)),
            at: steps.first().map_or(Instant::INFUSION, |s| s.from),
        };
        let blank = |number, onset, resolved, steps: &[Step]| Episode {
            number,
            onset,
            resolved,
            peak: peak(steps),
            course: course(steps),
            gaps: Vec::new(),
            notes: Vec::new(),
        };
        let number = |i: usize| u32::try_from(i + 1).unwrap_or(u32::MAX);
        let mut episodes: Vec<Episode> = self
            .episodes
            .iter()
            .enumerate()
            .map(|(i, (onset, resolved, steps))| {
                let resolved = resolved.map(|at| Resolution { at, last_sign: at });
                blank(number(i), Some(Onset { at: *onset, after: None }), resolved, steps)
            })
            .collect();
        if episodes.is_empty() {
            episodes.push(blank(0, None, None, &self.outside));
        }
        Graded { scale: "astct-2019", policy: String::new(), episodes }
    }
}
