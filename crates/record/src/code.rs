//! The closed words that coded signals take.

macro_rules! codes {
    ($($variant:ident, $name:literal;)*) => {
        /// A word that a coded signal may carry.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)] // the word in the table is the documentation
        pub enum Code { $($variant,)* }

        impl Code {
            /// The word, as used in `events.csv`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }
    };
}

codes! {
    RoomAir, "room_air";
    NasalCannula, "nasal_cannula";
    BlowBy, "blow_by";
    SimpleMask, "simple_mask";
    VenturiMask, "venturi_mask";
    NonRebreather, "non_rebreather";
    HighFlowNasalCannula, "high_flow_nasal_cannula";
    Cpap, "cpap";
    Bipap, "bipap";
    InvasiveVentilation, "invasive_ventilation";
    Ecmo, "ecmo";
    Hypoxia, "hypoxia";
    AirwayProtection, "airway_protection";
    Procedure, "procedure";
    Awake, "awake";
    Voice, "voice";
    Tactile, "tactile";
    Unarousable, "unarousable";
    Brief, "brief";
    Prolonged, "prolonged";
    Repetitive, "repetitive";
    Nonconvulsive, "nonconvulsive";
    Focal, "focal";
    Diffuse, "diffuse";
    Yes, "yes";
    No, "no";
    Start, "start";
    End, "end";
    Norepinephrine, "norepinephrine";
    Epinephrine, "epinephrine";
    Dopamine, "dopamine";
    Phenylephrine, "phenylephrine";
    Vasopressin, "vasopressin";
}

impl Code {
    /// Oxygen devices, from no support to the most.
    pub const DEVICES: &'static [Self] = &[
        Self::RoomAir,
        Self::NasalCannula,
        Self::BlowBy,
        Self::SimpleMask,
        Self::VenturiMask,
        Self::NonRebreather,
        Self::HighFlowNasalCannula,
        Self::Cpap,
        Self::Bipap,
        Self::InvasiveVentilation,
        Self::Ecmo,
    ];
    /// Why a patient is ventilated.
    pub const INDICATIONS: &'static [Self] = &[Self::Hypoxia, Self::AirwayProtection, Self::Procedure];
    /// Levels of consciousness, by what wakes the patient.
    pub const CONSCIOUSNESS: &'static [Self] = &[Self::Awake, Self::Voice, Self::Tactile, Self::Unarousable];
    /// Kinds of seizure.
    pub const SEIZURES: &'static [Self] = &[Self::Brief, Self::Prolonged, Self::Repetitive, Self::Nonconvulsive];
    /// Cerebral oedema on imaging.
    pub const EDEMA: &'static [Self] = &[Self::Focal, Self::Diffuse];
    /// Begin and end of a stay in which the patient is observed.
    pub const ENCOUNTER: &'static [Self] = &[Self::Start, Self::End];

    /// Vasopressors that are given at once.
    pub const PUSHED: &'static [Self] = &[Self::Norepinephrine, Self::Epinephrine, Self::Dopamine, Self::Phenylephrine, Self::Vasopressin];

    /// The code of this word among those a signal allows; case and separators are folded, and
    /// `1`/`true` and `0`/`false` are read as yes and no where those are allowed.
    pub fn among(word: &str, allowed: &[Self]) -> Option<Self> {
        let folded: String = word.trim().to_lowercase().replace([' ', '-'], "_");
        let folded = match folded.as_str() {
            "1" | "true" | "y" => "yes",
            "0" | "false" | "n" => "no",
            other => other,
        };
        allowed.iter().copied().find(|c| c.name() == folded)
    }

    /// The code of this exact word, whatever signal it belongs to.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|c| c.name() == name)
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_people_write_them() {
        assert_eq!(Code::among("Room Air", Code::DEVICES), Some(Code::RoomAir));
        assert_eq!(Code::among("high-flow nasal cannula", Code::DEVICES), Some(Code::HighFlowNasalCannula));
        assert_eq!(Code::among("true", &[Code::Yes, Code::No]), Some(Code::Yes));
        assert_eq!(Code::among("brief", Code::DEVICES), None);
        assert_eq!(Code::from_name("ecmo"), Some(Code::Ecmo));
    }
}
