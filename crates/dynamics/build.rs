//! Writes Rust from the model texts: the list of all of them, and code for those that populations are run with; and from the numbers of the virtual ward.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs, io};

use barograph_equations::{System, parse, rust};

#[path = "build/ward.rs"]
mod ward;

/// The models whose equations are printed as Rust. The others are interpreted, which is slower to run and costs no build time.
const PRINTED: &[&str] = &["bench", "child"];

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let folder = Path::new(&root).join("models");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files: Vec<_> = fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?.iter().map(fs::DirEntry::path).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "model"));
    files.sort();
    let mut library = String::from("/// Every model of the library: id, text, and its equations as code where they are.\n");
    library += "pub(crate) const TEXTS: &[Entry] = &[\n";
    let mut code = String::from("use barograph_equations::Arithmetic;\n\n");
    for path in files {
        println!("cargo:rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path)?;
        let model = parse(&text).map_err(|fault| io::Error::other(format!("{}: {fault}", path.display())))?;
        let printed = if PRINTED.contains(&model.id.as_str()) {
            let name = type_name(&model.id);
            code += &rust(&System::new(&model), &name, &model.title, "crate::engine");
            format!("Some(|| Box::new(Printed::<printed::{name}>::new()))")
        } else {
            "None".into()
        };
        let _ = writeln!(library, "    ({:?}, include_str!({:?}), {printed}),", model.id, path.display().to_string());
    }
    library += "];\n";
    fs::write(Path::new(&out).join("ward.rs"), ward::constants(&Path::new(&root).join("../../knowledge"))?)?;
    fs::write(Path::new(&out).join("library.rs"), library)?;
    fs::write(Path::new(&out).join("printed.rs"), code)
}

/// `hanson-2016` as `Hanson2016`.
fn type_name(id: &str) -> String {
    let words = id.split(['-', '_']).filter(|word| !word.is_empty());
    words.map(|word| word[..1].to_uppercase() + &word[1..]).collect()
}
