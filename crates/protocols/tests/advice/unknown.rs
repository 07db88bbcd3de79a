//! Floor, ceiling and what to chart.

use barograph_grading::Policy;
use barograph_grading::companions::Options;
use barograph_protocols::doses::Rounding;
use barograph_protocols::engine::{Engine, differences};

use crate::common::{advice, charting, child, plan, rule, standing};

#[test]
fn only_the_ceiling_reaches_it_so_it_cannot_be_excluded() {
    let care = r#"{ care = "intensive-care" }"#;
    let floor = plan(&rule("r", "{ grade = { at_least = 3 } }", care, ""));
    let ceiling = plan(&rule("r", "{ grade = { at_least = 3 } }", care, "basis = \"ceiling\""));
    // Fever and pressure charted, oxygen never.
    let record = child("2.0 temperature 39\n2.0 systolic_bp 100\n");
    let said = advice(&record, &floor, 2.0);
    assert_eq!(standing(&said, "r"), "possible");
    assert_eq!(said.possible[0].chart, ["oxygen"]);
    assert_eq!(standing(&advice(&record, &ceiling, 2.0), "r"), "holds");
}

#[test]
fn a_grade_of_another_scale_is_not_taken_over() {
    let plan = plan(&rule("r", "{ grade = { at_least = 3 } }", r#"{ care = "intensive-care" }"#, ""));
    let record = child(&format!("{}2.2 reported_grade 3 lee-2014\n", charting(2.0, 2.5, 39.0, 100)));
    let said = advice(&record, &plan, 2.5);
    assert_eq!(standing(&said, "r"), "nothing");
    assert!(said.notes[0].contains("lee-2014") && said.notes[0].contains("not mapped"), "{:?}", said.notes);
}

#[test]
fn what_nobody_stated_cannot_be_excluded_unless_the_plan_says_so() {
    let with = |silence: &str, stated: &str| {
        let when = format!("{{ stated = {{ what = \"severe dyspnoea\", silence = \"{silence}\" }} }}");
        let plan = plan(&rule("r", &when, r#"{ care = "intensive-care" }"#, ""));
        let record = child(&format!("{}{stated}", charting(2.0, 2.5, 39.0, 100)));
        standing(&advice(&record, &plan, 2.5), "r")
    };
    assert_eq!([with("unknown", ""), with("no", "")], ["possible", "nothing"]);
    assert_eq!(with("unknown", "2.1 reported_grade 1 Severe dyspnoea\n"), "holds");
    assert_eq!(with("unknown", "2.1 reported_grade 0 severe dyspnoea\n"), "nothing");
}

#[test]
fn one_condition_away_is_told_with_the_hour_at_which_it_may_change() {
    let when = r#"{ grade = { at_least = 1 } }, { no_improvement = { after = "tocilizumab", hours = 8.0 } }"#;
    let plan = plan(&rule("r", when, r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#, ""));
    let record = child(&format!("{}2.25 tocilizumab 240\n", charting(2.0, 2.5, 39.0, 100)));
    let said = advice(&record, &plan, 2.5);
    assert_eq!(said.near().next().unwrap().missing, ["no improvement 8 h after the last dose of tocilizumab"]);
    let (when, why) = said.next_look.unwrap();
    assert!((when.days() - (2.25 + 8.0 / 24.0)).abs() < 1e-6, "{when} {why}");
}

#[test]
fn a_label_waits_for_the_product() {
    let population = "[population]\nproducts = [\"tisagenlecleucel\", \"Kymriah\"]\n";
    let plan = plan(&format!("{population}{}", rule("r", "{ grade = { at_least = 1 } }", r#"{ care = "ward" }"#, "")));
    let mut record = child(&charting(2.0, 2.5, 39.0, 100));
    let said = advice(&record, &plan, 2.5);
    assert_eq!((standing(&said, "r"), said.possible[0].chart.as_slice()), ("possible", &["the CAR-T product".to_owned()][..]));
    record.patient.product = Some("Tisagenlecleucel (Kymriah)".into());
    assert_eq!(standing(&advice(&record, &plan, 2.5), "r"), "holds");
    record.patient.product = Some("brexucabtagene autoleucel".into());
    assert_eq!(standing(&advice(&record, &plan, 2.5), "r"), "nothing");
}

#[test]
fn where_plans_differ_each_says_why() {
    let give = r#"{ give = { drug = "tocilizumab", dose = "tocilizumab-crs" } }"#;
    let with = |id: &str, rest: &str| {
        let mut plan = plan(rest);
        plan.id = id.to_owned();
        plan
    };
    let early = with("early", &rule("r", "{ grade = { at_least = 1 } }", give, ""));
    let strict = with("strict", &rule("r", "{ grade = { at_least = 3 } }, { fever = { present = true } }", give, ""));
    let never = with("never", &rule("r", "{ grade = { at_least = 1 } }", r#"{ care = "ward" }"#, ""));
    let adults = format!("[population]\ntext = \"adults\"\nfrom_years = 18.0\n{}", rule("r", "{ grade = { at_least = 1 } }", give, ""));
    let adults = with("adults", &adults);
    let record = child(&charting(2.0, 2.5, 39.0, 100));
    let (policy, options) = (Policy::default_1().unwrap(), Options::default_1().unwrap());
    let plans = [&adults, &never, &strict, &early];
    let mut engine = Engine::new(&record.patient, &policy, &options, Rounding::None, plans).unwrap();
    record.events.iter().for_each(|e| engine.push(e, &record.texts));
    let said = engine.at(record.events.last().unwrap().at);
    let found = differences(&said);
    assert_eq!(found.len(), 1);
    let told: Vec<String> = found[0].positions.iter().map(|p| format!("{}: {}", p.protocol, p.says)).collect();
    assert_eq!(
        told,
        [
            "early: due, 240 mg (r)",
            "strict: not due: asks for grade 3 or more (r)",
            "never: never gives it",
            "adults: is not for this patient: written for adults; the patient is 6 years old",
        ]
    );
}

#[test]
fn a_product_in_doubt_is_not_known_and_another_is_not_this_one() {
    let plan = plan(&format!(
        "[population]\nproducts = [\"tisagenlecleucel\", \"Kymriah\"]\n{}",
        rule("r", "{ grade = { at_least = 1 } }", r#"{ care = "ward" }"#, "")
    ));
    let mut record = child(&charting(2.0, 2.5, 39.0, 100));
    let mut with = |product: &str| {
        record.patient.product = Some(product.into());
        let advice = advice(&record, &plan, 2.5);
        (standing(&advice, "r"), advice.applies.text)
    };
    for product in ["KYMRIAH", "tisagenlecleucel (Kymriah) 500 mg", "Tisa-cel"] {
        assert_eq!(with(product).0, "holds", "{product}");
    }
    for product in ["", " Unknown ", "n/a", "?", "Kymriah?", "not Kymriah", "not Tecartus", "CAR-T", "CD19 CAR T cells", "unknown CAR-T"] {
        assert_eq!(with(product), ("possible", "the CAR-T product is not known".into()), "{product}");
    }
    // Two products in one field: neither label is applied in silence, and neither is excluded.
    for product in
        ["Kymriah or Tecartus", "Kymriah / Tecartus", "Kymriah, Tecartus", "Kymriah and Yescarta", "brexucabtagene, then tisa-cel"]
    {
        let (standing, text) = with(product);
        assert_eq!(standing, "possible", "{product}");
        assert!(text.contains("names several CAR-T products (tisagenlecleucel, "), "{product}: {text}");
    }
    for product in ["Tecartus", "CD22 CAR, trial", "Tecartus / Yescarta"] {
        assert_eq!(with(product).0, "nothing", "{product}");
    }
}
