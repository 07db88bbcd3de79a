//! Conditions and actions in words.

use crate::doses::number;
use crate::language::{Action, BreathingLevel, CirculationLevel, Condition, Drug, HighDoseTable, OneOrMany, SignalIs, Start, Which};

fn hours(held: Option<f64>) -> String {
    held.map_or(String::new(), |h| format!(" for {} h", number(h)))
}

fn drugs(drugs: &OneOrMany<Drug>) -> String {
    let names: Vec<&str> = drugs.0.iter().map(|d| d.name()).collect();
    names.join(" or ").replace('_', " ")
}

fn span(low: Option<f64>, high: Option<f64>, unit: &str) -> String {
    match (low, high) {
        (Some(a), Some(b)) if a == b => format!("{} {unit}", number(a)),
        (Some(a), Some(b)) => format!("{} to {} {unit}", number(a), number(b)),
        (Some(a), None) => format!("{} {unit} or more", number(a)),
        (None, Some(b)) => format!("{} {unit} or less", number(b)),
        (None, None) => format!("any {unit}"),
    }
}

const fn which(which: Which) -> &'static str {
    match which {
        Which::First => "first",
        Which::Last => "last",
    }
}

const fn circulation(level: CirculationLevel) -> &'static str {
    match level {
        CirculationLevel::None => "no hypotension",
        CirculationLevel::WithoutVasopressor => "hypotension",
        CirculationLevel::OneVasopressor => "a vasopressor",
        CirculationLevel::SeveralVasopressors => "several vasopressors",
    }
}

const fn breathing(level: BreathingLevel) -> &'static str {
    match level {
        BreathingLevel::None => "no oxygen",
        BreathingLevel::LowFlow => "low-flow oxygen",
        BreathingLevel::HighFlow => "high-flow oxygen or a mask",
        BreathingLevel::PositivePressure => "positive pressure",
    }
}

fn levels<L: PartialEq + Copy>(low: Option<L>, high: Option<L>, name: impl Fn(L) -> &'static str) -> String {
    match (low, high) {
        (Some(a), Some(b)) if a == b => name(a).to_owned(),
        (Some(a), Some(b)) => format!("{} to {}", name(a), name(b)),
        (Some(a), None) => format!("{} or more", name(a)),
        (None, Some(b)) if name(b).starts_with("no ") => name(b).to_owned(),
        (None, Some(b)) => format!("{} or less", name(b)),
        (None, None) => String::new(),
    }
}

fn signal(s: &SignalIs) -> String {
    let name = s.name.name().replace('_', " ");
    let unit = if s.times_baseline { "times its value before infusion" } else { s.name.unit() };
    let mut bounds = Vec::new();
    for (bound, words) in [(s.at_least, "of at least"), (s.above, "above"), (s.at_most, "of at most"), (s.below, "below")] {
        bounds.extend(bound.map(|x| format!("{words} {} {unit}", number(x)).trim_end().to_owned()));
    }
    if let Some(words) = &s.is {
        bounds.push(words.0.iter().map(|w| w.0.name().replace('_', " ")).collect::<Vec<_>>().join(" or "));
    }
    let bounds = bounds.join(" and ");
    let when = if s.before_infusion { " before infusion" } else { "" };
    let count = if s.count > 1 { format!("{} readings within {} h: ", s.count, number(s.within_hours)) } else { String::new() };
    format!("{count}{name} {bounds}{when}{}", hours(s.held_hours))
}

