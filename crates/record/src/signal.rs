//! The closed list of signals: everything barograph understands about a patient.
//!
//! A signal has a fixed name, a canonical unit and a kind. Readers map their own vocabulary to
//! these names through `knowledge/concepts/`; scales see nothing else.

use crate::Code;
use serde::{Deserialize, Serialize};

/// What sort of value a signal carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A measured number in the canonical unit.
    Measurement,
    /// An infusion rate that holds until changed; zero means stopped.
    Rate,
    /// An amount given at one moment (or from one moment on).
    Dose,
    /// One of a closed list of words.
    Coded(&'static [Code]),
    /// A grade or other small number stated by somebody, with free detail.
    Stated,
}

/// The room of the record a signal belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Temperature, pressures, rates, saturation, weight and height.
    VitalSign,
    /// Oxygen device, flow, fraction, indication.
    Oxygen,
    /// Vasopressors and inotropes.
    Vasoactive,
    /// Fluid boluses.
    Fluid,
    /// Drugs and blood products given.
    Drug,
    /// Neurological examination and events.
    Neurology,
    /// Clinical chemistry.
    Chemistry,
    /// Blood count and coagulation.
    Blood,
    /// Cytokines.
    Cytokine,
    /// CAR-T cells and leukaemia burden.
    Cells,
    /// Outcome, judgement and course of care.
    Judgement,
}

macro_rules! signals {
    ($($variant:ident, $name:literal, $unit:literal, $group:ident, $kind:expr;)*) => {
        /// A kind of observation, treatment or judgement.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)] // the name in the table is the documentation
        pub enum Signal { $($variant,)* }

        impl Signal {
            /// Every signal, in the order of the reference.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The fixed name, as used in `events.csv`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The canonical unit (UCUM); empty for words.
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit,)* }
            }

            /// The group it belongs to.
            pub const fn group(self) -> Group {
                match self { $(Self::$variant => Group::$group,)* }
            }

            /// What sort of value it carries.
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => $kind,)* }
            }
        }
    };
}

use Kind::{Coded, Dose, Measurement, Rate, Stated};

const YES_NO: &[Code] = &[Code::Yes, Code::No];

