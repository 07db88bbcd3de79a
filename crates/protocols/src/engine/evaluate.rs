//! Whether a condition holds, by what is known at an instant.

mod charted;
mod response;

use super::describe;
use super::facts::Facts;
use super::population::age;
use super::product::product;
use super::slot::Slot;
use super::truth::{Answer, Truth, earlier};
use crate::language::{AgeIs, BreathingLevel, CirculationLevel, Condition, Doses, GradeIs, HighDoseTable, Since, SinceDose, Start};
use barograph_grading::axes::{BreathingSupport, CirculatorySupport, Known, PressureSet};
use barograph_grading::policy::DoseTables;
use barograph_grading::{Cause, Evidence, Grade};
use barograph_record::{Instant, Span};
use toml::Spanned;

/// One condition as it was answered, for reading.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// The condition in words.
    pub text: String,
    /// The answer.
    pub truth: Truth,
    /// The facts behind it.
    pub because: Vec<Cause>,
    /// What would have to be charted to answer it.
    pub unstated: Vec<String>,
    /// Whether it can hold no longer in this episode: doses that were given stay given.
    pub over: bool,
}

/// Answers conditions one after the other; those that last take their slots in turn.
pub(crate) struct Evaluator<'e> {
    pub(crate) facts: &'e Facts,
    /// The place of the plan's scale among the grades.
    pub(crate) place: usize,
    pub(crate) slots: &'e mut Vec<Slot>,
    pub(crate) cursor: usize,
    /// Where answers are written down, when somebody wants to read them.
    pub(crate) atoms: Option<Vec<Atom>>,
}

/// What a leaf found beside its answer; gathered only when somebody wants to read it.
#[derive(Default)]
struct Found {
    because: Vec<Cause>,
    unstated: Vec<String>,
}

fn tick() -> Span {
    Span::from_ms(1)
}

fn known(known: Known) -> Truth {
    match known {
        Known::Yes => Truth::Yes,
        Known::No => Truth::No,
        Known::Unknown => Truth::Unknown,
    }
}

/// A level that lies between two bounds.
fn level<L: PartialOrd + Copy>(floor: L, ceiling: L, low: Option<L>, high: Option<L>) -> Truth {
    let certain = low.is_none_or(|l| floor >= l) && high.is_none_or(|h| ceiling <= h);
    let possible = low.is_none_or(|l| ceiling >= l) && high.is_none_or(|h| floor <= h);
    Truth::between(certain, possible)
}

const fn circulation(level: CirculationLevel) -> CirculatorySupport {
    match level {
        CirculationLevel::None => CirculatorySupport::None,
        CirculationLevel::WithoutVasopressor => CirculatorySupport::WithoutVasopressor,
        CirculationLevel::OneVasopressor => CirculatorySupport::OneVasopressor,
        CirculationLevel::SeveralVasopressors => CirculatorySupport::SeveralVasopressors,
    }
}

const fn breathing(level: BreathingLevel) -> BreathingSupport {
    match level {
        BreathingLevel::None => BreathingSupport::None,
        BreathingLevel::LowFlow => BreathingSupport::LowFlow,
        BreathingLevel::HighFlow => BreathingSupport::HighFlow,
        BreathingLevel::PositivePressure => BreathingSupport::PositivePressure,
    }
}

