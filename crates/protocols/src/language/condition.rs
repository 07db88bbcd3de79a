//! What a rule asks of the patient.
//!
//! A condition is answered yes, no, or "cannot be excluded": what was not charted is never taken for normal. `all`, `any` and `not`
//! combine answers by that three-valued logic.

use super::words::{Drug, OneOrMany};
use barograph_record::{Code, Signal};
use serde::{Deserialize, Deserializer, de::Error};
use toml::Spanned;

/// One condition: a table with a single key.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Each of these.
    All(Vec<Spanned<Condition>>),
    /// At least one of these.
    Any(Vec<Spanned<Condition>>),
    /// Not this.
    Not(Box<Spanned<Condition>>),
    /// The grade by the plan's scale, or by a companion.
    Grade(GradeIs),
    /// The grade is higher than it was.
    Worse(Reference),
    /// The grade is no lower than at a dose, some time after it.
    NoImprovement(NoImprovement),
    /// Fever by the policy's threshold.
    Fever(FeverIs),
    /// Support of the circulation.
    Circulation(CirculationIs),
    /// Support of breathing.
    Breathing(BreathingIs),
    /// High-dose vasopressors, by a published table.
    HighDoseVasopressors(HighDose),
    /// A charted number or word.
    Signal(SignalIs),
    /// A number that rose or fell.
    Trend(Trend),
    /// Doses given.
    Doses(Doses),
    /// Time since a dose.
    SinceDose(SinceDose),
    /// Time since infusion or since the onset of CRS.
    Since(Since),
    /// Age in years.
    Age(AgeIs),
    /// The CAR-T product, by any of its names.
    Product(OneOrMany<String>),
    /// A judgement that somebody charted as `reported_grade` with these words as its detail.
    Stated(Stated),
}

/// A grade.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeIs {
    /// Whose grade: the plan's scale where left out, or a companion (`icans-2019`, `iec-hs-2023`, `carhlh-mdanderson-2018`).
    pub of: Option<String>,
    /// Lowest grade that counts.
    pub at_least: Option<u8>,
    /// Highest grade that counts.
    pub at_most: Option<u8>,
    /// For how long it must have been so without a break.
    pub held_hours: Option<f64>,
}

/// What the present grade is compared with.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The grade at the dose of one of these drugs.
    pub after: Option<OneOrMany<Drug>>,
    /// Which of their doses.
    #[serde(default)]
    pub which: Which,
    /// The lowest grade of the last hours.
    pub within_hours: Option<f64>,
    /// Whether more support within one grade is worse too; only with `after`.
    #[serde(default)]
    pub support: bool,
}

/// No improvement after a dose.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoImprovement {
    /// The drug, or several of which any counts.
    pub after: OneOrMany<Drug>,
    /// Which of their doses.
    #[serde(default)]
    pub which: Which,
    /// Hours that must have passed since.
    pub hours: f64,
    /// Whether less support within one grade is an improvement too.
    #[serde(default)]
    pub support: bool,
}

/// The first or the last dose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    /// The first of the record.
    First,
    /// The last.
    #[default]
    Last,
}

/// Fever.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeverIs {
    /// Whether there must be fever, or must be none.
    pub present: bool,
    /// Whether the last temperature decides, and not those of the grade's look-back.
    #[serde(default)]
    pub current: bool,
    /// For how long it must have been so without a break.
    pub held_hours: Option<f64>,
}

/// Support of the circulation, from none to several vasopressors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CirculationLevel {
    /// No hypotension.
    None,
    /// Hypotension without vasopressor.
    WithoutVasopressor,
    /// One vasopressor.
    OneVasopressor,
    /// More than one.
    SeveralVasopressors,
}

/// A condition on the circulation.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CirculationIs {
    /// Lowest level that counts.
    pub at_least: Option<CirculationLevel>,
    /// Highest level that counts.
    pub at_most: Option<CirculationLevel>,
    /// For how long it must have been so without a break.
    pub held_hours: Option<f64>,
}

/// Support of breathing, from none to positive pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreathingLevel {
    /// None.
    None,
    /// A cannula at low flow, or blow-by.
    LowFlow,
    /// High flow, or a mask.
    HighFlow,
    /// CPAP, BiPAP or ventilation.
    PositivePressure,
}

/// A condition on breathing.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BreathingIs {
    /// Lowest level that counts.
    pub at_least: Option<BreathingLevel>,
    /// Highest level that counts.
    pub at_most: Option<BreathingLevel>,
    /// For how long it must have been so without a break.
    pub held_hours: Option<f64>,
}

