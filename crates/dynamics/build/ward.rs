//! The numbers of the virtual ward, and the doses that it gives, as constants: a module a section of `knowledge/populations/child-ward-1.toml`, and a rule
//! a dose of `knowledge/doses`. What is not cited ends the build.

use std::fmt::Write;
use std::path::Path;
use std::{fs, io};
use toml::{Table, Value};

const WARD: &str = "populations/child-ward-1.toml";

/// Constant, file and id of the doses.
const DOSES: [(&str, &str, &str); 3] = [
    ("TOCILIZUMAB", "doses/tocilizumab.toml", "tocilizumab-crs"),
    ("DEXAMETHASONE", "doses/dexamethasone.toml", "dexamethasone-0.5"),
    ("ACETAMINOPHEN", "doses/acetaminophen.toml", "acetaminophen-fever"),
];

/// The constants as Rust.
pub(crate) fn constants(knowledge: &Path) -> io::Result<String> {
    let mut code = String::new();
    for (section, value) in table(knowledge, WARD)? {
        let Value::Table(numbers) = value else { continue };
        cited(&numbers, &section)?;
        let _ = writeln!(code, "pub(super) mod {section} {{");
        for (name, value) in numbers.iter().filter(|(name, _)| !matches!(name.as_str(), "citation" | "verified")) {
            let name = name.to_uppercase();
            let _ = match value {
                Value::Array(all) => {
                    let all = all.iter().map(|value| number(value, &name)).collect::<io::Result<Vec<_>>>()?;
                    writeln!(code, "    pub(in crate::child) const {name}: [f64; {}] = {all:?};", all.len())
                }
                one => writeln!(code, "    pub(in crate::child) const {name}: f64 = {:?};", number(one, &name)?),
            };
        }
        code += "}\n";
    }
    let _ = writeln!(code, "pub(super) const FINGERPRINT: &str = \"{:016x}\";", fnv(&code));
    for (name, file, id) in DOSES {
        let rules = table(knowledge, file)?;
        let mut found = rules.get("dose").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table);
        let rule = found.find(|rule| rule.get("id").and_then(Value::as_str) == Some(id));
        let rule = rule.ok_or_else(|| io::Error::other(format!("{file} has no dose {id}")))?;
        cited(rule, id)?;
        let limit = |key: &str| -> io::Result<String> {
            let Some(value) = rule.get(key) else { return Ok("f64::INFINITY".to_owned()) };
            Ok(format!("{:?}", number(value, key)?))
        };
        let _ = writeln!(
            code,
            "pub(super) const {name}: DoseRule = DoseRule {{ bands: &{}, most: {}, most_in_24_hours: {}, per_kg_in_24_hours: {} }};",
            bands(rule, id)?,
            limit("max")?,
            limit("max_in_24_hours")?,
            limit("max_per_kg_in_24_hours")?
        );
    }
    Ok(code)
}

/// FNV-1a.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

fn table(knowledge: &Path, file: &str) -> io::Result<Table> {
    let path = knowledge.join(file);
    println!("cargo:rerun-if-changed={}", path.display());
    toml::from_str(&fs::read_to_string(&path)?).map_err(|fault| io::Error::other(format!("{file}: {fault}")))
}

fn cited(section: &Table, name: &str) -> io::Result<()> {
    match ["citation", "verified"].iter().find(|key| section.get(**key).and_then(Value::as_str).is_none_or(str::is_empty)) {
        Some(key) => Err(io::Error::other(format!("`{name}` has no {key}"))),
        None => Ok(()),
    }
}

fn number(value: &Value, name: &str) -> io::Result<f64> {
    value.as_float().filter(|x| x.is_finite()).ok_or_else(|| io::Error::other(format!("`{name}` is not a number with a point")))
}

/// Pairs of a weight and the mg/kg below it, the lightest first; of a range the upper end.
fn bands(rule: &Table, id: &str) -> io::Result<String> {
    let fault = || io::Error::other(format!("`{id}` is not a dose by weight"));
    let bands = rule.get("band").and_then(Value::as_array).ok_or_else(fault)?;
    let mut found = Vec::new();
    for band in bands.iter().filter_map(Value::as_table) {
        let below = band.get("below_kg").map_or(Ok(f64::INFINITY), |value| number(value, "below_kg"))?;
        let per_kg = match band.get("per_kg").ok_or_else(fault)? {
            Value::Array(ends) => number(ends.last().ok_or_else(fault)?, "per_kg")?,
            one => number(one, "per_kg")?,
        };
        found.push((below, per_kg));
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let texts = found.iter().map(|(below, per_kg)| {
        let below = if below.is_finite() { format!("{below:?}") } else { "f64::INFINITY".to_owned() };
        format!("({below}, {per_kg:?})")
    });
    Ok(format!("[{}]", texts.collect::<Vec<_>>().join(", ")))
}
