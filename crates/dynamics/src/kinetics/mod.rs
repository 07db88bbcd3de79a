//! Drug kinetics: how children differ from the typical one.
//!
//! The kinetics themselves are models of the library (`tocilizumab-frey-2010`, `anakinra-urien-2013`, ...): covariates such as `WT` are
//! parameters, and what they do stands in `derived` lines as the paper has it. Each random effect is a parameter `eta_...` that is 0 in the
//! typical patient; [`Variability`] says how the effects vary and go together.

pub(crate) mod shelf;
mod variability;

pub use shelf::variability;
pub use variability::{Effect, Residual, Scale, Variability, VariabilityError};
