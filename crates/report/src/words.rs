//! How grades, days and foreign text are put into words, the same on every face.

use barograph_grading::Grade;
use barograph_record::{Code, Comparator, Instant, Signal, Value};

/// Stands where there is nothing to tell.
pub(crate) const NONE: &str = "–";

/// Days from infusion, rounded to 4 decimals (about 9 seconds); never a negative zero.
pub(crate) fn days(at: Instant) -> f64 {
    round(at.days(), 1e4)
}

/// Rounds to a fraction given by its denominator; never a negative zero.
pub(crate) fn round(x: f64, denominator: f64) -> f64 {
    (x * denominator).round() / denominator + 0.0
}

/// Days as exactly as an hour of treatment needs them: up to 4 decimals.
pub(crate) fn moment(at: Instant) -> String {
    days(at).to_string()
}

/// Days with two decimals, as people read them.
pub(crate) fn day(at: Instant) -> String {
    format!("{:.2}", round(at.days(), 1e2))
}

/// `3`, or `1–4` when the grade is not exact.
pub(crate) fn grade(grade: Grade) -> String {
    if grade.is_exact() { grade.floor().to_string() } else { format!("{}–{}", grade.floor(), grade.ceiling()) }
}

/// Text from the input with control characters spelled out, so that it can steer neither a terminal nor a layout.
pub(crate) fn clean(text: &str) -> String {
    text.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

/// `1 patient`, `3 patients`.
pub(crate) fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// A signal's name as people write it.
pub(crate) fn signal(signal: Signal) -> String {
    match signal {
        Signal::Crp => "CRP".to_owned(),
        Signal::Il6 => "IL-6".to_owned(),
        Signal::Spo2 => "SpO2".to_owned(),
        Signal::Fio2 => "FiO2".to_owned(),
        Signal::Ffp => "plasma (FFP)".to_owned(),
        Signal::SystolicBp => "systolic pressure".to_owned(),
        other => other.name().replace('_', " "),
    }
}

/// A canonical unit as it is printed in a chart.
pub(crate) fn unit(signal: Signal) -> &'static str {
    match signal.unit() {
        "Cel" => "°C",
        "mm[Hg]" => "mmHg",
        "ug/kg/min" => "µg/kg/min",
        "ug/L" => "µg/L",
        "{score}" | "1" => "",
        other => other,
    }
}

/// An oxygen device as it is printed in a chart.
pub(crate) fn device(code: Code) -> &'static str {
    match code {
        Code::RoomAir => "room air",
        Code::NasalCannula => "nasal cannula",
        Code::BlowBy => "blow-by",
        Code::SimpleMask => "simple mask",
        Code::VenturiMask => "Venturi mask",
        Code::NonRebreather => "non-rebreather",
        Code::HighFlowNasalCannula => "high-flow",
        Code::Cpap => "CPAP",
        Code::Bipap => "BiPAP",
        Code::InvasiveVentilation => "ventilator",
        Code::Ecmo => "ECMO",
        other => other.name(),
    }
}

/// A qualifier as the laboratory writes it.
pub(crate) const fn comparator(comparator: Comparator) -> &'static str {
    match comparator {
        Comparator::Exact => "",
        Comparator::Below => "<",
        Comparator::Above => ">",
    }
}

/// A value with its unit: `200 mg`, `<5 pg/mL`, `amount not stated`.
pub(crate) fn value(signal: Signal, value: Value) -> String {
    match value {
        Value::Number(x, c) => format!("{}{} {}", comparator(c), round(x, 1e4), unit(signal)).trim_end().to_owned(),
        Value::Code(code) => code.name().replace('_', " "),
        Value::Unquantified if signal.is_kept_unread() || signal.is_watched() => "not understood".to_owned(),
        Value::Unquantified if signal.is_rate() => "rate not stated".to_owned(),
        Value::Unquantified => "amount not stated".to_owned(),
        Value::Words => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_steer_a_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\tç"), "a\\u{1b}[2Jb\\tç");
    }

    #[test]
    fn values_read_as_charted() {
        assert_eq!(value(Signal::Il6, Value::Number(5.0, Comparator::Below)), "<5 pg/mL");
        assert_eq!(value(Signal::Norepinephrine, Value::Unquantified), "rate not stated");
        assert_eq!(value(Signal::OxygenDevice, Value::Code(Code::HighFlowNasalCannula)), "high flow nasal cannula");
        assert_eq!(grade(Grade::between(1, 4)), "1–4");
        assert_eq!(days(Instant::from_ms(-1)).to_string(), "0");
    }
}
