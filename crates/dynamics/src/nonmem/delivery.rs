//! How doses enter a state: bioavailability, lag, and rates and durations that are parameters.
//!
//! Each is a column of the table or a parameter of the model, named by the state's number (`F1`, `ALAG1`, `R1`, `D1`, as in NONMEM) or by its name (`F_depot`, `ALAG_depot`, ..., as
//! in mrgsolve). A parameter that the equations use is theirs: it is not applied a second time.

use super::record::{Given, Pace, Steady};
use super::table::Fault;
use barograph_equations::Model as Text;

/// What can be said of the doses into a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trait {
    Bioavailability,
    Lag,
    Rate,
    Duration,
}

const TRAITS: [(&str, Trait); 4] = [("F", Trait::Bioavailability), ("ALAG", Trait::Lag), ("R", Trait::Rate), ("D", Trait::Duration)];

/// The trait and the state that a name means.
pub(super) fn meaning(name: &str, text: &Text) -> Option<(Trait, usize)> {
    let find = |of: &str| {
        let numbered = of.parse::<usize>().ok().filter(|number| (1..=text.states.len()).contains(number)).map(|number| number - 1);
        let named = || text.states.iter().position(|state| Some(state.name.as_str()) == of.strip_prefix('_'));
        numbered.or_else(named)
    };
    TRAITS.into_iter().find_map(|(prefix, what)| {
        let head = name.get(..prefix.len())?;
        let rest = &name[prefix.len()..];
        (head == prefix || (head.eq_ignore_ascii_case(prefix) && rest.starts_with(|c: char| c.is_ascii_digit())))
            .then(|| find(rest).map(|state| (what, state)))?
    })
}

/// Whether a parameter of a model speaks of doses: its name says so, and no equation uses it.
pub fn speaks_of_doses(text: &Text, parameter: &str) -> bool {
    meaning(parameter, text).is_some() && text.unused.iter().any(|(name, _)| name == parameter)
}

/// What is said of the doses of one record.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Traits {
    pub(super) bioavailability: Option<f64>,
    pub(super) lag: Option<f64>,
    pub(super) rate: Option<f64>,
    pub(super) duration: Option<f64>,
}

impl Traits {
    pub(super) fn set(&mut self, what: Trait, value: f64) {
        let place = match what {
            Trait::Bioavailability => &mut self.bioavailability,
            Trait::Lag => &mut self.lag,
            Trait::Rate => &mut self.rate,
            Trait::Duration => &mut self.duration,
        };
        *place = Some(value);
    }
}

/// A dose as it enters its state.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Delivery {
    pub(super) state: usize,
    /// 0 where nothing of the dose arrives.
    pub(super) amount: f64,
    pub(super) duration: f64,
    pub(super) lag: f64,
    pub(super) added: usize,
    pub(super) interval: f64,
    pub(super) steady: Steady,
}

/// A dose of a record, with what is said of it.
pub(super) fn delivered(given: &Given, traits: &Traits, row: usize, text: &Text) -> Result<Delivery, Fault> {
    let fault = |column: &str, message: String| Err(Fault::new(row, column, message));
    let number = given.state + 1;
    let name = text.states.get(given.state).map_or("", |state| state.name.as_str());
    let amount = given.amount * traits.bioavailability.unwrap_or(1.0);
    if !(amount >= 0.0 && amount.is_finite()) {
        return fault(
            &format!("F{number}"),
            format!("a bioavailability is a number of at least 0; of `{name}` it is {}", amount / given.amount),
        );
    }
    let lag = traits.lag.unwrap_or(0.0);
    if !(lag >= 0.0 && lag.is_finite()) {
        return fault(&format!("ALAG{number}"), format!("a lag is a time of at least 0; of `{name}` it is {lag}"));
    }
    let asked = |value: Option<f64>, code: &str, letter: char, what: &str| match value {
        Some(value) if value > 0.0 && value.is_finite() => Ok(value),
        Some(value) => Err(Fault::new(row, &format!("{letter}{number}"), format!("a {what} is above 0; of `{name}` it is {value}"))),
        None => Err(Fault::new(
            row,
            "RATE",
            format!(
                "{code} takes the {what} from `{letter}{number}` or `{letter}_{name}`: add such a column, or such a parameter that the equations do not use; or give RATE above 0, or DUR"
            ),
        )),
    };
    let duration = match given.pace {
        Pace::AtOnce => 0.0,
        // A given rate is kept: what does not arrive makes the infusion shorter. A given time is kept as well: what does not arrive makes it slower.
        Pace::Rate(rate) => amount / rate,
        Pace::Over(duration) => duration,
        Pace::AskRate => amount / asked(traits.rate, "-1", 'R', "rate")?,
        Pace::AskDuration => asked(traits.duration, "-2", 'D', "duration")?,
    };
    let regular = given.steady != Steady::No;
    if regular && duration > given.interval {
        return fault("SS", "at steady state an infusion cannot last longer than the interval II".to_owned());
    }
    if regular && lag >= given.interval {
        return fault("SS", format!("at steady state a lag ({lag}) cannot be as long as the interval II"));
    }
    let Given { state, added, interval, steady, .. } = *given;
    Ok(Delivery { state, amount, duration, lag, added, interval, steady })
}
