//! Conditions on what became of the patient: worse, no better, fallen.

use super::super::support::Support;
use super::super::truth::{Answer, Truth};
use super::{Evaluator, Found};
use crate::language::{Condition, NoImprovement, Reference};
use barograph_grading::axes::PressureSet;
use barograph_grading::{Cause, Grade};
use barograph_record::Span;
use toml::Spanned;

/// Whether a grade is lower than another.
fn lower(grade: Grade, than: Grade) -> Truth {
    Truth::between(grade.ceiling() < than.floor(), grade.floor() < than.ceiling())
}

impl Evaluator<'_> {
    pub(super) fn worse(&self, w: &Reference, found: &mut Found) -> Answer {
        let grade = self.grade_at(self.place);
        self.read_grade(self.place, found);
        let mut more = Truth::No;
        let (then, deadline) = if let Some(drugs) = &w.after {
            let given = self.facts.doses.find(&drugs.0, w.which, self.doses_from());
            if let Some(given) = given.filter(|_| w.support) {
                more = Support::of(self.facts.watch.axes()).more_than(given.support);
                self.read_support(found);
            }
            (given.and_then(|g| g.grades.get(self.place).copied()), None)
        } else {
            let window = Span::from_hours(w.within_hours.unwrap_or_default());
            self.facts.grades.get(self.place).map_or((None, None), |g| g.lowest(self.facts.now, window))
        };
        let deadline = deadline.filter(|d| *d > self.facts.now);
        let Some(then) = then else { return Answer { truth: Truth::No, deadline } };
        Answer { truth: lower(then, grade).or(lower(grade, then).negated().and(more)), deadline }
    }

    pub(super) fn no_improvement(&self, n: &NoImprovement, found: &mut Found) -> Answer {
        let Some(given) = self.facts.doses.find(&n.after.0, n.which, self.doses_from()) else { return Answer::lasting(Truth::No) };
        if self.reading() {
            found.because.push(Cause { role: "given", evidence: given.evidence });
            self.read_grade(self.place, found);
        }
        let due = given.at + Span::from_hours(n.hours);
        if self.facts.now < due {
            return Answer::until(Truth::No, due);
        }
        let (grade, then) = (self.grade_at(self.place), given.grades.get(self.place).copied().unwrap_or(Grade::between(0, 5)));
        if self.reading() && !then.is_exact() {
            found.unstated.push(format!("the grade at {}, which was {then}", given.at));
        }
        let mut eased = Truth::No;
        if n.support {
            let support = Support::of(self.facts.watch.axes());
            let (less, more) = (support.less_than(given.support), support.more_than(given.support));
            eased = lower(then, grade).negated().and(less).and(more.negated());
            self.read_support(found);
        }
        Answer::lasting(lower(grade, then).or(eased).negated())
    }

    /// What there is of support, for reading.
    fn read_support(&self, found: &mut Found) {
        if self.reading() {
            let axes = self.facts.watch.axes();
            let answers = axes.answers();
            for unstated in [answers.circulation.unstated, answers.breathing.unstated] {
                found.unstated.extend(Some(unstated.name().to_owned()).filter(|name| !name.is_empty()));
            }
            axes.circulation.causes(PressureSet::Policy, answers, &mut found.because);
            axes.breathing.causes(answers.breathing, self.facts.now, &mut found.because);
        }
    }

    /// Whether what a rule asks of the patient's state has certainly fallen: a grade, a support or a fever. That it has risen, the hours for
    /// which it must have lasted, and whatever else the rule asks for do not matter here.
    pub(crate) fn fallen(&mut self, conditions: &[Spanned<Condition>]) -> bool {
        conditions.iter().any(|condition| {
            let mut now = condition.get_ref().clone();
            match &mut now {
                Condition::All(inner) => return self.fallen(inner),
                Condition::Grade(g) if g.at_least.is_some() => (g.at_most, g.held_hours) = (None, None),
                Condition::Circulation(c) if c.at_least.is_some() => (c.at_most, c.held_hours) = (None, None),
                Condition::Breathing(b) if b.at_least.is_some() => (b.at_most, b.held_hours) = (None, None),
                Condition::Fever(f) if f.present => f.held_hours = None,
                Condition::HighDoseVasopressors(_) => {}
                _ => return false,
            }
            self.leaf(&now, &mut Found::default()).truth == Truth::No
        })
    }
}
