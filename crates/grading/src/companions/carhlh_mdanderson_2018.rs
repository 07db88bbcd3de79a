//! CAR-T-related haemophagocytic lymphohistiocytosis by the criteria of MD Anderson (CARTOX 2018).
//!
//! Source: Neelapu SS, Tummala S, Kebriaei P, et al. Nat Rev Clin Oncol 2018;15:47-62.
//! DOI 10.1038/nrclinonc.2017.148. The criteria are recalled and wait for a check against the paper.
//!
//! Grade 1 stands for the syndrome, which has no grades: a peak ferritin over 10,000 ng/mL during CRS (typically
//! within its first 5 days), and at least two of
//!
//! | Organ | Criterion (CTCAE 4.03) | Taken from |
//! |---|---|---|
//! | liver | grade 3 or more of bilirubin (over 3 times the upper limit), ALT or AST (over 5 times) | laboratory |
//! | kidney | grade 3 or more of creatinine (over 3 times baseline or the upper limit), or oliguria | laboratory, dialysis |
//! | lung | grade 3 or more of pulmonary oedema | `reported_grade` with "pulmonary edema" |
//! | marrow or organ | haemophagocytosis | `reported_grade` with "haemophagocytosis" |
//!
//! - Criteria are gathered over CRS: once met they stay met until CRS has resolved and its ferritin has lapsed.
//! - Pulmonary oedema and haemophagocytosis that nobody reported are possible, and raise the ceiling. A report of 0 excludes them.
//! - Urine output has no signal, so oliguria counts through dialysis alone.
//! - Without CRS the criteria cannot be met; while CRS is possible, so are they.
//! - Upper limits of normal are pairs of the options: between the two the criterion stays open.

use super::episodes::{Folding, Sample, Stay, fold};
use super::reported::Reported;
use super::syndrome::{self, Crs};
use super::track::{Track, Worse, cause, changes};
use super::{Companion, Limits, Options};
use crate::course::{Cause, Grade, Graded};
use crate::scales::Verified;
use crate::toxicity::multiples;
use barograph_record::{Code, Event, Instant, Record, Signal, Span};

/// The companion `carhlh-mdanderson-2018`.
pub(super) struct CarHlh2018;

/// A criterion: whether it is certain, whether it is possible, and the row behind it.
#[derive(Clone, Copy)]
struct Criterion {
    certain: bool,
    possible: bool,
    fact: Option<Cause>,
}

struct Patient<'r> {
    ferritin: Track<'r>,
    bilirubin: Track<'r>,
    alt: Track<'r>,
    ast: Track<'r>,
    creatinine: Track<'r>,
    dialysis: Track<'r>,
    edema: Reported<'r>,
    marrow: Reported<'r>,
    options: &'r Options,
    crs: &'r Graded,
}

impl<'r> Patient<'r> {
    fn new(record: &'r Record, crs: &'r Graded, options: &'r Options) -> Self {
        let track = |signal| Track::of(record, signal);
        Self {
            ferritin: track(Signal::Ferritin),
            bilirubin: track(Signal::Bilirubin),
            alt: track(Signal::Alt),
            ast: track(Signal::Ast),
            creatinine: track(Signal::Creatinine),
            dialysis: track(Signal::Dialysis),
            edema: Reported::of(record, &["pulmonary edema", "pulmonary oedema", "pulmonary-edema", "pulmonary-oedema"]),
            marrow: Reported::of(record, &["haemophagocytosis", "hemophagocytosis"]),
            options,
            crs,
        }
    }

