//! `barograph list`.

use crate::args::{List, Shelf};
use crate::failure::Failure;
use crate::output::{failed, open};
use barograph_dynamics::{Entry, catalogue};
use barograph_grading::companions;
use barograph_grading::hypotension::HypotensionSet;
use barograph_grading::scales::{self, Notes};
use barograph_grading::scores;
use barograph_grading::{Decision, Policy};
use barograph_protocols::doses::{equivalence_source, steroid_equivalence};
use barograph_protocols::library;
use barograph_record::{Kind, PlausibleRanges, Signal};
use std::io::{self, Write};

pub(crate) fn run(args: &List) -> Result<(), Failure> {
    let mut out = open(None)?;
    if let Some(id) = &args.model {
        if args.shelf != Shelf::Models {
            return Err(Failure::MisplacedModel);
        }
        let page = model_page(id)?;
        return out.write_all(page.as_bytes()).and_then(|()| out.flush()).map_err(failed(None));
    }
    let written = match args.shelf {
        Shelf::Models => list_models(&mut out),
        Shelf::Scales => list_scales(&mut out),
        Shelf::Scores => list_scores(&mut out),
        Shelf::Protocols => list_protocols(&mut out),
        Shelf::Doses => list_doses(&mut out),
        Shelf::Signals => list_signals(&mut out),
        Shelf::Hypotension => list_hypotension(&mut out),
        Shelf::Notes => list_notes(&mut out),
        Shelf::Policies => {
            let wrong = |source| Failure::Policy { path: "the shipped defaults".into(), source };
            let decisions = Policy::decisions().map_err(wrong)?;
            let options = companions::Options::decisions().map_err(wrong)?;
            list_policies(&mut out, &decisions, &options)
        }
    };
    written.and_then(|()| out.flush()).map_err(failed(None))
}

fn list_scales(out: &mut dyn Write) -> io::Result<()> {
    for s in scales::ALL {
        entry(out, s.id(), s.title(), s.citation(), s.verified().name())?;
    }
    writeln!(out, "\ncompanions: what else the infused cells do\n")?;
    for c in companions::ALL {
        entry(out, c.id(), c.title(), c.citation(), c.verified().name())?;
    }
    Ok(())
}

fn list_scores(out: &mut dyn Write) -> io::Result<()> {
    for s in scores::ALL.iter() {
        entry(out, s.id(), s.title(), s.citation(), s.verified())?;
        writeln!(out, "{:24} in: {}", "", s.population())?;
        if let Some(warning) = s.warning() {
            writeln!(out, "{:24} warning: {warning}", "")?;
        }
    }
    Ok(())
}

fn list_protocols(out: &mut dyn Write) -> io::Result<()> {
    for p in library::protocols() {
        entry(out, &p.id, &p.title, &p.citation, p.verified.name())?;
        let until = p.effective_to.as_ref().map_or(String::new(), |to| format!(" to {to}"));
        let indent = "";
        writeln!(
            out,
            "{indent:24} {}, {}, in force from {}{until}; expects {}",
            p.kind.name(),
            p.jurisdiction,
            p.effective_from,
            p.scale.get_ref()
        )?;
        let unsure = p.rules.iter().filter(|r| r.get_ref().verified.warning().is_some()).count();
        writeln!(
            out,
            "{indent:24} {} rules, {unsure} of them to be checked against their source; {} limits",
            p.rules.len(),
            p.limits.len()
        )?;
        if !p.population.text.is_empty() {
            writeln!(out, "{indent:24} for: {}", p.population.text)?;
        }
        if !p.note.is_empty() {
            writeln!(out, "{indent:24} note: {}", p.note)?;
        }
    }
    Ok(())
}

fn list_models(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "the equations of one: barograph list models --model ID\n")?;
    for model in catalogue() {
        entry(out, model.id, &model.text.title, &model.text.citation, model.verified())?;
        let (states, parameters) = (model.text.states.len(), model.text.parameters.len());
        writeln!(out, "{:24} {states} states, {parameters} parameters, time in {}", "", model.time())?;
    }
    Ok(())
}

fn list_doses(out: &mut dyn Write) -> io::Result<()> {
    for file in library::doses() {
        for dose in &file.doses {
            let dose = dose.get_ref();
            let route = if dose.route.is_empty() { String::new() } else { format!(", {}", dose.route) };
            entry(out, &dose.id, &format!("{}: {}{route}", file.drug.name(), dose.title), &dose.citation, dose.verified.name())?;
            if !dose.note.is_empty() {
                writeln!(out, "{:24} note: {}", "", dose.note)?;
            }
        }
        if let Some(product) = &file.product {
            let unit = file.drug.signal().unit();
            let vials = product.vials.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
            let liquid = product.per_ml.map_or(String::new(), |x| format!(", {x} {unit}/mL"));
            let least = product.measurable_ml.map_or(String::new(), |x| format!(", measured to {x} mL"));
            let title = format!("{}: vials of {vials} {unit}{liquid}{least}; what --round rounds to", file.drug.name());
            entry(out, &format!("{}-product", file.id), &title, &product.citation, product.verified.name())?;
        }
    }
    let (citation, verified) = equivalence_source();
    let same = steroid_equivalence().map(|(drug, mg)| format!("{} {mg} mg", drug.name())).collect::<Vec<_>>().join(" = ");
    entry(out, "steroid-equivalence", &same, citation, verified.name())?;
    writeln!(
        out,
        "\nhow old a weight or height may be, what is told near a boundary of weight, how far vials may change a dose: barograph list policies"
    )
}

fn model_page(id: &str) -> Result<String, Failure> {
    let models = catalogue();
    let found = models.iter().find(|model| model.id == id);
    found.map(Entry::page).ok_or_else(|| Failure::unknown_model(id))
}

fn entry(out: &mut dyn Write, id: &str, title: &str, citation: &str, verified: &str) -> io::Result<()> {
    writeln!(out, "{id:<24} {title}\n{:24} {citation} (verified: {verified})", "")
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

fn list_policies(out: &mut dyn Write, decisions: &[Decision], options: &[Decision]) -> io::Result<()> {
    writeln!(out, "default-1: override any of these in a TOML file with a `name` of its own (--policy FILE)\n")?;
    decisions.iter().try_for_each(|d| decision(out, d))?;
    writeln!(out, "options of the companions (--companion-options FILE)\n")?;
    options.iter().try_for_each(|d| decision(out, d))
}

fn decision(out: &mut dyn Write, d: &Decision) -> io::Result<()> {
    let number = d.number.map_or(String::new(), |n| n.to_string());
    writeln!(
        out,
        "{number:>2}  {} = {}\n    {}\n    source: {} (verified: {})\n",
        d.key,
        d.shown(),
        d.question,
        d.source,
        d.verified.name()
    )
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
    let scales = Notes::ALL.iter().map(|(_, name, meaning)| (*name, *meaning));
    scales.chain(companions::NOTES.iter().copied()).try_for_each(|(name, meaning)| writeln!(out, "{name:<40} {meaning}"))
}
