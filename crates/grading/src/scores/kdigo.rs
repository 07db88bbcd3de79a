//! KDIGO stage of acute kidney injury, by creatinine.
//!
//! **Stages**: 1 creatinine 1.5 times the baseline or up by 0.3 mg/dL within 48 h · 2 twice the baseline · 3 three
//! times the baseline, or from 4.0 mg/dL, or a filtration rate below 35 under 18 years (the last two with either sign of
//! stage 1), or dialysis. The filtration rate is the bedside Schwartz estimate, 0.413 times height (cm) over creatinine
//! (mg/dL), in mL/min per 1.73 m2.
//!
//! **Source**: KDIGO 2012, Kidney Int Suppl 2:1; Schwartz 2009, J Am Soc Nephrol 20:629. **Verified**: recalled.
//!
//! **Baseline**: the lowest creatinine charted in the seven days before. Rises are rounded before they are compared, so
//! that 0.4 to 0.7 is a rise of 0.3.
//!
//! **Missing**: urine output has no signal, so stage 3 is never excluded; the floor is what creatinine and dialysis
//! prove. A filtration rate below 35 without a charted fall is remarked on and raises no floor.

use super::Bounds;
use super::form::{Form, Published, Rung, points};
use super::measure::{Grain, Measure};
use super::sheet::Sheet;
use barograph_record::{Code, Signal, Span, round_significant};
use serde::Deserialize;

/// The stage; its page is the doc comment of this module.
pub static KDIGO: Published<Kdigo> = Published::new("kdigo", include_str!("../../../../knowledge/scores/kdigo.toml"));

/// The numbers of the definition.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kdigo {
    baseline_days: f64,
    ratio: Vec<Rung>,
    rise_hours: f64,
    rise: Vec<Rung>,
    absolute: Vec<Rung>,
    filtration: Vec<Rung>,
    filtration_below_years: f64,
    schwartz: f64,
    /// The stage of dialysis, and what is never excluded.
    highest_stage: f64,
}

impl Kdigo {
    /// The stage that creatinine proves.
    fn by_creatinine(&self, creatinine: f64, grain: Grain, sheet: &mut Sheet<'_, '_>) -> f64 {
        let lowest_week = lowest(sheet, Span::from_hours(self.baseline_days * 24.0));
        if lowest_week.is_none() {
            sheet.miss("earlier creatinine");
        }
        let lowest_days = lowest(sheet, Span::from_hours(self.rise_hours));
        let stage =
            |rungs: &[Rung], x: Option<f64>, grain| x.map_or(0.0, |x| points(rungs, Bounds::exactly(round_significant(x)), grain).floor);
        let proven = |rungs: &[Rung], x: Option<f64>| stage(rungs, x, Grain::NONE);
        let ratio = lowest_week.filter(|low| *low > 0.0).map(|low| creatinine / low);
        let fall = proven(&self.ratio, ratio).max(stage(&self.rise, lowest_days.map(|low| creatinine - low), grain));
        let filtration = self.filtration_rate(creatinine, sheet);
        let low_rate = proven(&self.filtration, filtration);
        if fall == 0.0 {
            if low_rate > 0.0 {
                sheet.note("filtration-below-35-without-a-charted-fall");
            }
            return 0.0;
        }
        fall.max(stage(&self.absolute, Some(creatinine), grain)).max(low_rate)
    }

    /// Bedside Schwartz, where it counts.
    fn filtration_rate(&self, creatinine: f64, sheet: &mut Sheet<'_, '_>) -> Option<f64> {
        let Some(years) = sheet.state.years() else {
            sheet.miss("age");
            return None;
        };
        if years >= self.filtration_below_years || creatinine <= 0.0 {
            return None;
        }
        let height = sheet.height_cm();
        if height.is_none() {
            sheet.miss(Signal::Height.name());
        }
        Some(self.schwartz * height? / creatinine)
    }
}

/// The lowest creatinine charted before the one that holds, within a span of it.
fn lowest(sheet: &mut Sheet<'_, '_>, span: Span) -> Option<f64> {
    let state = sheet.state;
    let current = state.held(Signal::Creatinine)?;
    let earlier = state.past().skip_while(|e| *e != current).skip(1).take_while(|e| current.at - e.at <= span);
    let charted = earlier.filter(|e| e.signal == Signal::Creatinine).filter_map(|e| Some((e.value.number()?, e)));
    let (low, event) = charted.min_by(|a, b| a.0.total_cmp(&b.0))?;
    sheet.cite(event);
    Some(low)
}

impl Form for Kdigo {
    fn inputs(&self) -> Vec<Signal> {
        vec![Signal::Creatinine, Signal::Dialysis, Signal::Height]
    }

    fn ages(&self) -> Vec<f64> {
        vec![self.filtration_below_years]
    }

    fn evaluate(&'static self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let dialysis = sheet.state.held(Signal::Dialysis);
        if let Some(event) = dialysis {
            sheet.cite(event);
        }
        let measure = Measure::new(Signal::Creatinine, "mg/dL");
        let grain = measure.as_ref().map_or(Grain::NONE, |m| sheet.grain(m));
        let creatinine = measure.map_or(Bounds::ANY, |m| sheet.read(&m));
        let mut floor = self.by_creatinine(creatinine.floor, grain, sheet);
        if dialysis.is_some_and(|e| e.value.code() == Some(Code::Yes)) {
            floor = self.highest_stage;
        }
        sheet.miss("urine output");
        Bounds { floor, ceiling: self.highest_stage }
    }
}
