//! The HTML page: whole, closed to the network and to hostile text, and with every count out of how many.

use super::children::{self, at};
use barograph_grading::Graded;
use barograph_grading::scores::{Options, by_id};
use barograph_record::{Comparator, Files, Instant, Ledger, Observation, Patient, RawTime, RawValue, Record, RecordBuilder, Signal};
use barograph_report::{HtmlReport, Meta, PatientView, ScaleMeta, ScoreSeries};
use serde_json::Value;

fn page(views: &[PatientView<'_>], ledger: Option<&Ledger>) -> String {
    let scales = vec![ScaleMeta { id: "astct-2019".into(), citation: "Lee et al. 2019".into() }];
    let meta = Meta { title: "A <b>cohort</b>".into(), version: "0.1.0".into(), scales, ..Meta::default() };
    let mut report = HtmlReport::new(meta);
    for view in views {
        report.add(view).unwrap();
    }
    if let Some(ledger) = ledger {
        report.ledger(ledger);
    }
    let mut out = Vec::new();
    report.write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn sample() -> String {
    let mut ledger = Ledger::counting();
    let children = children::all(&mut ledger);
    let views: Vec<_> = children
        .iter()
        .map(|c| PatientView {
            thresholds: &c.thresholds,
            title: Some(c.title),
            story: Some(c.story),
            ..PatientView::new(&c.record, &c.graded)
        })
        .collect();
    page(&views, Some(&ledger))
}

/// The data block, as a browser would cut it out: up to the first end of a script.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/json\" id=\"data\">").unwrap();
    serde_json::from_str(rest.split_once("</script").unwrap().0).unwrap()
}

fn record(rows: impl IntoIterator<Item = (Signal, f64, f64)>) -> Record {
    let files: Files = ["events.csv".into()].into();
    let mut builder = RecordBuilder::new(Patient::new("long"));
    let mut ledger = Ledger::counting();
    for (signal, day, value) in rows {
        let row = Observation::new(RawTime::Day(at(day)), signal, RawValue::Number(value, Comparator::Exact));
        builder.push(&row, &files, &mut ledger);
    }
    builder.finish(&files, &mut ledger)
}

#[test]
fn scores_come_as_steps_with_what_is_missing() {
    let record = record([(Signal::Ldh, 0.0, 400.0), (Signal::Platelets, 0.5, 100.0), (Signal::Platelets, 0.75, 50.0)]);
    let scores: Vec<_> = ["s-easix", "kdigo"]
        .map(|id| by_id(id).unwrap())
        .map(|score| ScoreSeries::new(score, score.series(&record, &Options::shipped().unwrap())))
        .into();
    let data = data(&page(&[PatientView { scores: &scores, ..PatientView::new(&record, &[]) }], None));
    let patient = &data["patients"][0];
    let shown = patient["scores"].as_array().unwrap();
    assert_eq!(shown.len(), 1, "a score without a value is not shown: {shown:?}");
    let place = patient["unstated"].as_array().unwrap().iter().position(|u| u == "platelets").unwrap();
    let steps = shown[0]["steps"].as_array().unwrap();
    assert_eq!((&shown[0]["id"], &steps[0]), (&"s-easix".into(), &serde_json::json!([0.0, 0.0, null, [place]])));
    assert!(steps.contains(&serde_json::json!([0.5, 4.0, 4.0, []])) && steps.contains(&serde_json::json!([0.75, 8.0, 8.0, []])));
}

#[test]
fn nothing_is_fetched() {
    let page = sample().to_lowercase();
    for reach in [
        "src=\"http",
        "href=\"http",
        "src=\"//",
        "href=\"//",
        "url(http",
        "url(\"http",
        "url(//",
        "@import",
        "<link",
        "<iframe",
        "fetch(",
        "xmlhttprequest",
        "websocket(",
    ] {
        assert!(!page.contains(reach), "the page reaches out by {reach}");
    }
    assert!(page.contains("default-src 'none'"));
}

#[test]
fn hostile_text_stays_text() {
    let page = sample();
    assert!(page.contains("<h1>A &lt;b&gt;cohort&lt;/b&gt;</h1>"));
    assert!(page.contains("p2 &lt;/script&gt;&lt;b&gt;&amp;"));
    assert!(!page.contains("p2 </script>"));
    let hostile = "</script><script>alert(1)</script><!--";
    let mut ledger = Ledger::counting();
    let child = children::all(&mut ledger).remove(0);
    let view = PatientView { title: Some(hostile), story: Some(hostile), ..PatientView::new(&child.record, &child.graded) };
    let page = self::page(&[view], None);
    assert!(!page.contains("alert(1)</script>") && !page.contains("<!--"));
    assert_eq!(data(&page)["patients"][0]["story"], hostile);
    let opened = page.matches("<script").count();
    assert_eq!((opened, page.matches("</script>").count()), (9, 9));
}

#[test]
fn every_step_and_its_evidence_reach_the_page() {
    let data = data(&sample());
    let patient = &data["patients"][0];
    let steps = patient["scales"][0]["episodes"][0]["steps"].as_array().unwrap();
    let bounds: Vec<_> = steps.iter().map(|s| (s[2].as_u64().unwrap(), s[3].as_u64().unwrap())).collect();
    assert_eq!(bounds, [(1, 2), (2, 2), (3, 3), (2, 2), (0, 0)]);
    let causes: Vec<_> = steps[2][4].as_array().unwrap().iter().map(|i| &patient["causes"][i.as_u64().unwrap() as usize][0]).collect();
    assert_eq!(
        causes,
        [
            "fever 40 Cel at day 4.00",
            "one vasopressor: norepinephrine 0.05 ug/kg/min at day 4.00",
            "high-flow oxygen: oxygen device high flow nasal cannula at day 4.00"
        ]
    );
    let unstated = steps[0][5][0].as_u64().unwrap() as usize;
    assert_eq!(patient["unstated"][unstated], "oxygen");
    let drawn: Vec<_> = patient["lines"].as_array().unwrap().iter().map(|l| l["signal"].as_str().unwrap()).collect();
    assert_eq!(drawn, ["temperature", "systolic_bp", "spo2", "crp", "ferritin", "il6"]);
    assert_eq!(patient["undrawn"], serde_json::json!([["heart rate", 29]]));
}

#[test]
fn oxygen_steps_tell_flow_and_fraction() {
    let device = &data(&sample())["patients"][0]["device"];
    assert_eq!(device["names"], serde_json::json!(["room air", "nasal cannula", "high-flow"]));
    assert_eq!(device["v"], serde_json::json!([0, 1, 2, 1, 0]));
    assert_eq!(device["text"], serde_json::json!(["", "2 L/min", "15 L/min, FiO2 45 %", "1 L/min", ""]));
    let unstated = &data(&sample())["patients"][1]["device"];
    assert_eq!(unstated["names"], serde_json::json!(["device not stated"]), "a flow without a device is not room air");
}

#[test]
fn a_device_that_cannot_be_read_is_told_as_it_was_charted() {
    let files: Files = ["events.csv".into()].into();
    let mut builder = RecordBuilder::new(Patient::new("p"));
    for (day, device) in [(0.0, "room_air"), (1.0, "support-x"), (2.0, "cpap")] {
        let row = Observation::new(RawTime::Day(at(day)), Signal::OxygenDevice, RawValue::Text(device));
        builder.push(&row, &files, &mut Ledger::counting());
    }
    let record = builder.finish(&files, &mut Ledger::counting());
    let device = &data(&page(&[PatientView::new(&record, &[])], None))["patients"][0]["device"];
    assert_eq!(device["names"], serde_json::json!(["device not readable: 'support-x'", "room air", "CPAP"]));
    assert_eq!(device["v"], serde_json::json!([1, 0, 2]));
}

#[test]
fn a_rate_that_is_not_stated_is_no_number() {
    let rates = &data(&sample())["patients"][1]["rates"][0];
    assert_eq!(rates["v"], serde_json::json!([null, 0.0]));
    assert_eq!(rates["q"]["0"], "rate not stated");
}

#[test]
fn counts_have_denominators() {
    let page = sample();
    for told in [
        "3 patients",
        "<th scope=\"row\">any grade</th><td>2/3 (67 %)</td><td>2/3 (67 %)</td>",
        "<th scope=\"row\">grade 3 or more</th><td>2/3 (67 %)</td><td>2/3 (67 %)</td>",
        "day 1.88 [1.00–2.75]; 2/3 (67 %) with an episode",
        "1/3 (33 %); not charted: oxygen device 1/1, temperature 1/1, vasopressors 1/1",
        "<dt>More than one episode</dt><dd>1/3 (33 %)</dd>",
        "1 ledger entry (unread 1)",
    ] {
        assert!(page.contains(told), "the page does not say: {told}");
    }
}

#[test]
#[ignore = "needs node"]
fn the_pure_functions_of_the_page_pass_their_tests() {
    let tests = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/js/model.test.cjs");
    let run = std::process::Command::new("node").args(["--test", tests]).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}

#[test]
fn long_series_are_thinned_and_say_so() {
    let rows = (0..12_000_u32).map(|i| (Signal::Temperature, f64::from(i) / 1440.0, 37.0 + f64::from(i % 5) / 10.0));
    let record = record(rows);
    let line = data(&page(&[PatientView::new(&record, &[])], None))["patients"][0]["lines"][0].clone();
    assert_eq!(line["of"], 12_000);
    assert!(line["t"].as_array().unwrap().len() <= 5_000);
}

#[test]
fn the_first_view_is_the_first_month_with_the_infusion() {
    let views = |days: &[f64]| {
        let record = record(days.iter().map(|d| (Signal::Temperature, *d, 37.0)));
        let patient = data(&page(&[PatientView::new(&record, &[])], None))["patients"][0].clone();
        (patient["range"].clone(), patient["view"].clone())
    };
    let json = |a: f64, b: f64| serde_json::json!([a, b]);
    assert_eq!(views(&[-30.0, 1.0, 12.0, 90.0]), (json(-30.0, 90.0), json(0.0, 12.0)));
    assert_eq!(views(&[100.0]), (json(0.0, 100.0), json(0.0, 100.0)));
}

#[test]
fn an_empty_cohort_and_an_empty_record_make_a_page() {
    let record = record([]);
    let none: [Graded; 0] = [];
    let view = PatientView { thresholds: &[(Instant::INFUSION, f64::NAN)], ..PatientView::new(&record, &none) };
    assert_eq!(data(&page(&[view], None))["patients"][0]["range"], serde_json::json!([0.0, 1.0]));
    assert!(page(&[], None).contains("the ledger was not given"));
}
