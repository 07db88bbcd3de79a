//! Conditions on what was charted: numbers, words, trends and judgements.

use super::super::readings::Reading;
use super::super::truth::{Answer, Truth, earlier};
use super::{Evaluator, Found, tick};
use crate::language::{SignalIs, Silence, Stated, Trend};
use barograph_grading::Cause;
use barograph_record::Span;

impl Evaluator<'_> {
    pub(super) fn signal(&mut self, s: &SignalIs, found: &mut Found) -> Answer {
        let answer = self.signal_now(s, found);
        if self.reading() {
            let name = s.name.name().replace('_', " ");
            found.unstated.push(if s.before_infusion { format!("{name} before infusion") } else { name });
        }
        if s.held_hours.is_none() {
            return answer;
        }
        let held = self.held(answer.truth, s.held_hours);
        Answer { deadline: earlier(held.deadline, answer.deadline), ..held }
    }

    fn signal_now(&self, s: &SignalIs, found: &mut Found) -> Answer {
        let now = self.facts.now;
        let history = self.facts.readings.of(s.name);
        let never = s.silence == Silence::No || s.name.is_rate() && self.facts.unlisted_is_none;
        let silent = if never { Truth::No } else { Truth::Unknown };
        let counts = |r: &Reading| -> Truth {
            if let Some(words) = &s.is {
                return r.code.map_or(Truth::Unknown, |c| Truth::exactly(words.0.iter().any(|w| w.0 == c)));
            }
            let base = if s.times_baseline { history.and_then(|h| h.baseline) } else { None };
            let (base_low, base_high) = base.map_or((1.0, 1.0), |b| (b.low, b.high));
            if s.times_baseline && base.is_none() {
                return Truth::Unknown;
            }
            // 101.3 degrees Fahrenheit are 38.5 Cel, whatever their binary digits.
            let at = |x: f64, limit: f64| (x - limit).abs() < r.half_digit;
            let over = |b: Option<f64>, strict: bool| {
                b.map_or(Truth::Yes, |b| {
                    let reaches = |x: f64, limit: f64| if strict { x > limit && !at(x, limit) } else { x >= limit || at(x, limit) };
                    Truth::between(reaches(r.low, b * base_high), reaches(r.high, b * base_low))
                })
            };
            let under = |b: Option<f64>, strict: bool| {
                b.map_or(Truth::Yes, |b| {
                    let stays = |x: f64, limit: f64| if strict { x < limit && !at(x, limit) } else { x <= limit || at(x, limit) };
                    Truth::between(stays(r.high, b * base_low), stays(r.low, b * base_high))
                })
            };
            over(s.at_least, false).and(over(s.above, true)).and(under(s.at_most, false)).and(under(s.below, true))
        };
        if s.before_infusion {
            let Some(reading) = history.and_then(|h| h.baseline) else { return Answer::lasting(Truth::Unknown) };
            self.show(found, "before infusion", reading.evidence);
            return Answer::lasting(counts(&reading));
        }
        let window = Span::from_hours(s.within_hours);
        let speaks = |r: &Reading| s.name.is_rate() || now - r.at <= window;
        let leaves = |r: &Reading| if s.name.is_rate() { None } else { Some(r.at + window + tick()) };
        let Some(last) = history.and_then(|h| h.last()).filter(|r| speaks(r)) else { return Answer::lasting(silent) };
        if s.count <= 1 {
            if self.reading() {
                found.because.push(Cause { role: s.name.name(), evidence: last.evidence });
            }
            return Answer { truth: counts(last), deadline: leaves(last) };
        }
        let (mut certain, mut possible, mut deadline) = (0u32, 0u32, None);
        for reading in history.iter().flat_map(|h| h.readings.iter().rev()).take_while(|r| speaks(r)) {
            let truth = counts(reading);
            certain += u32::from(truth == Truth::Yes);
            possible += u32::from(truth != Truth::No);
            if truth != Truth::No {
                deadline = leaves(reading);
            }
            if truth == Truth::Yes && self.reading() {
                found.because.push(Cause { role: s.name.name(), evidence: reading.evidence });
            }
        }
        let deadline = earlier(deadline, leaves(last));
        Answer { truth: Truth::between(certain >= s.count, possible >= s.count), deadline }
    }

    pub(super) fn trend(&self, t: &Trend, found: &mut Found) -> Answer {
        if self.reading() {
            found.unstated.push(t.name.name().replace('_', " "));
        }
        let window = Span::from_hours(t.within_hours);
        let now = self.facts.now;
        let Some(history) = self.facts.readings.of(t.name) else { return Answer::lasting(Truth::Unknown) };
        let mut recent = history.readings.iter().rev().take_while(|r| now - r.at <= window);
        let Some(last) = recent.next() else { return Answer::lasting(Truth::Unknown) };
        let (mut truth, mut oldest, mut from) = (None, last.at, None);
        for before in recent {
            oldest = before.at;
            let now_true = if t.factor >= 1.0 {
                Truth::between(last.low >= t.factor * before.high, last.high >= t.factor * before.low)
            } else {
                Truth::between(last.high <= t.factor * before.low, last.low <= t.factor * before.high)
            };
            if now_true == Truth::Yes && from.is_none() {
                from = Some(before);
            }
            truth = Some(truth.map_or(now_true, |t: Truth| t.or(now_true)));
        }
        if self.reading() {
            found.because.extend(from.map(|r| Cause { role: t.name.name(), evidence: r.evidence }));
            found.because.push(Cause { role: t.name.name(), evidence: last.evidence });
        }
        Answer::until(truth.unwrap_or(Truth::Unknown), oldest + window + tick())
    }

    pub(super) fn stated(&self, s: &Stated, found: &mut Found) -> Answer {
        if self.reading() {
            found.unstated.push(format!("a statement: {}", s.what));
        }
        let silence = if s.silence == Silence::No { Truth::No } else { Truth::Unknown };
        let window = Span::from_hours(s.within_hours);
        let last = self.facts.statements.of(&s.what).and_then(|st| st.last).filter(|(at, ..)| self.facts.now - *at <= window);
        let Some((at, value, evidence)) = last else { return Answer::lasting(silence) };
        self.show(found, "stated", evidence);
        Answer::until(value.map_or(Truth::Unknown, |x| Truth::exactly(x >= s.at_least)), at + window + tick())
    }
}