    /// The highest number since an instant against a multiple of a limit.
    fn above(track: &Track<'r>, since: Instant, now: Instant, limit: Limits, role: &'static str) -> Criterion {
        let mut out = Criterion { certain: false, possible: false, fact: None };
        for event in track.until(now).iter().filter(|e| e.at >= since) {
            let bounds = super::track::Bounds::of(event.value);
            // A limit within half a digit of what was charted in another unit is the charted number.
            let over = |x: f64, limit: f64| x > limit && x - limit >= f64::from(event.half_digit);
            let (certain, possible) = (over(bounds.low, limit[1]), over(bounds.high, limit[0]));
            if (certain && !out.certain) || (possible && !out.possible) {
                out.fact = Some(cause(role, event));
            }
            (out.certain, out.possible) = (out.certain || certain, out.possible || possible);
        }
        out
    }

    fn organs(&self, since: Instant, now: Instant) -> [Criterion; 4] {
        let o = self.options;
        // Above this multiple a value is of grade 3; without one the criterion would stay possible.
        let grade_3 = |signal| multiples(signal).map_or([0.0, f64::INFINITY], |[_, three, _]| [three, three]);
        let times = |[low, high]: Limits, signal| {
            let [least, most] = grade_3(signal);
            [low * least, high * most]
        };
        let liver = [
            Self::above(&self.bilirubin, since, now, times(o.bilirubin_normal, Signal::Bilirubin), "liver"),
            Self::above(&self.alt, since, now, times(o.alt_normal, Signal::Alt), "liver"),
            Self::above(&self.ast, since, now, times(o.ast_normal, Signal::Ast), "liver"),
        ];
        let baseline = self.creatinine.last(Instant::INFUSION).and_then(|e| e.value.number()).map(|x| [x, x]);
        let kidney =
            Self::above(&self.creatinine, since, now, times(baseline.unwrap_or(o.creatinine_normal), Signal::Creatinine), "kidney");
        // A row of dialysis that cannot be read may say that there was some.
        let says = |e: &Event| (e.value.code() == Some(Code::Yes), e.value.code() != Some(Code::No));
        let rows = self.dialysis.until(now).iter().filter(|e| e.at >= since && says(e).1);
        let dialysis = rows.max_by_key(|e| says(e).0);
        let dialysis = dialysis.map(|e| Criterion { certain: says(e).0, possible: true, fact: Some(cause("kidney", e)) });
        let answer = |reported: &Reported<'r>, at_least: f64, role| match reported.at(now) {
            None => Criterion { certain: false, possible: true, fact: None },
            Some((said, event)) if said >= at_least => Criterion { certain: true, possible: true, fact: Some(cause(role, event)) },
            Some(_) => Criterion { certain: false, possible: false, fact: None },
        };
        [
            worst(liver),
            worst([kidney, dialysis.unwrap_or(kidney), kidney]),
            answer(&self.edema, o.carhlh_edema_grade, "pulmonary edema"),
            answer(&self.marrow, 1.0, "haemophagocytosis"),
        ]
    }

    fn sample(&self, now: Instant) -> Sample {
        let mut out = Sample::blank(now);
        let window = Span::from_hours(self.options.cluster_hours);
        let fresh = self.ferritin.reading(now, window, Worse::Higher);
        let tracks = [&self.ferritin, &self.bilirubin, &self.alt, &self.ast, &self.creatinine, &self.dialysis];
        out.charted = fresh.is_some() && tracks.iter().any(|t| t.charted_at(now));
        let state = syndrome::at(self.crs, now);
        let onset = syndrome::episode(self.crs, now).and_then(|e| e.onset).map(|o| o.at);
        let since = onset.unwrap_or(Instant::INFUSION);
        // After CRS the last ferritin of CRS holds as long as any ferritin does.
        let over = matches!(state, Crs::Resolved(at) if now - at > window);
        if state == Crs::None || over {
            out.charted = true;
            return out;
        }
        let limit = self.options.carhlh_ferritin;
        let high = Self::above(&self.ferritin, since, now, [limit, limit], "ferritin");
        let early = Span::from_hours(24.0 * self.options.carhlh_days);
        let organs = self.organs(since, now);
        let certain = organs.iter().filter(|c| c.certain).count();
        let possible = organs.iter().filter(|c| c.possible).count();
        let unseen = fresh.is_none();
        let floor = high.certain && certain >= self.options.carhlh_organs && onset.is_some();
        let ceiling = (high.possible || unseen) && possible >= self.options.carhlh_organs;
        out.grade = Grade::between(u8::from(floor), u8::from(ceiling || floor));
        out.charted_ceiling = u8::from(high.possible && possible >= self.options.carhlh_organs);
        out.gap = unseen && out.charted_ceiling < out.grade.ceiling();
        out.uncharted = out.gap && self.ferritin.last(now).is_none_or(|e| e.at < since);
        if out.grade.ceiling() > 0 {
            out.because.extend(high.fact);
            out.because.extend(organs.iter().filter(|c| c.certain).filter_map(|c| c.fact));
        }
        if !out.grade.is_exact() {
            // A ferritin told only as above some number below the limit leaves open what a number would settle.
            out.unstated.extend((unseen || (high.possible && !high.certain)).then_some("ferritin"));
            out.unstated.extend((onset.is_none()).then_some("CRS"));
            let asked = [(2, "pulmonary edema"), (3, "haemophagocytosis")];
            out.unstated
                .extend(asked.iter().filter(|(i, _)| organs.get(*i).is_some_and(|c| c.possible && !c.certain)).map(|(_, name)| *name));
            let by_dialysis = organs[1].fact.is_some_and(|c| c.evidence.signal == Signal::Dialysis);
            let kidney = if by_dialysis { "dialysis" } else { "upper limit of normal of creatinine" };
            let named = [(0, "upper limits of normal of the liver"), (1, kidney)];
            out.unstated
                .extend(named.iter().filter(|(i, _)| organs.get(*i).is_some_and(|c| c.possible && !c.certain)).map(|(_, name)| *name));
        }
        let late = high.fact.is_some_and(|c| c.evidence.at - since > early);
        out.notes.extend((late && floor).then_some("ferritin-after-first-days"));
        out
    }
}

