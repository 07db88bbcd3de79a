//! Two invented children, as facts that each format then says in its own words.

use barograph_record::Unit;
use jiff::{SignedDuration, Timestamp};
use std::fmt::Display;

/// One charted fact.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Hours from infusion.
    pub hour: f64,
    /// When it became known, where that is later.
    pub recorded: Option<f64>,
    pub signal: &'static str,
    /// A number (with `<` or `>`), or a word of the signal.
    pub value: String,
    pub unit: &'static str,
    /// The pump of an infusion.
    pub channel: &'static str,
    pub standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing {
    Stands,
    /// Replaces what was charted at the same time.
    Corrects,
    /// Is replaced.
    Mistaken,
}

#[derive(Clone, Debug)]
pub struct Child {
    pub id: &'static str,
    pub birth_date: &'static str,
    pub sex: &'static str,
    pub infusion: Timestamp,
    pub facts: Vec<Fact>,
}

pub const PRODUCT: &str = "tisagenlecleucel";
/// Weight that both children have before infusion, in kilograms.
pub const WEIGHT: f64 = 24.0;

fn at(hour: f64, signal: &'static str, value: impl Display, unit: &'static str) -> Fact {
    Fact { hour, recorded: None, signal, value: value.to_string(), unit, channel: "", standing: Standing::Stands }
}

impl Fact {
    /// The number without its qualifier; `None` for words.
    pub fn number(&self) -> Option<f64> {
        self.value.trim_start_matches(['<', '>']).parse().ok()
    }

    /// The same fact in another unit, by the conversion that is under test elsewhere (`record`, module `unit`).
    pub fn in_unit(&self, unit: &'static str) -> Self {
        let x = self.number().unwrap();
        let names = (self.unit, unit);
        let context = barograph_record::Context { weight_kg: Some(WEIGHT), molar_mass: None };
        let x = Unit::parse(self.unit).unwrap().convert(x, &Unit::parse(unit).unwrap(), context, names).unwrap();
        let qualifier = &self.value[..self.value.len() - self.value.trim_start_matches(['<', '>']).len()];
        Self { value: format!("{qualifier}{x}"), unit, ..self.clone() }
    }
}

impl Child {
    /// The moment that lies some hours after infusion.
    pub fn moment(&self, hour: f64) -> Timestamp {
        self.infusion + SignedDuration::from_secs((hour * 3600.0).round() as i64)
    }

    /// Facts of these signals.
    pub fn of<'a>(&'a self, signals: &'a [&'a str]) -> impl Iterator<Item = &'a Fact> {
        self.facts.iter().filter(|f| signals.contains(&f.signal))
    }

    /// Puts the child on a ventilator for two hours, with the reason charted.
    pub fn ventilate(&mut self, hour: f64, reason: &str) {
        self.facts.extend([
            at(hour, "oxygen_device", "invasive_ventilation", ""),
            at(hour, "ventilation_indication", reason, ""),
            at(hour + 2.0, "oxygen_device", "high_flow_nasal_cannula", ""),
            at(hour + 2.0, "oxygen_flow", 20, "L/min"),
        ]);
    }

    /// The same child, everything at another hour of the day.
    pub fn shifted(&self, hours: i64) -> Self {
        Self { infusion: self.infusion + SignedDuration::from_hours(hours), ..self.clone() }
    }

    /// The same child, charted in other units.
    pub fn converted(&self) -> Self {
        let other = |fact: &Fact| match (fact.signal, fact.unit) {
            ("temperature", "[degF]") => fact.in_unit("Cel"),
            ("temperature", _) => fact.in_unit("[degF]"),
            ("systolic_bp", _) => fact.in_unit("kPa"),
            ("oxygen_flow", _) => fact.in_unit("mL/min"),
            ("fio2", _) => fact.in_unit("1"),
            ("norepinephrine" | "epinephrine", "mcg/min") => fact.in_unit("ug/kg/h"),
            ("vasopressin", _) => fact.in_unit("m[IU]/kg/min"),
            ("acetaminophen" | "weight", _) => fact.in_unit("g"),
            ("crp", _) => fact.in_unit("mg/L"),
            ("il6", _) => fact.in_unit("ng/L"),
            _ => fact.clone(),
        };
        Self { facts: self.facts.iter().map(other).collect(), ..self.clone() }
    }
}

