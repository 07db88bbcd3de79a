//! What was not charted: a closed list, so that a doubt costs no more than a byte.

macro_rules! missing {
    ($($item:ident $name:literal)*) => {
        /// Something that would have to be charted for a floor and its ceiling to meet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)] // each is told by its name
        pub enum Missing {
            $($item,)*
        }

        impl Missing {
            const ALL: &'static [Self] = &[$(Self::$item,)*];

            /// How it is called in every output; empty for [`Missing::Nothing`].
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$item => $name,)*
                }
            }
        }
    };
}

missing! {
    Nothing ""
    BloodPressure "blood pressure"
    SecondBloodPressure "second blood pressure"
    BloodPressureThreshold "blood pressure threshold at this age"
    BloodPressureWithoutSupport "blood pressure without support"
    Vasopressors "vasopressors"
    VasopressorRate "vasopressor rate"
    VasopressorRateOrWeight "vasopressor rate or weight"
    VasopressorTime "vasopressor time"
    PushedVasopressor "whether a pushed vasopressor counts as one"
    Weight "weight"
    DoseTable "which table of high doses is meant"
    TreatmentOfHypotension "treatment of hypotension"
    LifeThreatening "whether hypotension is life-threatening"
    UrgentIntervention "whether several vasopressors are an urgent intervention"
    Oxygen "oxygen"
    OxygenDevice "oxygen device"
    OxygenFlow "oxygen flow"
    OxygenFlowAtHome "oxygen flow beside that at home"
    Fio2AtHome "fio2 beside that at home"
    SupportAtHome "support at home"
    OxygenRequirement "oxygen requirement"
    SupportBeforeInfusion "how support compares with that before the infusion"
    Fio2 "fio2"
    HighFlow "whether high flow at 6 L/min or less counts as high flow"
    VentilationIndication "ventilation indication"
    NoninvasiveVentilation "whether non-invasive ventilation counts as a ventilator"
    Alt "alt"
    Ast "ast"
    Bilirubin "bilirubin"
    Creatinine "creatinine"
    HospitalStay "reason of the hospital stay"
    Treatment "antipyretic or anticytokine treatment"
    Resolution "resolution of the episode"
    FeverUnderTreatment "fever under treatment"
    Temperature "temperature"
    Judgement "investigator's judgement"
    Response "prompt or prolonged response"
    CauseOfDeath "cause of death"
}

/// A set of things not charted, told in the order of their list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unstated(u64);

impl Unstated {
    /// Adds one.
    pub const fn add(&mut self, what: Missing) {
        self.0 |= 1 << what as u8;
    }

    /// Those in the set.
    pub fn iter(self) -> impl Iterator<Item = Missing> {
        let mut left = self.0 & !(1 << Missing::Nothing as u8);
        std::iter::from_fn(move || {
            let what = Missing::ALL.get(left.trailing_zeros() as usize).copied();
            left &= left.wrapping_sub(1);
            what
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_every_item_once_and_never_nothing() {
        assert!(Missing::ALL.len() <= 64);
        let mut set = Unstated::default();
        Missing::ALL.iter().chain(Missing::ALL).for_each(|what| set.add(*what));
        assert_eq!(set.iter().collect::<Vec<_>>(), Missing::ALL[1..]);
    }
}
