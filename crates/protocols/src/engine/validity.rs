//! Whether a plan was in force when the patient was infused.

use crate::language::Protocol;
use barograph_record::Patient;

/// What to know of a plan that was not in force, or of which that cannot be told.
///
/// It advises all the same: a cohort of 2019 is audited by the plans of 2019. Dates are compared as days in UTC.
pub(crate) fn note(protocol: &Protocol, patient: &Patient) -> Option<String> {
    let infused = patient.infusion.map(|moment| moment.to_string());
    let day = infused.as_deref().and_then(|text| text.get(..10));
    match (day, &protocol.effective_to) {
        (Some(day), _) if *day < *protocol.effective_from => {
            Some(format!("not yet in force: this plan is of {}, and the infusion was on {day}", protocol.effective_from))
        }
        (Some(day), Some(to)) if day > to.as_str() => {
            Some(format!("superseded: this plan was in force until {to}, and the infusion was on {day}"))
        }
        (None, Some(to)) => Some(format!("superseded: this plan was in force until {to}; the day of infusion is not known")),
        _ => None,
    }
}
