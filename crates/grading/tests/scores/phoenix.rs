use crate::common::{last_at, told};

/// Nothing scores; only pupils stay open, and with them the ceiling by 2.
const WELL: &str = "oxygen_device room_air, spo2 97, lactate 1, mean_bp 80, platelets 200, inr 1, d_dimer 0.5, fibrinogen 300, gcs 15";

fn changed(years: f64, change: &str) -> (f64, f64) {
    let signals: Vec<&str> = change.split(", ").map(|c| c.split(' ').next().unwrap()).collect();
    let kept: Vec<&str> = WELL.split(", ").filter(|b| !signals.contains(&b.split(' ').next().unwrap())).chain([change]).collect();
    let point = last_at("phoenix", years, &kept.join(", "));
    (point.floor, point.ceiling)
}

#[test]
fn the_two_vignettes_of_its_supplement() {
    // A girl of 3 years: cuff 67/32, norepinephrine, platelets 95, coma score 14 make 3 points.
    let girl = last_at("phoenix", 3.0, "systolic_bp 67, diastolic_bp 32, norepinephrine 0.1, platelets 95, gcs 14");
    assert_eq!(girl.floor, 3.0);
    assert!(girl.ceiling > 3.0 && girl.unstated.contains(&"lactate"), "what the package takes for normal is named: {girl:?}");
    // A boy of 6 years on a ventilator: 2 respiratory, 2 coagulation, 1 neurologic.
    let boy = last_at(
        "phoenix",
        6.0,
        "oxygen_device invasive_ventilation, fio2 45, spo2 92, mean_bp 52, lactate 2.9, platelets 120, inr 1.7, d_dimer 4.4, fibrinogen 120, gcs 8",
    );
    assert_eq!((boy.floor, boy.unstated.as_slice()), (5.0, ["PaO2", "pupils"].as_slice()));
    assert_eq!(boy.ceiling, 7.0, "an arterial pressure may add 1, pupils 1");
}

#[test]
fn each_item_at_its_edges() {
    assert_eq!(changed(6.0, "inr 1"), (0.0, 2.0));
    for (change, floor) in [
        ("lactate 4.99", 0.0),
        ("lactate 5", 1.0),
        ("lactate 10.99", 1.0),
        ("lactate 11", 2.0),
        ("platelets 100", 0.0),
        ("platelets 99", 1.0),
        ("inr 1.3", 0.0),
        ("inr 1.31", 1.0),
        ("d_dimer 2", 0.0),
        ("d_dimer 2.1", 1.0),
        ("fibrinogen 100", 0.0),
        ("fibrinogen 99", 1.0),
        ("platelets 9, inr 3, d_dimer 9, fibrinogen 40", 2.0),
        ("gcs 11", 0.0),
        ("gcs 10", 1.0),
        ("milrinone 0.5", 1.0),
        ("milrinone 0.5, vasopressin 0.0003", 2.0),
        ("milrinone 0.5, vasopressin 0.0003, epinephrine 0.1", 2.0),
        ("phenylephrine 1", 0.0),
    ] {
        assert_eq!(changed(6.0, change).0, floor, "{change}");
    }
}

#[test]
fn mean_pressure_by_age_band() {
    for (years, one, two) in [(0.05, 31, 17), (0.5, 39, 25), (1.5, 44, 31), (3.0, 45, 32), (8.0, 49, 36), (15.0, 52, 38), (17.99, 52, 38)] {
        for (pressure, points) in [(one, 0.0), (one - 1, 1.0), (two, 1.0), (two - 1, 2.0)] {
            assert_eq!(changed(years, &format!("mean_bp {pressure}")).0, points, "{years} years, {pressure} mmHg");
        }
    }
}

#[test]
fn bands_change_on_the_birthday() {
    assert_eq!(changed(2.0 - 0.001, "mean_bp 44").0, 0.0);
    assert_eq!(changed(12.0 + 0.02, "mean_bp 51").0, 1.0);
    assert_eq!(changed(12.0 - 0.001, "mean_bp 51").0, 0.0);
}

