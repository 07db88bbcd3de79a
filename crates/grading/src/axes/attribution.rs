//! Attribution: somebody's judgement that a sign has another cause than CRS.
//!
//! barograph never attributes by itself. An `attribution` row names the axis (fever, hypotension,
//! hypoxia; all three when it names none) and the cause; it holds from its time on until a row gives
//! the axis back to CRS. A row that names no cause plainly changes nothing.

use super::wording;
use crate::course::Evidence;
use barograph_record::Event;

/// Fever, hypotension and hypoxia, as they are called.
const SIGNS: [&[&str]; 3] = [
    &["fever", "temperature"],
    &["hypotens", "pressure", "vasopressor", "circulat", "shock", "bp"],
    &["hypox", "oxygen", "ventilat", "breathing", "respirat"],
];

const NEUROLOGY: &[&str] = &["seizure", "neuro", "icans", "conscious", "encephalopath", "weakness", "cerebral", "intracranial"];

/// What a row says of the cause.
enum Judgement {
    Crs,
    Other,
    /// Nothing plain: what was judged before stands.
    Open,
}

/// The axes that a row names, and the cause, both as plain text.
///
/// The axis stands after `axis=`, or before the first comma, colon or semicolon, or before what leads to the cause;
/// in a text without any of these it is looked for everywhere.
fn parts(words: &str) -> (String, String) {
    let lower = words.to_lowercase();
    if let Some((before, after)) = lower.split_once("axis=") {
        let (axis, more) = after.split_once([',', ';']).unwrap_or((after, ""));
        return (wording::plain(axis), wording::plain(&format!("{before} {more}")));
    }
    let is_sign = |text: &str| SIGNS.iter().chain([&NEUROLOGY]).any(|stems| stems.iter().any(|s| text.contains(s)));
    let whole = wording::plain(&lower);
    if let Some((axis, cause)) = lower.split_once([',', ':', ';']) {
        let axis = wording::plain(axis);
        // A cause before the comma (`sepsis, Klebsiella`), or a judgement (`fever not CRS, sepsis`), is no axis.
        let cause_too = wording::names_crs(&axis) || wording::doubts(&axis);
        return if is_sign(&axis) && !cause_too { (axis, wording::plain(cause)) } else { (whole.clone(), whole) };
    }
    match wording::before_cause(&whole) {
        Some((axis, cause)) if is_sign(axis) && !wording::doubts(axis) => (axis.to_owned(), cause.to_owned()),
        _ if whole.split(' ').all(|word| word == "and" || is_sign(word)) => (whole, String::new()),
        _ => (whole.clone(), whole),
    }
}

/// Only a plain wording decides; CRS beside another cause, or any doubt, leaves it open.
fn read(cause: &str) -> Judgement {
    // `CRS, not sepsis`
    let affirmed = cause.split_once(" not ").filter(|(_, other)| !wording::names_crs(other) && !wording::doubts(other));
    if wording::is_crs(affirmed.map_or(cause, |(crs, _)| crs)) {
        Judgement::Crs
    } else if wording::names_crs(cause) {
        // `not CRS` alone names no cause, yet denies this one plainly.
        if wording::beside_denial(cause).is_some_and(|rest| rest.is_empty()) { Judgement::Other } else { Judgement::Open }
    } else if cause.is_empty() || wording::doubts(cause) {
        Judgement::Open
    } else {
        Judgement::Other
    }
}

/// Which axes are attributed to another cause, and by which row.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Attribution {
    /// Fever has another cause.
    pub fever: Option<Evidence>,
    /// Hypotension has another cause.
    pub circulation: Option<Evidence>,
    /// Hypoxia has another cause.
    pub breathing: Option<Evidence>,
}

impl Attribution {
    pub(super) fn judge(&mut self, event: &Event, words: &str) {
        let (axes, cause) = parts(words);
        let verdict = match read(&cause) {
            Judgement::Open => return,
            Judgement::Crs => None,
            Judgement::Other => Some(Evidence::of(event)),
        };
        let names = |stems: &[&str]| stems.iter().any(|s| axes.contains(s));
        // A judgement about a seizure, say, says nothing about CRS.
        let neurology = names(NEUROLOGY);
        let [fever, circulation, breathing] = SIGNS.map(|stems| !neurology && names(stems));
        let all = !(fever || circulation || breathing || neurology);
        for (named, axis) in [(fever, &mut self.fever), (circulation, &mut self.circulation), (breathing, &mut self.breathing)] {
            if named || all {
                *axis = verdict;
            }
        }
    }

    /// Whether any axis is attributed elsewhere.
    pub const fn any(&self) -> bool {
        self.fever.is_some() || self.circulation.is_some() || self.breathing.is_some()
    }

    pub(crate) fn fingerprint(&self) -> u32 {
        u32::from(self.fever.is_some()) | u32::from(self.circulation.is_some()) << 1 | u32::from(self.breathing.is_some()) << 2
    }
}
