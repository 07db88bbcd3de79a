//! What was true of a child's course, measured or not.

use super::model::ChildState;

/// A highest value and its day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Peak {
    /// The value.
    pub value: f64,
    /// Days from infusion.
    pub day: f64,
}

impl Peak {
    fn see(&mut self, value: f64, day: f64) {
        if value > self.value {
            *self = Self { value, day };
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LongTerm {
    /// Whether leukaemia was below one in ten thousand marrow cells on day 28.
    pub remission: bool,
    /// Leukaemic cells among marrow cells on day 28 (a fraction).
    pub residual: f64,
    /// Day of relapse (1 % of marrow), if any until the end.
    pub relapse: Option<f64>,
    /// Whether the relapse was CD19-negative for the most part.
    pub negative: bool,
    /// Whether no leukaemic cell was left at the end.
    pub cured: bool,
    /// Day on which the last cell died, where it did.
    pub last_cell: Option<f64>,
}

/// Levels around the first dose of tocilizumab.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blockade {
    /// Day of the first dose.
    pub day: f64,
    /// Just before: IL-6 (pg/mL), CRP (mg/L), soluble receptor (nmol/L).
    pub before: [f64; 3],
    /// Highest IL-6 within 24 hours.
    pub il6: f64,
    /// Highest soluble receptor within 10 days.
    pub receptor: f64,
    /// CRP after two days.
    pub crp: Option<f64>,
    /// Temperature after two days.
    pub temperature: Option<f64>,
    /// Serum level below which less than 99 % of receptor was bound, where that happened.
    pub lost_at: Option<f64>,
}

/// True levels at the end of a day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Daily {
    /// pg/mL.
    pub il6: f64,
    /// pg/mL.
    pub ifn_gamma: f64,
    /// mg/L.
    pub crp: f64,
    /// ug/L.
    pub ferritin: f64,
    /// The highest at any time looked at since the day before, Cel.
    pub temperature: f64,
}

/// The true course in numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Transgene, copies/ug.
    pub car_t: Peak,
    /// Area under the transgene to day 28, copies/ug x d.
    pub area: f64,
    /// Transgene at whole days, from day 0.
    pub daily: Vec<f64>,
    /// The other levels at whole days, from day 0.
    pub levels: Vec<Daily>,
    /// Transgene at days 90 and 360, where the course goes so far.
    pub late: [Option<f64>; 2],
    /// Cel.
    pub temperature: Peak,
    /// pg/mL.
    pub il6: Peak,
    /// pg/mL.
    pub ifn_gamma: Peak,
    /// pg/mL.
    pub il10: Peak,
    /// mg/L.
    pub crp: Peak,
    /// ug/L.
    pub ferritin: Peak,
    /// Tocilizumab, from the first dose on.
    pub blockade: Option<Blockade>,
    /// The end.
    pub long: LongTerm,
    /// Lowest value of any state at any round; below zero by no more than the integrator's tolerance.
    pub lowest: f64,
    last: Option<(f64, f64)>,
    hottest: f64,
}

impl Summary {
    pub(super) fn see(&mut self, day: f64, state: &ChildState<'_>) {
        self.lowest = state.states().iter().copied().fold(self.lowest, f64::min);
        let car_t = state.car_t();
        self.car_t.see(car_t, day);
        self.temperature.see(state.temperature(), day);
        self.hottest = self.hottest.max(state.temperature());
        self.il6.see(state.il6(), day);
        self.ifn_gamma.see(state.ifn_gamma(), day);
        self.il10.see(state.il10(), day);
        self.crp.see(state.crp(), day);
        self.ferritin.see(state.ferritin(), day);
        if let Some((before, level)) = self.last.filter(|_| day <= 28.0 + 1e-9) {
            self.area += 0.5 * (level + car_t) * (day - before);
        }
        self.last = Some((day, car_t));
        if let Some(blockade) = &mut self.blockade {
            blockade.see(day, state);
        }
    }

