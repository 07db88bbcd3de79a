//! Which plans are meant, as the command line names them.

use crate::args::Planning;
use crate::definitions::read;
use crate::failure::Failure;
use barograph_grading::{Policy, companions};
use barograph_protocols::engine::{Change, Engine};
use barograph_protocols::language::{Problem, Protocol, Severity, nearest};
use barograph_protocols::lint::lint;
use barograph_protocols::{doses::Rounding, library};
use barograph_record::{Patient, Record};
use std::path::{Path, PathBuf};

/// Plans, policy and options, ready to advise.
pub(crate) struct Plans {
    shipped: Vec<&'static Protocol>,
    own: Vec<Protocol>,
    pub(crate) policy: Policy,
    options: companions::Options,
    rounding: Rounding,
}

impl Plans {
    /// What the command line asks for, or `default` where it names nothing.
    pub(crate) fn new(args: &Planning, default: &str, rounding: Rounding) -> Result<Self, Failure> {
        let shipped_defaults = || PathBuf::from("the shipped defaults");
        let policy = match &args.policy {
            None => Policy::default_1().map_err(|source| Failure::Policy { path: shipped_defaults(), source })?,
            Some(path) => Policy::from_toml(&read("--policy", path)?).map_err(|source| Failure::Policy { path: path.clone(), source })?,
        };
        let options = match &args.companion_options {
            None => companions::Options::default_1().map_err(|source| Failure::Policy { path: shipped_defaults(), source })?,
            Some(path) => companions::Options::from_toml(&read("--companion-options", path)?)
                .map_err(|source| Failure::Policy { path: path.clone(), source })?,
        };
        let own = args.protocol_file.iter().map(|path| own(path)).collect::<Result<Vec<_>, _>>()?;
        let names = match &args.protocol {
            Some(names) => names.as_str(),
            None if own.is_empty() => default,
            None => "",
        };
        let mut shipped: Vec<&'static Protocol> = Vec::new();
        // A name that is there and empty is a slip, and not a wish for no plan.
        if args.protocol.as_ref().is_some_and(|names| names.split(',').any(|name| name.trim().is_empty())) {
            return Err(Failure::NoProtocol(known().collect::<Vec<_>>().join(", ")));
        }
        for name in names.split(',').map(str::trim).filter(|n| !n.is_empty()) {
            if name == "all" {
                shipped = library::protocols().iter().collect();
                continue;
            }
            let protocol = library::protocol(name).ok_or_else(|| unknown(name))?;
            if shipped.iter().all(|p| p.id != protocol.id) {
                shipped.push(protocol);
            }
        }
        for (plan, path) in own.iter().zip(&args.protocol_file) {
            if library::protocol(&plan.id).is_some() || own.iter().filter(|p| p.id == plan.id).count() > 1 {
                return Err(Failure::RepeatedProtocol { id: plan.id.clone(), path: path.clone() });
            }
        }
        Ok(Self { shipped, own, policy, options, rounding })
    }

    /// Every plan, in the order of the output.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Protocol> {
        self.shipped.iter().copied().chain(&self.own)
    }

    /// What changed under every plan over a whole record.
    pub(crate) fn changes<'p>(&'p self, record: &Record) -> Result<Vec<Change<'p>>, Failure> {
        if self.all().next().is_none() {
            return Ok(Vec::new());
        }
        let mut engine = self.engine(&record.patient)?;
        for event in &record.events {
            engine.push(event, &record.texts);
        }
        Ok(engine.finish())
    }

    /// An engine for one patient.
    pub(crate) fn engine<'p>(&'p self, patient: &Patient) -> Result<Engine<'p>, Failure> {
        let problem =
            |error: barograph_protocols::engine::EngineError| Failure::Settings { path: "the plans".into(), problem: error.to_string() };
        Engine::new(patient, &self.policy, &self.options, self.rounding, self.all()).map_err(problem)
    }
}

fn known() -> impl Iterator<Item = &'static str> {
    library::protocols().iter().map(|p| p.id.as_str())
}

fn unknown(name: &str) -> Failure {
    let hint = nearest(name, known()).map_or(String::new(), |n| format!("did you mean {n:?}? "));
    Failure::UnknownProtocol(name.to_owned(), hint, known().collect::<Vec<_>>().join(", "))
}

/// A plan of the user's own; a broken one is refused with everything that is wrong with it.
fn own(path: &Path) -> Result<Protocol, Failure> {
    let (protocol, problems) = lint(&text(path)?);
    let told = tell(path, problems.iter().filter(|p| protocol.is_none() || p.severity != Severity::Note));
    match protocol {
        Some(protocol) => {
            if !told.is_empty() {
                eprintln!("{told}");
            }
            Ok(protocol)
        }
        None => Err(Failure::BrokenProtocol(told)),
    }
}

/// Problems of a file, one a line.
pub(crate) fn tell<'p>(path: &Path, problems: impl Iterator<Item = &'p Problem>) -> String {
    problems.map(|p| format!("{}: {p}", path.display())).collect::<Vec<_>>().join("\n")
}

/// The text of a plan's file.
pub(crate) fn text(path: &Path) -> Result<String, Failure> {
    crate::text::read(path).map_err(|source| Failure::PlanFile { path: path.to_path_buf(), source })
}
