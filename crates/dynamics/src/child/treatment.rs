//! What is given against the syndrome: rules that see the chart and give orders.

use super::bedside::{Breathing, Note, Support};
use super::person::Child;
use super::ward::{DEXAMETHASONE, TOCILIZUMAB, course_anakinra, course_dexamethasone, era};

/// A drug that the child can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drug {
    /// Over one hour.
    Tocilizumab,
    /// A push.
    Methylprednisolone,
    /// A push.
    Dexamethasone,
    /// Under the skin.
    Anakinra,
    /// Over one hour.
    Emapalumab,
    /// By mouth.
    Dasatinib,
    /// Over one hour.
    Siltuximab,
}

/// An amount of a drug to be given now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Order {
    /// What.
    pub drug: Drug,
    /// How much, in mg.
    pub mg: f64,
}

impl Order {
    /// A dose of tocilizumab by the label (`tocilizumab-crs` of `knowledge/doses`): 8 mg/kg, 12 mg/kg below 30 kg, at most 800 mg.
    pub fn tocilizumab(weight_kg: f64) -> Self {
        Self { drug: Drug::Tocilizumab, mg: TOCILIZUMAB.mg(weight_kg) }
    }

    /// A dose of dexamethasone (`dexamethasone-0.5` of `knowledge/doses`): 0.5 mg/kg, at most 10 mg.
    pub fn dexamethasone(weight_kg: f64) -> Self {
        Self { drug: Drug::Dexamethasone, mg: DEXAMETHASONE.mg(weight_kg) }
    }

    /// A dose of anakinra: 2 mg/kg (`[course_anakinra]` of the ward).
    pub fn anakinra(weight_kg: f64) -> Self {
        Self { drug: Drug::Anakinra, mg: course_anakinra::PER_KG * weight_kg }
    }
}

/// A course of equal doses at equal intervals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Repeated {
    /// Hours from one dose to the next.
    pub hours_between: f64,
    /// How many.
    pub doses: u32,
}

impl Repeated {
    /// A course of dexamethasone (`[course_dexamethasone]` of the ward).
    pub const DEXAMETHASONE: Self = Self { hours_between: course_dexamethasone::HOURS_BETWEEN, doses: course_dexamethasone::DOSES as u32 };

    /// A course of anakinra (`[course_anakinra]` of the ward).
    pub const ANAKINRA: Self = Self { hours_between: course_anakinra::HOURS_BETWEEN, doses: course_anakinra::DOSES as u32 };

    /// Hours from the first dose until the next would be due after the last.
    pub fn hours(self) -> f64 {
        self.hours_between * f64::from(self.doses)
    }

    /// The doses, the first on this day.
    pub fn from(self, day: f64, order: Order) -> impl Iterator<Item = (f64, Order)> {
        (0..self.doses).map(move |i| (day + self.hours_between / 24.0 * f64::from(i), order))
    }
}

/// What a rule may know at the bedside.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Days from infusion.
    pub day: f64,
    /// Who it is.
    pub child: &'a Child,
    /// What supports circulation and breathing.
    pub support: &'a Support,
    /// All that was charted so far, in order of time.
    pub notes: &'a [Note],
    /// Index of the first note since the rule was last asked.
    pub new_from: usize,
}

/// A rule of treatment, with its memory of one child. It is asked after each round of charting.
pub trait Treatment: Send {
    /// What to give now.
    fn decide(&mut self, view: &View<'_>) -> Vec<Order>;

    /// When it wants to be asked next, where that is known; it is asked after each round in any case.
    fn due(&self) -> Option<f64> {
        None
    }
}

impl Treatment for Box<dyn Treatment> {
    fn decide(&mut self, view: &View<'_>) -> Vec<Order> {
        (**self).decide(view)
    }