fn worst(criteria: [Criterion; 3]) -> Criterion {
    let certain = criteria.iter().find(|c| c.certain);
    let any = certain.or_else(|| criteria.iter().find(|c| c.possible));
    Criterion { certain: certain.is_some(), possible: criteria.iter().any(|c| c.possible), fact: any.and_then(|c| c.fact) }
}

impl Companion for CarHlh2018 {
    fn id(&self) -> &'static str {
        "carhlh-mdanderson-2018"
    }

    fn title(&self) -> &'static str {
        "MD Anderson criteria of CAR-T-related HLH: grade 1 is the syndrome"
    }

    fn citation(&self) -> &'static str {
        "Neelapu 2018, Nat Rev Clin Oncol 15:47, DOI 10.1038/nrclinonc.2017.148"
    }

    fn verified(&self) -> Verified {
        Verified::Recalled
    }

    fn grade(&self, record: &Record, crs: &Graded, options: &Options) -> Graded {
        let patient = Patient::new(record, crs, options);
        let window = Span::from_hours(options.cluster_hours);
        let tracks = [&patient.ferritin, &patient.bilirubin, &patient.alt, &patient.ast, &patient.creatinine, &patient.dialysis];
        let stay = Stay::of(record, &[Signal::Ferritin, Signal::Dialysis]);
        let answers = patient.edema.iter().chain(patient.marrow.iter()).map(|e| e.at);
        let over = crs.episodes.iter().filter_map(|e| e.resolved.map(|r| r.at + window + Span::from_ms(1)));
        let also = syndrome::borders(crs).chain(stay.borders()).chain(answers).chain(over);
        let instants = changes(&tracks.map(|t| (t, window)), also, Instant::INFUSION, stay.end);
        let samples = instants.into_iter().map(|at| patient.sample(at)).collect();
        let episodes = fold(samples, &stay, Folding::new(options, options.cluster_hours));
        Graded { scale: self.id(), policy: format!("{}+{}", options.name, crs.policy), episodes }
    }
}