/// A girl with fever on day 2.5 and hypotension, then one vasopressor on two pumps, vasopressin, for three hours two
/// vasopressors; a cannula, then high flow. Tocilizumab and dexamethasone; all is over on day 6 and she goes home on day 16.
pub fn survivor() -> Child {
    let mut facts = vitals(144.0, |hour| match hour {
        60..=108 => 38.7 + f64::from(hour % 12) / 10.0,
        _ => 36.8,
    });
    let pump = |fact, channel| Fact { channel, ..fact };
    facts.extend([
        at(-48.0, "encounter", "start", ""),
        at(384.0, "encounter", "end", ""),
        at(-26.0, "weight", WEIGHT, "kg"),
        // Low twice, and a third time under way.
        at(64.25, "systolic_bp", 80, "mm[Hg]"),
        at(64.5, "systolic_bp", 78, "mm[Hg]"),
        pump(at(66.0, "norepinephrine", 1.2, "mcg/min"), "bag-1"),
        pump(at(70.0, "norepinephrine", 2.4, "mcg/min"), "bag-1"),
        pump(at(72.0, "norepinephrine", 2.4, "mcg/min"), "bag-2"),
        pump(at(72.1, "norepinephrine", 0, "mcg/min"), "bag-1"),
        pump(at(74.0, "vasopressin", 1.44, "U/h"), "bag-3"),
        pump(at(78.0, "epinephrine", 0.05, "mcg/kg/min"), "bag-4"),
        pump(at(81.0, "epinephrine", 0, "mcg/kg/min"), "bag-4"),
        pump(at(90.0, "vasopressin", 0, "U/h"), "bag-3"),
        pump(at(96.0, "norepinephrine", 0, "mcg/min"), "bag-2"),
        at(0.0, "oxygen_device", "room_air", ""),
        at(62.0, "oxygen_device", "nasal_cannula", ""),
        at(62.0, "oxygen_flow", 2, "L/min"),
        at(68.0, "oxygen_device", "nasal_cannula", ""),
        at(68.0, "oxygen_flow", 4, "L/min"),
        at(76.0, "oxygen_device", "high_flow_nasal_cannula", ""),
        at(76.0, "oxygen_flow", 20, "L/min"),
        at(76.0, "fio2", 40, "%"),
        at(100.0, "oxygen_device", "nasal_cannula", ""),
        at(100.0, "oxygen_flow", 1, "L/min"),
        at(110.0, "oxygen_device", "room_air", ""),
        at(61.0, "acetaminophen", 360, "mg"),
        at(67.0, "tocilizumab", 12, "mg/kg"),
        at(75.0, "dexamethasone", 10, "mg"),
        at(81.0, "dexamethasone", 10, "mg"),
        Fact { recorded: Some(22.0), ..at(20.0, "il6", "<2.5", "pg/mL") },
        Fact { recorded: Some(66.5), ..at(64.0, "crp", 18.5, "mg/dL") },
        Fact { recorded: Some(73.0), ..at(70.0, "il6", ">5000", "pg/mL") },
        // Mistyped: left to stand it would be fever for another day.
        Fact { standing: Standing::Mistaken, ..at(133.0, "temperature", 39.9, "Cel") },
        Fact { standing: Standing::Corrects, recorded: Some(133.5), ..at(133.0, "temperature", 36.9, "Cel") },
    ]);
    Child { id: "c1", birth_date: "2016-03-02", sex: "female", infusion: "2024-01-10T10:00:00Z".parse().unwrap(), facts }
}

/// A boy with fever from hour 20 on, breathing support by pressure, and a death whose cause is not told.
pub fn deceased() -> Child {
    let mut facts = vitals(48.0, |hour| if hour >= 20 { 39.4 } else { 37.1 });
    facts.extend([
        at(-24.0, "encounter", "start", ""),
        at(-20.0, "weight", WEIGHT, "kg"),
        at(0.0, "oxygen_device", "room_air", ""),
        at(26.0, "oxygen_device", "bipap", ""),
        at(26.0, "fio2", 60, "%"),
        at(30.0, "methylprednisolone", 2, "mg/kg"),
        at(50.5, "death", "yes", ""),
    ]);
    Child { id: "c2", birth_date: "2012-11-30", sex: "male", infusion: "2024-03-05T08:30:00Z".parse().unwrap(), facts }
}

/// Four-hourly temperature (in either unit by turns), pressure and saturation, up to an hour.
fn vitals(until: f64, temperature: impl Fn(u32) -> f64) -> Vec<Fact> {
    let hours = (0_u32..).step_by(4).take_while(|h| f64::from(*h) <= until);
    let round = |hour: u32| {
        let time = f64::from(hour);
        let celsius = at(time, "temperature", temperature(hour), "Cel");
        let warmth = if hour.is_multiple_of(8) { celsius.in_unit("[degF]") } else { celsius };
        let low = (64..96).contains(&hour);
        [warmth, at(time, "systolic_bp", if low { 82 } else { 104 }, "mm[Hg]"), at(time, "spo2", 96, "%")]
    };
    hours.flat_map(round).collect()
}