    fn due(&self) -> Option<f64> {
        (**self).due()
    }
}

/// Support only.
#[derive(Clone, Copy, Debug, Default)]
pub struct Untreated;

impl Treatment for Untreated {
    fn decide(&mut self, _: &View<'_>) -> Vec<Order> {
        Vec::new()
    }
}

/// Given orders at given days, whatever happens.
#[derive(Clone, Debug, Default)]
pub struct AtTimes {
    orders: Vec<(f64, Order)>,
    next: usize,
}

impl AtTimes {
    /// The orders, each with its day.
    pub fn new(mut orders: Vec<(f64, Order)>) -> Self {
        orders.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { orders, next: 0 }
    }
}

impl Treatment for AtTimes {
    fn decide(&mut self, view: &View<'_>) -> Vec<Order> {
        let mut out = Vec::new();
        while let Some((day, order)) = self.orders.get(self.next) {
            if *day > view.day + 1e-9 {
                break;
            }
            out.push(*order);
            self.next += 1;
        }
        out
    }

    fn due(&self) -> Option<f64> {
        self.orders.get(self.next).map(|(day, _)| *day)
    }
}

/// Treatment as in the registration trials: late, for a circulation or breathing that fails in spite of support.
///
/// Tocilizumab where norepinephrine has been at or above a dose, or high-flow oxygen or more has run, for some hours; again
/// after a day without improvement (a day and a half for the third), then with methylprednisolone 2 mg/kg/d for three days; three doses at most. Numbers and
/// sources: `[era]` of the ward.
#[derive(Clone, Debug)]
pub struct EraStandard {
    /// Norepinephrine in ug/kg/min that counts as severe.
    pub norepinephrine: f64,
    /// For how many hours.
    pub hours: f64,
    severe_since: Option<f64>,
    doses: u32,
    last: f64,
    at_last: (f64, Breathing),
    steroid_until: f64,
    steroid_next: f64,
}

impl Default for EraStandard {
    fn default() -> Self {
        Self {
            norepinephrine: era::NOREPINEPHRINE,
            hours: era::HOURS,
            severe_since: None,
            doses: 0,
            last: f64::NEG_INFINITY,
            at_last: (0.0, Breathing::RoomAir),
            steroid_until: f64::NEG_INFINITY,
            steroid_next: f64::NEG_INFINITY,
        }
    }
}

impl Treatment for EraStandard {
    fn decide(&mut self, view: &View<'_>) -> Vec<Order> {
        let mut out = Vec::new();
        let norepinephrine = view.support.circulation.norepinephrine;
        let breathing = view.support.breathing;
        let severe = norepinephrine >= self.norepinephrine - 1e-9 || breathing >= Breathing::HighFlow;
        self.severe_since = if severe { self.severe_since.or(Some(view.day)) } else { None };
        let long = self.severe_since.is_some_and(|since| (view.day - since) * 24.0 >= self.hours - 1e-6);
        let no_better = norepinephrine >= self.at_last.0 - 1e-9 && breathing >= self.at_last.1;
        let wait = if self.doses < 2 { era::DAYS_TO_SECOND } else { era::DAYS_TO_LATER };
        let again = (1..era::MOST_DOSES as u32).contains(&self.doses) && severe && no_better && view.day - self.last >= wait - 1e-9;
        if (self.doses == 0 && long) || again {
            out.push(Order::tocilizumab(view.child.weight_kg));
            self.doses += 1;
            self.last = view.day;
            self.at_last = (norepinephrine, breathing);
            if f64::from(self.doses) >= era::STEROID_FROM_DOSE {
                self.steroid_until = view.day + era::STEROID_DAYS;
                self.steroid_next = self.steroid_next.max(view.day);
            }
        }
        if view.day < self.steroid_until && view.day >= self.steroid_next - 1e-9 {
            out.push(Order { drug: Drug::Methylprednisolone, mg: era::STEROID_PER_KG * view.child.weight_kg });
            self.steroid_next = view.day + era::STEROID_HOURS / 24.0;
        }
        out
    }

    fn due(&self) -> Option<f64> {
        Some(self.steroid_next).filter(|next| *next < self.steroid_until)
    }
}
