//! ASTCT 2019 consensus grading of immune effector cell-associated neurotoxicity syndrome (ICANS).
//!
//! Source: Lee DW, Santomasso BD, Locke FL, et al. Biol Blood Marrow Transplant 2019;25:625-638.
//! DOI 10.1016/j.bbmt.2018.12.758. The tables were read in reproductions (PMC8403007 table 4, PMC7990806
//! table 2; for children a report of the paper): secondary. CAPD: Traube C, Crit Care Med 2014;42:656.
//!
//! | Domain | Grade 1 | Grade 2 | Grade 3 | Grade 4 |
//! |---|---|---|---|---|
//! | ICE, from 12 years | 7 to 9 | 3 to 6 | 0 to 2 | 0, because the patient cannot be roused |
//! | CAPD, below 12 years or with developmental delay | 1 to 8 | 1 to 8 | 9 or more | cannot be done |
//! | consciousness | awake by itself | wakes to voice | wakes to touch only | cannot be roused, or by vigorous touch |
//! | seizure | | | brief, or non-convulsive and ended by treatment | over 5 minutes, or repeated without recovery between |
//! | motor | | | | deep focal weakness |
//! | cerebral oedema | | | focal on imaging | diffuse on imaging |
//!
//! - The grade is that of the worst domain that nothing else explains; grade 5 is death of ICANS.
//! - An awake patient without a point of ICE has grade 3; with consciousness uncharted, 3 to 4.
//! - A patient who wakes by itself and scores in full (ICE 10, CAPD 0) has no ICANS: "awake" makes no grade 1 of its own.
//! - CAPD 1 to 8 stands in both columns, so it makes grade 1, and consciousness makes it 2. It is remarked on, since
//!   well young children score so too.
//! - Under sedation neither score nor consciousness can be graded: the floor comes from the other domains, the ceiling
//!   is open. A score taken under sedation does not count afterwards either.
//! - A row that cannot be read (ICE "unable", consciousness "drowsy", a seizure told in words) is not what was charted before: it leaves
//!   its domain open to grade 4 for as long as a row that can be read would have held.
//! - Posturing, papilloedema, sixth-nerve palsy and Cushing's triad have no signal; a seizure, weakness or oedema that is not charted
//!   was not there.
//! - The age decides at the hour of the score. Without a known age either score may be the right one.
//!
//! How long each finding holds is an option: 12 hours for scores and consciousness, 24 for a seizure and for
//! weakness, 72 for oedema. Weakness once charted stays possible until it is charted as gone.

mod domain;

use super::episodes::{Folding, Sample, Stay, end_with_death, fold, unknown};
use super::reported::Reported;
use super::track::{Track, cause, changes};
use super::{Companion, Options};
use crate::axes::wording;
use crate::course::{Cause, Grade, Graded};
use crate::scales::Verified;
use barograph_record::{Code, Event, Instant, Record, Signal, Span, Value};
use domain::{Domain, Lapse};

/// The companion `icans-2019`.
pub(super) struct Icans2019;

const UNSEDATED: &str = "neurological examination without sedation";

const fn of_consciousness(code: Option<Code>) -> u8 {
    match code {
        Some(Code::Awake) => 0,
        Some(Code::Voice) => 2,
        Some(Code::Tactile) => 3,
        _ => 4,
    }
}

const fn of_seizure(code: Option<Code>) -> u8 {
    if matches!(code, Some(Code::Prolonged | Code::Repetitive)) { 4 } else { 3 }
}

const fn of_edema(code: Option<Code>) -> u8 {
    if matches!(code, Some(Code::Diffuse)) { 4 } else { 3 }
}

/// Which score belongs to the patient.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tool {
    Ice,
    Capd,
    /// The age is not known.
    Either,
}

/// Signs that somebody attributed to another cause, by domain.
#[derive(Clone, Copy, Default)]
struct Attributed {
    wakefulness: bool,
    seizure: bool,
    weakness: bool,
    edema: bool,
}

struct Patient<'r> {
    record: &'r Record,
    options: &'r Options,
    stay: Stay,
    ice: Track<'r>,
    capd: Track<'r>,
    consciousness: Track<'r>,
    seizure: Track<'r>,
    weakness: Track<'r>,
    edema: Track<'r>,
    sedation: Track<'r>,
    attribution: Track<'r>,
    delay: Reported<'r>,
}

