//! Episodes of a companion: from what holds at each instant to onset, peak, course and resolution.
//!
//! An episode begins at the first instant with a floor above 0 and ends where grade 0 is charted again; signs
//! within the options' hours after that continue it. Its peak is the highest floor and the highest ceiling;
//! a stretch without charting that is no longer than the bridge leaves the ceiling as charted before it. Days away from the
//! hospital do not open the peak.

use super::Options;
use crate::axes::wording::Syndrome;
use crate::axes::{Known, caused_by};
use crate::course::{Cause, Episode, Gap, Grade, Onset, Peak, Resolution, Step};
use barograph_record::{Code, Event, Instant, Record, Signal, Span};
use std::sync::Arc;

/// What a companion says of one instant, which holds until the next.
pub(super) struct Sample {
    pub(super) at: Instant,
    pub(super) grade: Grade,
    /// The ceiling, were what has lapsed as it was last charted.
    pub(super) charted_ceiling: u8,
    /// Whether the ceiling is open because something is too old or was never charted.
    pub(super) gap: bool,
    /// Whether what opens it was never charted at all.
    pub(super) uncharted: bool,
    /// Whether anything that bears on the grade was charted at this instant.
    pub(super) charted: bool,
    pub(super) because: Vec<Cause>,
    pub(super) unstated: Vec<&'static str>,
    pub(super) notes: Vec<&'static str>,
}

impl Sample {
    /// An instant of which nothing is said yet.
    pub(super) const fn blank(at: Instant) -> Self {
        Self {
            at,
            grade: Grade::NONE,
            charted_ceiling: 0,
            gap: false,
            uncharted: false,
            charted: false,
            because: Vec::new(),
            unstated: Vec::new(),
            notes: Vec::new(),
        }
    }
}

/// How steps become episodes.
#[derive(Clone, Copy)]
pub(super) struct Folding {
    pub(super) bridge: Span,
    /// Longest gap at the beginning of the record that is bridged.
    pub(super) lead: Span,
    pub(super) new_episode: Span,
}

impl Folding {
    pub(super) fn new(options: &Options, lead_hours: f64) -> Self {
        Self { bridge: options.bridge(), lead: Span::from_hours(lead_hours), new_episode: options.new_episode() }
    }
}

/// Time in hospital: when the patient was being watched, and when the watching ended.
pub(super) struct Stay {
    /// Instants from which the patient is away, and those at which something is charted again.
    away: Vec<(Instant, Instant)>,
    /// The last charting that shows that somebody watched, or the infusion.
    pub(super) end: Instant,
    /// When the patient died.
    pub(super) death: Option<Instant>,
}

/// Drugs go on after the last charting, and laboratory values are drawn in clinics: neither shows a watched patient.
fn watches(signal: Signal) -> bool {
    use barograph_record::Group::{Fluid, Neurology, Oxygen, Vasoactive, VitalSign};
    matches!(signal.group(), VitalSign | Oxygen | Vasoactive | Fluid | Neurology)
}

impl Stay {
    pub(super) fn of(record: &Record, also: &[Signal]) -> Self {
        let mut stay = Self { away: Vec::new(), end: Instant::INFUSION, death: None };
        let (mut open, mut left) = (0u32, None);
        for event in &record.events {
            let died = event.signal == Signal::Death && event.value.code() == Some(Code::Yes);
            let starts = event.signal == Signal::Encounter && event.value.code() == Some(Code::Start);
            if died {
                stay.death.get_or_insert(event.at);
            }
            if died || starts || watches(event.signal) || also.contains(&event.signal) {
                stay.end = stay.end.max(event.at);
                if let Some(from) = left.take() {
                    stay.away.push((from, event.at));
                }
                open += u32::from(starts);
            } else if event.signal == Signal::Encounter {
                open = open.saturating_sub(1);
                stay.end = stay.end.max(event.at);
                if open == 0 {
                    left = Some(event.at);
                }
            }
        }
        stay.away.extend(left.map(|from| (from, Instant::MAX)));
        stay.end = stay.death.map_or(stay.end, |death| stay.end.min(death.max(Instant::INFUSION)));
        stay
    }

    /// Whether the patient was discharged and nothing was charted since.
    pub(super) fn away(&self, now: Instant) -> bool {
        self.away.iter().any(|(from, to)| *from <= now && now < *to)
    }

    /// The last discharge up to an instant; what held "until changed" does not hold across it.
    pub(super) fn discharged(&self, now: Instant) -> Option<Instant> {
        self.away.iter().rev().map(|(from, _)| *from).find(|from| *from <= now)
    }

