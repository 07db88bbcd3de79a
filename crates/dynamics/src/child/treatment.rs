//! What is given against the syndrome: rules that see the chart and give orders.

use super::bedside::{Breathing, Note, Support};
use super::person::Child;

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
    /// A dose of tocilizumab by the label: 8 mg/kg, 12 mg/kg below 30 kg, at most 800 mg.
    pub fn tocilizumab(weight_kg: f64) -> Self {
        let per_kg = if weight_kg < 30.0 { 12.0 } else { 8.0 };
        Self { drug: Drug::Tocilizumab, mg: (per_kg * weight_kg).min(800.0) }
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
/// after a day without improvement (a day and a half for the third), then with methylprednisolone 2 mg/kg/d for three days; three doses at most. The shape follows the
/// algorithm of the trials as the facts of Levine 2021 (J Immunother Cancer 9:e002287) and Le 2018 (Oncologist 23:943)
/// allow; dose and hours are calibrated to how many were treated, and when.
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
            norepinephrine: ERA_NOREPINEPHRINE,
            hours: ERA_HOURS,
            severe_since: None,
            doses: 0,
            last: f64::NEG_INFINITY,
            at_last: (0.0, Breathing::RoomAir),
            steroid_until: f64::NEG_INFINITY,
            steroid_next: f64::NEG_INFINITY,
        }
    }
}

/// Calibrated; see docs/virtual-child.md.
const ERA_NOREPINEPHRINE: f64 = 0.124;
/// Calibrated; see docs/virtual-child.md.
const ERA_HOURS: f64 = 24.0;

impl Treatment for EraStandard {
    fn decide(&mut self, view: &View<'_>) -> Vec<Order> {
        let mut out = Vec::new();
        let norepinephrine = view.support.circulation.norepinephrine;
        let breathing = view.support.breathing;
        let severe = norepinephrine >= self.norepinephrine - 1e-9 || breathing >= Breathing::HighFlow;
        self.severe_since = if severe { self.severe_since.or(Some(view.day)) } else { None };
        let long = self.severe_since.is_some_and(|since| (view.day - since) * 24.0 >= self.hours - 1e-6);
        let no_better = norepinephrine >= self.at_last.0 - 1e-9 && breathing >= self.at_last.1;
        let wait = if self.doses < 2 { 1.0 } else { 1.5 };
        let again = (1..3).contains(&self.doses) && severe && no_better && view.day - self.last >= wait - 1e-9;
        if (self.doses == 0 && long) || again {
            out.push(Order::tocilizumab(view.child.weight_kg));
            self.doses += 1;
            self.last = view.day;
            self.at_last = (norepinephrine, breathing);
            if self.doses >= 2 {
                self.steroid_until = view.day + 3.0;
                self.steroid_next = self.steroid_next.max(view.day);
            }
        }
        if view.day < self.steroid_until && view.day >= self.steroid_next - 1e-9 {
            out.push(Order { drug: Drug::Methylprednisolone, mg: 0.5 * view.child.weight_kg });
            self.steroid_next = view.day + 0.25;
        }
        out
    }

    fn due(&self) -> Option<f64> {
        Some(self.steroid_next).filter(|next| *next < self.steroid_until)
    }
}
