//! The child's equations by name: which state, parameter and output is which.

use crate::{Model, ModelError, Moment};

macro_rules! names {
    ($(#[$doc:meta])* $name:ident from $find:ident: $($field:ident = $text:literal),* $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(super) struct $name { $(pub(super) $field: usize,)* }

        impl $name {
            fn of(model: &Model) -> Result<Self, ModelError> {
                Ok(Self { $($field: model.$find($text)?,)* })
            }
        }
    };
}

names! {
    /// Numbers of the parameters that a child sets by itself; the others are drawn by name.
    Parameters from parameter:
    weight = "WT", age = "AGE", dose = "dose", burden = "burden", pressure = "SBP0", growth = "r_L",
    negative_share = "f_neg", norepinephrine = "c_ne",
}

names! {
    /// Numbers of the states that the bedside sees or acts on.
    States from state:
    positive = "L_p", negative = "L_n", infused = "C_I", effectors = "E", memory = "M", exhausted = "X",
    ifn_gamma = "IFN", il6 = "IL6", il10 = "IL10", receptor = "R_s", crp = "CRP", ferritin = "FER", endothelium = "V",
    plasma = "PV", temperature = "Temp", antipyretic = "Apap", tocilizumab = "T1", steroid = "S", anakinra = "Ana_sc", emapalumab = "H1",
    dasatinib = "Das_gut", siltuximab = "Sil1",
}

names! {
    /// Numbers of the outputs.
    Outputs from output:
    car_t = "car_t", blasts = "marrow_blasts", kill = "kill_rate", free_receptor = "receptor_free", tocilizumab = "tocilizumab",
    pressure = "pressure", deficit = "deficit",
}

/// The integrated model with its names resolved.
#[derive(Debug)]
pub struct ChildModel {
    pub(crate) model: Model,
    pub(super) parameters: Parameters,
    pub(super) states: States,
    pub(super) outputs: Outputs,
}

impl ChildModel {
    /// The model of the library.
    ///
    /// # Errors
    /// The library's text lacks a name: a fault of this crate.
    pub fn new() -> Result<Self, ModelError> {
        Self::from_model(Model::named("child")?)
    }

    fn from_model(model: Model) -> Result<Self, ModelError> {
        let (parameters, states, outputs) = (Parameters::of(&model)?, States::of(&model)?, Outputs::of(&model)?);
        Ok(Self { model, parameters, states, outputs })
    }

    /// The model as the engine knows it.
    pub fn model(&self) -> &Model {
        &self.model
    }
}

/// The child's true state at one moment.
pub struct ChildState<'a> {
    model: &'a ChildModel,
    states: Vec<f64>,
    outputs: Vec<f64>,
    parameters: &'a [f64],
}

macro_rules! read {
    ($($(#[$doc:meta])* $name:ident: $source:ident.$field:ident;)*) => {
        impl ChildState<'_> {
            $($(#[$doc])* pub fn $name(&self) -> f64 { self.$source[self.model.$source.$field] })*
        }
    };
}

read! {
    /// Transgene, copies/ug.
    car_t: outputs.car_t;
    /// Per cent.
    marrow_blasts: outputs.blasts;
    /// 1/d.
    kill_rate: outputs.kill;
    /// Share of IL-6 receptor without tocilizumab.
    free_receptor: outputs.free_receptor;
    /// mg/L.
    tocilizumab: outputs.tocilizumab;
    /// mmHg without vasopressors.
    pressure: outputs.pressure;
    /// Per cent of saturation lost on room air.
    saturation_deficit: outputs.deficit;
    /// pg/mL.
    ifn_gamma: states.ifn_gamma;
    /// pg/mL.
    il6: states.il6;
    /// pg/mL.
    il10: states.il10;
    /// nmol/L, free and bound.
    soluble_receptor: states.receptor;
    /// mg/L.
    crp: states.crp;
    /// ug/L.
    ferritin: states.ferritin;
    /// 0 to 1.
    endothelium: states.endothelium;
    /// Cel.
    temperature: states.temperature;
    /// CD19-positive leukaemic cells.
    positive: states.positive;
    /// CD19-negative leukaemic cells.
    negative: states.negative;
    /// mmHg in health.
    pressure_in_health: parameters.pressure;
    /// mmHg, the largest rise by norepinephrine.
    norepinephrine_effect: parameters.norepinephrine;
}

impl<'a> ChildState<'a> {
    pub(super) fn of(model: &'a ChildModel, moment: &Moment<'_>, parameters: &'a [f64]) -> Self {
        Self { model, states: moment.states().to_vec(), outputs: moment.outputs(), parameters }
    }

    /// All states, in the model's order.
    pub fn states(&self) -> &[f64] {
        &self.states
    }
}
