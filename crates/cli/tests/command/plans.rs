//! Advice, adherence and plans of one's own, as a person or a script meets them.

use crate::{HERE, fails, folder, run, vignettes, written};

#[test]
fn what_advice_assumes_is_told_listed_and_may_be_set_otherwise() {
    let input = format!("{HERE}/../../vignettes");
    let of = |more: &[&str]| {
        let common = ["advise", &input, "--patient", "classic-severe", "--at", "4.5", "--protocol", "asco-2021"];
        run(&[&common, more].concat()).1
    };
    assert!(of(&[]).contains("Policy default-1; assumed by this project, where no source speaks: current_fever_hours = 6, "));
    let ours = written(&folder("assumed"), "ours.toml", "name = \"ours\"\nmost_vial_change = 0.05\n");
    assert!(of(&["--policy", &ours]).contains("Policy ours; ") && of(&["--policy", &ours]).contains("most_vial_change = 0.05"));
    let json: serde_json::Value = serde_json::from_str(of(&["--format", "json", "--policy", &ours]).lines().next().unwrap()).unwrap();
    assert_eq!((json["policy"].as_str(), json["assumed"]["most_vial_change"].as_f64()), (Some("ours"), Some(0.05)));
    let (_, policies, _) = run(&["list", "policies"]);
    for key in json["assumed"].as_object().unwrap().keys() {
        let entry = policies.split("\n\n").find(|entry| entry.contains(&format!(" {key} = "))).unwrap();
        assert!(entry.ends_with("(verified: assumed)"), "{entry}");
    }
    let (_, doses, _) = run(&["list", "doses"]);
    assert!(doses.contains("vials of 80, 200, 400 mg, 20 mg/mL") && doses.contains("dexamethasone 0.75 mg = methylprednisolone 4 mg"));
}

#[test]
fn advice_names_rule_dose_arithmetic_and_source() {
    let vignettes = format!("{HERE}/../../vignettes");
    let (status, out, _) = run(&["advise", &vignettes, "--patient", "classic-severe", "--at", "4.5", "--protocol", "asco-2021"]);
    assert_eq!(status, 0);
    for part in [
        "asco-2021 (guideline, astct-2019 grade 3)",
        "outside its population: written for adults",
        "tocilizumab 288 mg",
        "12 mg/kg (below 30 kg) x 24 kg",
        "because: fever",
        "classic-severe.md:",
        "RECALLED: CHECK AGAINST THE SOURCE",
    ] {
        assert!(out.contains(part), "{part:?} is not in {out}");
    }
    // Before the fever nothing is due.
    let (_, before, _) = run(&["advise", &vignettes, "--patient", "classic-severe", "--at", "1", "--protocol", "asco-2021"]);
    assert!(before.contains("nothing is due") && !before.contains("OVERDUE"), "{before}");
}

#[test]
fn advice_as_json_is_one_object_a_patient_and_plan() {
    let vignettes = format!("{HERE}/../../vignettes");
    let (status, out, _) = run(&["advise", &vignettes, "--protocol", "asco-2021", "--format", "json"]);
    assert_eq!(status, 0);
    let mut patients = std::collections::BTreeSet::new();
    for line in out.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(object["protocol"], "asco-2021");
        assert!(object["grade"]["floor"].as_u64() <= object["grade"]["ceiling"].as_u64());
        assert!(patients.insert(object["patient"].to_string()), "{line}");
    }
    assert!(patients.len() > 60);
}

#[test]
fn a_broken_plan_is_refused_with_line_reason_and_suggestion() {
    let sound = format!("{HERE}/../../knowledge/protocols/asco-2021.toml");
    let (status, out, _) = run(&["protocol", "check", &sound]);
    assert!(status == 0 && out.contains("asco-2021 is sound"), "{out}");
    let text = std::fs::read_to_string(&sound).unwrap();
    let broken = folder("plans").join("broken.toml");
    std::fs::write(&broken, text.replacen("{ grade = { at_least = 2 } }", "{ grade = { at_least = 7 } }", 1)).unwrap();
    let broken = broken.to_str().unwrap();
    let (status, out, message) = run(&["protocol", "check", &sound, broken]);
    assert_eq!(status, 2);
    assert!(out.contains("there is no grade 7; grades run from 0 to 5") && out.contains(": refused"), "{out}");
    assert!(out.contains("line ") && message.contains("1 of 2 files"), "{out}{message}");
    // What cannot be read is a refused file, not the end of the others.
    let latin = folder("latin").join("latin.toml");
    std::fs::write(&latin, b"title = \"Gr\xfc\xdfe\"").unwrap();
    let (status, out, message) = run(&["protocol", "check", latin.to_str().unwrap(), &sound]);
    assert_eq!(status, 3);
    assert!(
        out.contains("latin.toml: refused: cannot read the plan") && out.contains("asco-2021 is sound") && !message.contains("--policy"),
        "{out}{message}"
    );
    // A plan of one's own under a shipped id would make two answers look like one plan's.
    fails(&["advise", &format!("{HERE}/../../vignettes"), "--protocol-file", &sound], 2, &["another plan has the id \"asco-2021\""]);
    // A broken plan does not advise, and a missing one is told from a mistyped one.
    fails(&["advise", &format!("{HERE}/../../vignettes"), "--protocol-file", broken], 2, &["the plan is refused", "there is no grade 7"]);
    fails(&["advise", &format!("{HERE}/../../vignettes"), "--protocol", "asco-2012"], 2, &["did you mean \"asco-2021\"?"]);
}