/// By which table a vasopressor dose is high; the table's own hours apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HighDose {
    /// The table.
    pub table: HighDoseTable,
}

/// A published table of high vasopressor doses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum HighDoseTable {
    /// Of Lee 2014.
    #[serde(rename = "lee-2014")]
    Lee2014,
    /// Of the Penn scale.
    #[serde(rename = "penn-2014")]
    Penn2014,
}

/// A charted number or word, in the signal's canonical unit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignalIs {
    /// The signal.
    pub name: Signal,
    /// Lowest number that counts.
    pub at_least: Option<f64>,
    /// Numbers above this count.
    pub above: Option<f64>,
    /// Highest number that counts.
    pub at_most: Option<f64>,
    /// Numbers below this count.
    pub below: Option<f64>,
    /// Words that count, of a signal that carries words.
    pub is: Option<OneOrMany<Word>>,
    /// Whether the bounds are multiples of the last number charted up to the infusion.
    #[serde(default)]
    pub times_baseline: bool,
    /// How many readings within the window must count; 1 means the last one.
    #[serde(default = "one")]
    pub count: u32,
    /// The window: how old a reading may be. A rate holds until it is changed.
    #[serde(default = "day")]
    pub within_hours: f64,
    /// For how long every reading must have counted.
    pub held_hours: Option<f64>,
    /// Whether only readings up to the infusion count; the last of them, however old.
    #[serde(default)]
    pub before_infusion: bool,
    /// What it means that nothing is charted: for what is charted only when it happens, such as a seizure, that it is not so.
    #[serde(default)]
    pub silence: Silence,
}

const fn one() -> u32 {
    1
}

const fn day() -> f64 {
    24.0
}

/// A word of a coded signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word(pub Code);

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Code::from_name(&word).map(Self).ok_or_else(|| D::Error::custom(format!("{word:?} is no word that a signal carries")))
    }
}

/// A number that has changed by a factor within a window: the last reading over the lowest (or highest) before it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trend {
    /// The signal.
    pub name: Signal,
    /// Above 1 for a rise to that multiple, below 1 for a fall to it.
    pub factor: f64,
    /// The window.
    pub within_hours: f64,
}

/// Doses given of one drug, or of several together.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doses {
    /// The drug, or several that are counted together.
    pub drug: OneOrMany<Drug>,
    /// Fewest doses that count.
    pub at_least: Option<u32>,
    /// Most doses that count.
    pub at_most: Option<u32>,
    /// The window; the running episode where left out.
    pub within_hours: Option<f64>,
    /// Whether doses of earlier episodes, and those before the first, count too.
    #[serde(default)]
    pub whole_record: bool,
}

/// Time since a dose.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SinceDose {
    /// The drug, or several of which any counts.
    pub drug: OneOrMany<Drug>,
    /// Which of their doses.
    #[serde(default)]
    pub which: Which,
    /// Shortest time that counts.
    pub at_least_hours: Option<f64>,
    /// Longest time that counts.
    pub at_most_hours: Option<f64>,
}

/// What time is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Start {
    /// The CAR-T infusion.
    Infusion,
    /// The onset of the running episode of CRS by the plan's scale.
    Onset,
    /// The onset of the running episode, or of the last one once it has resolved.
    Episode,
}

/// Time since infusion or onset.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// What it is counted from.
    pub event: Start,
    /// Shortest time that counts.
    pub at_least_hours: Option<f64>,
    /// Longest time that counts.
    pub at_most_hours: Option<f64>,
}

/// Age.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeIs {
    /// From this age on.
    pub from_years: Option<f64>,
    /// Below this age.
    pub below_years: Option<f64>,
}

/// A judgement that charting does not hold.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stated {
    /// The words of the detail; case does not matter.
    pub what: String,
    /// The least number stated that counts: 1 means "it is so" (0 denies it), a grade means that grade.
    #[serde(default = "one_stated")]
    pub at_least: f64,
    /// How long a statement holds.
    #[serde(default = "day")]
    pub within_hours: f64,
    /// Whether silence means that it cannot be excluded, or that it is not so.
    #[serde(default)]
    pub silence: Silence,
}

const fn one_stated() -> f64 {
    1.0
}

/// What it means that nobody stated something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Silence {
    /// It cannot be excluded.
    #[default]
    Unknown,
    /// It is not so.
    No,
}
