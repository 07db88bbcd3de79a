//! One row of a table, and why it may be refused.

use super::column::Column;
use crate::instant;
use barograph_record::{Comparator, RawValue, Reason};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// Why a row, or a field of it, was not used.
pub(crate) struct Refusal {
    /// The column at fault.
    pub(crate) field: &'static str,
    /// Why.
    pub(crate) reason: Reason,
    /// What was found there.
    pub(crate) what: String,
}

impl Refusal {
    pub(crate) fn new(field: &'static str, reason: Reason, what: impl Into<String>) -> Self {
        Self { field, reason, what: what.into() }
    }
}

/// A column that a table's reader asks for.
#[derive(Clone, Copy)]
pub(crate) enum Wanted {
    /// Without it the table cannot be understood.
    Needed(&'static str),
    /// Its cells are null where the file lacks it, which the ledger says.
    Useful(&'static str),
    /// Some sites add it; its absence says nothing.
    Extra(&'static str),
}

impl Wanted {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Needed(name) | Self::Useful(name) | Self::Extra(name) => name,
        }
    }
}

/// One row, its cells by the name of their column.
pub(crate) struct Row<'a> {
    /// Index of the file in the input's list.
    pub(crate) file: u16,
    /// One-based row in file order.
    pub(crate) number: u32,
    pub(super) wanted: &'static [Wanted],
    pub(super) columns: &'a [Column],
    /// Place in the batch.
    pub(super) at: usize,
}

impl<'a> Row<'a> {
    fn column(&self, name: &'static str) -> Option<&'a Column> {
        let place = self.wanted.iter().position(|w| w.name() == name);
        debug_assert!(place.is_some(), "the table's reader does not ask for {name}");
        self.columns.get(place?)
    }

    /// The cell as text, trimmed; `None` when null or blank.
    pub(crate) fn text(&self, name: &'static str) -> Option<Cow<'a, str>> {
        let at = self.at;
        match self.column(name)? {
            Column::Absent => None,
            Column::Text(cells) => {
                let text = trimmed(String::from_utf8_lossy(cells.get(at)?.as_ref()?.data()));
                (!text.is_empty()).then_some(text)
            }
            Column::Whole(cells) => cells.get(at)?.map(|x| x.to_string().into()),
            // 22595853.0, as pandas writes an id beside nulls, prints without the point.
            Column::Decimal(cells) => cells.get(at)?.map(|x| x.to_string().into()),
            Column::Flag(cells) => cells.get(at)?.map(|x| x.to_string().into()),
            Column::Time(cells) => {
                cells.get(at)?.map(|ms| Timestamp::from_millisecond(ms).map_or(ms.to_string(), |t| t.to_string()).into())
            }
        }
    }

    /// The cell as a category: lower case, with `_` for spaces.
    pub(crate) fn category(&self, name: &'static str) -> Option<String> {
        self.text(name).map(|text| folded(&text))
    }

    /// The cell as a number; refused when it is something else.
    pub(crate) fn number(&self, name: &'static str) -> Result<Option<f64>, Refusal> {
        let at = self.at;
        match self.column(name) {
            Some(Column::Whole(cells)) => Ok(cells.get(at).copied().flatten().map(|x| x as f64)),
            Some(Column::Decimal(cells)) => Ok(cells.get(at).copied().flatten()),
            _ => self.text(name).map(|text| instant::decimal(&text).ok_or_else(|| Refusal::new(name, Reason::Value, text))).transpose(),
        }
    }

    /// The cell as a value still to be read by the signal's rules.
    pub(crate) fn value(&self, name: &'static str) -> Option<Cell<'a>> {
        match self.column(name) {
            Some(Column::Whole(_) | Column::Decimal(_)) => self.number(name).ok().flatten().map(Cell::Number),
            _ => self.text(name).map(Cell::Text),
        }
    }

    /// The cell as a moment; refused when it is something else.
    pub(crate) fn time(&self, name: &'static str) -> Result<Option<Timestamp>, Refusal> {
        let moment = match self.column(name) {
            Some(Column::Time(cells)) => cells.get(self.at).copied().flatten().map(|ms| Timestamp::from_millisecond(ms).ok()),
            _ => self.text(name).map(|text| instant::timestamp(&text)),
        };
        match moment {
            Some(None) => Err(Refusal::new(name, Reason::Time, self.text(name).unwrap_or_default())),
            Some(moment) => Ok(moment),
            None => Ok(None),
        }
    }

    /// The cell as the moment of the row's fact, which must be there.
    pub(crate) fn moment(&self, name: &'static str) -> Result<Timestamp, Refusal> {
        self.time(name)?.ok_or_else(|| Refusal::new(name, Reason::Time, "no time"))
    }

    /// The cell as a date (of the moment, in UTC); refused when it is something else.
    pub(crate) fn date(&self, name: &'static str) -> Result<Option<Date>, Refusal> {
        if let Some(date) = self.text(name).and_then(|text| text.parse::<Date>().ok()) {
            return Ok(Some(date));
        }
        Ok(self.time(name)?.map(|moment| moment.to_zoned(TimeZone::UTC).date()))
    }

    /// Whether the cell says yes.
    pub(crate) fn is_set(&self, name: &'static str) -> bool {
        self.category(name).is_some_and(|word| matches!(word.as_str(), "true" | "1" | "yes"))
    }
}

/// A value as the file holds it.
pub(crate) enum Cell<'a> {
    Number(f64),
    Text(Cow<'a, str>),
}

impl Cell<'_> {
    pub(crate) fn raw(&self) -> RawValue<'_> {
        match self {
            Self::Number(x) => RawValue::Number(*x, Comparator::Exact),
            Self::Text(text) => RawValue::Text(text),
        }
    }
}

/// A category as it is compared: CLIF's lists write spaces, underscores and capitals in turn.
pub(crate) fn folded(text: &str) -> String {
    text.trim().to_lowercase().replace(' ', "_")
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
