//! Pages of the plans and of the doses, from their knowledge files.

use barograph_protocols::doses::{Amount, Band, DoseFile};
use barograph_protocols::engine::describe;
use barograph_protocols::language::{CautionKind, Condition, Drug, Limit, OneOrMany, Outside, Protocol, Rule, Strength, Verified};
use barograph_protocols::library;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use toml::Spanned;

/// Adds the pages by their path under `docs/reference`, and their rows to the index.
pub(crate) fn add(pages: &mut BTreeMap<PathBuf, String>, index: &mut String) {
    index.push_str("\n## Protocols\n\n| id | what it is | kind | verified |\n|---|---|---|---|\n");
    for plan in library::protocols() {
        let (id, kind, verified) = (&plan.id, plan.kind.name(), plan.verified.name());
        let _ = writeln!(index, "| [`{id}`](protocols/{id}.md) | {} | {kind} | {verified} |", plan.title);
        pages.insert(Path::new("protocols").join(format!("{id}.md")), page(plan));
    }
    index.push_str("\n## Doses\n\n| drug | doses | verified |\n|---|---|---|\n");
    for file in library::doses() {
        let ids = file.doses.iter().map(|d| format!("`{}`", d.get_ref().id)).collect::<Vec<_>>().join(", ");
        let _ = writeln!(index, "| [{}](doses/{}.md) | {ids} | {} |", words(file.drug.name()), file.id, file.verified.name());
        pages.insert(Path::new("doses").join(format!("{}.md", file.id)), doses(file));
    }
}

fn words(name: &str) -> String {
    name.replace('_', " ")
}

fn sure(verified: Verified) -> String {
    verified.warning().map_or_else(|| verified.name().to_owned(), |warning| format!("**{warning}**"))
}

fn conditions(list: &[Spanned<Condition>]) -> String {
    list.iter().map(|c| describe::condition(c.get_ref())).collect::<Vec<_>>().join("; ")
}

fn page(plan: &Protocol) -> String {
    let mut out = format!("# {}\n\n- id `{}`, version {}, {}\n", plan.title, plan.id, plan.version, plan.kind.name());
    let _ = writeln!(out, "- Source: {} (verified: {})", plan.citation, sure(plan.verified));
    let until = plan.effective_to.as_ref().map_or(String::new(), |to| format!(" until {to}, and superseded since"));
    let _ = writeln!(out, "- Jurisdiction: {}; in force from {}{until}", plan.jurisdiction, plan.effective_from);
    let _ = writeln!(out, "- Speaks of grades by `{}`; grades by other scales are not mapped", plan.scale.get_ref());
    let outside = if plan.population.outside == Outside::Refuse { "silent" } else { "advises and says so" };
    let _ = writeln!(out, "- For {}; outside it: {outside}", plan.population.text);
    if !plan.note.is_empty() {
        let _ = writeln!(out, "\n{}", plan.note);
    }
    out.push_str("\n## Rules\n");
    for rule in plan.rules.iter().map(Spanned::get_ref) {
        self::rule(&mut out, rule);
    }
    out.push_str("\n## Limits\n\n");
    for limit in plan.limits.iter().map(Spanned::get_ref) {
        let _ = writeln!(
            out,
            "- `{}` ({}): {}. {} (verified: {})",
            limit.id,
            drugs(&limit.drug),
            bounds(limit),
            limit.citation,
            sure(limit.verified)
        );
    }
    if !plan.cautions.is_empty() {
        out.push_str("\n## Cautions\n\n");
    }
    for caution in plan.cautions.iter().map(Spanned::get_ref) {
        let kind = if caution.kind == CautionKind::Contraindication { "must not be given" } else { "with care" };
        let when = if caution.when.is_empty() { String::new() } else { format!(" when {}", conditions(&caution.when)) };
        let drug = drugs(&caution.drug);
        let _ = writeln!(
            out,
            "- `{}` ({drug}, {kind}{when}): {} {} (verified: {})",
            caution.id,
            caution.text,
            caution.citation,
            sure(caution.verified)
        );
    }
    out
}