impl<'r> Patient<'r> {
    fn new(record: &'r Record, options: &'r Options) -> Self {
        let sedation = Track::of(record, Signal::Sedation);
        let stay = Stay::of(record, &[]);
        let unsedated = |event: &Event| sedated(&sedation, &stay, event.at).is_none();
        let [ice, capd, consciousness] = [Signal::Ice, Signal::Capd, Signal::Consciousness].map(|s| Track::of(record, s).only(unsedated));
        Self {
            record,
            options,
            ice,
            capd,
            consciousness,
            seizure: Track::of(record, Signal::Seizure),
            weakness: Track::of(record, Signal::FocalWeakness),
            edema: Track::of(record, Signal::CerebralEdema),
            attribution: Track::of(record, Signal::Attribution),
            delay: Reported::of(record, &["developmental delay", "developmental-delay", "developmental_delay"]),
            sedation,
            stay,
        }
    }

    /// The grade of an ICE score, leaving aside whether the patient can be roused.
    fn of_ice(&self, points: f64) -> u8 {
        self.options.ice_at_least.iter().zip(0..).find(|(least, _)| points >= **least).map_or(3, |(_, grade)| grade)
    }

    /// The grade of a CAPD score.
    fn of_capd(&self, points: f64) -> u8 {
        match points {
            p if p >= self.options.capd_delirium => 3,
            p if p > 0.0 => 1,
            _ => 0,
        }
    }

    fn instants(&self) -> Vec<Instant> {
        let hours = Span::from_hours;
        let score = hours(self.options.score_hours);
        let tracks = [
            (&self.ice, score),
            (&self.capd, score),
            (&self.consciousness, hours(self.options.consciousness_hours)),
            (&self.seizure, hours(self.options.seizure_hours)),
            (&self.weakness, hours(self.options.weakness_hours)),
            (&self.edema, hours(self.options.edema_hours)),
            (&self.sedation, Span::ZERO),
            (&self.attribution, Span::ZERO),
        ];
        let watched = self.record.events.iter().find(|e| e.at >= Instant::INFUSION).map_or(Instant::INFUSION, |e| e.at);
        let also = self.stay.borders().chain(self.delay.iter().map(|e| e.at));
        changes(&tracks, also, watched.min(self.stay.end), self.stay.end)
    }

    fn tool(&self, at: Instant) -> Tool {
        let listed = self.options.developmental_delay.contains(&self.record.patient.id);
        if listed || self.delay.at(at).is_some_and(|(said, _)| said > 0.0) {
            return Tool::Capd;
        }
        match self.record.patient.years_at(at) {
            None => Tool::Either,
            Some(years) if years < self.options.ice_from_years => Tool::Capd,
            Some(_) => Tool::Ice,
        }
    }

    fn attributed(&self, now: Instant) -> Attributed {
        let mut out = Attributed::default();
        for event in self.attribution.until(now) {
            let words = self.record.texts.get(event.detail).to_lowercase();
            let names = |stems: &[&str]| stems.iter().any(|s| words.contains(s));
            let elsewhere = !names(&["to icans", "is icans"]) || names(&["not to icans", "not icans"]);
            let all = names(&["neuro"]);
            for (named, domain) in [
                (names(&["conscious", "encephal", "deliri", "aphasi"]), &mut out.wakefulness),
                (names(&["seizure"]), &mut out.seizure),
                (names(&["weakness", "paresis"]), &mut out.weakness),
                (names(&["cerebral edema", "cerebral oedema", "brain"]), &mut out.edema),
            ] {
                if named || all {
                    *domain = elsewhere;
                }
            }
        }
        out
    }

