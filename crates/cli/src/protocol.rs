//! `barograph protocol`.

use crate::args::Protocol;
use crate::definitions::read;
use crate::failure::Failure;
use crate::output::{failed, open};
use crate::plans::tell;
use barograph_protocols::lint::lint;

pub(crate) fn run(args: &Protocol) -> Result<(), Failure> {
    let Protocol::Check(args) = args;
    let failed = failed(None);
    let mut out = open(None)?;
    let mut broken = 0;
    for path in &args.files {
        let (protocol, problems) = lint(&read(path)?);
        if !problems.is_empty() {
            writeln!(out, "{}", tell(path, problems.iter())).map_err(&failed)?;
        }
        match protocol {
            Some(plan) => {
                let unsure = plan.rules.iter().filter(|r| r.get_ref().verified.warning().is_some()).count();
                let rules = plan.rules.len();
                writeln!(
                    out,
                    "{}: {} is sound: {rules} rules, {unsure} of them to be checked against their source",
                    path.display(),
                    plan.id
                )
            }
            None => {
                broken += 1;
                writeln!(out, "{}: refused", path.display())
            }
        }
        .map_err(&failed)?;
    }
    out.flush().map_err(&failed)?;
    if broken > 0 { Err(Failure::RefusedProtocols(broken, args.files.len())) } else { Ok(()) }
}