    /// The instants at which being away begins and ends.
    pub(super) fn borders(&self) -> impl Iterator<Item = Instant> + '_ {
        self.away.iter().flat_map(|(from, to)| [*from, *to])
    }
}

struct Piece {
    step: Step,
    charted_ceiling: u8,
    gap: bool,
    uncharted: bool,
    notes: Vec<&'static str>,
}

/// A stretch without charting, while it lasts.
struct Run {
    gap: Gap,
    ceiling: u8,
    /// Time in it during which the patient was being watched.
    watched: Span,
    uncharted: bool,
}

struct Open {
    number: u32,
    onset: Onset,
    resolved: Option<Resolution>,
    last_sign: Instant,
    pieces: Vec<Piece>,
    /// Since its resolution: part of the episode only if signs come back soon.
    tail: Vec<Piece>,
}

/// The episodes of samples in time order, up to the end of the record.
pub(super) fn fold(samples: Vec<Sample>, stay: &Stay, folding: Folding) -> Vec<Episode> {
    let ends: Vec<Instant> = samples.iter().skip(1).map(|s| s.at).chain([stay.end]).collect();
    let (mut outside, mut open, mut done): (Vec<Piece>, Option<Open>, Vec<Episode>) = (Vec::new(), None, Vec::new());
    let mut excluded = None;
    for (sample, to) in samples.into_iter().zip(ends) {
        let (at, grade, charted) = (sample.at, sample.grade, sample.charted);
        let piece = piece(sample, to.max(at), stay);
        let positive = grade.floor() > 0;
        if positive && open.as_ref().is_some_and(|o: &Open| o.resolved.is_some_and(|r| at - r.at >= folding.new_episode)) {
            done.extend(open.take().map(|o| finish(o, folding)));
        }
        match &mut open {
            Some(o) => {
                if positive {
                    o.resolved = None;
                    o.pieces.append(&mut o.tail);
                    if charted {
                        o.last_sign = at;
                    }
                } else if grade.ceiling() == 0 && charted && o.resolved.is_none() {
                    o.resolved = Some(Resolution { at, last_sign: o.last_sign });
                }
                if o.resolved.is_some() { o.tail.push(piece) } else { o.pieces.push(piece) }
            }
            None if positive => {
                let number = done.last().map_or(0, |e| e.number) + 1;
                let onset = Onset { at, after: excluded };
                // What was open right up to the onset is told by the onset's interval.
                let apart = |p: &Piece| p.charted_ceiling > 0 && excluded.is_some_and(|excluded| p.step.to <= excluded);
                let mut piece = piece;
                if done.is_empty() && outside.iter().any(apart) {
                    piece.notes.push("earlier-not-excluded");
                }
                open = Some(Open { number, onset, resolved: None, last_sign: at, pieces: vec![piece], tail: Vec::new() });
            }
            None => outside.push(piece),
        }
        if grade == Grade::NONE && charted {
            excluded = Some(at);
        }
    }
    done.extend(open.map(|o| finish(o, folding)));
    if done.is_empty() {
        done.push(gather(0, None, None, outside, Folding { lead: folding.lead.max(folding.bridge), ..folding }));
    }
    done
}

fn piece(sample: Sample, to: Instant, stay: &Stay) -> Piece {
    let observed = !stay.away(sample.at);
    let unstated = if observed { sample.unstated } else { vec!["observation"] };
    let Sample { at, grade, because, mut notes, .. } = sample;
    if !observed && at < to && to < stay.end {
        notes.push("discharged-meanwhile");
    }
    let step = Step { from: at, to, grade, because: because.into(), unstated: unstated.into(), observed };
    Piece { step, charted_ceiling: sample.charted_ceiling, gap: sample.gap, uncharted: sample.uncharted, notes }
}

fn finish(mut open: Open, folding: Folding) -> Episode {
    // A tail that only lapses is taken as it was charted last; one that was charted as possible is not.
    if open.tail.iter().any(|p| p.charted_ceiling > 0)
        && let Some(last) = open.pieces.last_mut()
    {
        last.notes.push("later-not-excluded");
    }
    gather(open.number, Some(open.onset), open.resolved, open.pieces, Folding { lead: folding.bridge, ..folding })
}

fn gather(number: u32, onset: Option<Onset>, resolved: Option<Resolution>, pieces: Vec<Piece>, folding: Folding) -> Episode {
    let (peak, gaps) = peak(&pieces, folding);
    let mut notes: Vec<&'static str> = pieces.iter().flat_map(|p| p.notes.iter().copied()).collect();
    if number > 0 && resolved.is_none() {
        notes.push("not-resolved");
    }
    let mut course: Vec<Step> = Vec::new();
    for piece in pieces {
        match course.last_mut() {
            Some(last) if last.continues_as(&piece.step) => last.to = piece.step.to,
            _ => course.push(piece.step),
        }
    }
    Episode { number, onset, resolved, peak, course, gaps, notes: in_order(&notes) }
}

