//! Panics that the project contains by design, told from those that are findings.

use std::collections::BTreeSet;
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::path::Path;
use std::sync::Mutex;

/// Lets panics from outside this repository unwind, as far as whoever catches them.
///
/// The Parquet decoder may panic on damaged pages, and the CLIF reader catches that. The engine's hook,
/// however, ends the process before anything can be caught; so this hook stands before it and passes on
/// only panics that arise in the repository's own sources. What unwinds and is caught by nobody reaches
/// the engine all the same, which then ends the process. Each place is named once on standard error.
pub fn let_foreign_panics_unwind() {
    let engine = take_hook();
    let met = Mutex::new(BTreeSet::new());
    set_hook(Box::new(move |info| {
        if is_ours(info) {
            return engine(info);
        }
        let place = info.location().map_or_else(|| "unknown place".to_owned(), ToString::to_string);
        if met.lock().is_ok_and(|mut met| met.insert(place)) {
            eprintln!("foreign {info}");
        }
    }));
}

/// Whether the panic arose in this repository; path dependencies are compiled under absolute paths.
fn is_ours(info: &PanicHookInfo<'_>) -> bool {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let file = info.location().map(|place| Path::new(place.file()));
    match (file, repository) {
        (Some(file), Some(repository)) => {
            file.is_relative() || file.starts_with(repository) || file.starts_with(env!("CARGO_MANIFEST_DIR"))
        }
        _ => true,
    }
}
