//! `barograph protocol`.

use crate::args::Protocol;
use crate::failure::Failure;
use crate::output::{failed, open};
use crate::plans;
use barograph_protocols::language::Severity;
use barograph_protocols::lint::lint;

pub(crate) fn run(args: &Protocol) -> Result<(), Failure> {
    let Protocol::Check(args) = args;
    let failed = failed(None);
    let mut out = open(None)?;
    let (mut broken, mut unread) = (0, 0);
    for path in &args.files {
        let text = match plans::text(path) {
            Ok(text) => text,
            Err(problem) => {
                unread += 1;
                writeln!(out, "{}: refused: {problem}", path.display()).map_err(&failed)?;
                continue;
            }
        };
        let (protocol, problems) = lint(&text);
        if !problems.is_empty() {
            writeln!(out, "{}", plans::tell(path, problems.iter())).map_err(&failed)?;
        }
        let verdict = if let Some(plan) = &protocol {
            let unsure = plan.rules.iter().filter(|r| r.get_ref().verified.warning().is_some()).count();
            let warned = problems.iter().filter(|p| p.severity == Severity::Warning).count();
            let sound = if warned == 0 {
                "is sound".to_owned()
            } else {
                format!("may be used; look at {warned} {} first", if warned == 1 { "warning" } else { "warnings" })
            };
            format!("{} {sound}: {} rules, {unsure} of them to be checked against their source", plan.id, plan.rules.len())
        } else {
            broken += 1;
            "refused".to_owned()
        };
        writeln!(out, "{}: {verdict}", path.display()).map_err(&failed)?;
    }
    out.flush().map_err(&failed)?;
    if unread > 0 {
        return Err(Failure::UnreadableProtocols(unread, args.files.len()));
    }
    if broken > 0 { Err(Failure::RefusedProtocols(broken, args.files.len())) } else { Ok(()) }
}
