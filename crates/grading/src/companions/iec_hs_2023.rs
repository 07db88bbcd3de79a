//! Immune effector cell-associated haemophagocytic lymphohistiocytosis-like syndrome (IEC-HS), ASTCT 2023.
//!
//! Source: Hines MR, Knight TE, et al. Transplant Cell Ther 2023;29:438.e1-438.e16.
//! DOI 10.1016/j.jtct.2023.03.006. The definition was read in the abstract; the numbers and grades are recalled
//! and wait for a check against tables 2 to 4.
//!
//! | Features | Criterion |
//! |---|---|
//! | required | ferritin over twice the upper limit of normal or twice its baseline, or rising rapidly |
//! | common | ALT or AST over 5 times the upper limit (or 5 times a raised baseline) |
//! | | fibrinogen below 150 mg/dL or below the lower limit of normal |
//! | | haemophagocytosis |
//! | | cytopenia, new or worse |
//! | supportive | LDH, direct bilirubin, PT raised; triglycerides over 265 mg/dL; fever; neurotoxicity; lung, kidney, spleen |
//!
//! The features lie within 72 hours of each other, are not those of CRS alone, and typically come while CRS gets better or is over.
//!
//! | Grade | Meaning | Read from |
//! |---|---|---|
//! | 1 | mild, observed only | the diagnosis |
//! | 2 | needs treatment | anakinra, emapalumab, ruxolitinib, a steroid, plasma or cryoprecipitate since onset |
//! | 3 | severe | a vasopressor since onset; `reported_grade` with "bleeding" of 3 |
//! | 4 | life-threatening | invasive ventilation, dialysis or several vasopressors since onset; "bleeding" of 4 |
//! | 5 | death of it | a `death` row that names it |
//!
//! How the definition is read:
//! - Certain are ferritin and two common features, possible are ferritin and one (options); the paper gives no number.
//! - Baseline is the last value up to infusion. Where there is none, limits of normal decide; they are pairs of the options.
//! - "Rising rapidly" is a judgement: any rise since the last ferritin leaves the criterion open.
//! - A cytopenia is haemoglobin below 9 g/dL, platelets below 100 or neutrophils below 1.0 x 10*9/L (the limits of
//!   HLH-2004); it is certain when it is lower than the charting before, for lymphodepletion alone makes one.
//! - While CRS is there and as severe as it has been, the features may be its own: they raise the ceiling only. So does a
//!   ferritin that has only fallen since CRS began to get better.
//! - A common feature that is not charted within the 72 hours is possible; ALT or AST alone speaks for the liver.
//! - Haemophagocytosis is taken from `reported_grade` with "haemophagocytosis", and not there unless reported.
//! - Bleeding and organ failure are charted in part, and so the ceiling of a grade stays at 4.
//! - Organ support may have another cause; the note says so. Supportive features are listed and decide nothing.

use super::episodes::{Folding, Sample, Stay, end_with_death, fold};
use super::reported::Reported;
use super::syndrome::{self, Crs};
use super::track::{Bounds, Reading, Track, Worse, cause, changes};
use super::{Companion, Limits, Options};
use crate::axes::wording;
use crate::course::{Cause, Grade, Graded};
use crate::scales::Verified;
use barograph_record::{Code, Event, Instant, Record, Signal, Span};

/// The companion `iec-hs-2023`.
pub(super) struct IecHs2023;

const TREATMENTS: [Signal; 9] = [
    Signal::Anakinra,
    Signal::Emapalumab,
    Signal::Ruxolitinib,
    Signal::Dexamethasone,
    Signal::Methylprednisolone,
    Signal::Hydrocortisone,
    Signal::Prednisolone,
    Signal::Cryoprecipitate,
    Signal::Ffp,
];
const VASOPRESSORS: [Signal; 5] =
    [Signal::Norepinephrine, Signal::Epinephrine, Signal::Dopamine, Signal::Phenylephrine, Signal::Vasopressin];

/// A feature: whether it is certain, whether it is possible, and the row behind it.
#[derive(Clone, Copy)]
struct Feature {
    certain: bool,
    possible: bool,
    fact: Option<Cause>,
}

const ABSENT: Feature = Feature { certain: false, possible: false, fact: None };
const UNCHARTED: Feature = Feature { certain: false, possible: true, fact: None };

