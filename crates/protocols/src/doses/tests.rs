//! Doses against hand arithmetic.

use super::*;
use crate::library;
use barograph_grading::Policy;
use barograph_record::{Instant, Patient};

fn settings(rounding: Rounding) -> Settings {
    Settings::new(&Policy::default_1().unwrap(), rounding)
}

fn body(kg: f64, cm: Option<f64>) -> Body {
    Body::of(&Patient { weight_kg: Some(kg), height_cm: cm, ..Patient::new("child") })
}

/// A child of that age whose weight nobody will doubt.
fn aged(years: f64, kg: f64) -> Body {
    Body { years: Some(years), ..body(kg, None) }
}

fn dose(id: &str, body: &Body, day: f64, rounding: Rounding) -> Result<Dose, DoseRefused> {
    let at = Instant::from_days(day).unwrap();
    library::dose(id).unwrap().compute(body, at, &settings(rounding))
}

fn tocilizumab(kg: f64) -> f64 {
    dose("tocilizumab-crs", &body(kg, None), 1.0, Rounding::None).unwrap().amount.high
}

#[test]
fn tocilizumab_drops_at_thirty_kilograms() {
    assert!((tocilizumab(12.0) - 144.0).abs() < 1e-9);
    assert!((tocilizumab(29.9) - 358.8).abs() < 1e-9);
    assert!((tocilizumab(30.0) - 240.0).abs() < 1e-9);
    assert!((tocilizumab(62.0) - 496.0).abs() < 1e-9);
    assert!((tocilizumab(100.0) - 800.0).abs() < 1e-9);
    assert!((tocilizumab(130.0) - 800.0).abs() < 1e-9);
}

#[test]
fn the_arithmetic_is_shown_with_both_sides_of_the_drop() {
    let near = dose("tocilizumab-crs", &aged(9.0, 29.9), 1.0, Rounding::None).unwrap();
    assert_eq!(
        near.arithmetic,
        ["12 mg/kg (below 30 kg) x 29.9 kg (stated with the patient, taken as of infusion) = 358.8 mg", "at most 800 mg: not exceeded"]
    );
    assert_eq!(near.remarks, ["the rule changes at 30 kg: 29.9 kg gives 358.8 mg, 30 kg gives 240 mg"]);
    let far = dose("tocilizumab-crs", &aged(2.0, 12.0), 1.0, Rounding::None).unwrap();
    assert!(far.remarks.is_empty());
    let heavy = dose("tocilizumab-crs", &body(110.0, None), 1.0, Rounding::None).unwrap();
    assert_eq!(heavy.arithmetic.last().unwrap(), "880 mg exceeds the maximum: 800 mg");
}

#[test]
fn a_dose_by_weight_needs_a_recent_weight() {
    let none = Body::of(&Patient::new("unweighed"));
    assert_eq!(dose("tocilizumab-crs", &none, 1.0, Rounding::None), Err(DoseRefused::NoWeight));
    assert!(dose("tocilizumab-crs", &body(20.0, None), 7.0, Rounding::None).is_ok());
    let old = dose("tocilizumab-crs", &body(20.0, None), 7.01, Rounding::None).unwrap_err();
    assert!(matches!(old, DoseRefused::OldWeight { .. }), "{old}");
    // A flat dose does not ask.
    let adult = Body { years: Some(24.0), ..none };
    assert!(dose("dexamethasone-10mg", &adult, 1.0, Rounding::None).is_ok());
}

#[test]
fn a_dose_for_adults_is_not_given_out_for_a_child() {
    let flat_for_adults =
        ["dexamethasone-10mg", "methylprednisolone-500mg", "methylprednisolone-1000mg", "fluid-bolus-adult", "anakinra-adult"];
    for id in flat_for_adults {
        let of = |years: Option<f64>| dose(id, &Body { years, ..body(12.0, None) }, 1.0, Rounding::None);
        assert_eq!(of(Some(17.99)), Err(DoseRefused::NoBand), "{id}");
        assert_eq!(of(None), Err(DoseRefused::NoAge), "{id}");
        assert!(of(Some(18.0)).is_ok(), "{id}");
    }
}

#[test]
fn a_dose_of_a_day_says_so() {
    let day = dose("anakinra-child-day", &body(12.0, None), 1.0, Rounding::None).unwrap();
    assert_eq!(day.shown(), "24 to 120 mg a day, in divided doses");
}

#[test]
fn doses_round_to_what_can_be_drawn_up() {
    let measurable = dose("tocilizumab-crs", &body(12.3, None), 1.0, Rounding::Measurable).unwrap();
    // 147.6 mg are 7.38 mL of 20 mg/mL, so 7.4 mL.
    assert!((measurable.amount.high - 148.0).abs() < 1e-9);
    // 156 mg are nearly two vials of 80 mg.
    let vial = dose("tocilizumab-crs", &body(13.0, None), 1.0, Rounding::Vial).unwrap();
    assert!((vial.amount.high - 160.0).abs() < 1e-9, "{:?}", vial.arithmetic);
    let heavy = dose("tocilizumab-crs", &body(99.0, None), 1.0, Rounding::Vial).unwrap();
    assert!((heavy.amount.high - 800.0).abs() < 1e-9, "{:?}", heavy.arithmetic);
}

