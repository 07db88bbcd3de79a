//! A protocol: one published plan in one version.

use super::action::Action;
use super::condition::Condition;
use super::words::{Drug, OneOrMany};
use barograph_record::Verified;
use serde::Deserialize;
use toml::Spanned;

/// A published management plan, as written in `knowledge/protocols/`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    /// Id on the command line and in every output.
    pub id: String,
    /// Version of this file.
    pub version: String,
    /// Name in words.
    pub title: String,
    /// What sort of plan it is.
    pub kind: Kind,
    /// Where it was published.
    pub citation: String,
    /// How sure the whole is; each rule says so for itself.
    pub verified: Verified,
    /// Where it has authority.
    pub jurisdiction: String,
    /// Day from which it is in force, as YYYY-MM-DD.
    pub effective_from: String,
    /// Last day on which it was, once it is superseded.
    pub effective_to: Option<String>,
    /// Id of the scale whose grades it speaks of; a grade of another scale is refused, never mapped.
    pub scale: Spanned<String>,
    /// Whom it is for.
    #[serde(default)]
    pub population: Population,
    /// Hours after which something due is overdue, where a rule does not say.
    #[serde(default = "an_hour")]
    pub due_within_hours: f64,
    /// Limits of this file: what was left out, what wants checking.
    #[serde(default)]
    pub note: String,
    /// What is never exceeded.
    #[serde(default, rename = "limit")]
    pub limits: Vec<Spanned<Limit>>,
    /// When a drug must not be given, or with care only.
    #[serde(default, rename = "caution")]
    pub cautions: Vec<Spanned<Caution>>,
    /// The rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Spanned<Rule>>,
}

const fn an_hour() -> f64 {
    1.0
}

/// What sort of plan it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Prescribing information of a product or drug.
    Label,
    /// A society's guideline.
    Guideline,
    /// A trial's or a centre's strategy.
    Strategy,
    /// Further options with their evidence; never advised as due by themselves.
    Options,
}

impl Kind {
    /// The kind in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Guideline => "guideline",
            Self::Strategy => "strategy",
            Self::Options => "options",
        }
    }
}

/// Whom a plan is for.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Population {
    /// Whom, in words.
    #[serde(default)]
    pub text: String,
    /// From this age on.
    pub from_years: Option<f64>,
    /// Below this age.
    pub below_years: Option<f64>,
    /// CAR-T products, each by any of its names; any product where empty.
    #[serde(default)]
    pub products: Vec<String>,
    /// What becomes of a patient outside it.
    #[serde(default)]
    pub outside: Outside,
}

/// What becomes of a patient whom a plan is not written for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outside {
    /// The plan makes nothing due.
    #[default]
    Refuse,
    /// It advises, and every output says that the patient is outside its population.
    Note,
}

/// How strongly a rule speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// It is to be done.
    #[default]
    Recommended,
    /// It is to be considered.
    Consider,
    /// It is one option among several.
    Option,
}

impl Strength {
    /// The word used in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Consider => "consider",
            Self::Option => "option",
        }
    }
}

/// What a rule takes for given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// It speaks only where its conditions are certain; where they merely cannot be excluded, it says what to chart.
    #[default]
    Floor,
    /// It speaks as soon as its conditions cannot be excluded.
    Ceiling,
}

/// A rule: when, then.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Id, unique within the plan.
    pub id: String,
    /// The rule in words.
    pub title: String,
    /// Every condition that must hold.
    pub when: Vec<Spanned<Condition>>,
    /// Conditions to any of which the rule gives way once it is certain: usually those of a stronger rule.
    #[serde(default)]
    pub unless: Vec<Spanned<Condition>>,
    /// Ids of rules of the same plan: while a course of one of them runs, this rule gives way to it.
    pub gives_way_to: Option<Spanned<OneOrMany<String>>>,
    /// Once begun, the rule goes on until all of these hold, even if `when` no longer does.
    #[serde(default)]
    pub until: Vec<Spanned<Condition>>,
    /// What it makes due.
    pub then: Vec<Spanned<Action>>,
    /// Whether it speaks from the floor or from the ceiling of what is known.
    #[serde(default)]
    pub basis: Basis,
    /// How strongly it speaks.
    #[serde(default)]
    pub strength: Strength,
    /// Hours after which what it makes due is overdue.
    pub due_within_hours: Option<f64>,
    /// Passage of the source.
    #[serde(default)]
    pub citation: String,
    /// How sure it is.
    pub verified: Verified,
    /// Remark shown with it, such as the level of evidence.
    #[serde(default)]
    pub note: String,
}

/// What is never exceeded, whichever rule advises. All keys of one limit apply; doses given and the dose advised are counted together.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Id, unique within the plan.
    pub id: String,
    /// The drug, or several that are counted together.
    pub drug: OneOrMany<Drug>,
    /// Hours between two doses.
    pub min_interval_hours: Option<f64>,
    /// Doses in any 24 hours.
    pub max_doses_in_24_hours: Option<u32>,
    /// Doses in the whole record.
    pub max_doses_total: Option<u32>,
    /// Largest single dose, in the drug's unit.
    pub max_per_dose: Option<f64>,
    /// Largest amount in any 24 hours, in the drug's unit.
    pub max_in_24_hours: Option<f64>,
    /// Largest amount for each kilogram in any 24 hours.
    pub max_per_kg_in_24_hours: Option<f64>,
    /// Whether only doses from the infusion on count: for what is given before it to prepare for it.
    #[serde(default)]
    pub since_infusion: bool,
    /// Passage of the source.
    #[serde(default)]
    pub citation: String,
    /// How sure it is.
    pub verified: Verified,
    /// Remark shown with it.
    #[serde(default)]
    pub note: String,
}

/// Whether a drug must not be given, or with care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CautionKind {
    /// It must not be given.
    Contraindication,
    /// It may, with care.
    Caution,
}

/// When a drug must not be given, or with care.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Caution {
    /// Id, unique within the plan.
    pub id: String,
    /// The drugs it speaks of.
    pub drug: OneOrMany<Drug>,
    /// Which of the two.
    pub kind: CautionKind,
    /// Every condition that must hold; always where empty.
    #[serde(default)]
    pub when: Vec<Spanned<Condition>>,
    /// What it says.
    pub text: String,
    /// Passage of the source.
    #[serde(default)]
    pub citation: String,
    /// How sure it is.
    pub verified: Verified,
}