    pub(super) fn first_tocilizumab(&mut self, day: f64, state: &ChildState<'_>) {
        let before = [state.il6(), state.crp(), state.soluble_receptor()];
        self.blockade.get_or_insert(Blockade {
            day,
            before,
            il6: before[0],
            receptor: before[2],
            crp: None,
            temperature: None,
            lost_at: None,
        });
    }

    pub(super) fn at_whole_day(&mut self, day: u32, state: &ChildState<'_>) {
        if day as usize == self.daily.len() && day <= 60 {
            self.daily.push(state.car_t());
            let (il6, ifn_gamma, crp, ferritin) = (state.il6(), state.ifn_gamma(), state.crp(), state.ferritin());
            self.levels.push(Daily { il6, ifn_gamma, crp, ferritin, temperature: std::mem::take(&mut self.hottest) });
        }
        for (late, wanted) in self.late.iter_mut().zip([90, 360]) {
            if day == wanted {
                *late = Some(state.car_t());
            }
        }
        let fraction = state.marrow_blasts() / 100.0;
        let long = &mut self.long;
        if day == 28 {
            long.residual = fraction;
            long.remission = fraction < 1e-4;
        }
        if day > 28 && long.remission && long.relapse.is_none() && fraction > 0.01 {
            long.relapse = Some(f64::from(day));
            long.negative = state.negative() > state.positive();
        }
        long.cured = state.positive() + state.negative() < 0.5;
        long.last_cell = if long.cured { long.last_cell.or(Some(f64::from(day))) } else { None };
    }

    /// Days in which the transgene doubles on its way from 1/300 to half of its peak, by least squares on daily values.
    pub fn doubling(&self) -> Option<f64> {
        let (peak, day) = (self.car_t.value, self.car_t.day);
        let rising = |t: f64, level: f64| t < day && level > peak / 300.0 && level < peak / 2.0;
        self.slope(rising).filter(|s| *s > 0.0).map(|s| std::f64::consts::LN_2 / s)
    }

    /// Half-life over the two weeks that begin a day after the peak, by least squares on daily values.
    pub fn contraction(&self) -> Option<f64> {
        let day = self.car_t.day;
        let falling = |t: f64, level: f64| t > day + 1.0 && t <= day + 15.0 && level > 0.0;
        self.slope(falling).filter(|s| *s < 0.0).map(|s| -std::f64::consts::LN_2 / s)
    }

    /// Half-life between days 90 and 360; infinite where the transgene rises.
    pub fn persistence(&self) -> Option<f64> {
        let [Some(early), Some(late)] = self.late else { return None };
        (early > 0.0 && late > 0.0).then(|| if late < early { 270.0 * std::f64::consts::LN_2 / (early / late).ln() } else { f64::INFINITY })
    }

    fn slope(&self, wanted: impl Fn(f64, f64) -> bool) -> Option<f64> {
        let points: Vec<(f64, f64)> =
            (0u32..).zip(&self.daily).skip(1).map(|(d, c)| (f64::from(d), *c)).filter(|(d, c)| wanted(*d, *c)).collect();
        if points.len() < 3 {
            return None;
        }
        let n = points.len() as f64;
        let (mx, my) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1.ln()).sum::<f64>() / n);
        let (mut xy, mut xx) = (0.0, 0.0);
        for (x, y) in points {
            xy += (x - mx) * (y.ln() - my);
            xx += (x - mx) * (x - mx);
        }
        Some(xy / xx)
    }
}

impl Blockade {
    fn see(&mut self, day: f64, state: &ChildState<'_>) {
        let since = day - self.day;
        if since <= 1.0 + 1e-6 {
            self.il6 = self.il6.max(state.il6());
        }
        if since <= 10.0 {
            self.receptor = self.receptor.max(state.soluble_receptor());
        }
        if since >= 2.0 - 1e-6 {
            self.crp = self.crp.or(Some(state.crp()));
            self.temperature = self.temperature.or(Some(state.temperature()));
            if state.free_receptor() > 0.01 {
                self.lost_at = self.lost_at.or(Some(state.tocilizumab()));
            }
        }
    }
}
