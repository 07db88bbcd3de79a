//! `barograph simulate`: virtual children.

mod calibrate;
mod cohort;
mod fact;
mod facts;
mod figure;
mod one;
mod population;
mod probes;
mod targets;
mod write;

use crate::args::{Simulate, SimulateTask};
use crate::failure::Failure;

pub(crate) fn run(args: &Simulate) -> Result<(), Failure> {
    match &args.task {
        Some(SimulateTask::Calibrate(task)) => calibrate::run(task),
        Some(SimulateTask::Facts(task)) => facts::run(task),
        None if args.children.n == 1 => one::run(&args.children),
        None => population::run(&args.children),
    }
}
