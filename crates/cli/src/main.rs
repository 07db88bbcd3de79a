//! The command `barograph`.
//!
//! Exit status: 0 done, 2 usage error, 3 unreadable input, 4 input read but nothing gradable.

mod advise;
mod args;
mod cohort;
mod definitions;
mod demo;
mod explain;
mod failure;
mod grade;
mod hints;
mod input;
mod list;
mod moment;
mod output;
mod plans;
mod protocol;
mod report;
mod scores;
mod simulate;
mod solve;
mod tell;
mod text;

use args::{Args, Command};
use clap::{CommandFactory, FromArgMatches};
use failure::Failure;
use std::process::ExitCode;

/// Every help ends with what the exit status says.
fn with_statuses(command: clap::Command) -> clap::Command {
    command.after_help(args::STATUSES).mut_subcommands(with_statuses)
}

fn main() -> ExitCode {
    let parsed = with_statuses(Args::command()).try_get_matches().and_then(|found| Args::from_arg_matches(&found));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => {
            // Help and version are answers, not mistakes.
            let status = if error.use_stderr() { failure::USAGE } else { 0 };
            let _ = error.print();
            return ExitCode::from(status);
        }
    };
    let done = match args.command {
        Command::Demo(args) => demo::run(&args),
        Command::Grade(args) => grade::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Scores(args) => scores::run(&args),
        Command::Advise(args) => advise::run(&args),
        Command::Protocol(args) => protocol::run(&args),
        Command::Cohort(args) => cohort::run(&args),
        Command::Simulate(args) => simulate::run(&args),
        Command::List(args) => list::run(&args),
        Command::Solve(args) => solve::run(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has seen enough (`| head`) is no failure.
        Err(Failure::Write { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            // A parser's complaint may end in a line of its own.
            eprintln!("barograph: {}", tell::shown(failure.to_string().trim_end()));
            ExitCode::from(failure.status())
        }
    }
}
