use crate::common::{record, told};
use barograph_grading::scores::{Options, by_id};
use barograph_record::Age;

const LABORATORY: &str = "normal_pt = { value = 12.0, unit = \"s\" }
d_dimer_moderate = { value = 1000.0, unit = \"ng/mL{FEU}\" }
d_dimer_strong = { value = 5.0, unit = \"mg/L{FEU}\" }";

fn score(id: &str, options: &str, inputs: &str) -> (String, Vec<&'static str>) {
    let timeline: String = inputs.split(", ").map(|line| format!("0 {line}\n")).collect();
    let options = Options::from_toml(options).unwrap();
    let point = by_id(id).unwrap().series(&record(Age::AtInfusion(6.0), &timeline), &options).pop().unwrap();
    (told(&point), point.unstated)
}

#[test]
fn every_item_at_its_edges() {
    for (inputs, expected) in [
        ("platelets 101, d_dimer 0.9, pt 14.9, fibrinogen 1.01 g/L", "0"),
        ("platelets 100, d_dimer 0.9, pt 14.9, fibrinogen 1.01 g/L", "1"),
        ("platelets 50, d_dimer 0.9, pt 14.9, fibrinogen 1.01 g/L", "1"),
        ("platelets 49, d_dimer 0.9, pt 14.9, fibrinogen 1.01 g/L", "2"),
        ("platelets 101, d_dimer 1, pt 14.9, fibrinogen 1.01 g/L", "2"),
        ("platelets 101, d_dimer 5, pt 14.9, fibrinogen 1.01 g/L", "3"),
        ("platelets 101, d_dimer 0.9, pt 15, fibrinogen 1.01 g/L", "1"),
        ("platelets 101, d_dimer 0.9, pt 18, fibrinogen 1.01 g/L", "1"),
        ("platelets 101, d_dimer 0.9, pt 18.1, fibrinogen 1.01 g/L", "2"),
        ("platelets 101, d_dimer 0.9, pt 14.9, fibrinogen 100", "1"),
        ("platelets 20, d_dimer 9, pt 30, fibrinogen 60", "8"),
    ] {
        assert_eq!(score("isth-dic", LABORATORY, inputs).0, expected, "{inputs}");
    }
}

#[test]
fn without_platelets_the_saturated_item_is_gone() {
    let inputs = "platelets 20, d_dimer 9, pt 30, fibrinogen 60";
    assert_eq!(score("isth-dic-without-platelets", LABORATORY, inputs).0, "6");
}

#[test]
fn what_the_laboratory_has_not_stated_stays_open() {
    let (told, unstated) = score("isth-dic", "", "platelets 20, d_dimer 9, pt 30, fibrinogen 60");
    assert_eq!(told, "3..8");
    assert_eq!(unstated, ["the laboratory's D-dimer edges", "the laboratory's normal prothrombin time"]);
}