    /// The last row of an examination that neither a discharge nor sedation has overtaken.
    fn examined(&self, track: &Track<'r>, now: Instant) -> Option<&'r Event> {
        let event = track.last(now)?;
        let here = self.stay.discharged(now).is_none_or(|left| event.at > left);
        (here && self.sedation_ended(now).is_none_or(|end| event.at >= end)).then_some(event)
    }

    /// When the last sedation ended; an examination from before it does not tell of the time after it.
    fn sedation_ended(&self, now: Instant) -> Option<Instant> {
        let until = self.sedation.until(now);
        let last = until.iter().rposition(|e| perhaps_sedates(e))?;
        until.get(last + 1..)?.first().map(|e| e.at)
    }

    /// The last score of one kind, and whether it still holds.
    fn score(&self, track: &Track<'r>, now: Instant, of: fn(&Self, f64) -> u8) -> Option<(u8, &'r Event, bool)> {
        let event = self.examined(track, now)?;
        let points = event.value.number()?;
        Some((of(self, points), event, now - event.at <= Span::from_hours(self.options.score_hours)))
    }

    /// The last examination of one kind, if it could not be read and has not lapsed.
    fn unread(&self, track: &Track<'r>, now: Instant, hours: f64) -> Option<&'r Event> {
        self.examined(track, now).filter(|e| is_unread(e) && now - e.at <= Span::from_hours(hours))
    }

    fn cognition(&self, now: Instant) -> Domain<'r> {
        let one = |track, of: fn(&Self, f64) -> u8, name| match self.score(track, now, of) {
            Some((grade, event, true)) => Domain::known(grade, "encephalopathy", event),
            Some((grade, ..)) => Domain::lapsed(Some(grade), name),
            None if self.unread(track, now, self.options.score_hours).is_some() => Domain::undecided(0, 4, name),
            None => Domain::lapsed(None, name),
        };
        match self.tool(now) {
            Tool::Ice => one(&self.ice, Self::of_ice, "ICE"),
            Tool::Capd => one(&self.capd, Self::of_capd, "CAPD"),
            Tool::Either => {
                let (ice, capd) = (one(&self.ice, Self::of_ice, "age"), one(&self.capd, Self::of_capd, "age"));
                let floor = ice.grade.floor().min(capd.grade.floor());
                let ceiling = ice.grade.ceiling().max(capd.grade.ceiling());
                let charted_ceiling = ice.charted_ceiling.max(capd.charted_ceiling);
                let unstated = (floor < ceiling).then_some("age");
                let lapse = ice.lapse.min(capd.lapse);
                Domain { grade: Grade::between(floor, ceiling), charted_ceiling, unstated, fact: ice.fact.or(capd.fact), lapse }
            }
        }
    }

    fn wakefulness(&self, now: Instant) -> Domain<'r> {
        let last = self.examined(&self.consciousness, now).filter(|e| !is_unread(e));
        if let Some(event) = last.filter(|e| now - e.at <= Span::from_hours(self.options.consciousness_hours)) {
            return Domain::known(of_consciousness(event.value.code()), "depressed consciousness", event);
        }
        let charted = last.map(|e| of_consciousness(e.value.code()));
        // Whoever scores can be roused; whoever scores in full is awake.
        let ice = self.score(&self.ice, now, Self::of_ice).filter(|s| s.2);
        let capd = self.score(&self.capd, now, Self::of_capd).filter(|s| s.2);
        let scored = match self.tool(now) {
            Tool::Ice => ice,
            Tool::Capd => capd,
            Tool::Either => ice.or(capd),
        };
        // Who was scored after the row that nobody can read was awake enough for it.
        let unread = self.unread(&self.consciousness, now, self.options.consciousness_hours);
        if unread.is_some_and(|row| scored.is_none_or(|(_, score, _)| score.at < row.at)) {
            return Domain::undecided(0, 4, "consciousness");
        }
        match scored {
            None => Domain::lapsed(charted, "consciousness"),
            Some((0, ..)) => Domain::ABSENT,
            Some((_, event, _)) => {
                let points = event.value.number().unwrap_or(0.0);
                match points {
                    p if p <= 0.0 => Domain::undecided(0, 4, "consciousness"),
                    _ if self.options.scored_means_awake => Domain::ABSENT,
                    _ => Domain::undecided(0, 3, "consciousness"),
                }
            }
        }
    }

