//! Patient: age, sex and death.

use super::context::{Context, first, moment, reference_key, version};
use super::model::{Meta, Text};
use super::store::{Death, Person};
use barograph_record::{Reason, Sex};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

/// A Patient, with the fields read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Patient<'a> {
    id: Text<'a>,
    meta: Meta<'a>,
    birth_date: Text<'a>,
    gender: Text<'a>,
    deceased_boolean: Option<bool>,
    deceased_date_time: Text<'a>,
}

/// Reads one Patient; of several descriptions of one patient the later version stands.
pub(super) fn read(p: &Patient<'_>, full_url: &str, cx: &mut Context<'_>) {
    let alias = reference_key(full_url, "Patient");
    let id = first(&[&p.id, alias.unwrap_or("")]);
    if id.is_empty() {
        return cx.note("id", Reason::UnknownPatient, "Patient without an id");
    }
    if let Some(alias) = alias.filter(|a| *a != id) {
        cx.store.aliases.insert(alias.into(), id.into());
    }
    let born = birth_date(&p.birth_date, cx);
    let death = if p.deceased_date_time.is_empty() {
        p.deceased_boolean.filter(|dead| *dead).map(|_| Death::Undated)
    } else {
        Some(death(&p.deceased_date_time, cx))
    };
    let (file, row) = (cx.file, cx.row);
    let person = Person { version: version(&p.meta, None, ""), born, sex: sex(&p.gender), death, file, row };
    let subject = cx.store.subject(id);
    let Some(subject) = cx.store.subjects.get_mut(subject as usize) else { return };
    let earlier = subject.person;
    subject.person = earlier.max(Some(person));
    if let Some(earlier) = earlier {
        cx.store.duplicates.push(earlier.min(person));
    }
}

fn sex(gender: &str) -> u8 {
    match Sex::parse(gender) {
        Sex::Unknown => 0,
        Sex::Female => 1,
        Sex::Male => 2,
    }
}

/// A full date of birth; a year or a month alone leaves the age unknown.
fn birth_date(text: &str, cx: &mut Context<'_>) -> Option<Date> {
    if text.is_empty() {
        return None;
    }
    let born = (text.len() == "2015-06-15".len()).then(|| text.parse().ok()).flatten();
    if born.is_none() {
        cx.note("birthDate", Reason::FieldIgnored, "not a full date; age unknown");
    }
    born
}

/// The time of a death. A day alone is taken at its end, so that nothing charted that day comes after it; west of Greenwich it ends later than in UTC.
fn death(text: &str, cx: &mut Context<'_>) -> Death {
    if let Some(at) = moment(text) {
        return Death::At(at);
    }
    let day: Option<Date> = (text.len() == "2015-06-15".len()).then(|| text.parse().ok()).flatten();
    let last = day.and_then(|d| d.at(23, 59, 59, 0).to_zoned(TimeZone::UTC).ok()).map(|z| z.timestamp().as_millisecond());
    let what = if last.is_some() { "a day only; taken at its end" } else { "not a date; taken at the last charting" };
    cx.note("deceasedDateTime", Reason::FieldIgnored, what);
    last.map_or(Death::Undated, Death::On)
}
