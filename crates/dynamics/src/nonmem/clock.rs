//! Clock times and dates, as elapsed time since a subject's first record.
//!
//! `TIME` is `hh:mm` or `hh:mm:ss`, beside a column of dates; or a date and time in one (`2026-03-01T08:30`). Dates begin with the year (`2026-03-01`); else the column's name says the
//! order, as in NONMEM: `DATE` month/day/year, `DAT1` day/month/year, `DAT2` year/month/day, `DAT3` year/day/month. Without dates all clock times of a subject are of one day.

use jiff::civil::Date;

use super::table::{Fault, Line, missing};

/// The names of columns of dates, and where year, month and day stand in them.
const ORDERS: [(&str, [usize; 3]); 4] = [("DATE", [2, 0, 1]), ("DAT1", [2, 1, 0]), ("DAT2", [0, 1, 2]), ("DAT3", [0, 2, 1])];

/// A column of dates.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dates {
    column: usize,
    name: &'static str,
    order: [usize; 3],
}

impl Dates {
    /// Whether a column of that name holds dates.
    pub(super) fn named(name: &str, column: usize) -> Option<Self> {
        let (name, order) = *ORDERS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(Self { column, name, order })
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }
}

/// Hours since midnight before 1 January 1970, or, without a date, since midnight.
pub(super) fn hours(time: &str, dates: Option<Dates>, line: &Line) -> Result<f64, Fault> {
    let fault = |column: &str, message: String| Fault::new(line.row, column, message);
    let (date, clock) = match (dates, time.split_once(['T', ' '])) {
        (Some(dates), None) => {
            let cell = line.cells[dates.column];
            if missing(cell) {
                return Err(fault(dates.name, "the date is missing".to_owned()));
            }
            let date = date(cell, dates.order).ok_or_else(|| {
                let message = format!(
                    "`{cell}` is no date: write 2026-03-01, or, as in NONMEM, month/day/year in DATE, day/month/year in DAT1, year/month/day in DAT2, year/day/month in DAT3"
                );
                fault(dates.name, message)
            })?;
            (Some(date), time)
        }
        (Some(dates), Some(_)) => {
            return Err(fault("TIME", format!("`{time}` has a date, and so has the column {}; leave one out", dates.name)));
        }
        (None, Some((day, clock))) => {
            let date =
                date(day, [0, 1, 2]).ok_or_else(|| fault("TIME", format!("`{time}` is no date and time; write, say, 2026-03-01T08:30")))?;
            (Some(date), clock)
        }
        (None, None) => (None, time),
    };
    let clock = of_day(clock).ok_or_else(|| fault("TIME", format!("`{time}` is no time of day; write, say, 08:30 (without an offset)")))?;
    let days = date.map_or(0.0, |date| date.duration_since(Date::constant(1970, 1, 1)).as_secs_f64() / 86_400.0);
    Ok(24.0 * days + clock)
}

/// A date whose year, month and day stand at these places; the year has four digits.
fn date(text: &str, order: [usize; 3]) -> Option<Date> {
    let parts: Vec<&str> = text.split(['-', '/']).collect();
    let first_is_year = parts.first().is_some_and(|part| part.len() == 4);
    let [year, month, day] = if first_is_year && order[0] != 0 { [0, 1, 2] } else { order }.map(|at| parts.get(at).copied().unwrap_or(""));
    if parts.len() != 3 || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// `hh:mm`, `hh:mm:ss`, or a number of hours below 24.
fn of_day(text: &str) -> Option<f64> {
    if !text.contains(':') {
        return text.parse::<f64>().ok().filter(|hours| (0.0..24.0).contains(hours));
    }
    let whole = |part: &str, most: u32| part.parse::<u32>().ok().filter(|number| *number <= most).map(f64::from);
    let mut parts = text.split(':');
    let (hours, minutes) = (whole(parts.next()?, 23)?, whole(parts.next()?, 59)?);
    let seconds = parts.next().map_or(Some(0.0), |part| part.parse::<f64>().ok().filter(|seconds| (0.0..60.0).contains(seconds)))?;
    parts.next().is_none().then_some(hours + minutes / 60.0 + seconds / 3600.0)
}
