//! What was true of a child, as a row of a table: who it was, what became of it, and the parameters that its laws drew.

use super::cohort::Fate;
use super::write::{Cell, Column};
use crate::failure::Failure;
use barograph_dynamics::child::{ChildModel, Prior};

type Read = fn(&Fate) -> Option<f64>;

fn flag(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

/// After the patient: quantities, their decimals as text.
const QUANTITIES: &[(&str, usize, Read)] = &[
    ("age_years", 1, |f| Some(f.child.age_years)),
    ("weight_kg", 1, |f| Some(f.child.weight_kg)),
    ("burden_percent", 4, |f| Some(f.child.burden_percent)),
    ("cells_per_kg", 0, |f| Some(f.child.cells_per_kg)),
    ("car_t_peak", 2, |f| Some(f.summary.car_t.value)),
    ("car_t_peak_day", 3, |f| Some(f.summary.car_t.day)),
    ("car_t_area_28", 1, |f| Some(f.summary.area)),
    ("il6_peak", 2, |f| Some(f.summary.il6.value)),
    ("il6_peak_day", 3, |f| Some(f.summary.il6.day)),
    ("ifn_gamma_peak", 2, |f| Some(f.summary.ifn_gamma.value)),
    ("crp_peak", 2, |f| Some(f.summary.crp.value)),
    ("ferritin_peak", 1, |f| Some(f.summary.ferritin.value)),
    ("temperature_peak", 3, |f| Some(f.summary.temperature.value)),
    ("penn_2014", 0, |f| Some(f64::from(f.penn))),
    ("astct_2019", 0, |f| Some(f64::from(f.astct))),
    ("onset_day", 3, |f| f.onset),
    ("last_sign_day", 3, |f| f.over),
    ("tocilizumab_doses", 0, |f| Some(f.tocilizumab.len() as f64)),
    ("tocilizumab_day", 3, |f| f.tocilizumab.first().copied()),
    ("steroid", 0, |f| Some(flag(f.steroid))),
    ("vasopressor", 0, |f| Some(flag(f.vasopressor))),
    ("oxygen", 0, |f| Some(flag(f.oxygen))),
    ("ventilation", 0, |f| Some(flag(f.ventilated))),
    ("remission_day_28", 0, |f| known(f).map(|()| flag(f.summary.long.remission))),
    ("residual_day_28", 12, |f| known(f).map(|()| f.summary.long.residual)),
    ("relapse_day", 0, |f| f.summary.long.relapse),
    ("relapse_cd19_negative", 0, |f| f.summary.long.relapse.map(|_| flag(f.summary.long.negative))),
    ("no_cell_left", 0, |f| Some(flag(f.summary.long.cured))),
];

/// Whether day 28 was reached.
fn known(fate: &Fate) -> Option<()> {
    (fate.summary.daily.len() > 28).then_some(())
}

/// The table's columns, and where the varying parameters stand.
pub(super) struct Truth<'a> {
    parameters: Vec<(&'a str, usize)>,
}

impl<'a> Truth<'a> {
    /// # Errors
    /// A law names a parameter that the model lacks.
    pub(super) fn new(model: &ChildModel, prior: &'a Prior) -> Result<Self, Failure> {
        let place = |name: &'a str| Ok::<_, Failure>((name, model.model().parameter(name)?));
        Ok(Self { parameters: prior.vary.iter().map(|vary| place(&vary.parameter)).collect::<Result<_, _>>()? })
    }

    pub(super) fn columns(&self) -> Vec<Column<'a>> {
        let quantities = QUANTITIES.iter().map(|(name, ..)| Column::number(name));
        let parameters = self.parameters.iter().map(|(name, _)| Column::number(name));
        std::iter::once(Column::text("patient")).chain(quantities).chain(parameters).collect()
    }

    pub(super) fn row<'b>(&self, id: &'b str, fate: &Fate) -> Vec<Cell<'b>> {
        let quantities = QUANTITIES.iter().map(|(_, decimals, of)| of(fate).map_or(Cell::Empty, |x| Cell::Rounded(x, *decimals)));
        let parameters = self.parameters.iter().map(|(_, place)| Cell::Number(fate.child.parameters[*place]));
        std::iter::once(Cell::Text(id)).chain(quantities).chain(parameters).collect()
    }
}