#[test]
fn a_range_keeps_both_ends_and_the_maximum_binds_each() {
    let child = dose("acetaminophen-fever", &body(12.0, None), 1.0, Rounding::None).unwrap();
    assert_eq!(child.shown(), "120 to 180 mg");
    let adult = dose("acetaminophen-fever", &body(80.0, None), 1.0, Rounding::None).unwrap();
    assert_eq!(adult.shown(), "800 to 1000 mg");
}

#[test]
fn body_surface_is_mostellers() {
    // 100 cm and 36 kg make exactly 1 m2.
    assert!((mosteller(36.0, 100.0) - 1.0).abs() < 1e-12);
    let rule = DoseRule {
        id: "x".into(),
        title: "x".into(),
        route: String::new(),
        unit: None,
        per_day: false,
        band: vec![toml::Spanned::new(0..0, Band { per_m2: Some(Amount::exactly(60.0)), ..Band::default() })],
        max: None,
        max_in_24_hours: None,
        max_per_kg_in_24_hours: None,
        citation: String::new(),
        verified: crate::language::Verified::Assumed,
        note: String::new(),
    };
    let at = Instant::from_days(1.0).unwrap();
    let given = rule.compute("mg", None, &body(36.0, Some(100.0)), at, &settings(Rounding::None)).unwrap();
    assert!((given.amount.high - 60.0).abs() < 1e-9);
    let short = rule.compute("mg", None, &body(36.0, None), at, &settings(Rounding::None));
    assert!(matches!(short, Err(DoseRefused::NoHeight(_))));
}

#[test]
fn a_weight_that_is_not_likely_at_that_age_is_told_beside_the_dose() {
    let told = |years: f64, kg: f64| {
        let body = Body { years: Some(years), ..body(kg, None) };
        let dose = dose("tocilizumab-crs", &body, 1.0, Rounding::None).unwrap();
        assert_eq!(dose.unlikely_weight, dose.remarks.iter().any(|r| r.contains("not a likely weight")));
        dose.unlikely_weight
    };
    // Pounds for kilograms, grams for kilograms by a digit, and a grown man's weight for a child's.
    assert!(told(6.0, 44.0) && told(1.0, 22.0) && told(6.0, 4.0) && told(0.1, 30.0) && told(40.0, 20.0));
    // Small, usual, and heavy for their age.
    for (years, kg) in
        [(0.0, 3.4), (1.0, 9.6), (6.0, 14.0), (6.0, 20.0), (6.0, 38.0), (10.0, 60.0), (15.0, 110.0), (17.0, 140.0), (40.0, 180.0)]
    {
        assert!(!told(years, kg), "{years} years, {kg} kg");
    }
    // Without an age it cannot be checked, and that is said.
    let unchecked = dose("tocilizumab-crs", &body(44.0, None), 1.0, Rounding::None).unwrap();
    assert!(!unchecked.unlikely_weight && unchecked.remarks.iter().any(|r| r.contains("could not be checked")), "{:?}", unchecked.remarks);
}

/// The band that the policy assumes holds every usual child: 3rd and 97th percentile of weight of boys at 2, 4, 6, 8 and 10 years (24, 48.5, 72.5,
/// 96.5 and 120.5 months), CDC 2000 growth charts: Kuczmarski 2002, Vital Health Stat 11(246), data file wtage, read in a reproduction.
#[test]
fn the_likely_weights_hold_the_growth_charts_and_no_twice_of_them() {
    let settings = settings(Rounding::None);
    for (years, third, median, highest) in [
        (2.0, 10.38, 12.67, 15.60),
        (4.04, 13.29, 16.32, 21.01),
        (6.04, 16.50, 20.78, 28.27),
        (8.04, 20.11, 25.75, 37.42),
        (10.04, 24.19, 32.09, 49.42),
    ] {
        for (kg, likely) in
            [(third, true), (median, true), (highest, true), (highest * 1.25, true), (third * 0.7, true), (median * 2.2046, false)]
        {
            assert_eq!(settings.is_likely(kg, Some(years)), Some(likely), "{years} years, {kg} kg");
        }
    }
}

#[test]
fn vials_that_do_not_come_near_the_dose_round_nothing() {
    // 96 mg for 8 kg: one vial of 80 mg would be a sixth too little.
    let small = dose("tocilizumab-crs", &body(8.0, None), 1.0, Rounding::Vial).unwrap();
    assert_eq!(small.amount, Amount::exactly(96.0));
    assert!(
        small.arithmetic.last().unwrap().contains("not rounded to whole vials: 80 mg is the nearest, -16.7 %"),
        "{:?}",
        small.arithmetic
    );
}
