//! `barograph list`.

use crate::args::{List, Shelf};
use crate::failure::Failure;
use crate::output::{failed, open};
use barograph_grading::hypotension::HypotensionSet;
use barograph_grading::scales::{self, Notes};
use barograph_grading::{Decision, Policy};
use barograph_record::{Kind, PlausibleRanges, Signal};
use std::io::{self, Write};

pub(crate) fn run(args: &List) -> Result<(), Failure> {
    let mut out = open(None)?;
    let written = match args.shelf {
        Shelf::Scales => list_scales(&mut out),
        Shelf::Signals => list_signals(&mut out),
        Shelf::Hypotension => list_hypotension(&mut out),
        Shelf::Notes => list_notes(&mut out),
        Shelf::Policies => {
            let decisions = Policy::decisions().map_err(|source| Failure::Policy { path: "default policy".into(), source })?;
            list_policies(&mut out, &decisions)
        }
    };
    written.and_then(|()| out.flush()).map_err(failed(None))
}

fn list_scales(out: &mut dyn Write) -> io::Result<()> {
    for scale in scales::ALL {
        writeln!(out, "{:<14} {}\n{:14} {} (verified: {})", scale.id(), scale.title(), "", scale.citation(), scale.verified().name())?;
    }
    Ok(())
}

fn list_signals(out: &mut dyn Write) -> io::Result<()> {
    let ranges = PlausibleRanges::shipped();
    for signal in Signal::ALL {
        let takes = match signal.kind() {
            Kind::Coded(words) => words.iter().map(|w| w.name()).collect::<Vec<_>>().join(", "),
            Kind::Stated => "a number or words".to_owned(),
            kind => {
                let range = ranges.of(*signal);
                let high = if range.high == f64::MAX { String::new() } else { format!(" to {}", range.high) };
                let what = match kind {
                    Kind::Rate => "rate, 0 = stopped; ",
                    Kind::Dose => "dose; ",
                    _ => "",
                };
                format!("{what}{}{high}{}", range.low, if high.is_empty() { " or more" } else { "" })
            }
        };
        writeln!(out, "{:<22} {:<12} {takes}", signal.name(), signal.unit())?;
    }
    Ok(())
}

fn list_policies(out: &mut dyn Write, decisions: &[Decision]) -> io::Result<()> {
    writeln!(out, "default-1: override any of these in a TOML file with a `name` of its own (--policy FILE)\n")?;
    for d in decisions {
        let number = d.number.map_or(String::new(), |n| n.to_string());
        writeln!(out, "{number:>2}  {} = {}\n    {}\n    source: {}\n", d.key, d.shown(), d.question, d.source)?;
    }
    Ok(())
}

/// Ages at which the sets are compared.
const AGES: [(f64, &str); 8] =
    [(0.01, "3 d"), (0.5, "6 mo"), (1.0, "1 y"), (4.0, "4 y"), (8.0, "8 y"), (10.0, "10 y"), (15.0, "15 y"), (25.0, "25 y")];

fn list_hypotension(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "systolic pressure (mm[Hg]) below which a child is hypotensive; – where the set has no rule\n")?;
    write!(out, "{:<16}", "set")?;
    AGES.iter().try_for_each(|(_, name)| write!(out, "{name:>7}"))?;
    writeln!(out)?;
    for set in HypotensionSet::all() {
        write!(out, "{:<16}", set.id)?;
        for (years, _) in AGES {
            let threshold = set.at(Some(years));
            let text = if threshold.high.is_infinite() { "–".to_owned() } else { format!("{:.0}", threshold.low) };
            write!(out, "{text:>7}")?;
        }
        writeln!(out, "\n{:16} {} (verified: {})\n{:16} {}", "", set.citation, set.verified, "", set.note)?;
    }
    Ok(())
}

fn list_notes(out: &mut dyn Write) -> io::Result<()> {
    Notes::ALL.iter().try_for_each(|(_, name, meaning)| writeln!(out, "{name:<34} {meaning}"))
}
