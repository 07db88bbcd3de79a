//! The course of the syndrome: established by fever, waived of fever by treatment, resolved, recurring.
//!
//! Lee 2019 (DOI 10.1016/j.bbmt.2018.12.758): fever must be there at onset; after antipyretic or
//! anticytokine treatment it is no longer needed to grade what follows; CRS has resolved when all the
//! signs that led to the diagnosis have. The hours are the policy's.

use super::{Attribution, Breathing, BreathingSupport, Circulation, CirculatorySupport, Fever, Known};
use crate::course::Evidence;
use crate::policy::Policy;
use barograph_record::{Event, Instant, Signal, Span};

/// Where a patient stands in the course of the syndrome.
#[derive(Clone, Debug)]
pub struct Syndrome {
    waiver_drugs: u128,
    resolution: Span,
    new_episode: Span,
    masking: Masking,
    /// The drug that hides a fever for longest, and its last instant.
    masked: Option<(Evidence, Instant)>,
    last_drug: Option<Evidence>,
    episodes: u32,
    established: Option<Instant>,
    excluded_before: Option<Instant>,
    waived: Option<Evidence>,
    /// From when on the episode is certainly this one: its fever, or the first after a time so long that the
    /// episode may have been over without anybody charting it.
    certain_since: Instant,
    last_sign: Instant,
    on_support: bool,
    resolved: Option<Instant>,
    /// When it had resolved, were what was not charted absent.
    perhaps_resolved: Option<Instant>,
}

/// For how long drugs hide a fever.
#[derive(Clone, Copy, Debug)]
struct Masking {
    antipyretic: Span,
    steroid: Span,
    anticytokine: Span,
}

impl Masking {
    const fn of(&self, drug: Signal) -> Span {
        match drug {
            Signal::Dexamethasone | Signal::Methylprednisolone | Signal::Hydrocortisone | Signal::Prednisolone => self.steroid,
            Signal::Acetaminophen | Signal::Ibuprofen => self.antipyretic,
            _ => self.anticytokine,
        }
    }
}

impl Syndrome {
    pub(super) fn new(policy: &Policy) -> Self {
        Self {
            waiver_drugs: policy.waiver_drugs.iter().fold(0, |set, s| set | 1 << (*s as u8)),
            resolution: policy.resolution(),
            new_episode: policy.new_episode(),
            masking: Masking {
                antipyretic: Span::from_hours(policy.masking_hours),
                steroid: Span::from_hours(policy.masking_hours_steroid),
                anticytokine: Span::from_hours(policy.masking_hours_anticytokine),
            },
            masked: None,
            last_drug: None,
            episodes: 0,
            established: None,
            excluded_before: None,
            waived: None,
            certain_since: Instant::MAX,
            last_sign: Instant::MIN,
            on_support: false,
            resolved: None,
            perhaps_resolved: None,
        }
    }

    pub(super) fn drug(&mut self, event: &Event) {
        let given = event.value.number() != Some(0.0);
        if given && self.waiver_drugs & (1 << (event.signal as u8)) != 0 {
            let drug = Evidence::of(event);
            self.last_drug = Some(drug);
            let until = event.at + self.masking.of(event.signal);
            self.masked = self.masked.filter(|(_, longer)| *longer > until).or(Some((drug, until)));
        }
    }

