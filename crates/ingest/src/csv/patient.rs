//! A patient as people write one down, in `patients.csv` or in a vignette.

use crate::instant::{decimal, timestamp};
use barograph_record::{Age, Instant, Patient, PlausibleRanges, Sex, Signal};
use jiff::Timestamp;
use jiff::civil::Date;

/// Oldest age that is believed, in years.
const OLDEST: f64 = 120.0;

/// The words for one patient; empty where nothing is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WrittenPatient<'a> {
    pub(crate) id: &'a str,
    pub(crate) birth_date: &'a str,
    pub(crate) age_years: &'a str,
    pub(crate) sex: &'a str,
    pub(crate) weight_kg: &'a str,
    pub(crate) height_cm: &'a str,
    pub(crate) product: &'a str,
    pub(crate) infusion_time: &'a str,
}

/// Receives each field that could not be used, with why.
pub(crate) type Ignored<'a> = dyn FnMut(&str, &str) + 'a;

impl WrittenPatient<'_> {
    /// The patient these words describe; an infusion known from elsewhere stands before the written one.
    pub(crate) fn read(&self, infusion: Option<Timestamp>, ignored: &mut Ignored<'_>) -> Patient {
        let mut patient = Patient::new(self.id);
        patient.infusion = infusion.or_else(|| {
            let read = timestamp(self.infusion_time);
            if read.is_none() && !self.infusion_time.is_empty() {
                ignored("infusion_time", "not an RFC 3339 time");
            }
            read
        });
        patient.age = self.age(patient.infusion, ignored);
        patient.sex = Sex::parse(self.sex);
        let says_unknown = ["", "u", "unknown", "o", "other"].iter().any(|word| word.eq_ignore_ascii_case(self.sex));
        if patient.sex == Sex::Unknown && !says_unknown {
            ignored("sex", "neither female nor male");
        }
        patient.weight_kg = measure("weight_kg", self.weight_kg, Signal::Weight, ignored);
        patient.height_cm = measure("height_cm", self.height_cm, Signal::Height, ignored);
        patient.product = (!self.product.is_empty()).then(|| self.product.to_owned());
        patient
    }

    /// The birth date where it gives an age at infusion, else the stated age.
    fn age(&self, infusion: Option<Timestamp>, ignored: &mut Ignored<'_>) -> Age {
        let stated = self.stated_age(ignored);
        if self.birth_date.is_empty() {
            return stated.map_or(Age::Unknown, Age::AtInfusion);
        }
        let refused = match (self.birth_date.parse::<Date>(), infusion) {
            (Err(_), _) => "not a date (YYYY-MM-DD)",
            (Ok(_), None) => "gives no age without an infusion time",
            (Ok(date), Some(_)) => match Age::Born(date).years_at(Instant::INFUSION, infusion) {
                None => "after the infusion",
                Some(years) if years > OLDEST => "too long before the infusion",
                Some(years) => {
                    // Ages are often stated in completed years.
                    if stated.is_some_and(|stated| (stated - years).abs() > 1.0) {
                        ignored("age_years", "disagrees with the birth date, which stands");
                    }
                    return Age::Born(date);
                }
            },
        };
        ignored("birth_date", refused);
        stated.map_or(Age::Unknown, Age::AtInfusion)
    }

    fn stated_age(&self, ignored: &mut Ignored<'_>) -> Option<f64> {
        if self.age_years.is_empty() {
            return None;
        }
        let age = decimal(self.age_years).filter(|years| (0.0..=OLDEST).contains(years));
        if age.is_none() {
            ignored("age_years", self.age_years);
        }
        age
    }
}

fn measure(field: &str, text: &str, signal: Signal, ignored: &mut Ignored<'_>) -> Option<f64> {
    if text.is_empty() {
        return None;
    }
    let value = decimal(text).filter(|x| PlausibleRanges::shipped().contains(signal, *x));
    if value.is_none() {
        ignored(field, text);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(written: WrittenPatient<'_>) -> (Patient, Vec<String>) {
        let mut fields = Vec::new();
        let patient = written.read(None, &mut |field, _| fields.push(field.to_owned()));
        (patient, fields)
    }

    const INFUSED: WrittenPatient<'static> = WrittenPatient {
        id: "p1",
        birth_date: "",
        age_years: "",
        sex: "",
        weight_kg: "",
        height_cm: "",
        product: "",
        infusion_time: "2024-06-15T00:00:00Z",
    };

    #[test]
    fn a_birth_date_stands_before_an_age() {
        let (patient, fields) = read(WrittenPatient { birth_date: "2012-06-15", age_years: "12", ..INFUSED });
        assert_eq!(patient.years_at(Instant::INFUSION), Some(12.0));
        assert!(fields.is_empty());
        let (_, fields) = read(WrittenPatient { birth_date: "2012-06-15", age_years: "3", ..INFUSED });
        assert_eq!(fields, ["age_years"]);
    }

    #[test]
    fn an_unusable_birth_date_leaves_the_age() {
        for birth_date in ["2030-01-01", "1800-01-01", "15/06/2012", "41075", "2012-02-30"] {
            let (patient, fields) = read(WrittenPatient { birth_date, age_years: "7.5", ..INFUSED });
            assert_eq!((patient.age, fields), (Age::AtInfusion(7.5), vec!["birth_date".to_owned()]), "{birth_date}");
        }
        let (patient, fields) = read(WrittenPatient { birth_date: "2012-06-15", infusion_time: "", ..INFUSED });
        assert_eq!((patient.age, fields), (Age::Unknown, vec!["birth_date".to_owned()]));
    }

    #[test]
    fn the_absurd_is_ignored() {
        for age_years in ["-1", "300", "seven", "nan", "1e1"] {
            let (patient, fields) = read(WrittenPatient { age_years, ..INFUSED });
            assert_eq!((patient.age, fields), (Age::Unknown, vec!["age_years".to_owned()]), "{age_years}");
        }
        let written = WrittenPatient { sex: "?", weight_kg: "2000", height_cm: "1.10", infusion_time: "2024-06-15", ..INFUSED };
        let (patient, fields) = read(written);
        assert_eq!(patient, Patient::new("p1"));
        assert_eq!(fields, ["infusion_time", "sex", "weight_kg", "height_cm"]);
    }
}
