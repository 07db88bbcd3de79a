//! Scores over time: published formulas that turn what is charted into a number with floor and ceiling.
//!
//! A score gives a [`Point`] whenever one of its inputs is charted, lapses, or the patient grows into another
//! age band. An input holds for a window ([`Options`]) and is then unknown; what is unknown opens floor and
//! ceiling and is named in [`Point::unstated`]. Items for which barograph has no signal (an arterial oxygen
//! pressure, fixed pupils, urine output, blood glucose, the size of liver and spleen) are always unknown.
//! Scores are not grades of cytokine release syndrome, and the points of different scores are never pooled.
//!
//! The numbers of each score stand in `knowledge/scores/` with citation and verification; its page is the doc
//! comment of its file.

mod bounds;
mod measure;
mod options;
mod sheet;
mod state;

pub mod car_hematotox;
pub mod ctcae;
pub mod easix;
pub mod form;
pub mod hscore;
pub mod isth_dic;
pub mod kdigo;
pub mod m_easix;
pub mod marrow_burden;
pub mod model;
pub mod ne_goradia_2021;
pub mod ne_kotani_2023;
pub mod ne_vasst_2008;
pub mod pelod_2;
pub mod phoenix;
pub mod phoenix_8;
pub mod psofa;
pub mod s_easix;
pub mod sofa;
pub mod vis;

pub use bounds::Bounds;
pub use measure::Measure;
pub use model::{Model, ModelError, Unshipped, unshipped};
pub use options::{Limits, Options, OptionsError, Quantity};

use crate::course::Evidence;
use barograph_record::{Instant, Record};

/// One value of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// From when on it holds.
    pub at: Instant,
    /// What is certain.
    pub floor: f64,
    /// What cannot be excluded; infinite where the score has no largest value.
    pub ceiling: f64,
    /// The charted facts that were read.
    pub inputs: Vec<Evidence>,
    /// What would have to be known for floor and ceiling to meet.
    pub unstated: Vec<&'static str>,
    /// Named remarks, such as `vasoactive-outside-the-formula`.
    pub notes: Vec<&'static str>,
}

impl Point {
    /// Whether all that matters is known.
    pub fn exact(&self) -> bool {
        self.floor == self.ceiling
    }

    /// Floor and ceiling as one.
    pub const fn bounds(&self) -> Bounds {
        Bounds { floor: self.floor, ceiling: self.ceiling }
    }

    fn says_the_same(&self, other: &Self) -> bool {
        (self.floor, self.ceiling) == (other.floor, other.ceiling)
            && self.inputs == other.inputs
            && self.unstated == other.unstated
            && self.notes == other.notes
    }
}

/// A published score.
pub trait Score: Sync {
    /// The fixed id, as `barograph scores` takes it.
    fn id(&self) -> &str;
    /// What it is called.
    fn title(&self) -> &str;
    /// Where it was published.
    fn citation(&self) -> &str;
    /// How sure its numbers are: primary, secondary, recalled or derived.
    fn verified(&self) -> &str;
    /// In whom it was derived.
    fn population(&self) -> &str;
    /// What must be said wherever it is shown, if anything.
    fn warning(&self) -> Option<&str>;
    /// Its values over a record, in time order; none where no input was ever charted.
    fn series(&self, record: &Record, options: &Options) -> Vec<Point>;
}

/// Every score that ships, one line each; the terms of CTCAE stand in [`ctcae::TERMS`].
static PUBLISHED: &[&dyn Score] = &[
    &easix::EASIX,
    &s_easix::S_EASIX,
    &m_easix::M_EASIX,
    &car_hematotox::CAR_HEMATOTOX,
    &hscore::HSCORE,
    &phoenix::PHOENIX,
    &phoenix_8::PHOENIX_8,
    &pelod_2::PELOD_2,
    &psofa::PSOFA,
    &sofa::SOFA,
    &vis::VIS,
    &ne_goradia_2021::NE_GORADIA_2021,
    &ne_vasst_2008::NE_VASST_2008,
    &ne_kotani_2023::NE_KOTANI_2023,
    &kdigo::KDIGO,
    &isth_dic::ISTH_DIC,
    &isth_dic::ISTH_DIC_WITHOUT_PLATELETS,
    &marrow_burden::MARROW_BURDEN_25,
    &marrow_burden::MARROW_BURDEN_40,
];

/// Every score that ships: the scores proper, then the terms of CTCAE.
pub static ALL: std::sync::LazyLock<Vec<&'static dyn Score>> =
    std::sync::LazyLock::new(|| PUBLISHED.iter().copied().chain(ctcae::TERMS.iter().map(|t| *t as &dyn Score)).collect());

/// The score of this id.
pub fn by_id(id: &str) -> Option<&'static dyn Score> {
    ALL.iter().copied().find(|score| score.id() == id)
}