#[test]
fn adherence_counts_out_of_how_many() {
    let vignettes = format!("{HERE}/../../vignettes");
    let (status, out, _) = run(&["cohort", "adherence", &vignettes, "--protocol", "asco-2021", "--format", "json"]);
    assert_eq!(status, 0);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    for rule in report["plans"][0]["rules"].as_array().unwrap() {
        let n = |key: &str| rule[key].as_u64().unwrap();
        let outcomes = ["given_in_time", "given_late", "overdue_not_given", "lapsed", "open_at_end"];
        assert_eq!(n("asked"), outcomes.iter().map(|key| n(key)).sum::<u64>(), "{rule}");
        assert!(n("patients") <= report["patients"].as_u64().unwrap() && n("patients") <= n("asked"), "{rule}");
    }
}

#[test]
fn adherence_compares_amounts_joins_vials_and_blames_nobody_for_an_option() {
    let data = folder("amounts");
    written(&data, "patients.csv", "patient,age_years,weight_kg\nhalf,12,40\nvials,12,40\nunstated,12,40\npounds,6,44\n");
    // A cannula makes grade 2, and 8 mg/kg due: 320 mg for 40 kg.
    let ill = |id: &str, doses: &[(&str, &str)]| {
        let sick = "temperature,39,Cel;oxygen_device,nasal_cannula,;oxygen_flow,2,L/min;systolic_bp,110,".split(';');
        let rows: String = sick.map(|row| format!("{id},2.0,{row}\n")).collect();
        rows + &doses.iter().map(|(day, mg)| format!("{id},{day},tocilizumab,{mg},\n")).collect::<String>()
    };
    let doses: [(&str, &[(&str, &str)]); 4] = [
        ("half", &[("2.02", "160")]),
        ("vials", &[("2.02", "200"), ("2.02", "120")]),
        ("unstated", &[("2.02", "given")]),
        ("pounds", &[("2.02", "240")]),
    ];
    let rows: String = doses.iter().map(|(id, doses)| ill(id, doses)).collect();
    written(&data, "events.csv", &format!("patient,time,signal,value,unit\n{rows}"));
    let input = data.to_str().unwrap();
    let (status, csv, _) = run(&["cohort", "adherence", input, "--protocol", "asco-2021", "--format", "csv"]);
    assert_eq!((status, csv.lines().next()), (0, Some("patient,protocol,rule,strength,what,day,outcome,hours,amount")));
    for line in [
        "half,asco-2021,grade-2-tocilizumab,recommended,tocilizumab,2.0000,given in time,0.48,50 % of the dose due",
        "vials,asco-2021,grade-2-tocilizumab,recommended,tocilizumab,2.0000,given in time,0.48,as much as was due",
        "unstated,asco-2021,grade-2-tocilizumab,recommended,tocilizumab,2.0000,given in time,0.48,amount not recorded",
        "pounds,asco-2021,grade-2-tocilizumab,recommended,tocilizumab,2.0000,given in time,0.48,\"amount not compared: the weight is not likely at that age, or leaps\"",
    ] {
        assert!(csv.lines().any(|l| l == line), "{line} is not in\n{csv}");
    }
    let (_, text, _) = run(&["cohort", "adherence", input, "--protocol", "asco-2021"]);
    assert!(text.contains("amounts: 1 as due, 1 less than due, 1 not recorded, 1 not compared"), "{text}");
    // Two vials are one dose.
    assert!(text.contains("tocilizumab: 4 doses in 4 patients") && text.contains("1 doses by a weight that is not likely"), "{text}");
    let (_, json, _) = run(&["cohort", "adherence", input, "--protocol", "aucatzyl-uspi-2024,sitc-2020,ebmt-eha-2022", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&json).unwrap();
    for option in report["plans"].as_array().unwrap().iter().flat_map(|plan| plan["options"].as_array().unwrap()) {
        let n = |key: &str| option[key].as_u64().unwrap();
        assert_eq!(
            (option["strength"].as_str(), n("offered")),
            (Some("consider"), n("taken") + n("not_taken") + n("open_at_end")),
            "{option}"
        );
    }
    // What is to be considered is an option, and nowhere overdue.
    let protocols = format!("{HERE}/../../vignettes/protocols");
    let (_, advice, _) = run(&["advise", &protocols, "--patient", "fever-three-days", "--at", "5.5", "--protocol", "ebmt-eha-2022"]);
    assert!(advice.contains("OPTION    tocilizumab 496 mg (consider)") && advice.contains("not taking it is no omission"), "{advice}");
    let (_, text, _) = run(&["cohort", "adherence", &protocols, "--protocol", "ebmt-eha-2022"]);
    assert!(text.contains("to consider, and no omission where it is not taken"), "{text}");
}

#[test]
fn a_dose_by_an_unlikely_weight_is_doubted_in_every_shape() {
    let data = folder("pounds");
    written(&data, "patients.csv", "patient,age_years,weight_kg\np,6,44\n");
    let rows = "temperature,39;oxygen_device,nasal_cannula;oxygen_flow,2;systolic_bp,110".split(';').map(|row| format!("p,2.0,{row}\n"));
    written(&data, "events.csv", &format!("patient,time,signal,value\n{}", rows.collect::<String>()));
    let of = |more: &[&str]| run(&[&["advise", data.to_str().unwrap(), "--protocol", "asco-2021,sitc-2020"], more].concat()).1;
    for (shape, says) in [
        (&[][..], "(unlikely weight: weigh again)"),
        (&["--patient", "p"], "CAUTION: 44 kg is not a likely weight at 6 years (10 to 41 kg, assumed): weigh again"),
        (&["--format", "json"], "\"unlikely_weight\":true"),
    ] {
        assert!(of(shape).contains(says), "{says:?} is not in {}", of(shape));
    }
}

#[test]
fn the_page_marks_what_plans_made_due() {
    let page = folder("advised").join("report.html");
    let (status, _, _) = run(&["report", &vignettes(), "--protocol", "asco-2021", "--out", page.to_str().unwrap()]);
    assert_eq!(status, 0);
    let text = std::fs::read_to_string(&page).unwrap();
    assert!(text.contains(r#""row":"asco-2021","text":"tocilizumab: due: "#), "no mark of advice");
    // What is to be considered is marked as an option, and a dose with its share of what was due.
    let protocols = format!("{}/protocols", vignettes());
    run(&["report", &protocols, "--protocol", "ebmt-eha-2022,asco-2021", "--out", page.to_str().unwrap()]);
    let text = std::fs::read_to_string(&page).unwrap();
    for mark in
        ["tocilizumab: an option: Fever for about 3 days", "(50 % of the dose due): ", "(amount not recorded): ", "can no longer be told: "]
    {
        assert!(text.contains(mark), "no mark of {mark:?}");
    }
    let (_, _, _) = run(&["report", &vignettes(), "--out", page.to_str().unwrap()]);
    assert!(!std::fs::read_to_string(&page).unwrap().contains(r#""row":"asco-2021""#));
}

#[test]
fn an_empty_name_of_a_plan_is_a_slip() {
    for protocol in ["", " ", "asco-2021,", ",asco-2021"] {
        fails(&["advise", &vignettes(), "--protocol", protocol], 2, &["no plan is named", "asco-2021", "all"]);
        fails(&["cohort", "adherence", &vignettes(), "--protocol", protocol], 2, &["no plan is named"]);
        fails(&["report", &vignettes(), "--protocol", protocol], 2, &["no plan is named"]);
    }
}

#[test]
fn what_a_record_cannot_show_is_said() {
    let (status, out, _) = run(&["advise", &vignettes(), "--patient", "classic-severe", "--at", "4.5", "--protocol", "asco-2021"]);
    assert!(status == 0 && out.contains("care: intensive care") && out.contains("a record cannot show whether it was done"), "{out}");
    let (_, out, _) = run(&["cohort", "adherence", &vignettes(), "--protocol", "asco-2021"]);
    assert!(out.contains("Only drugs are counted"), "{out}");
    // What is to be charted is named, and not what is the matter.
    let (_, out, _) = run(&["advise", &vignettes(), "--patient", "infant-high-flow", "--protocol", "kymriah-uspi-2025"]);
    assert!(!out.contains("chart: the CAR-T product is not known"), "{out}");
}
