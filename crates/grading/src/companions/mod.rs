//! Companions: what else the infused cells do, graded from the same record. One file each.
//!
//! Neurotoxicity, the syndrome that resembles haemophagocytic lymphohistiocytosis, and haematotoxicity are not CRS, and none of them changes a CRS grade. A companion reads the record
//! (and, where its definition speaks of CRS, the course of CRS) and answers in the form of a scale:
//! floor and ceiling over time, evidence behind each step, episodes. What happens at an instant rests on what
//! was charted up to it; [`icaht_2023_early`] and [`icaht_2023_late`] grade a window, so that their final grade
//! stands at its end and their course shows how it was reached.

pub mod carhlh_mdanderson_2018;
mod days;
mod episodes;
pub mod icaht_2023_early;
pub mod icaht_2023_late;
pub mod icans_2019;
pub mod iec_hs_2023;
pub mod options;
mod reported;
mod syndrome;
mod track;

use crate::course::Graded;
use crate::grader::Grader;
use crate::policy::Policy;
use crate::scales::{self, Verified};
use barograph_record::Record;

pub use options::{Limits, Options};

/// A published definition of a toxicity beside CRS.
pub trait Companion: Sync {
    /// Id on the command line and in every output.
    fn id(&self) -> &'static str;
    /// Name in words.
    fn title(&self) -> &'static str;
    /// Where it was published.
    fn citation(&self) -> &'static str;
    /// How sure the wording is.
    fn verified(&self) -> Verified;
    /// Grades a record. `crs` is its course by ASTCT 2019 (see [`crs`]), which only some definitions look at.
    fn grade(&self, record: &Record, crs: &Graded, options: &Options) -> Graded;
}

/// Every companion, in the order of the reference. A new one adds its file and a line here.
pub const ALL: &[&dyn Companion] = &[
    &icans_2019::Icans2019,
    &iec_hs_2023::IecHs2023,
    &carhlh_mdanderson_2018::CarHlh2018,
    &icaht_2023_early::EarlyIcaht,
    &icaht_2023_late::LateIcaht,
];

/// The companion of this id.
pub fn by_id(id: &str) -> Option<&'static dyn Companion> {
    ALL.iter().copied().find(|companion| companion.id() == id)
}

/// The course of CRS by ASTCT 2019 that companions look at: up to the last row of the record, be it a laboratory value.
///
/// Grading alone ends with the last vital sign; after it a companion takes CRS for uncertain.
pub fn crs(record: &Record, policy: &Policy) -> Option<Graded> {
    let mut grader = Grader::new(&record.patient, policy, scales::by_id("astct-2019"));
    for event in &record.events {
        grader.push(event, &record.texts);
    }
    if let Some(last) = record.events.last() {
        grader.wait_until(last.at, &record.texts);
    }
    grader.finish(&record.texts).pop()
}

/// Every remark that a companion makes: its name in the output and what it means.
pub const NOTES: &[(&str, &str)] = &[
    (
        "age-twelve",
        "the patient is 12 years old: this definition takes ICE from the twelfth birthday, the NCI Thesaurus CAPD up to and including 12",
    ),
    (
        "capd-below-nine",
        "grade 1 rests on a CAPD of 1 to 8, which well young children score too; compare it with the child's own before infusion",
    ),
    (
        "capd-not-for-this-age",
        "a CAPD was charted at an age at which ICE is used, and no developmental delay is stated; it was left out of the grade",
    ),
    ("ice-not-for-this-age", "an ICE score was charted at an age at which CAPD is used; it was left out of the grade"),
    ("sedated", "the patient was sedated: scores and consciousness charted then were left out of the grade"),
    ("neurology-attributed-elsewhere", "somebody attributed a neurological sign to another cause; it was left out of the grade"),
    ("died", "the patient died; nothing is graded after it"),
    ("not-resolved", "the record ends before the end of the episode is charted"),
    ("discharged-meanwhile", "the patient was discharged and came back; the days between are listed as a gap and do not open the peak"),
    ("days-without-count", "days without a neutrophil count lie in the window; they open the ceiling"),
    ("died-in-window", "the patient died in the window, which then ends with the death"),
    ("never-recovered", "no count of the window rose above 500 per microlitre"),
    ("earlier-not-excluded", "before the first episode, and apart from it, something was charted that leaves the syndrome possible"),
    ("later-not-excluded", "after the episode something was charted that leaves it possible that it went on or came back"),
    ("during-crs", "features were charted while CRS was there and not improving; they are taken as possible, not as certain"),
    ("ferritin-after-first-days", "the first ferritin over the limit lies later in CRS than its typical days"),
    ("organ-support-may-have-other-cause", "the grade rests on organ support, whose cause the record does not tell"),
];