    pub(super) fn settle(
        &mut self,
        now: Instant,
        fever: &Fever,
        circulation: &Circulation,
        breathing: &Breathing,
        attribution: &Attribution,
    ) {
        if now < Instant::INFUSION {
            return;
        }
        let febrile = attribution.fever.is_none() && fever.present(now) == Known::Yes;
        if febrile && !self.open(now) {
            self.begin(now, fever);
        }
        if !self.open(now) {
            return;
        }
        if self.waived.is_none() {
            self.waived = self.last_drug.filter(|d| self.established.is_some_and(|e| d.at >= e));
        }
        let low = attribution.circulation.is_none() && circulation.support(now).floor > CirculatorySupport::None;
        let hypoxic = attribution.breathing.is_none() && breathing.support(now).floor > BreathingSupport::None;
        let on_support = low || hypoxic;
        if on_support || self.on_support {
            self.last_sign = self.last_sign.max(now);
        }
        self.on_support = on_support;
        if let Some(last) = fever.last_fever().filter(|_| febrile) {
            self.last_sign = self.last_sign.max(last.at);
        }
        if febrile {
            if !self.certainly_open(now) {
                self.certain_since = now;
            }
            self.perhaps_resolved = None;
        } else if on_support && self.certainly_waived(now) {
            self.perhaps_resolved = None;
        } else if now - self.last_sign >= self.resolution {
            self.perhaps_resolved.get_or_insert(now);
        }
        if self.resolved.is_some() {
            if febrile || (on_support && self.waived.is_some()) {
                self.resolved = None;
            }
            return;
        }
        let afebrile = attribution.fever.is_some() || fever.present(now) == Known::No;
        let circulates = attribution.circulation.is_some() || circulation.free_of_support(now);
        let breathes = attribution.breathing.is_some() || breathing.support(now).ceiling == BreathingSupport::None;
        if now - self.last_sign >= self.resolution && afebrile && circulates && breathes {
            self.resolved = Some(now);
        }
    }

    /// Ends an episode that nobody watched any longer, unresolved.
    pub(super) fn lose(&mut self) {
        if self.resolved.is_none() {
            self.established = None;
        }
    }

    /// A death of CRS is CRS, even where nothing before it was charted.
    pub(super) fn dies(&mut self, now: Instant, fever: &Fever) {
        if now >= Instant::INFUSION && !self.open(now) {
            self.begin(now, fever);
        }
        self.resolved = None;
    }

    fn begin(&mut self, now: Instant, fever: &Fever) {
        self.episodes += 1;
        self.established = Some(now);
        self.excluded_before = fever.last_normal().map(|at| at.max(Instant::INFUSION)).filter(|at| *at < now);
        self.waived = None;
        self.certain_since = now;
        self.resolved = None;
        self.perhaps_resolved = None;
        self.on_support = false;
        self.last_sign = now;
    }

    /// Whether CRS was established and its episode is not over; a resolved episode stays open until
    /// a later sign would make a new one, an unresolved one until the patient is lost from sight.
    pub fn open(&self, now: Instant) -> bool {
        self.established.is_some() && self.resolved.is_none_or(|r| now - r < self.new_episode)
    }

    /// Whether the episode is open even if whatever was not charted was absent.
    pub fn certainly_open(&self, now: Instant) -> bool {
        self.open(now) && self.perhaps_resolved.is_none_or(|r| now - r < self.new_episode)
    }

    /// Number of episodes begun.
    pub const fn episodes(&self) -> u32 {
        self.episodes
    }

    /// When the running episode was established.
    pub const fn established(&self) -> Option<Instant> {
        self.established
    }

    /// The last charting that excluded fever before the running episode.
    pub const fn excluded_before(&self) -> Option<Instant> {
        self.excluded_before
    }

    /// The drug after which fever is no longer needed in the running episode.
    pub const fn waived(&self) -> Option<Evidence> {
        self.waived
    }

    /// Whether that drug was certainly given in the running episode, and not in one that ended unnoticed.
    pub fn certainly_waived(&self, now: Instant) -> bool {
        self.certainly_open(now) && self.last_drug.is_some_and(|d| d.at >= self.certain_since)
    }

    /// When the running episode resolved, and its last sign.
    pub fn resolved(&self) -> Option<(Instant, Instant)> {
        self.resolved.map(|at| (at, self.last_sign))
    }

    /// The drug under which a normal temperature may hide a fever.
    pub fn masked_by(&self, now: Instant) -> Option<Evidence> {
        self.masked.filter(|(_, until)| now <= *until).map(|(drug, _)| drug)
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        let masked = self.masked.map(|(_, until)| super::lapse(until, Span::ZERO));
        // Support holds the episode open however long it runs.
        let quiet = self.established.filter(|_| !self.on_support).map(|_| self.last_sign + self.resolution);
        let over = self.resolved.map(|at| at + self.new_episode);
        let perhaps_over = self.perhaps_resolved.map(|at| at + self.new_episode);
        [masked, quiet, over, perhaps_over].into_iter().flatten().filter(|d| *d > now).min()
    }
}