#[test]
fn respiratory_points_need_support() {
    for (change, floor, ceiling) in [
        ("oxygen_device room_air, spo2 60", 0.0, 2.0),
        ("oxygen_device nasal_cannula, fio2 30, spo2 90", 0.0, 3.0),
        ("oxygen_device nasal_cannula, fio2 31, spo2 90", 1.0, 3.0),
        ("oxygen_device bipap, fio2 100, spo2 85", 1.0, 3.0),
        ("oxygen_device invasive_ventilation, fio2 50, spo2 97", 2.0, 5.0),
        ("oxygen_device invasive_ventilation, fio2 70, spo2 97", 3.0, 5.0),
        ("oxygen_device invasive_ventilation, fio2 70, spo2 98", 0.0, 5.0),
        ("oxygen_device ecmo, fio2 100, spo2 85", 1.0, 5.0),
        ("oxygen_device room_air, fio2 40, spo2 90", 1.0, 5.0),
    ] {
        assert_eq!(changed(6.0, change), (floor, ceiling), "{change}");
    }
}

#[test]
fn an_unknown_age_and_an_adult_leave_the_bands_open() {
    assert_eq!(changed(19.0, "mean_bp 80"), (0.0, 4.0));
    let patient = barograph_record::Patient::new("p");
    let record = crate::common::record_of(patient, "0 mean_bp 40");
    let point = crate::common::series("phoenix", &record).pop().unwrap();
    assert!(point.unstated.contains(&"age"), "{point:?}");
    let pressure = |mmhg: u8| {
        let record = crate::common::record_of(barograph_record::Patient::new("p"), &format!("0 mean_bp {mmhg}\n0 creatinine 0.1"));
        crate::common::series("pelod-2", &record).pop().unwrap()
    };
    assert!(pressure(60).unstated.contains(&"age"));
    assert!(!pressure(67).unstated.contains(&"age"), "a pressure that is normal at every age needs no age");
}

#[test]
fn phoenix_8_adds_four_organs() {
    let well = format!("{WELL}, anc 2, alc 2, creatinine 0.3, bilirubin 0.5, alt 20");
    assert_eq!(told(&last_at("phoenix-8", 6.0, &well)), "0..3", "pupils and glucose stay open");
    for (years, change, floor) in [
        (6.0, "anc 0.499", 1.0),
        (6.0, "alc 0.999", 1.0),
        (6.0, "anc 0.1, alc 0.1", 1.0),
        (6.0, "creatinine 0.69", 0.0),
        (6.0, "creatinine 0.7", 1.0),
        (0.05, "creatinine 0.79", 0.0),
        (0.05, "creatinine 0.8", 1.0),
        (0.5, "creatinine 0.3", 1.0),
        (1.5, "creatinine 0.4", 1.0),
        (4.0, "creatinine 0.59", 0.0),
        (4.0, "creatinine 0.6", 1.0),
        (16.0, "creatinine 0.99", 0.0),
        (16.0, "creatinine 1", 1.0),
        (6.0, "bilirubin 3.99", 0.0),
        (6.0, "bilirubin 4", 1.0),
        (6.0, "alt 102", 0.0),
        (6.0, "alt 103", 1.0),
    ] {
        let signals: Vec<&str> = change.split(", ").map(|c| c.split(' ').next().unwrap()).collect();
        let base = format!("{WELL}, anc 2, alc 2, creatinine 0.2, bilirubin 0.5, alt 20");
        let kept: Vec<&str> = base.split(", ").filter(|b| !signals.contains(&b.split(' ').next().unwrap())).chain([change]).collect();
        assert_eq!(last_at("phoenix-8", years, &kept.join(", ")).floor, floor, "{years} years, {change}");
    }
}