impl Feature {
    fn high(reading: Option<Reading<'_>>, limit: Limits, role: &'static str) -> Self {
        reading.map_or(ABSENT, |r| {
            // A limit within half a digit of what was charted in another unit is the charted number.
            let over = |x: f64, limit: f64| x > limit && x - limit >= f64::from(r.event.half_digit);
            Self { certain: over(r.bounds.low, limit[1]), possible: over(r.bounds.high, limit[0]), fact: Some(r.cause(role)) }
        })
    }

    fn or(self, other: Self) -> Self {
        let first = if other.certain && !self.certain || !self.possible { other } else { self };
        Self { certain: self.certain || other.certain, possible: self.possible || other.possible, fact: first.fact }
    }
}

struct Patient<'r> {
    crs: &'r Graded,
    options: &'r Options,
    window: Span,
    ferritin: Track<'r>,
    transaminases: [(Track<'r>, Limits); 2],
    fibrinogen: Track<'r>,
    counts: Vec<(Track<'r>, f64)>,
    supportive: Vec<(Track<'r>, Limits)>,
    marrow: Reported<'r>,
    bleeding: Reported<'r>,
    /// Treatment and organ support, which grade.
    acts: Vec<&'r Event>,
}

fn grades(signal: Signal) -> bool {
    VASOPRESSORS.contains(&signal) || TREATMENTS.contains(&signal) || matches!(signal, Signal::Dialysis | Signal::OxygenDevice)
}

impl<'r> Patient<'r> {
    fn new(record: &'r Record, crs: &'r Graded, options: &'r Options) -> Self {
        let track = |signal| Track::of(record, signal);
        let exactly = |x: f64| [x, x];
        Self {
            crs,
            options,
            window: Span::from_hours(options.cluster_hours),
            ferritin: track(Signal::Ferritin),
            transaminases: [(track(Signal::Alt), options.alt_normal), (track(Signal::Ast), options.ast_normal)],
            fibrinogen: track(Signal::Fibrinogen),
            counts: vec![
                (track(Signal::Hemoglobin), options.iec_hs_hemoglobin),
                (track(Signal::Platelets), options.iec_hs_platelets),
                (track(Signal::Anc), options.iec_hs_anc),
            ],
            supportive: vec![
                (track(Signal::Ldh), options.ldh_normal),
                (track(Signal::Triglycerides), exactly(options.iec_hs_triglycerides)),
                (track(Signal::Pt), options.pt_normal),
            ],
            marrow: Reported::of(record, &["haemophagocytosis", "hemophagocytosis"]),
            bleeding: Reported::of(record, &["bleeding", "haemorrhage", "hemorrhage"]),
            acts: record.events.iter().filter(|e| grades(e.signal)).collect(),
        }
    }

    fn baseline(track: &Track<'_>) -> Option<f64> {
        track.last(Instant::INFUSION).and_then(|e| e.value.number())
    }

    /// The required feature, and whether the ferritin in force has risen since CRS began to get better.
    fn ferritin(&self, now: Instant, crs: Crs) -> (Feature, bool) {
        let Some(reading) = self.ferritin.reading(now, self.window, Worse::Higher) else {
            return (UNCHARTED, false);
        };
        let times = |limit: f64| limit * self.options.iec_hs_ferritin_fold;
        // Over twice the baseline or over twice the limit of normal: the lower of the two decides.
        let baseline = Self::baseline(&self.ferritin);
        let limit = self.options.ferritin_normal.map(|normal| times(baseline.map_or(normal, |b| b.min(normal))));
        let over = Feature::high(Some(reading), limit, "ferritin");
        let at = reading.event.at;
        let before: Vec<&Event> = self.ferritin.iter().take_while(|e| e.at < at).collect();
        let rising = before.last().is_some_and(|e| Bounds::of(e.value).low < reading.bounds.high);
        let risen = match crs.better_since() {
            None => true,
            Some(since) => {
                let earlier = before.iter().filter(|e| e.at >= since).chain(before.iter().rev().find(|e| e.at < since));
                earlier.map(|e| Bounds::of(e.value).low).fold(f64::INFINITY, f64::min) < reading.bounds.low
            }
        };
        (Feature { possible: over.possible || rising, ..over }, risen)
    }

    fn common(&self, now: Instant) -> Vec<Feature> {
        let liver = self.transaminases.iter().map(|(track, normal)| {
            let raised = Self::baseline(track).filter(|b| *b > normal[1]);
            let limit = raised.map_or(*normal, |b| [b, b]).map(|limit| limit * self.options.iec_hs_transaminase_fold);
            Feature::high(track.reading(now, self.window, Worse::Higher), limit, "transaminases")
        });
        let fresh = |track: &Track<'_>| track.reading(now, self.window, Worse::Higher).is_some();
        let liver = if self.transaminases.iter().any(|(track, _)| fresh(track)) { liver.fold(ABSENT, Feature::or) } else { UNCHARTED };
        let fibrinogen = self.fibrinogen.reading(now, self.window, Worse::Lower).map_or(UNCHARTED, |r| Feature {
            certain: r.bounds.high < self.options.fibrinogen_normal[0],
            possible: r.bounds.low < self.options.fibrinogen_normal[1],
            fact: Some(r.cause("low fibrinogen")),
        });
        let cytopenia = self.counts.iter().map(|(track, limit)| {
            let Some(r) = track.reading(now, self.window, Worse::Lower) else { return UNCHARTED };
            let before = track.until(now).iter().rev().find(|e| e.at < r.event.at);
            let worse = before.is_some_and(|e| r.bounds.high < Bounds::of(e.value).low);
            Feature { certain: r.bounds.high < *limit && worse, possible: r.bounds.low < *limit, fact: Some(r.cause("cytopenia")) }
        });
        let marrow = self.marrow.at(now).filter(|(said, _)| *said > 0.0);
        let marrow = marrow.map_or(ABSENT, |(_, e)| Feature { certain: true, possible: true, fact: Some(cause("haemophagocytosis", e)) });
        vec![liver, fibrinogen, cytopenia.fold(ABSENT, Feature::or), marrow]
    }

    /// Whether the syndrome is certain and possible at an instant, with what speaks for it.
    fn diagnosis(&self, now: Instant) -> (Feature, Sample) {
        let mut out = Sample::blank(now);
        let crs = syndrome::at(self.crs, now);
        let (ferritin, risen) = self.ferritin(now, crs);
        let common = self.common(now);
        let certain = common.iter().filter(|f| f.certain).count();
        let possible = common.iter().filter(|f| f.possible).count();
        let fresh = ferritin.fact.is_some();
        let own = matches!(crs, Crs::None) || (crs.better_since().is_some() && risen);
        let features = ferritin.certain && certain >= self.options.iec_hs_common_certain;
        let open = ferritin.possible && (possible >= self.options.iec_hs_common_possible || !fresh);
        let found = Feature { certain: features && own, possible: open || features, fact: ferritin.fact };
        let tracks = [&self.ferritin, &self.transaminases[0].0, &self.transaminases[1].0, &self.fibrinogen];
        out.charted = fresh && tracks.into_iter().chain(self.counts.iter().map(|(track, _)| track)).any(|t| t.charted_at(now));
        out.gap = !fresh;
        out.uncharted = self.ferritin.last(now).is_none();
        if found.possible {
            out.because.extend(ferritin.fact);
            out.because.extend(common.iter().filter(|f| f.certain || (f.possible && fresh)).filter_map(|f| f.fact));
            for (track, limit) in &self.supportive {
                let feature = Feature::high(track.reading(now, self.window, Worse::Higher), *limit, "supportive");
                out.because.extend(feature.fact.filter(|_| feature.certain));
            }
            out.unstated.extend((!fresh).then_some("ferritin"));
            out.unstated.extend((fresh && !ferritin.certain).then_some("whether ferritin rises rapidly"));
            out.unstated.extend((certain < self.options.iec_hs_common_certain).then_some("transaminases, fibrinogen or blood count"));
            out.unstated.extend((!own).then_some("whether the features are those of CRS"));
            out.notes.extend((features && !own).then_some("during-crs"));
        }
        (found, out)
    }

    /// How severe what has happened since an onset is, with the rows that tell.
    fn severity(&self, onset: Instant, now: Instant) -> (u8, Vec<Cause>) {
        let mut found: Vec<(u8, Cause)> = Vec::new();
        let mut running: Vec<(Signal, u32)> = Vec::new();
        for &event in self.acts.iter().take_while(|e| e.at <= now) {
            let since = event.at >= onset;
            let stands = match event.signal {
                signal if VASOPRESSORS.contains(&signal) => {
                    running.retain(|r| *r != (signal, event.channel));
                    if event.value.is_running() {
                        running.push((signal, event.channel));
                    }
                    let agents: Vec<Signal> = running.iter().map(|r| r.0).filter(|s| *s != Signal::Vasopressin).collect();
                    let several = agents.iter().any(|a| Some(a) != agents.first());
                    (since && event.value.is_running()).then_some((if several { 4 } else { 3 }, "vasopressor"))
                }
                signal if TREATMENTS.contains(&signal) && since => Some((2, "treatment")),
                Signal::Dialysis if since && event.value.code() == Some(Code::Yes) => Some((4, "dialysis")),
                Signal::OxygenDevice if since && matches!(event.value.code(), Some(Code::InvasiveVentilation | Code::Ecmo)) => {
                    Some((4, "ventilation"))
                }
                _ => None,
            };
            found.extend(stands.map(|(grade, role)| (grade, cause(role, event))));
        }
        if let Some((said, event)) = self.bleeding.at(now).filter(|(said, e)| e.at >= onset && *said >= 3.0) {
            found.push((if said >= 4.0 { 4 } else { 3 }, cause("bleeding", event)));
        }
        let worst = found.iter().map(|(grade, _)| *grade).max().unwrap_or(1);
        (worst, found.into_iter().find(|(grade, _)| *grade == worst).map(|(_, c)| c).into_iter().collect())
    }

    /// The samples of a record, in time order.
    fn samples(&self, instants: Vec<Instant>) -> Vec<Sample> {
        let mut onset: Option<Instant> = None;
        let mut out = Vec::with_capacity(instants.len());
        for now in instants {
            let (found, mut sample) = self.diagnosis(now);
            if found.certain {
                let since = *onset.get_or_insert(now);
                let (grade, facts) = self.severity(since, now);
                sample.grade = Grade::between(grade, 4);
                if grade < 4 {
                    sample.unstated.push("bleeding and organ failure");
                }
                let support = facts.iter().any(|c| matches!(c.role, "vasopressor" | "ventilation" | "dialysis"));
                sample.notes.extend(support.then_some("organ-support-may-have-other-cause"));
                sample.because.extend(facts);
                sample.charted_ceiling = 4;
            } else if found.possible {
                sample.grade = Grade::between(0, 4);
                sample.charted_ceiling = if sample.gap { 0 } else { 4 };
            } else {
                onset = None;
            }
            out.push(sample);
        }
        out
    }
}

impl Companion for IecHs2023 {
    fn id(&self) -> &'static str {
        "iec-hs-2023"
    }

    fn title(&self) -> &'static str {
        "ASTCT definition and grading of the HLH-like syndrome after immune effector cells"
    }

    fn citation(&self) -> &'static str {
        "Hines 2023, Transplant Cell Ther 29:438.e1, DOI 10.1016/j.jtct.2023.03.006"
    }

    fn verified(&self) -> Verified {
        Verified::Recalled
    }

    fn grade(&self, record: &Record, crs: &Graded, options: &Options) -> Graded {
        let patient = Patient::new(record, crs, options);
        let stay = Stay::of(record, &[Signal::Ferritin, Signal::Dialysis]);
        let tracks = [&patient.ferritin, &patient.transaminases[0].0, &patient.transaminases[1].0, &patient.fibrinogen];
        let counts = patient.counts.iter().map(|(track, _)| track);
        let tracks: Vec<_> = tracks.into_iter().chain(counts).map(|track| (track, patient.window)).collect();
        let acts = patient.acts.iter().map(|e| e.at);
        let answers = patient.marrow.iter().chain(patient.bleeding.iter()).map(|e| e.at);
        let also = syndrome::borders(crs).chain(stay.borders()).chain(answers).chain(acts);
        let instants = changes(&tracks, also, Instant::INFUSION, stay.end);
        let mut samples = patient.samples(instants);
        end_with_death(&mut samples, record, &stay, &wording::IEC_HS);
        let episodes = fold(samples, &stay, Folding::new(options, options.cluster_hours));
        Graded { scale: self.id(), policy: format!("{}+{}", options.name, crs.policy), episodes }
    }
}
