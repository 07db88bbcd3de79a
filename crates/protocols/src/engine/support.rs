//! How much support a patient has, and whether it is more or less than it was.
//!
//! A grade spans several steps of support: by the Penn scale a cannula and CPAP, or fluids and a low dose of two vasopressors, are all of
//! grade 3. That a patient got worse or better within it is read here.

use super::truth::Truth;
use barograph_grading::axes::{Axes, BreathingSupport, CirculatorySupport};
use barograph_grading::policy::DoseTables;

/// Support of the circulation, of breathing, and whether vasopressors are high-dose by the Penn table: each with its floor and ceiling,
/// and nothing where somebody attributed it to another cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Support([(u8, u8); 3]);

impl Support {
    /// Before anything is charted nothing is excluded.
    pub(crate) const UNKNOWN: Self = Self([(0, u8::MAX); 3]);

    pub(crate) fn of(axes: &Axes) -> Self {
        let answers = axes.answers();
        let circulation = if axes.attribution.circulation.is_some() {
            [(0, 0); 2]
        } else {
            let dose = answers.high_dose(DoseTables::Penn2014);
            [(circulation(answers.circulation.floor), circulation(answers.circulation.ceiling)), (dose.floor.into(), dose.ceiling.into())]
        };
        let breath = if axes.attribution.breathing.is_some() {
            (0, 0)
        } else {
            (breathing(answers.breathing.floor), breathing(answers.breathing.ceiling))
        };
        let [pressure, dose] = circulation;
        Self([pressure, dose, breath])
    }

    /// Whether something is more than it was.
    pub(crate) fn more_than(self, then: Self) -> Truth {
        then.less_than(self)
    }

    /// Whether something is less than it was.
    pub(crate) fn less_than(self, then: Self) -> Truth {
        let pairs = self.0.iter().zip(&then.0);
        let each = pairs.map(|((floor, ceiling), (was_floor, was_ceiling))| Truth::between(ceiling < was_floor, floor < was_ceiling));
        each.fold(Truth::No, Truth::or)
    }
}

const fn circulation(level: CirculatorySupport) -> u8 {
    match level {
        CirculatorySupport::None => 0,
        CirculatorySupport::WithoutVasopressor => 1,
        CirculatorySupport::OneVasopressor => 2,
        CirculatorySupport::SeveralVasopressors => 3,
    }
}

const fn breathing(level: BreathingSupport) -> u8 {
    match level {
        BreathingSupport::None => 0,
        BreathingSupport::LowFlow => 1,
        BreathingSupport::HighFlow => 2,
        BreathingSupport::PositivePressure => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_and_less_are_certain_only_where_charting_is() {
        let exactly = |a: u8, b: u8, c: u8| Support([(a, a), (b, b), (c, c)]);
        let cannula = exactly(0, 0, 1);
        assert_eq!([exactly(0, 0, 2).more_than(cannula), exactly(0, 0, 2).less_than(cannula)], [Truth::Yes, Truth::No]);
        // One axis better, another worse: both.
        assert_eq!([exactly(1, 0, 0).more_than(cannula), exactly(1, 0, 0).less_than(cannula)], [Truth::Yes, Truth::Yes]);
        let open = Support([(0, 0), (0, 0), (1, 3)]);
        assert_eq!([open.more_than(cannula), open.less_than(cannula)], [Truth::Unknown, Truth::No]);
        assert_eq!(cannula.more_than(Support::UNKNOWN), Truth::Unknown);
    }
}
