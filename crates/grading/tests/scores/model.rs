use crate::common::{record, told};
use barograph_grading::scores::{Model, Options, Score, unshipped};
use barograph_record::Age;

const MODEL: &str = "id = \"example\"
version = \"1\"
title = \"An example\"
citation = \"None: invented for this test\"
provenance = \"invented for this test\"
verified = \"derived\"
population = \"nobody\"
intercept = -2.0

[[term]]
signal = \"crp\"
unit = \"mg/dL\"
transform = \"log10\"
coefficient = 2.0

[[term]]
signal = \"platelets\"
unit = \"10*9/L\"
transform = \"identity\"
valid = [25.0, 290.0]
coefficient = -0.01
";

fn score(text: &str, timeline: &str) -> barograph_grading::scores::Point {
    let model = Model::from_toml(text).unwrap();
    model.series(&record(Age::AtInfusion(6.0), timeline), &Options::shipped().unwrap()).pop().unwrap()
}

#[test]
fn a_users_model_is_computed_in_its_own_units() {
    // CRP 100 mg/L is 10 mg/dL: -2 + 2 * 1 - 0.01 * 100 = -1.
    let point = score(MODEL, "0 crp 100\n0 platelets 100");
    assert!(point.exact() && (point.floor - 1.0 / (1.0 + 1f64.exp())).abs() < 1e-12, "{point:?}");
}

#[test]
fn a_missing_input_opens_it_as_far_as_its_sign_allows() {
    let no_crp = score(MODEL, "0 platelets 100");
    assert_eq!((told(&no_crp).as_str(), no_crp.unstated.as_slice()), ("0..1", ["crp"].as_slice()));
    let no_platelets = score(MODEL, "0 crp 100");
    assert_eq!((no_platelets.floor, no_platelets.ceiling), (0.0, 0.5), "platelets can only lower it");
}

#[test]
fn outside_the_range_of_its_data_it_says_so() {
    assert_eq!(score(MODEL, "0 crp 100\n0 platelets 10").notes, ["outside-the-range-of-the-model"]);
}

#[test]
fn zeros_are_raised_where_the_model_says_so() {
    let raised = MODEL.replace("transform = \"log10\"", "transform = \"log10\"\nat_least = 0.01");
    let point = score(&raised, "0 crp 0\n0 platelets 100");
    assert!((point.floor - 1.0 / (1.0 + 7f64.exp())).abs() < 1e-12, "-2 - 4 - 1: {point:?}");
}

#[test]
fn invented_numbers_are_kept_out() {
    for (from, to, expected) in [
        ("provenance = \"invented for this test\"\n", "", "provenance"),
        ("provenance = \"invented for this test\"", "provenance = \" \"", "provenance"),
        ("unit = \"mg/dL\"", "unit = \"U/L\"", "different things"),
        ("unit = \"mg/dL\"\n", "", "unit"),
        ("\"crp\"", "\"crp2\"", "crp2"),
        ("\"example\"", "\"easix\"", "easix"),
        ("\"derived\"", "\"certain\"", "certain"),
        ("coefficient = 2.0", "coefficient = 0.0", "coefficient"),
        ("intercept = -2.0", "intercept = nan", "intercept"),
    ] {
        let error = Model::from_toml(&MODEL.replacen(from, to, 1)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn unread_models_are_listed_without_numbers() {
    let ids: Vec<&str> = unshipped().iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["teachey-2016", "eipm", "all-ht", "cytorisk", "luo-2024"]);
    assert!(ids.iter().all(|id| barograph_grading::scores::by_id(id).is_none()));
}