signals! {
    Temperature, "temperature", "Cel", VitalSign, Measurement;
    SystolicBp, "systolic_bp", "mm[Hg]", VitalSign, Measurement;
    DiastolicBp, "diastolic_bp", "mm[Hg]", VitalSign, Measurement;
    MeanBp, "mean_bp", "mm[Hg]", VitalSign, Measurement;
    HeartRate, "heart_rate", "/min", VitalSign, Measurement;
    RespiratoryRate, "respiratory_rate", "/min", VitalSign, Measurement;
    Spo2, "spo2", "%", VitalSign, Measurement;
    Weight, "weight", "kg", VitalSign, Measurement;
    Height, "height", "cm", VitalSign, Measurement;
    OxygenDevice, "oxygen_device", "", Oxygen, Coded(Code::DEVICES);
    OxygenFlow, "oxygen_flow", "L/min", Oxygen, Measurement;
    Fio2, "fio2", "%", Oxygen, Measurement;
    VentilationIndication, "ventilation_indication", "", Oxygen, Coded(Code::INDICATIONS);
    Norepinephrine, "norepinephrine", "ug/kg/min", Vasoactive, Rate;
    Epinephrine, "epinephrine", "ug/kg/min", Vasoactive, Rate;
    Dopamine, "dopamine", "ug/kg/min", Vasoactive, Rate;
    Phenylephrine, "phenylephrine", "ug/kg/min", Vasoactive, Rate;
    Vasopressin, "vasopressin", "U/kg/min", Vasoactive, Rate;
    Dobutamine, "dobutamine", "ug/kg/min", Vasoactive, Rate;
    Milrinone, "milrinone", "ug/kg/min", Vasoactive, Rate;
    VasopressorPush, "vasopressor_push", "", Vasoactive, Coded(Code::PUSHED);
    FluidBolus, "fluid_bolus", "mL/kg", Fluid, Dose;
    Acetaminophen, "acetaminophen", "mg", Drug, Dose;
    Ibuprofen, "ibuprofen", "mg", Drug, Dose;
    Tocilizumab, "tocilizumab", "mg", Drug, Dose;
    Siltuximab, "siltuximab", "mg", Drug, Dose;
    Anakinra, "anakinra", "mg", Drug, Dose;
    Emapalumab, "emapalumab", "mg", Drug, Dose;
    Ruxolitinib, "ruxolitinib", "mg", Drug, Dose;
    Dasatinib, "dasatinib", "mg", Drug, Dose;
    Etanercept, "etanercept", "mg", Drug, Dose;
    Infliximab, "infliximab", "mg", Drug, Dose;
    AntithymocyteGlobulin, "antithymocyte_globulin", "mg", Drug, Dose;
    Cyclophosphamide, "cyclophosphamide", "mg", Drug, Dose;
    Levetiracetam, "levetiracetam", "mg", Drug, Dose;
    PlasmaExchange, "plasma_exchange", "", Drug, Coded(YES_NO);
    Dexamethasone, "dexamethasone", "mg", Drug, Dose;
    Methylprednisolone, "methylprednisolone", "mg", Drug, Dose;
    Hydrocortisone, "hydrocortisone", "mg", Drug, Dose;
    Prednisolone, "prednisolone", "mg", Drug, Dose;
    Cryoprecipitate, "cryoprecipitate", "mL", Drug, Dose;
    Ffp, "ffp", "mL", Drug, Dose;
    Ice, "ice", "{score}", Neurology, Measurement;
    Capd, "capd", "{score}", Neurology, Measurement;
    Gcs, "gcs", "{score}", Neurology, Measurement;
    Consciousness, "consciousness", "", Neurology, Coded(Code::CONSCIOUSNESS);
    Seizure, "seizure", "", Neurology, Coded(Code::SEIZURES);
    FocalWeakness, "focal_weakness", "", Neurology, Coded(YES_NO);
    CerebralEdema, "cerebral_edema", "", Neurology, Coded(Code::EDEMA);
    Sedation, "sedation", "", Neurology, Coded(YES_NO);
    Crp, "crp", "mg/L", Chemistry, Measurement;
    Ferritin, "ferritin", "ug/L", Chemistry, Measurement;
    Ldh, "ldh", "U/L", Chemistry, Measurement;
    Alt, "alt", "U/L", Chemistry, Measurement;
    Ast, "ast", "U/L", Chemistry, Measurement;
    Bilirubin, "bilirubin", "mg/dL", Chemistry, Measurement;
    DirectBilirubin, "direct_bilirubin", "mg/dL", Chemistry, Measurement;
    Creatinine, "creatinine", "mg/dL", Chemistry, Measurement;
    Lactate, "lactate", "mmol/L", Chemistry, Measurement;
    Triglycerides, "triglycerides", "mmol/L", Chemistry, Measurement;
    Albumin, "albumin", "g/L", Chemistry, Measurement;
    Dialysis, "dialysis", "", Chemistry, Coded(YES_NO);
    Platelets, "platelets", "10*9/L", Blood, Measurement;
    Anc, "anc", "10*9/L", Blood, Measurement;
    Alc, "alc", "10*9/L", Blood, Measurement;
    Wbc, "wbc", "10*9/L", Blood, Measurement;
    Hemoglobin, "hemoglobin", "g/dL", Blood, Measurement;
    Fibrinogen, "fibrinogen", "mg/dL", Blood, Measurement;
    DDimer, "d_dimer", "mg/L{FEU}", Blood, Measurement;
    Inr, "inr", "1", Blood, Measurement;
    Pt, "pt", "s", Blood, Measurement;
    Aptt, "aptt", "s", Blood, Measurement;
    Il6, "il6", "pg/mL", Cytokine, Measurement;
    IfnGamma, "ifn_gamma", "pg/mL", Cytokine, Measurement;
    Il10, "il10", "pg/mL", Cytokine, Measurement;
    Il1ra, "il1ra", "pg/mL", Cytokine, Measurement;
    Il2ra, "il2ra", "pg/mL", Cytokine, Measurement;
    Il2, "il2", "pg/mL", Cytokine, Measurement;
    Il8, "il8", "pg/mL", Cytokine, Measurement;
    Mcp1, "mcp1", "pg/mL", Cytokine, Measurement;
    GmCsf, "gm_csf", "pg/mL", Cytokine, Measurement;
    TnfAlpha, "tnf_alpha", "pg/mL", Cytokine, Measurement;
    Sgp130, "sgp130", "pg/mL", Cytokine, Measurement;
    CarT, "car_t", "{copies}/ug", Cells, Measurement;
    CarTCount, "car_t_count", "/uL", Cells, Measurement;
    MarrowBlasts, "marrow_blasts", "%", Cells, Measurement;
    Mrd, "mrd", "%", Cells, Measurement;
    ReportedGrade, "reported_grade", "", Judgement, Stated;
    Attribution, "attribution", "", Judgement, Stated;
    BaselineSupport, "baseline_support", "", Judgement, Coded(Code::DEVICES);
    Death, "death", "", Judgement, Coded(YES_NO);
    Encounter, "encounter", "", Judgement, Coded(Code::ENCOUNTER);
}

