//! Actions that cannot be carried out as they stand.

use super::Linter;
use crate::language::{Action, Give, Protocol, Rule, nearest};
use crate::library;
use barograph_record::Kind;
use std::ops::Range;
use toml::Spanned;

pub(super) fn check(linter: &mut Linter<'_>, _: &Protocol, rule: &Rule) {
    for action in &rule.then {
        let span = action.span();
        match action.get_ref() {
            Action::Give(one) => give(linter, &span, one),
            Action::OneOf(several) => {
                if several.len() < 2 {
                    linter.error(&span, "one_of leaves no choice", "name at least two drugs, or use `give`");
                }
                for one in several {
                    give(linter, &one.span(), one.get_ref());
                }
            }
            Action::Stop(drugs) | Action::Taper(drugs) if drugs.0.is_empty() => {
                linter.error(&span, "no drug is named", "name at least one");
            }
            Action::Test(test) => linter.positive(&span, "every_hours", test.every_hours),
            Action::Consult(text) | Action::Support(text) | Action::Avoid(text) if text.trim().is_empty() => {
                linter.error(&span, "an action without words", "say what is to be done");
            }
            _ => {}
        }
    }
}

fn give(linter: &mut Linter<'_>, span: &Range<usize>, give: &Give) {
    linter.positive(span, "every_hours", give.every_hours);
    if give.doses == Some(0) {
        linter.error(span, "no dose is to be given", "leave `doses` out, or write 1 or more");
    }
    match (&give.dose, give.steps.is_empty()) {
        (Some(_), false) => linter.error(span, "both `dose` and `steps` name a dose", "keep one of the two"),
        // A procedure has no dose.
        (None, true) if matches!(give.drug.signal().kind(), Kind::Dose) && !give.no_dose => {
            let hint = library::doses().iter().find(|f| f.drug == give.drug).and_then(|f| f.doses.first());
            let hint = hint
                .map_or("add one to knowledge/doses and name its id, or say no_dose = true where none was read".to_owned(), |d| {
                    format!("name one, such as dose = {:?}", d.get_ref().id)
                });
            linter.error(span, format!("{} has no dose", give.drug.name()), hint);
        }
        _ if give.no_dose && (give.dose.is_some() || !give.steps.is_empty()) => {
            linter.error(span, "both a dose and `no_dose`", "keep one of the two");
        }
        _ => {}
    }
    for id in give.dose.iter().chain(give.steps.iter().map(|s| &s.get_ref().dose)) {
        dose(linter, give, id);
    }
    if !give.steps.is_empty() && give.every_hours.is_some() {
        linter.error(span, "each step has its own hours", "leave out the every_hours beside `steps`");
    }
    for (i, step) in give.steps.iter().enumerate() {
        let (place, step) = (step.span(), step.get_ref());
        linter.positive(&place, "every_hours", Some(step.every_hours));
        linter.positive(&place, "days", step.days);
        if step.days.is_none() && i + 1 < give.steps.len() {
            linter.error(&place, "this step never ends, so the next is never reached", "say for how many `days` it lasts");
        }
    }
}

fn dose(linter: &mut Linter<'_>, give: &Give, id: &Spanned<String>) {
    match library::dose(id.get_ref()) {
        None => {
            let known = library::doses().iter().flat_map(|f| f.doses.iter().map(|d| d.get_ref().id.as_str()));
            let hint = nearest(id.get_ref(), known);
            let hint = hint.map_or("add it to knowledge/doses".to_owned(), |h| format!("did you mean {h:?}?"));
            linter.error(&id.span(), format!("there is no dose {:?}", id.get_ref()), hint);
        }
        Some(dosing) if dosing.file.drug != give.drug => {
            let reason = format!("{:?} is a dose of {}, not of {}", id.get_ref(), dosing.file.drug.name(), give.drug.name());
            linter.error(&id.span(), reason, "name a dose of the drug that is given");
        }
        Some(_) => {}
    }
}