/// A condition in a few words.
pub fn condition(condition: &Condition) -> String {
    let list =
        |all: &[toml::Spanned<Condition>], word: &str| all.iter().map(|c| self::condition(c.get_ref())).collect::<Vec<_>>().join(word);
    match condition {
        Condition::All(all) => list(all, " and "),
        Condition::Any(any) => format!("({})", list(any, " or ")),
        Condition::Not(inner) => format!("not ({})", self::condition(inner.get_ref())),
        Condition::Grade(g) => {
            let (low, high) = (g.at_least.map(f64::from), g.at_most.map(f64::from));
            let of = g.of.as_ref().map_or("grade".to_owned(), |id| format!("{id} grade"));
            let words = match (low, high) {
                (Some(a), Some(b)) if a == b => number(a),
                (Some(a), Some(b)) => format!("{} to {}", number(a), number(b)),
                (Some(a), None) => format!("{} or more", number(a)),
                (None, b) => format!("{} or less", number(b.unwrap_or(5.0))),
            };
            format!("{of} {words}{}", hours(g.held_hours))
        }
        Condition::Worse(w) => match (&w.after, w.within_hours) {
            (Some(after), _) => {
                let support = if w.support { "a higher grade, or more support within it," } else { "a higher grade" };
                format!("{support} than at the {} dose of {}", which(w.which), drugs(after))
            }
            (None, h) => format!("a higher grade than its lowest in {} h", number(h.unwrap_or_default())),
        },
        Condition::NoImprovement(n) => {
            let support = if n.support { " by grade or support" } else { "" };
            format!("no improvement{support} {} h after the {} dose of {}", number(n.hours), which(n.which), drugs(&n.after))
        }
        Condition::Fever(f) => {
            let now = if f.current { " at present" } else { "" };
            format!("{}{now}{}", if f.present { "fever" } else { "no fever" }, hours(f.held_hours))
        }
        Condition::Circulation(c) => format!("{}{}", levels(c.at_least, c.at_most, circulation), hours(c.held_hours)),
        Condition::Breathing(b) => format!("{}{}", levels(b.at_least, b.at_most, breathing), hours(b.held_hours)),
        Condition::HighDoseVasopressors(h) => {
            let table = if h.table == HighDoseTable::Lee2014 { "lee-2014" } else { "penn-2014" };
            format!("high-dose vasopressors by {table}")
        }
        Condition::Signal(s) => signal(s),
        Condition::Trend(t) => {
            let way = if t.factor >= 1.0 { "rising to" } else { "falling to" };
            format!("{} {way} {} times in {} h", t.name.name().replace('_', " "), number(t.factor), number(t.within_hours))
        }
        Condition::Doses(d) => {
            let count = match (d.at_least, d.at_most) {
                (None, Some(0)) => "no dose".to_owned(),
                (low, high) => {
                    let unit = if high.or(low) == Some(1) { "dose" } else { "doses" };
                    span(low.map(f64::from), high.map(f64::from), unit)
                }
            };
            let record = if d.whole_record { " in the whole record" } else { "" };
            format!("{count} of {}{}{record}", drugs(&d.drug), d.within_hours.map_or(String::new(), |h| format!(" within {} h", number(h))))
        }
        Condition::SinceDose(s) => {
            format!("{} since the {} dose of {}", span(s.at_least_hours, s.at_most_hours, "h"), which(s.which), drugs(&s.drug))
        }
        Condition::Since(s) => {
            let event = match s.event {
                Start::Infusion => "infusion",
                Start::Onset => "the onset of CRS",
                Start::Episode => "the last onset of CRS",
            };
            format!("{} since {event}", span(s.at_least_hours, s.at_most_hours, "h"))
        }
        Condition::Age(a) => match (a.from_years, a.below_years) {
            (from, Some(below)) => {
                format!("age below {} years{}", number(below), from.map_or(String::new(), |f| format!(" and from {}", number(f))))
            }
            (from, None) => format!("age from {} years", number(from.unwrap_or_default())),
        },
        Condition::Product(p) => format!("product {}", p.0.join(" or ")),
        Condition::Stated(s) if s.at_least == 1.0 => format!("stated: {}", s.what),
        Condition::Stated(s) => format!("stated: {} of at least {}", s.what, number(s.at_least)),
    }
}

/// An action in a few words, without its dose.
pub fn action(action: &Action) -> String {
    let give = |g: &crate::language::Give| {
        let every = match (g.every_hours, g.steps.is_empty()) {
            (_, false) => ", falling by days".to_owned(),
            (Some(h), true) => format!(" every {} h", number(h)),
            (None, true) => String::new(),
        };
        let doses = g.doses.map_or(String::new(), |n| format!(", {n} doses at most"));
        format!("{}{every}{doses}", g.drug.name().replace('_', " "))
    };
    match action {
        Action::Give(g) => give(g),
        Action::OneOf(options) => options.iter().map(|g| give(g.get_ref())).collect::<Vec<_>>().join(", or "),
        Action::Stop(d) => format!("stop {}", drugs(d)),
        Action::Taper(d) => format!("taper {}", drugs(d)),
        Action::Care(care) => format!("care: {}", care.name()),
        Action::Test(test) => {
            let every = test.every_hours.map_or(String::new(), |h| format!(", every {} h", number(h)));
            format!("test: {}{every}", test.what)
        }
        Action::Consult(whom) => format!("consult: {whom}"),
        Action::Support(what) => format!("support: {what}"),
        Action::Avoid(what) => format!("avoid: {what}"),
    }
}