fn rule(out: &mut String, rule: &Rule) {
    let strength = if rule.strength == Strength::Recommended { String::new() } else { format!(" ({})", rule.strength.name()) };
    let _ = writeln!(out, "\n### {}{strength}\n\n- id `{}`\n- when: {}", rule.title, rule.id, conditions(&rule.when));
    for (word, list) in [("unless", &rule.unless), ("until", &rule.until)] {
        if !list.is_empty() {
            let _ = writeln!(out, "- {word}: {}", conditions(list));
        }
    }
    if let Some(ids) = &rule.gives_way_to {
        let _ = writeln!(out, "- gives way to the course of: `{}`", ids.get_ref().0.join("`, `"));
    }
    for action in &rule.then {
        let _ = writeln!(out, "- then: {}", describe::action(action.get_ref()));
    }
    let _ = writeln!(out, "- {} (verified: {})", rule.citation, sure(rule.verified));
    if !rule.note.is_empty() {
        let _ = writeln!(out, "- {}", rule.note);
    }
}

fn drugs(drugs: &OneOrMany<Drug>) -> String {
    drugs.0.iter().map(|d| words(d.name())).collect::<Vec<_>>().join(", ")
}

fn bounds(limit: &Limit) -> String {
    let count = |n: Option<u32>| n.map(f64::from);
    let unit = limit.drug.0.first().map_or("", |d| d.signal().unit());
    let all = [
        (limit.min_interval_hours, "at least {} h apart".to_owned()),
        (count(limit.max_doses_in_24_hours), "{} doses at most in 24 h".to_owned()),
        (count(limit.max_doses_total), "{} doses at most in all".to_owned()),
        (limit.max_per_dose, format!("{{}} {unit} at most each")),
        (limit.max_in_24_hours, format!("{{}} {unit} at most in 24 h")),
        (limit.max_per_kg_in_24_hours, format!("{{}} {unit}/kg at most in 24 h")),
    ];
    let said = all.iter().filter_map(|(number, text)| Some(text.replace("{}", &number.as_ref()?.to_string())));
    said.collect::<Vec<_>>().join("; ")
}

fn amount(amount: Amount) -> String {
    if amount.is_range() { format!("{} to {}", amount.low, amount.high) } else { amount.high.to_string() }
}

fn band(band: &Band, unit: &str) -> String {
    let rates = [(band.flat, ""), (band.per_kg, "/kg"), (band.per_m2, "/m2")];
    let rate = rates.iter().find_map(|(a, per)| a.map(|a| format!("{} {unit}{per}", amount(a)))).unwrap_or_default();
    let edges = [
        (band.from_kg, "from {} kg"),
        (band.below_kg, "below {} kg"),
        (band.from_years, "from {} years"),
        (band.below_years, "below {} years"),
    ];
    let edges: Vec<String> = edges.iter().filter_map(|(x, text)| Some(text.replace("{}", &x.as_ref()?.to_string()))).collect();
    if edges.is_empty() { rate } else { format!("{} {rate}", edges.join(", ")) }
}

fn doses(file: &DoseFile) -> String {
    let mut out = format!("# Doses of {}\n\nSource: {} (verified: {})\n", words(file.drug.name()), file.citation, sure(file.verified));
    if !file.note.is_empty() {
        let _ = writeln!(out, "\n{}", file.note);
    }
    for dose in file.doses.iter().map(Spanned::get_ref) {
        let unit = dose.unit.as_deref().unwrap_or_else(|| file.drug.signal().unit());
        let bands = dose.band.iter().map(|b| band(b.get_ref(), unit)).collect::<Vec<_>>().join("; ");
        let day = if dose.per_day { " a day, in divided doses" } else { "" };
        let _ = writeln!(out, "\n## {}\n\n- id `{}`, {}\n- amount: {bands}{day}", dose.title, dose.id, dose.route);
        let most = [
            (dose.max, format!("{unit} each")),
            (dose.max_in_24_hours, format!("{unit} in 24 h")),
            (dose.max_per_kg_in_24_hours, format!("{unit}/kg in 24 h")),
        ];
        for (number, what) in most.iter().filter_map(|(n, what)| Some((n.as_ref()?, what))) {
            let _ = writeln!(out, "- at most {number} {what}");
        }
        let _ = writeln!(out, "- {} (verified: {})", dose.citation, sure(dose.verified));
        if !dose.note.is_empty() {
            let _ = writeln!(out, "- {}", dose.note);
        }
    }
    out
}
