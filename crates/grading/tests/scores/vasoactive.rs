use crate::common::{last, record_of, series, told};
use barograph_grading::scores::{Options, by_id};
use barograph_record::Patient;

#[test]
fn vis_weighs_each_drug_as_published() {
    for (drug, expected) in [
        ("dopamine 5", "5"),
        ("dobutamine 5", "5"),
        ("epinephrine 0.1", "10"),
        ("milrinone 0.5", "5"),
        ("norepinephrine 0.1", "10"),
        ("vasopressin 0.0005", "5"),
        ("vasopressin 0.5 mU/kg/min", "5"),
        ("vasopressin 0.01 U/min", "5"),
        ("norepinephrine 0.1, epinephrine 0.05, milrinone 0.5", "20"),
    ] {
        assert_eq!(told(&last("vis", drug)), expected, "{drug}");
    }
}

#[test]
fn phenylephrine_is_outside_the_original_score() {
    let point = last("vis", "norepinephrine 0.1, phenylephrine 1");
    assert_eq!((told(&point).as_str(), point.notes.as_slice()), ("10", ["vasoactive-outside-the-formula"].as_slice()));
}

#[test]
fn equivalents_differ_by_name() {
    // 20 kg: vasopressin 0.001 U/kg/min is 0.02 U/min.
    let drugs = "norepinephrine 0.1, dopamine 10, phenylephrine 1, vasopressin 0.001";
    assert_eq!(told(&last("ne-goradia-2021", drugs)), "0.35");
    assert_eq!(told(&last("ne-kotani-2023", drugs)), "0.31");
    assert_eq!(told(&last("ne-vasst-2008", drugs)), "9", "2 + 5 + 2 ug/min");
}

#[test]
fn without_a_weight_what_is_per_patient_is_open() {
    let record = record_of(Patient::new("p"), "0 norepinephrine 0.1\n0 vasopressin 0.001");
    let goradia = series("ne-goradia-2021", &record).pop().unwrap();
    assert_eq!((told(&goradia).as_str(), goradia.unstated.as_slice()), ("0.1..inf", ["weight"].as_slice()));
    assert_eq!(told(&series("vis", &record).pop().unwrap()), "20");
    let stopped = record_of(Patient::new("p"), "0 vasopressin 0.001\n1 vasopressin 0");
    assert_eq!(told(&series("ne-goradia-2021", &stopped).pop().unwrap()), "0", "nothing runs, so no weight is needed");
}

#[test]
fn a_running_drug_without_a_rate_opens_the_ceiling() {
    let point = last("vis", "norepinephrine 0.1, epinephrine running");
    assert_eq!((told(&point).as_str(), point.unstated.as_slice()), ("10..inf", ["infusion rate"].as_slice()));
}

#[test]
fn unlisted_drugs_are_as_the_options_say() {
    let record = record_of(Patient::new("p"), "0 norepinephrine 0.1");
    let strict = Options::from_toml("unlisted_vasoactives = \"unknown\"").unwrap();
    let point = by_id("vis").unwrap().series(&record, &strict).pop().unwrap();
    assert_eq!(told(&point), "10..inf");
    assert!(point.unstated.contains(&"epinephrine") && !point.unstated.contains(&"norepinephrine"), "{point:?}");
}
