//! ISTH score of overt disseminated intravascular coagulation, with and without platelets.
//!
//! **Points** (0 to 8; 0 to 6 without platelets): platelets above 100 10*9/L 0, 50 to 100 1, below 50 2 · fibrin marker
//! (D-dimer) not raised 0, moderately 2, strongly 3 · prothrombin time prolonged by less than 3 s 0, by 3 to 6 s 1, by
//! more than 6 s 2 · fibrinogen above 1 g/L 0, up to 1 g/L 1. From 5 on it is overt, in a patient with a disorder known
//! to go with it.
//!
//! **Source**: Taylor 2001, Thromb Haemost 86:1327. **Verified**: secondary.
//!
//! **Population**: mostly adults. **Warning**: after lymphodepletion the platelet item is saturated, so the score is
//! given without platelets beside it; no cut is published for that form.
//!
//! **Missing**: opens floor and ceiling. The paper leaves to the laboratory what a moderate and a strong rise are, and
//! the prolongation needs its normal prothrombin time: the options state the three, and without them both items are open.

use super::form::{Ladder, Published, Rung, points};
use super::measure::{Grain, Measure};
use super::options::Options;
use super::sheet::Sheet;
use super::state::walk;
use super::{Bounds, Point, Score};
use barograph_record::{Record, Signal, round_significant};
use serde::Deserialize;

static PAGE: Published<Table> = Published::new("isth-dic", include_str!("../../../../knowledge/scores/isth-dic.toml"));

/// The score as published.
pub static ISTH_DIC: IsthDic = IsthDic { platelets: true };

/// The score without its platelet item.
pub static ISTH_DIC_WITHOUT_PLATELETS: IsthDic = IsthDic { platelets: false };

/// The ISTH score, with or without its platelet item.
pub struct IsthDic {
    platelets: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    platelets: Option<Ladder>,
    fibrinogen: Option<Ladder>,
    prolongation: Vec<Rung>,
    d_dimer: Marker,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marker {
    moderate: f64,
    strong: f64,
}

const SIGNALS: [Signal; 4] = [Signal::Platelets, Signal::DDimer, Signal::Pt, Signal::Fibrinogen];

impl Table {
    fn evaluate(&'static self, sheet: &mut Sheet<'_, '_>, platelets: bool) -> Bounds {
        let mut total = Bounds::ZERO;
        for ladder in [self.platelets.as_ref().filter(|_| platelets), self.fibrinogen.as_ref()].into_iter().flatten() {
            total = total.plus(sheet.part(|sheet| ladder.points(sheet)));
        }
        total.plus(sheet.part(|sheet| self.fibrin(sheet))).plus(sheet.part(|sheet| self.prothrombin(sheet)))
    }

    fn fibrin(&self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let value = number(sheet, Signal::DDimer);
        let Some((moderate, strong)) = sheet.state.options.d_dimer_edges() else {
            sheet.miss("the laboratory's D-dimer edges");
            return Bounds { floor: 0.0, ceiling: self.d_dimer.strong };
        };
        value.through(|x| match x {
            _ if x >= strong => self.d_dimer.strong,
            _ if x >= moderate => self.d_dimer.moderate,
            _ => 0.0,
        })
    }

    fn prothrombin(&self, sheet: &mut Sheet<'_, '_>) -> Bounds {
        let value = number(sheet, Signal::Pt);
        let Some(normal) = sheet.state.options.normal_pt_seconds() else {
            sheet.miss("the laboratory's normal prothrombin time");
            return points(&self.prolongation, Bounds::ANY, Grain::NONE);
        };
        points(&self.prolongation, value.through(|x| round_significant(x - normal)), Grain::NONE)
    }
}

/// A held value in its canonical unit.
fn number(sheet: &mut Sheet<'_, '_>, signal: Signal) -> Bounds {
    Measure::new(signal, signal.unit()).map_or(Bounds::ANY, |measure| sheet.read(&measure))
}

impl Score for IsthDic {
    fn id(&self) -> &str {
        if self.platelets { "isth-dic" } else { "isth-dic-without-platelets" }
    }

    fn title(&self) -> &str {
        if self.platelets { &PAGE.page().title } else { "ISTH overt disseminated intravascular coagulation, without platelets" }
    }

    fn citation(&self) -> &str {
        &PAGE.page().citation
    }

    fn verified(&self) -> &str {
        &PAGE.page().verified
    }

    fn population(&self) -> &str {
        &PAGE.page().population
    }

    fn warning(&self) -> Option<&str> {
        PAGE.page().warning.as_deref()
    }

    fn series(&self, record: &Record, options: &Options) -> Vec<Point> {
        let table = &PAGE.page().table;
        let inputs = SIGNALS.get(usize::from(!self.platelets)..).unwrap_or(&SIGNALS);
        walk(record, options, inputs, &[], |sheet| table.evaluate(sheet, self.platelets))
    }
}