impl Signal {
    /// The signal of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.name() == name)
    }

    /// Whether it is an infusion whose rate holds until changed.
    pub const fn is_rate(self) -> bool {
        matches!(self.kind(), Kind::Rate)
    }

    /// Whether a charting that cannot be read still ends what was charted before: of oxygen and ventilation, which hold until
    /// they are charted anew, and of support at home; of the neurological examination and of dialysis, where a word in no list is often the news itself
    /// ("unable", "paused"). A vasopressor that was pushed was given, whichever it was.
    pub const fn is_kept_unread(self) -> bool {
        matches!(self.group(), Group::Oxygen | Group::Neurology)
            || matches!(self, Self::Dialysis | Self::BaselineSupport | Self::VasopressorPush)
    }

    /// Whether it is a vital sign that grades rest on, of which a reading vouches for the time after it.
    ///
    /// A reading of these that cannot be read still ends what the one before vouched for.
    pub const fn is_watched(self) -> bool {
        matches!(self, Self::Temperature | Self::SystolicBp | Self::DiastolicBp | Self::MeanBp | Self::Spo2)
    }

    /// Whether its words are oxygen devices.
    pub const fn is_device(self) -> bool {
        matches!(self, Self::OxygenDevice | Self::BaselineSupport)
    }

    /// Molar mass of the analyte in g/mol, for laboratories that report in moles.
    ///
    /// Source: molecular formulas (creatinine C4H7N3O, bilirubin C33H36N4O6, lactic acid C3H6O3;
    /// triglycerides by the usual triolein convention, 88.5 mg/dL per mmol/L).
    pub const fn molar_mass(self) -> Option<f64> {
        match self {
            Self::Creatinine => Some(113.12),
            Self::Bilirubin | Self::DirectBilirubin => Some(584.66),
            Self::Lactate => Some(90.08),
            Self::Triglycerides => Some(885.0),
            _ => None,
        }
    }
}

impl std::fmt::Display for Signal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Signal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Signal {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::from_name(&name).ok_or_else(|| serde::de::Error::custom(format!("unknown signal {name:?}; see `barograph list signals`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Unit;

    #[test]
    fn names_are_unique_and_units_parse() {
        for (i, signal) in Signal::ALL.iter().enumerate() {
            assert_eq!(*signal as usize, i);
            assert_eq!(Signal::from_name(signal.name()), Some(*signal));
            Unit::parse(signal.unit()).unwrap();
        }
    }
}
