//! Organ toxicity by the laboratory, graded as multiples of the upper limit of normal.
//!
//! Off unless a policy grades it and gives the laboratory's limits: none is published for all children. Terms
//! without a limit are not graded. The multiples are those of CTCAE v4.03 (`knowledge/scores/ctcae-4.03.toml`);
//! version 5.0 shares them where the baseline is normal, and its multiples of an abnormal baseline are not used here.

use super::{Doubt, Reading, lapse};
use crate::course::{Cause, Evidence};
use crate::missing::Missing;
use crate::policy::{OrganToxicity, Policy};
use crate::toxicity::multiples;
use barograph_record::{Comparator, Event, Instant, Signal, Span, Value};

/// One laboratory term that is graded.
#[derive(Clone, Debug)]
struct Term {
    signal: Signal,
    /// Values above these are grade 2, 3 and 4, in the canonical unit.
    above: [f64; 3],
    last: Option<Evidence>,
    /// Half a digit of the last value, as charted in another unit.
    half_digit: f64,
    missing: Missing,
}

/// Which organ a reading is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Organ {
    /// ALT and AST.
    Transaminases,
    /// Bilirubin.
    Bilirubin,
    /// Creatinine.
    Creatinine,
}

impl Organ {
    const ALL: [Self; 3] = [Self::Transaminases, Self::Bilirubin, Self::Creatinine];

    const fn of(signal: Signal) -> Option<Self> {
        match signal {
            Signal::Alt | Signal::Ast => Some(Self::Transaminases),
            Signal::Bilirubin => Some(Self::Bilirubin),
            Signal::Creatinine => Some(Self::Creatinine),
            _ => None,
        }
    }
}

/// Laboratory values of organ toxicity, and blood products given for coagulopathy.
#[derive(Clone, Debug)]
pub struct Organs {
    terms: Vec<Term>,
    window: Span,
    product: Option<Evidence>,
    product_holds: Span,
}

impl Organs {
    pub(super) fn new(policy: &Policy) -> Self {
        let limits = [
            (Signal::Alt, policy.uln_alt, Missing::Alt),
            (Signal::Ast, policy.uln_ast, Missing::Ast),
            (Signal::Bilirubin, policy.uln_bilirubin, Missing::Bilirubin),
            (Signal::Creatinine, policy.uln_creatinine, Missing::Creatinine),
        ];
        let graded = limits.into_iter().filter(|(_, limit, _)| policy.organ_toxicity == OrganToxicity::Graded && *limit > 0.0);
        let term = |(signal, limit, missing)| {
            Some(Term { signal, above: multiples(signal)?.map(|m| m * limit), last: None, half_digit: 0.0, missing })
        };
        Self {
            terms: graded.filter_map(term).collect(),
            window: Span::from_hours(policy.laboratory_window_hours),
            product: None,
            product_holds: Span::from_hours(policy.penn_blood_product_hours),
        }
    }

    /// Whether values of this signal are graded.
    pub fn grades(&self, signal: Signal) -> bool {
        self.terms.iter().any(|t| t.signal == signal)
    }

    /// Whether every term that the scales name is graded.
    pub const fn complete(&self) -> bool {
        self.terms.len() == 4
    }

    pub(super) fn value(&mut self, event: &Event) {
        if let Some(term) = self.terms.iter_mut().find(|t| t.signal == event.signal) {
            term.last = Some(Evidence::of(event));
            term.half_digit = f64::from(event.half_digit);
        }
    }

    pub(super) fn product(&mut self, event: &Event) {
        if event.value.number() != Some(0.0) {
            self.product = Some(Evidence::of(event));
        }
    }

    /// The grade of an organ's toxicity; grade 1 is not told apart from none.
    pub fn grade(&self, organ: Organ, now: Instant) -> Reading<u8> {
        let terms = self.terms.iter().filter(|t| Organ::of(t.signal) == Some(organ));
        terms.fold(Reading::exactly(0), |worst, term| {
            let reading = term.grade(now, self.window);
            let doubtful = if reading.ceiling > worst.ceiling { reading } else { worst };
            Reading { floor: worst.floor.max(reading.floor), ..doubtful }
        })
    }

    /// Plasma or cryoprecipitate that was given not long ago.
    pub fn recent_product(&self, now: Instant) -> Option<Evidence> {
        self.product.filter(|p| now < p.at + self.product_holds)
    }

    pub(super) fn grades_now(&self, now: Instant) -> [Reading<u8>; 3] {
        if self.terms.is_empty() { [Reading::exactly(0); 3] } else { Organ::ALL.map(|organ| self.grade(organ, now)) }
    }

    pub(crate) fn causes(&self, now: Instant, out: &mut Vec<Cause>) {
        for term in &self.terms {
            let toxic = term.last.filter(|_| term.grade(now, self.window).floor > 0);
            out.extend(toxic.map(|evidence| Cause { role: "organ toxicity", evidence }));
        }
    }

    pub(super) fn deadline(&self, now: Instant) -> Option<Instant> {
        let values = self.terms.iter().filter_map(|t| t.last.map(|l| lapse(l.at, self.window)));
        let product = self.product.map(|p| p.at + self.product_holds);
        values.chain(product).filter(|d| *d > now).min()
    }
}

impl Term {
    fn grade(&self, now: Instant, window: Span) -> Reading<u8> {
        let unknown = |doubt| Reading::between(0, 4, doubt, self.missing);
        let Some(last) = self.last else { return unknown(Doubt::Uncharted) };
        if now > last.at + window {
            return unknown(Doubt::Lapsed);
        }
        // A limit within half a digit of what was charted in moles is the charted number.
        let of = |x: f64, half: f64| self.above.iter().filter(|limit| x > **limit && x - **limit >= half).count() as u8;
        // The first multiple begins grade 2.
        let grade = |x: f64, half: f64| if of(x, half) == 0 { 0 } else { of(x, half) + 1 };
        let between = |floor, ceiling| {
            if floor == ceiling { Reading::exactly(floor) } else { Reading::between(floor, ceiling, Doubt::Undecided, self.missing) }
        };
        match last.value {
            Value::Number(x, Comparator::Exact) => Reading::exactly(grade(x, self.half_digit)),
            Value::Number(x, Comparator::Below) => between(0, grade(x.next_down(), 0.0)),
            Value::Number(x, Comparator::Above) => between(grade((x + self.half_digit).next_up(), 0.0), 4),
            _ => unknown(Doubt::Undecided),
        }
    }
}