impl Evaluator<'_> {
    /// All of some conditions.
    pub(crate) fn all(&mut self, conditions: &[Spanned<Condition>]) -> Answer {
        let mut out = Answer::lasting(Truth::Yes);
        for condition in conditions {
            let answer = self.one(condition.get_ref());
            out = Answer { truth: out.truth.and(answer.truth), deadline: earlier(out.deadline, answer.deadline) };
        }
        out
    }

    /// Any of some conditions. For reading, only those that decide are kept.
    pub(crate) fn any(&mut self, conditions: &[Spanned<Condition>]) -> Answer {
        let before = self.atoms.as_ref().map(Vec::len);
        let mut out = Answer::lasting(Truth::No);
        for condition in conditions {
            let answer = self.one(condition.get_ref());
            out = Answer { truth: out.truth.or(answer.truth), deadline: earlier(out.deadline, answer.deadline) };
        }
        if let (Some(atoms), Some(before)) = (&mut self.atoms, before) {
            let inner = atoms.split_off(before.min(atoms.len()));
            if out.truth == Truth::No {
                let text = inner.iter().map(|a| a.text.as_str()).collect::<Vec<_>>().join(" or ");
                atoms.push(Atom { text: format!("({text})"), truth: Truth::No, because: Vec::new(), unstated: Vec::new(), over: false });
            } else {
                atoms.extend(inner.into_iter().filter(|a| a.truth == out.truth));
            }
        }
        out
    }

    fn one(&mut self, condition: &Condition) -> Answer {
        match condition {
            Condition::All(all) => return self.all(all),
            Condition::Any(any) => return self.any(any),
            Condition::Not(inner) => {
                let atoms = self.atoms.take();
                let inside = self.one(inner.get_ref());
                let answer = Answer { truth: inside.truth.negated(), ..inside };
                self.atoms = atoms;
                if let Some(atoms) = &mut self.atoms {
                    let text = describe::condition(condition);
                    let unstated = if answer.truth == Truth::Unknown { vec![describe::condition(inner.get_ref())] } else { Vec::new() };
                    atoms.push(Atom { text, truth: answer.truth, because: Vec::new(), unstated, over: false });
                }
                return answer;
            }
            _ => {}
        }
        let mut found = Found::default();
        let answer = self.leaf(condition, &mut found);
        if let Some(atoms) = &mut self.atoms {
            let Found { because, mut unstated } = found;
            if answer.truth != Truth::Unknown {
                unstated.clear();
            } else if unstated.is_empty() {
                unstated.push(describe::condition(condition));
            }
            let many = |d: &Doses| d.at_most.is_some() && d.within_hours.is_none() && answer.truth == Truth::No;
            let over = matches!(condition, Condition::Doses(d) if many(d));
            atoms.push(Atom { text: describe::condition(condition), truth: answer.truth, because, unstated, over });
        }
        answer
    }

    fn leaf(&mut self, condition: &Condition, found: &mut Found) -> Answer {
        match condition {
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) => Answer::lasting(Truth::Unknown),
            Condition::Grade(g) => self.grade(g, found),
            Condition::Worse(w) => self.worse(w, found),
            Condition::NoImprovement(n) => self.no_improvement(n, found),
            Condition::Fever(f) => {
                let axes = self.facts.watch.axes();
                let (now, window) = (self.facts.now, self.facts.current_fever);
                let current = f.current && axes.attribution.fever.is_none();
                let fever = known(if current { axes.fever.current(now, window) } else { axes.answers().fever });
                let lapses = if current { axes.fever.current_until(now, window) } else { None };
                if self.reading() {
                    found.unstated.push("temperature".to_owned());
                    found.because.extend(self.facts.watch.axes().fever.last_fever().map(|evidence| Cause { role: "fever", evidence }));
                }
                let truth = if f.present { fever } else { fever.negated() };
                let held = self.held(truth, f.held_hours);
                Answer { deadline: earlier(held.deadline, lapses), ..held }
            }
            Condition::Circulation(c) => {
                let axes = self.facts.watch.axes();
                let elsewhere = axes.attribution.circulation.is_some();
                let reading = axes.answers().circulation;
                let [floor, ceiling] = if elsewhere { [CirculatorySupport::None; 2] } else { [reading.floor, reading.ceiling] };
                if self.reading() && !elsewhere {
                    found.unstated.push(reading.unstated.name().to_owned());
                    axes.circulation.causes(PressureSet::Policy, axes.answers(), &mut found.because);
                }
                let truth = level(floor, ceiling, c.at_least.map(circulation), c.at_most.map(circulation));
                self.held(truth, c.held_hours)
            }
            Condition::Breathing(b) => {
                let axes = self.facts.watch.axes();
                let elsewhere = axes.attribution.breathing.is_some();
                let reading = axes.answers().breathing;
                let [floor, ceiling] = if elsewhere { [BreathingSupport::None; 2] } else { [reading.floor, reading.ceiling] };
                if self.reading() && !elsewhere {
                    found.unstated.push(reading.unstated.name().to_owned());
                    axes.breathing.causes(reading, self.facts.now, &mut found.because);
                }
                let truth = level(floor, ceiling, b.at_least.map(breathing), b.at_most.map(breathing));
                self.held(truth, b.held_hours)
            }
            Condition::HighDoseVasopressors(h) => {
                let table = if h.table == HighDoseTable::Lee2014 { DoseTables::Lee2014 } else { DoseTables::Penn2014 };
                let axes = self.facts.watch.axes();
                let reading = axes.answers().high_dose(table);
                if self.reading() {
                    found.unstated.push(reading.unstated.name().to_owned());
                    axes.circulation.causes(PressureSet::Policy, axes.answers(), &mut found.because);
                }
                Answer::lasting(Truth::between(reading.floor, reading.ceiling))
            }
            Condition::Signal(s) => self.signal(s, found),
            Condition::Trend(t) => self.trend(t, found),
            Condition::Doses(d) => self.doses(d, found),
            Condition::SinceDose(s) => self.since_dose(s, found),
            Condition::Since(s) => self.since(s, found),
            Condition::Age(a) => self.age(a, found),
            Condition::Product(names) => {
                self.ask(found, "product");
                Answer::lasting(product(self.facts.patient.product.as_deref(), &names.0).truth())
            }
            Condition::Stated(s) => self.stated(s, found),
        }
    }

    /// Whether somebody reads along.
    const fn reading(&self) -> bool {
        self.atoms.is_some()
    }

    fn ask(&self, found: &mut Found, what: &str) {
        if self.reading() {
            found.unstated.push(what.to_owned());
        }
    }

    fn show(&self, found: &mut Found, role: &'static str, evidence: Evidence) {
        if self.reading() {
            found.because.push(Cause { role, evidence });
        }
    }

    fn held(&mut self, truth: Truth, hours: Option<f64>) -> Answer {
        let Some(hours) = hours else { return Answer::lasting(truth) };
        let place = self.cursor;
        self.cursor += 1;
        if self.slots.len() <= place {
            self.slots.resize(place + 1, Slot::default());
        }
        let (now, bridge) = (self.facts.now, self.facts.bridge);
        self.slots.get_mut(place).map_or(Answer::lasting(Truth::Unknown), |slot| slot.held(truth, now, hours, bridge))
    }

    fn place_of(&self, of: Option<&str>) -> usize {
        of.and_then(|id| self.facts.place(id)).unwrap_or(self.place)
    }

    fn grade_at(&self, place: usize) -> Grade {
        self.facts.grades.get(place).map_or(Grade::between(0, 5), |g| g.grade)
    }

    fn read_grade(&self, place: usize, found: &mut Found) {
        if self.reading() {
            let (unstated, because) = self.facts.behind(place);
            found.unstated.extend(unstated.into_iter().map(str::to_owned));
            found.because.extend(because);
        }
    }

    fn grade(&mut self, g: &GradeIs, found: &mut Found) -> Answer {
        let place = self.place_of(g.of.as_deref());
        let grade = self.grade_at(place);
        self.read_grade(place, found);
        let truth = level(grade.floor(), grade.ceiling(), g.at_least, g.at_most);
        self.held(truth, g.held_hours)
    }

    /// Since when doses count: those before the episode were given for another, or for none.
    fn doses_from(&self) -> Option<Instant> {
        self.facts.grades.get(self.place).and_then(|g| g.doses_from)
    }

    fn doses(&self, d: &Doses, found: &mut Found) -> Answer {
        let (doses, drugs, now) = (&self.facts.doses, &d.drug.0, self.facts.now);
        let window = d.within_hours.map(Span::from_hours);
        let from = if d.whole_record { None } else { self.doses_from() };
        let (count, leaves) = window.map_or_else(|| (doses.number(drugs, from), None), |w| doses.count(drugs, now, w));
        if self.reading() {
            let given = window.map_or_else(|| doses.since(drugs, from), |w| doses.within(drugs, now, w));
            found.because.extend(given.iter().map(|g| Cause { role: "given", evidence: g.evidence }));
        }
        let holds = d.at_least.is_none_or(|n| count >= n) && d.at_most.is_none_or(|n| count <= n);
        Answer { truth: Truth::exactly(holds), deadline: leaves }
    }

    /// Whether a length of time lies between two bounds, and when that changes.
    fn elapsed(&self, from: Instant, low: Option<f64>, high: Option<f64>) -> Answer {
        let now = self.facts.now;
        let begins = low.map(|h| from + Span::from_hours(h));
        let ends = high.map(|h| from + Span::from_hours(h) + tick());
        let holds = begins.is_none_or(|b| now >= b) && ends.is_none_or(|e| now < e);
        let ahead = |at: Option<Instant>| at.filter(|a| *a > now);
        Answer { truth: Truth::exactly(holds), deadline: earlier(ahead(begins), ahead(ends)) }
    }

    fn since_dose(&self, s: &SinceDose, found: &mut Found) -> Answer {
        let Some(given) = self.facts.doses.find(&s.drug.0, s.which, self.doses_from()) else { return Answer::lasting(Truth::No) };
        self.show(found, "given", given.evidence);
        self.elapsed(given.at, s.at_least_hours, s.at_most_hours)
    }

    fn since(&self, s: &Since, found: &mut Found) -> Answer {
        if s.event == Start::Infusion {
            return self.elapsed(Instant::INFUSION, s.at_least_hours, s.at_most_hours);
        }
        let course = self.facts.grades.get(self.place);
        if let Some(onset) = course.and_then(|g| if s.event == Start::Episode { g.doses_from } else { g.onset }) {
            self.elapsed(onset, s.at_least_hours, s.at_most_hours)
        } else {
            self.read_grade(self.place, found);
            found.because.clear();
            Answer::lasting(Truth::between(false, self.grade_at(self.place).ceiling() > 0))
        }
    }

    fn age(&self, a: &AgeIs, found: &mut Found) -> Answer {
        self.ask(found, "age");
        Answer::lasting(age(self.facts.patient.years_at(self.facts.now), a.from_years, a.below_years))
    }
}