    /// The worst of what happened within a window; what cannot be read may have been anything.
    fn worst(track: &Track<'r>, now: Instant, hours: f64, of: fn(Option<Code>) -> u8, role: &'static str) -> Domain<'r> {
        let within = || track.within(now, Span::from_hours(hours));
        let worst = within().filter(|e| !is_unread(e)).max_by_key(|e| of(e.value.code()));
        let known = worst.map_or(Domain::ABSENT, |e| Domain::known(of(e.value.code()), role, e));
        if within().any(is_unread) {
            return Domain { fact: known.fact, ..Domain::undecided(known.grade.floor(), 4, role) };
        }
        known
    }

    fn motor(&self, now: Instant) -> Domain<'r> {
        let Some(event) = self.weakness.last(now) else { return Domain::ABSENT };
        // Two answers at one instant leave the worse.
        let same = self.weakness.until(now).iter().rev().take_while(|e| e.at == event.at);
        let Some(event) = same.clone().copied().find(|e| e.value.code() == Some(Code::Yes)) else {
            let unread = same.copied().any(is_unread);
            return if unread { Domain::undecided(0, 4, "focal weakness") } else { Domain::ABSENT };
        };
        if now - event.at <= Span::from_hours(self.options.weakness_hours) {
            return Domain::known(4, "focal weakness", event);
        }
        Domain::lapsed(Some(4), "focal weakness")
    }

    fn notes(&self, now: Instant, used: Tool, sedated: bool, attributed: Attributed, grade: Grade, capd: Option<f64>) -> Vec<&'static str> {
        let fresh = |track: &Track<'_>| track.last(now).is_some_and(|e| now - e.at <= Span::from_hours(self.options.score_hours));
        let years = self.record.patient.years_at(now);
        let boundary = self.options.ice_from_years;
        let scored = fresh(&self.ice) || fresh(&self.capd);
        let any = attributed.wakefulness || attributed.seizure || attributed.weakness || attributed.edema;
        let low = grade == Grade::exactly(1) && capd.is_some_and(|p| p > 0.0 && p < self.options.capd_delirium);
        let holds = [
            ("age-twelve", scored && years.is_some_and(|y| y >= boundary && y < boundary + 1.0)),
            ("capd-below-nine", used == Tool::Capd && low),
            ("capd-not-for-this-age", used == Tool::Ice && fresh(&self.capd)),
            ("ice-not-for-this-age", used == Tool::Capd && fresh(&self.ice)),
            ("sedated", sedated),
            ("neurology-attributed-elsewhere", any),
        ];
        holds.into_iter().filter(|(_, holds)| *holds).map(|(name, _)| name).collect()
    }

    fn sample(&self, now: Instant) -> Sample {
        let sedation = sedated(&self.sedation, &self.stay, now);
        let attributed = self.attributed(now);
        let absent = |yes: bool, domain: Domain<'r>| if yes { Domain::ABSENT } else { domain };
        let [cognition, wakefulness] = if sedation.is_some() {
            [Domain::undecided(0, 4, UNSEDATED), Domain::ABSENT]
        } else {
            [self.cognition(now), self.wakefulness(now)]
        };
        let options = self.options;
        let domains = [
            absent(attributed.wakefulness, cognition),
            absent(attributed.wakefulness, wakefulness),
            absent(attributed.seizure, Self::worst(&self.seizure, now, options.seizure_hours, of_seizure, "seizure")),
            absent(attributed.weakness, self.motor(now)),
            absent(attributed.edema, Self::worst(&self.edema, now, options.edema_hours, of_edema, "cerebral edema")),
        ];
        let grade = domains.iter().fold(Grade::NONE, |worst, d| worst.max(d.grade));
        let mut because: Vec<Cause> =
            domains.iter().filter(|d| d.grade.floor() > 0).filter_map(|d| d.fact).map(|(role, event)| cause(role, event)).collect();
        because.extend(sedation.map(|event| cause("sedation", event)));
        let mut unstated: Vec<&'static str> =
            domains.iter().filter(|d| d.grade.ceiling() > grade.floor()).filter_map(|d| d.unstated).collect();
        unstated.dedup();
        let charted_ceiling = domains.iter().map(|d| d.charted_ceiling).max().unwrap_or(0);
        let tracks = [&self.ice, &self.capd, &self.consciousness, &self.seizure, &self.weakness, &self.edema];
        let charted = tracks.into_iter().any(|track| track.charted_at(now));
        let capd = self.score(&self.capd, now, Self::of_capd).filter(|s| s.2).and_then(|s| s.1.value.number());
        let notes = self.notes(now, self.tool(now), sedation.is_some(), attributed, grade, capd);
        let lapse = domains.iter().map(|d| d.lapse).max().unwrap_or(Lapse::No);
        let (gap, uncharted) = (lapse > Lapse::No, lapse == Lapse::Never);
        Sample { at: now, grade, charted_ceiling, gap, uncharted, charted, because, unstated, notes }
    }
}

/// Whether a row was charted in words that could not be read.
fn is_unread(event: &Event) -> bool {
    event.value == Value::Unquantified
}

/// Whether a row of sedation says that there is some, or may say so.
fn perhaps_sedates(event: &Event) -> bool {
    event.value.code() == Some(Code::Yes) || is_unread(event)
}

/// The row by which the patient is sedated at an instant.
fn sedated<'r>(sedation: &Track<'r>, stay: &Stay, now: Instant) -> Option<&'r Event> {
    let last = sedation.last(now).filter(|e| stay.discharged(now).is_none_or(|left| e.at > left))?;
    sedation.until(now).iter().rev().take_while(|e| e.at == last.at).copied().find(|e| perhaps_sedates(e))
}

impl Companion for Icans2019 {
    fn id(&self) -> &'static str {
        "icans-2019"
    }

    fn title(&self) -> &'static str {
        "ASTCT consensus grading of immune effector cell-associated neurotoxicity"
    }

    fn citation(&self) -> &'static str {
        "Lee 2019, Biol Blood Marrow Transplant 25:625, DOI 10.1016/j.bbmt.2018.12.758"
    }

    fn verified(&self) -> Verified {
        Verified::Secondary
    }

    fn grade(&self, record: &Record, _: &Graded, options: &Options) -> Graded {
        let patient = Patient::new(record, options);
        let mut samples: Vec<Sample> = patient.instants().into_iter().map(|at| patient.sample(at)).collect();
        end_with_death(&mut samples, record, &patient.stay, &wording::ICANS);
        let episodes = if samples.is_empty() {
            unknown(4, vec!["ICE or CAPD", "consciousness"], &patient.stay, &[])
        } else {
            fold(samples, &patient.stay, Folding::new(options, options.score_hours))
        };
        Graded { scale: self.id(), policy: options.name.clone(), episodes }
    }
}
