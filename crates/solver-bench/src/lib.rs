//! The integrator against others on equal terms: same model, patients, doses, rows and error.
//!
//! Error of a patient: the largest over states and save times of |y - ref|/(|ref| + floor), floor = 1e-3 of the state's typical peak. An
//! integrator's figure is the 99th percentile over patients. Equal tolerance is not equal error, so tools are compared at equal error.

pub mod case;
pub mod chart;
pub mod equations;
pub mod ours;
pub mod peers;