/// Each note once, in the order of the reference.
pub(super) fn in_order(notes: &[&'static str]) -> Vec<&'static str> {
    super::NOTES.iter().map(|(name, _)| *name).filter(|name| notes.contains(name)).collect()
}

fn peak(pieces: &[Piece], folding: Folding) -> (Peak, Vec<Gap>) {
    let start = pieces.first().map_or(Instant::INFUSION, |p| p.step.from);
    let (mut floor, mut at, mut ceiling) = (0, start, 0);
    let mut gaps: Vec<Gap> = Vec::new();
    let mut run: Option<Run> = None;
    let mut close = |run: Option<Run>, ceiling: &mut u8, charted_again: bool| {
        let Some(run) = run else { return };
        let allowed = if run.gap.from == start && charted_again { folding.lead } else { folding.bridge };
        if run.watched > allowed || (run.uncharted && !charted_again) {
            *ceiling = (*ceiling).max(run.ceiling);
        }
        gaps.push(run.gap);
    };
    for Piece { step, charted_ceiling, gap, uncharted, .. } in pieces {
        if step.grade.floor() > floor {
            (floor, at) = (step.grade.floor(), step.from);
        }
        if step.observed {
            ceiling = ceiling.max(*charted_ceiling);
        }
        if step.observed && !gap {
            ceiling = ceiling.max(step.grade.ceiling());
            close(run.take(), &mut ceiling, true);
            continue;
        }
        let begun =
            || Run { gap: Gap { from: step.from, to: step.to, unstated: Vec::new() }, ceiling: 0, watched: Span::ZERO, uncharted: false };
        let run = run.get_or_insert_with(begun);
        run.gap.to = step.to;
        for what in &*step.unstated {
            if !run.gap.unstated.contains(what) {
                run.gap.unstated.push(what);
            }
        }
        if step.observed {
            run.ceiling = run.ceiling.max(step.grade.ceiling());
            run.watched = Span::from_ms(run.watched.ms().saturating_add(step.length().ms()));
            run.uncharted |= uncharted;
        }
    }
    close(run, &mut ceiling, false);
    (Peak { grade: Grade::between(floor, ceiling.max(floor)), at }, gaps)
}

/// Lets samples end with a death: grade 5 if the record plainly names the syndrome as its cause, and possibly so if its cause is
/// open while the syndrome is possible.
pub(super) fn end_with_death(samples: &mut Vec<Sample>, record: &Record, stay: &Stay, syndrome: &Syndrome) {
    let died = |e: &&Event| e.signal == Signal::Death && Some(e.at) == stay.death && e.value.code() == Some(Code::Yes);
    let (Some(event), Some(last)) = (record.events.iter().find(died), samples.last()) else { return };
    let of_it = caused_by(syndrome, record.texts.get(event.detail));
    let mut end = Sample::blank(event.at);
    (end.grade, end.unstated) = match of_it {
        Known::Yes => (Grade::exactly(5), Vec::new()),
        Known::Unknown if last.grade.ceiling() > 0 => {
            (Grade::between(last.grade.floor(), 5), [&last.unstated[..], &["cause of death"]].concat())
        }
        Known::Unknown | Known::No => (last.grade, last.unstated.clone()),
    };
    end.because = last.because.iter().copied().chain([super::track::cause("death", event)]).collect();
    (end.charted, end.charted_ceiling, end.notes) = (true, end.grade.ceiling(), vec!["died"]);
    samples.retain(|s| s.at < event.at);
    samples.push(end);
}

/// The single episode number 0 of a record that says nothing of what is graded.
pub(super) fn unknown(highest: u8, unstated: Vec<&'static str>, stay: &Stay, notes: &[&'static str]) -> Vec<Episode> {
    let grade = Grade::between(0, highest);
    let (from, to) = (Instant::INFUSION, stay.end);
    let step = Step { from, to, grade, because: Arc::default(), unstated: unstated.as_slice().into(), observed: true };
    let gaps = if unstated.is_empty() { Vec::new() } else { vec![Gap { from, to, unstated }] };
    let (peak, notes) = (Peak { grade, at: from }, notes.to_vec());
    vec![Episode { number: 0, onset: None, resolved: None, peak, course: vec![step], gaps, notes }]
}
