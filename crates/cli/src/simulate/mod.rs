//! `barograph simulate`: virtual children.

mod calibrate;
mod cohort;
mod fact;
mod facts;
mod figure;
mod one;
mod population;
mod probes;
mod search;
mod targets;
mod truth;
mod write;

pub(crate) use write::Files;

use crate::args::{Simulate, SimulateTask};
use crate::failure::Failure;

pub(crate) fn run(args: &Simulate) -> Result<(), Failure> {
    if args.task.is_none() {
        args.children.check()?;
    }
    match &args.task {
        Some(SimulateTask::Calibrate(task)) => calibrate::run(task),
        Some(SimulateTask::Search(task)) => search::run(task),
        Some(SimulateTask::Facts(task)) => facts::run(task),
        None if args.children.n == 1 && args.children.format.is_none() => one::run(&args.children),
        None => population::run(&args.children),
    }
}
