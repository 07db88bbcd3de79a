//! SBML: files written from the equations of the sources against the same golden tables as the models; events against closed forms; refusals.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are not test functions to the lint

use barograph_dynamics::sbml::{EventError, Import, Refusal, Trajectory, read};
use barograph_dynamics::{Model, Problem, Settings};
use barograph_equations::TimeUnit;
use proptest::prelude::*;
use std::fs;
use std::path::Path;

fn test_file(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)).unwrap()
}

fn exact(times: Vec<f64>) -> Settings {
    let mut settings = Settings::new(times).rtol(1e-10);
    settings.atol_scale = 1e-4;
    settings
}

/// Solves a file at the times of a golden table and compares.
fn against_golden(file: &str, golden: &str) {
    let import = read(&test_file(&format!("sbml/{file}.xml")), None).unwrap_or_else(|refusal| panic!("{file}: {refusal}"));
    let table = test_file(&format!("golden/{golden}.csv"));
    let mut lines = table.lines().filter(|line| !line.starts_with('#'));
    let columns: Vec<&str> = lines.next().unwrap().split(',').skip(1).collect();
    let rows: Vec<Vec<f64>> = lines.map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect()).collect();
    let pace = if import.text.contains("time s") { 86_400.0 } else { 1.0 };
    let course = import.solve(&exact(rows.iter().map(|row| row[0] * pace).collect())).unwrap();
    for (at, column) in columns.iter().enumerate() {
        let ours = course.state(&import, column).unwrap();
        let largest = rows.iter().map(|row| row[at + 1].abs()).fold(0.0, f64::max);
        for (row, ours) in rows.iter().zip(ours) {
            // The tables show the states before an event, the course those after it.
            if course.executed.iter().any(|(time, _)| *time == row[0] * pace) {
                continue;
            }
            let off = (ours - row[at + 1]).abs() / row[at + 1].abs().max(1e-6 * largest);
            assert!(off < 1e-6, "{file}: {column}({}) = {ours}, golden {}, off by {off:e}\n{}", row[0], row[at + 1], import.text);
        }
    }
}

#[test]
fn rate_rules_piecewise_and_functions() {
    against_golden("hanson_2016", "hanson_2016");
}

#[test]
fn reactions_local_parameters_and_initial_assignments_of_level_2() {
    against_golden("leon_triana_2021", "leon_triana_2021");
}

#[test]
fn events_at_known_times() {
    against_golden("barros_2021_hdlm2", "barros_2021_hdlm2");
}

#[test]
fn rates_that_switch_in_time() {
    against_golden("chaudhury_2020", "chaudhury_2020");
}

#[test]
fn a_file_in_seconds_runs_in_seconds() {
    against_golden("kimmel_2021_seconds", "kimmel_2021");
}

/// Variables given by assignment rules can be read, and parameters changed.
#[test]
fn rules_are_outputs_and_parameters_can_be_changed() {
    let mut import = read(&test_file("sbml/hanson_2016.xml"), None).unwrap();
    assert_eq!(import.outputs().collect::<Vec<_>>(), ["LT", "A_C", "A_H", "T_tot"]);
    let total = |import: &Import| import.solve(&exact(vec![0.0, 24.0])).unwrap().output(import, "T_tot").unwrap();
    let before = total(&import);
    assert!((before[0] - 1940.0).abs() < 1e-9);
    let parameter = import.model.parameter("p2").unwrap();
    import.parameters[parameter] += 1.0;
    assert!((total(&import)[1] - before[1] - 24.0).abs() < 0.1);
}

/// A file without events is a model like any other: it takes doses, and gives the bits of the solver.
#[test]
fn an_import_is_a_model() {
    let import = read(&test_file("sbml/leon_triana_2021.xml"), None).unwrap();
    assert_eq!(import.events().count(), 0);
    let library = Model::named("leon-triana-2021").unwrap();
    let settings = exact(vec![10.0, 30.0]);
    let course = |model: &Model| {
        let problem = Problem::new(model).bolus("C", 5.0, 1e8).unwrap();
        problem.solve(&settings).unwrap().state("L").unwrap()
    };
    for (ours, theirs) in course(&import.model).iter().zip(course(&library)) {
        assert!((ours - theirs).abs() < 1e-7 * theirs);
    }
    assert!(import.text.contains("derived rho_C = 0.25*alpha"), "{}", import.text);
}

const MATH: &str = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">";
const TIME: &str = "<csymbol encoding=\"text\" definitionURL=\"http://www.sbml.org/sbml/symbols/time\"> t </csymbol>";

/// A level 3 model around a body.
fn file(body: &str) -> String {
    format!(
        "<sbml xmlns=\"http://www.sbml.org/sbml/level3/version1/core\" level=\"3\" version=\"1\"><model id=\"m\">{}</model></sbml>",
        body.replace('[', MATH).replace(']', "</math>").replace("@t", TIME)
    )
}

fn import(body: &str) -> Import {
    read(&file(body), Some(TimeUnit::Hour)).unwrap_or_else(|refusal| panic!("{refusal}\n{body}"))
}

fn refusal(body: &str) -> String {
    read(&file(body), Some(TimeUnit::Hour)).unwrap_err().to_string()
}

const RISE: &str = "<listOfParameters><parameter id=\"x\" value=\"0\" constant=\"false\"/><parameter id=\"n\" value=\"0\" constant=\"false\"/>\
    <parameter id=\"top\" value=\"1\" constant=\"true\"/></listOfParameters>\
    <listOfRules><rateRule variable=\"x\">[<cn> 1 </cn>]</rateRule></listOfRules>";

fn event(attributes: &str, trigger: &str, more: &str, sets: &[(&str, &str)]) -> String {
    let sets: String = sets.iter().map(|(id, math)| format!("<eventAssignment variable=\"{id}\">[{math}]</eventAssignment>")).collect();
    format!(
        "<event {attributes}><trigger initialValue=\"true\" persistent=\"true\">[{trigger}]</trigger>{more}<listOfEventAssignments>{sets}</listOfEventAssignments></event>"
    )
}

fn run(events: &[String], times: Vec<f64>) -> (Import, Trajectory) {
    let import = import(&format!("{RISE}<listOfEvents>{}</listOfEvents>", events.concat()));
    let course = import.solve(&exact(times)).unwrap();
    (import, course)
}

const REACHES: &str = "<apply><geq/><ci> x </ci><ci> top </ci></apply>";
const COUNT: (&str, &str) = ("n", "<apply><plus/><ci> n </ci><cn> 1 </cn></apply>");

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found}, expected {expected}");
}

/// x rises at rate 1 and falls to 0 whenever it reaches 1: a saw, whose teeth are found by the state.
#[test]
fn a_trigger_on_the_state_is_found_to_many_digits() {
    let saw = event("id=\"saw\" useValuesFromTriggerTime=\"true\"", REACHES, "", &[("x", "<cn> 0 </cn>"), COUNT]);
    let (import, course) = run(&[saw], vec![0.0, 0.5, 1.75, 7.25, 99.5]);
    let x = course.state(&import, "x").unwrap();
    for (found, expected) in x.iter().zip([0.0, 0.5, 0.75, 0.25, 0.5]) {
        near(*found, expected);
    }
    for (found, expected) in course.state(&import, "n").unwrap().iter().zip([0.0, 0.0, 1.0, 7.0, 99.0]) {
        near(*found, expected);
    }
    for (at, (time, id)) in course.executed.iter().enumerate() {
        near(*time, at as f64 + 1.0);
        assert_eq!(id, "saw");
    }
}

#[test]
fn delays_keep_the_values_of_the_trigger_unless_told_otherwise() {
    let delay = "<delay>[<cn> 2 </cn>]</delay>";
    for (from_trigger, expected) in [("true", 1.0), ("false", 3.0)] {
        let attributes = format!("useValuesFromTriggerTime=\"{from_trigger}\"");
        let (import, course) = run(&[event(&attributes, REACHES, delay, &[("n", "<ci> x </ci>")])], vec![2.5, 3.5]);
        let n = course.state(&import, "n").unwrap();
        near(n[0], 0.0);
        near(n[1], expected);
    }
}

#[test]
fn a_delayed_event_that_does_not_persist_is_called_back() {
    let delay = "<delay>[<cn> 2 </cn>]</delay>";
    let window = format!("<apply><and/>{REACHES}<apply><lt/><ci> x </ci><cn> 2 </cn></apply></apply>");
    let persistent = event("useValuesFromTriggerTime=\"true\"", &window, delay, &[COUNT]);
    let fleeting = persistent.replace("persistent=\"true\"", "persistent=\"false\"");
    let count = |event: &String| run(std::slice::from_ref(event), vec![5.0]).1.executed.len();
    assert_eq!((count(&persistent), count(&fleeting)), (1, 0));
}

#[test]
fn the_higher_priority_is_executed_first() {
    let set = |id: &str, priority: &str, value: &str| {
        let priority = if priority.is_empty() { String::new() } else { format!("<priority>[<cn> {priority} </cn>]</priority>") };
        event(&format!("id=\"{id}\" useValuesFromTriggerTime=\"true\""), REACHES, &priority, &[("n", value)])
    };
    let events = [set("none", "", "<cn> 7 </cn>"), set("low", "1", "<cn> 1 </cn>"), set("high", "2", "<cn> 2 </cn>")];
    let (_, course) = run(&events, vec![2.0]);
    let order: Vec<&str> = course.executed.iter().map(|(_, id)| id.as_str()).collect();
    assert_eq!(order, ["high", "low", "none"]);
}

#[test]
fn what_holds_at_the_start_fires_only_where_the_file_says_so() {
    let holds = "<apply><geq/>@t<cn> 0 </cn></apply>";
    let quiet = event("useValuesFromTriggerTime=\"true\"", holds, "", &[COUNT]);
    let loud = quiet.replace("initialValue=\"true\"", "initialValue=\"false\"");
    assert_eq!(run(&[quiet], vec![1.0]).1.executed.len(), 0);
    let (import, course) = run(&[loud], vec![0.0, 1.0]);
    assert_eq!(course.state(&import, "n").unwrap(), [1.0, 1.0]);
}

/// A narrow window in time is not stepped over: the run stops at the times that conditions name.
#[test]
fn a_short_window_in_time_is_not_missed() {
    let window = "<apply><and/><apply><geq/>@t<cn> 77.7 </cn></apply><apply><lt/>@t<cn> 77.7001 </cn></apply></apply>";
    let (_, course) = run(&[event("useValuesFromTriggerTime=\"true\"", window, "", &[COUNT])], vec![1000.0]);
    assert_eq!(course.executed, [(77.7, "event_1".to_owned())]);
}

#[test]
fn events_without_end_are_an_error() {
    let flip = |id: &str, test: &str, to: &str| {
        let trigger = format!("<apply><{test}/><ci> n </ci><cn> 0.5 </cn></apply>");
        event(&format!("id=\"{id}\" useValuesFromTriggerTime=\"true\""), &trigger, "", &[("n", &format!("<cn> {to} </cn>"))])
    };
    let start = event("id=\"start\" useValuesFromTriggerTime=\"true\"", REACHES, "", &[("n", "<cn> 1 </cn>")]);
    let import =
        import(&format!("{RISE}<listOfEvents>{}</listOfEvents>", [start, flip("down", "gt", "0"), flip("up", "lt", "1")].concat()));
    assert!(matches!(import.solve(&exact(vec![3.0])), Err(EventError::Endless(..))));
}

/// Concentrations and amounts: 6 substance leave a compartment of size 3 at first order.
#[test]
fn species_are_amounts_or_concentrations() {
    for (how, start, rate, amount) in [
        ("initialAmount=\"6\" hasOnlySubstanceUnits=\"true\"", 6.0, "<ci> S </ci>", 6.0),
        ("initialConcentration=\"2\" hasOnlySubstanceUnits=\"true\"", 6.0, "<ci> S </ci>", 6.0),
        ("initialAmount=\"6\" hasOnlySubstanceUnits=\"false\"", 2.0, "<apply><times/><ci> V </ci><ci> S </ci></apply>", 6.0),
        ("initialConcentration=\"2\" hasOnlySubstanceUnits=\"false\"", 2.0, "<apply><times/><ci> V </ci><ci> S </ci></apply>", 6.0),
    ] {
        let body = format!(
            "<listOfCompartments><compartment id=\"V\" size=\"3\" constant=\"true\"/></listOfCompartments>\
             <listOfSpecies><species id=\"S\" compartment=\"V\" {how} boundaryCondition=\"false\" constant=\"false\"/>\
             <species id=\"gone\" compartment=\"V\" initialAmount=\"0\" hasOnlySubstanceUnits=\"true\" boundaryCondition=\"false\" constant=\"false\"/></listOfSpecies>\
             <listOfReactions><reaction id=\"loss\" reversible=\"false\" fast=\"false\">\
             <listOfReactants><speciesReference species=\"S\" stoichiometry=\"1\" constant=\"true\"/></listOfReactants>\
             <listOfProducts><speciesReference species=\"gone\" stoichiometry=\"1\" constant=\"true\"/></listOfProducts>\
             <kineticLaw>[<apply><times/><ci> k </ci>{rate}</apply>]<listOfLocalParameters><localParameter id=\"k\" value=\"0.5\"/></listOfLocalParameters></kineticLaw>\
             </reaction></listOfReactions>"
        );
        let import = import(&body);
        let course = import.solve(&exact(vec![0.0, 2.0])).unwrap();
        let left = course.state(&import, "S").unwrap();
        near(left[0], start);
        near(left[1], start * (-1.0_f64).exp());
        near(course.state(&import, "gone").unwrap()[1], amount * (1.0 - (-1.0_f64).exp()));
    }
}

#[test]
fn initial_values_follow_each_other_and_names_give_way() {
    let import = import(
        "<listOfParameters><parameter id=\"exp\" value=\"2\" constant=\"true\"/><parameter id=\"a\" constant=\"true\"/><parameter id=\"t\" constant=\"false\"/>\
         <parameter id=\"r\" constant=\"false\"/></listOfParameters>\
         <listOfInitialAssignments><initialAssignment symbol=\"t\">[<apply><plus/><ci> r </ci><ci> a </ci></apply>]</initialAssignment>\
         <initialAssignment symbol=\"a\">[<apply><power/><ci> exp </ci><cn> 3 </cn></apply>]</initialAssignment></listOfInitialAssignments>\
         <listOfRules><assignmentRule variable=\"r\">[<apply><plus/><ci> exp </ci>@t<cn type=\"rational\"> 1 <sep/> 2 </cn></apply>]</assignmentRule>\
         <rateRule variable=\"t\">[<apply><minus/><ci> r </ci></apply>]</rateRule></listOfRules>",
    );
    let course = import.solve(&exact(vec![0.0, 2.0])).unwrap();
    let t = course.state(&import, "t_").unwrap();
    near(t[0], 10.5);
    near(t[1], 10.5 - 5.0 - 2.0);
}

/// A parameter `x` and one of another name that has no value.
fn lacking(id: &str, value: &str) -> String {
    format!(
        "<listOfParameters><parameter id=\"x\" value=\"1\" constant=\"false\"/><parameter id=\"{id}\" {value} constant=\"false\"/></listOfParameters>"
    )
}

/// x rises at rate 1, at half of it between 1 and 2, and falls to 0 at 3, every four hours; nothing but the conditions makes steps short.
#[test]
fn a_piecewise_rate_on_a_state_is_not_stepped_over() {
    let window = "<apply><and/><apply><geq/><ci> x </ci><cn> 1 </cn></apply><apply><lt/><ci> x </ci><cn> 2 </cn></apply></apply>";
    let falls = event("useValuesFromTriggerTime=\"true\"", "<apply><geq/><ci> x </ci><cn> 3 </cn></apply>", "", &[("x", "<cn> 0 </cn>")]);
    let body = |events: &str| {
        format!(
            "<listOfParameters><parameter id=\"x\" value=\"0\" constant=\"false\"/></listOfParameters><listOfRules><rateRule variable=\"x\">\
             [<piecewise><piece><cn> 0.5 </cn>{window}</piece><otherwise><cn> 1 </cn></otherwise></piecewise>]</rateRule></listOfRules>\
             <listOfEvents>{events}</listOfEvents>"
        )
    };
    let import = self::import(&body(&falls));
    let x = import.solve(&exact(vec![0.0, 7.2, 14.4, 21.6, 36.0])).unwrap().state(&import, "x").unwrap();
    for (found, expected) in x.iter().zip([0.0, 2.2, 1.7, 1.3, 0.0]) {
        let off = (found - expected).abs();
        assert!(off.min(3.0 - off) < 0.02, "{x:?}");
    }
    let import = self::import(&body(""));
    let x = import.solve(&exact(vec![0.0, 36.0])).unwrap().state(&import, "x").unwrap();
    assert!((x[1] - 35.0).abs() < 0.02, "{x:?}");
}

/// A species in a compartment without size that a reaction consumes at rate 0.5.
fn consumed(species: &str, reference: &str, rules: &str) -> String {
    format!(
        "<listOfCompartments><compartment id=\"V\" constant=\"true\"/></listOfCompartments>\
         <listOfSpecies><species id=\"S\" compartment=\"V\" {species} boundaryCondition=\"false\" constant=\"false\"/></listOfSpecies>{rules}\
         <listOfReactions><reaction id=\"r\" fast=\"false\"><listOfReactants><speciesReference species=\"S\" {reference}/></listOfReactants>\
         <kineticLaw>[<cn> 0.5 </cn>]</kineticLaw></reaction></listOfReactions>"
    )
}

/// What has no value (or `NaN`, as some programs write it) may stand in a file as long as rules give it or nothing needs it.
#[test]
fn a_missing_value_matters_only_where_it_is_needed() {
    let rule = "<listOfRules><assignmentRule variable=\"k\">[<cn> 2 </cn>]</assignmentRule><rateRule variable=\"x\">[<ci> k </ci>]</rateRule></listOfRules>";
    for value in ["", "value=\"NaN\""] {
        let import = import(&(lacking("k", value) + rule));
        near(import.solve(&exact(vec![0.0, 3.0])).unwrap().state(&import, "x").unwrap()[1], 7.0);
        let idle = rule.replace("\"k\"", "\"x\"").replace("<rateRule variable=\"x\">[<ci> k </ci>]</rateRule>", "");
        assert!(read(&file(&(lacking("k", value) + &idle)), Some(TimeUnit::Hour)).unwrap_err().to_string().contains("no `state`"));
    }
    let import = import(&consumed("initialAmount=\"2\" hasOnlySubstanceUnits=\"true\"", "stoichiometry=\"2\"", ""));
    near(import.solve(&exact(vec![0.0, 1.0])).unwrap().state(&import, "S").unwrap()[1], 1.0);
}

/// x grows at rate 1 outside a window in time, written by negation in several ways and by a function that gives a truth value.
#[test]
fn a_negation_is_of_the_whole_condition() {
    let later = "<apply><geq/>@t<cn> 1 </cn></apply>";
    let before = "<apply><lt/>@t<cn> 2 </cn></apply>";
    let within = "<listOfFunctionDefinitions><functionDefinition id=\"within\">[<lambda><bvar><ci> a </ci></bvar><apply><and/>\
        <apply><geq/><ci> a </ci><cn> 1 </cn></apply><apply><lt/><ci> a </ci><cn> 2 </cn></apply></apply></lambda>]</functionDefinition></listOfFunctionDefinitions>";
    for test in [
        format!("<apply><not/><apply><and/>{later}{before}</apply></apply>"),
        format!("<apply><or/><apply><not/>{later}</apply><apply><not/>{before}</apply></apply>"),
        format!("<apply><not/><apply><not/><apply><not/><apply><and/>{before}{later}</apply></apply></apply></apply>"),
        "<apply><not/><apply><ci> within </ci>@t</apply></apply>".to_owned(),
    ] {
        let import = import(&format!(
            "{within}<listOfParameters><parameter id=\"x\" value=\"0\" constant=\"false\"/></listOfParameters><listOfRules><rateRule variable=\"x\">\
             [<piecewise><piece><cn> 1 </cn>{test}</piece><otherwise><cn> 0 </cn></otherwise></piecewise>]</rateRule></listOfRules>"
        ));
        let x = import.solve(&exact(vec![0.0, 1.0, 2.0, 3.5])).unwrap().state(&import, "x").unwrap();
        for (found, expected) in x.iter().zip([0.0, 1.0, 1.0, 2.5]) {
            assert!((found - expected).abs() < 1e-9, "{test}: {x:?}\n{}", import.text);
        }
    }
}

#[test]
fn what_is_not_taken_is_refused_by_name() {
    let two_rules = |first: &str, second: &str| {
        let one = |kind: &str| format!("<{kind} variable=\"x\">[<cn> 1 </cn>]</{kind}>");
        format!("{}<listOfRules>{}{}</listOfRules>", lacking("k", ""), one(first), one(second))
    };
    let par = |id: &str, more: &str| {
        format!("<listOfParameters><parameter id=\"{id}\" value=\"1\" constant=\"false\" {more}/></listOfParameters>")
    };
    let rule = |kind: &str, math: &str| format!("{}<listOfRules><{kind} variable=\"x\">[{math}]</{kind}></listOfRules>", par("x", ""));
    let rate = |math: &str| refusal(&rule("rateRule", math));
    let cases = [
        (refusal(&rule("algebraicRule", "<cn> 1 </cn>")), "<algebraicRule> `x`: algebraic rules are not supported"),
        (rate("<apply><arcsin/><ci> x </ci></apply>"), "<arcsin> `x`: `arcsin` of one argument is not supported"),
        (rate("<apply><gcd/><ci> x </ci><cn> 2 </cn></apply>"), "`gcd` of these arguments is not supported"),
        (rate("<ci> y </ci>"), "`y`: `x` uses it, but it is not defined"),
        (rate("<apply><ci> f </ci></apply>"), "no function `f` is defined"),
        (rate("<true/>"), "<true> `x`: `true` is not supported as a number"),
        (
            rate("<csymbol definitionURL=\"http://www.sbml.org/sbml/symbols/delay\"> delay </csymbol>"),
            "the symbol `delay` makes this a delay differential equation, which is not supported",
        ),
        (
            rate("<csymbol definitionURL=\"http://www.sbml.org/sbml/symbols/rateOf\"> rateOf </csymbol>"),
            "the symbol `rateOf` is not supported",
        ),
        (rate("<cn type=\"integer\" base=\"16\"> 10 </cn>"), "a number in base 16 is not supported"),
        (rate("<cn> one </cn>"), "`one` is not a finite number"),
        (rate("<cn type=\"rational\"> 1 <sep/> 0 </cn>"), "denominator 0"),
        (refusal(&rule("assignmentRule", "<apply><plus/><ci> x </ci><cn> 1 </cn></apply>")), "`x`: it depends on itself by way of rules"),
        (
            refusal(&format!("{}<listOfRules><rateRule variable=\"x\">[<ci> k </ci>]</rateRule></listOfRules>", lacking("k", ""))),
            "`k`: it has no value, and equations need it",
        ),
        (refusal(&two_rules("rateRule", "assignmentRule")), "<assignmentRule> `x`: a rule further up gives it already"),
        (refusal(&two_rules("rateRule", "rateRule")), "<rateRule> `x`: a rule further up gives it already"),
        (
            refusal(
                &(par("x", "")
                    + &format!(
                        "<listOfInitialAssignments>{0}{0}</listOfInitialAssignments>",
                        "<initialAssignment symbol=\"x\">[<cn> 1 </cn>]</initialAssignment>"
                    )),
            ),
            "<initialAssignment> `x`: a second initial assignment",
        ),
        (
            refusal(&consumed("initialAmount=\"1\" hasOnlySubstanceUnits=\"true\"", "", "")),
            "<speciesReference> `r`: the stoichiometry is missing",
        ),
        (
            refusal(&consumed("initialAmount=\"1\" hasOnlySubstanceUnits=\"true\"", "stoichiometry=\"NaN\"", "")),
            "the stoichiometry is missing",
        ),
        (
            refusal(&consumed("initialAmount=\"1\" hasOnlySubstanceUnits=\"false\"", "stoichiometry=\"1\"", "")),
            "`V`: it has no value, and equations need it; a compartment without a size has no default",
        ),
        (
            refusal(&consumed(
                "initialAmount=\"1\" hasOnlySubstanceUnits=\"true\"",
                "stoichiometry=\"1\"",
                "<listOfRules><rateRule variable=\"S\">[<cn> 1 </cn>]</rateRule></listOfRules>",
            )),
            "`S`: a rule gives it, and the reaction `r` changes it",
        ),
        (
            refusal("<listOfReactions><reaction id=\"r\" fast=\"true\"/></listOfReactions>"),
            "<reaction> `r`: fast reactions are not supported",
        ),
        (refusal("<listOfReactions><reaction id=\"r\"/></listOfReactions>"), "<reaction> `r`: a reaction without kinetic law"),
        (
            refusal(&(par("x", "") + "<listOfRules><rateRule variable=\"z\">[<cn> 1 </cn>]</rateRule></listOfRules>")),
            "`z`: a rule, reaction or event speaks of it",
        ),
        (refusal(&(par("x", "") + "<listOfEvents><event id=\"e\"/></listOfEvents>")), "<event> `e`: an event needs a trigger"),
        (refusal(&par("x", "")), "the model has no `state`"),
    ];
    for (found, expected) in cases {
        assert!(found.contains(expected), "{found}\nnot {expected}");
    }
    assert!(matches!(read("no", None), Err(Refusal::Xml(_))));
    let states = file(&rule("rateRule", "<cn> 1 </cn>"));
    // A file that does not state its unit of time runs in its own all the same.
    let import = read(&states, None).unwrap();
    assert!(import.text.contains("time 1\n") && import.pace == 1.0, "{}", import.text);
    let bomb = states.replace("level=\"3\" version=\"1\"", "level=\"3\" version=\"1\" xmlns:comp=\"http://c\" comp:required=\"true\"");
    assert!(read(&bomb, None).unwrap_err().to_string().contains("an extension package changes the mathematics"));
    assert!(read(&states.replace("level=\"3\"", "level=\"1\""), None).unwrap_err().to_string().contains("level `1` is not supported"));
    let entities = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><sbml level=\"3\">&a;</sbml>";
    assert!(matches!(read(entities, None), Err(Refusal::Xml(_))));
}

/// x, which begins at -1, under a rate; at the times.
fn under(rate: &str, more: &str, times: &[f64]) -> Vec<f64> {
    let import = import(&format!(
        "<listOfParameters><parameter id=\"x\" value=\"-1\" constant=\"false\"/><parameter id=\"n\" value=\"3\" constant=\"true\"/>{more}</listOfParameters>\
         <listOfRules><rateRule variable=\"x\">[{rate}]</rateRule></listOfRules>"
    ));
    import.solve(&exact(times.to_vec())).unwrap().state(&import, "x").unwrap()
}

/// x' = -x^n with n = 3 from -1 is -1/sqrt(1 + 2t); the exponent is a parameter, a computed number, or a root's.
#[test]
fn a_negative_base_has_whole_powers_whoever_gives_the_exponent() {
    let power = |exponent: &str| format!("<apply><minus/><apply><power/><ci> x </ci>{exponent}</apply></apply>");
    for exponent in [
        "<ci> n </ci>",
        "<cn> 3 </cn>",
        "<apply><minus/><cn> 5 </cn><cn> 2 </cn></apply>",
        "<apply><plus/><ci> n </ci><cn> 0 </cn></apply>",
    ] {
        for (found, t) in under(&power(exponent), "", &[0.0, 0.5, 4.0]).iter().zip([0.0_f64, 0.5, 4.0]) {
            near(*found, -1.0 / (1.0 + 2.0 * t).sqrt());
        }
    }
    // An even power has no sign: x' = x^n with n = 2 from -1 is -1/(1 + t).
    let even = power("<apply><minus/><ci> n </ci><cn> 1 </cn></apply>").replacen("<apply><minus/>", "<apply><plus/>", 1);
    near(under(&even, "", &[3.0])[0], -0.25);
}

/// Each rate against its integral, by hand.
#[test]
fn functions_of_mathml_are_those_of_mathematics() {
    let of = |name: &str, argument: &str| format!("<apply><{name}/>{argument}</apply>");
    let twice = "<apply><times/><cn> 2 </cn>@t</apply>";
    let t: f64 = 3.3;
    let cases = [
        (of("cos", twice), (2.0 * t).sin() / 2.0),
        (of("sin", twice), (1.0 - (2.0 * t).cos()) / 2.0),
        (of("tanh", "@t"), t.cosh().ln()),
        (of("sinh", "@t"), t.cosh() - 1.0),
        (of("cosh", "@t"), t.sinh()),
        (of("tan", "<apply><times/><cn> 0.3 </cn>@t</apply>"), -(0.3 * t).cos().ln() / 0.3),
        (of("root", "<degree><cn> 3 </cn></degree>@t"), 0.75 * t.powf(4.0 / 3.0)),
        // Steps at 1, 2 and 3.
        (of("floor", "@t"), 0.0 + 1.0 + 2.0 + 0.9),
        (of("ceiling", "@t"), 1.0 + 2.0 + 3.0 + 1.2),
        (of("quotient", "@t<cn> 2 </cn>"), 1.3),
        (of("rem", "@t<cn> 2 </cn>"), 2.0 + 1.3 * 1.3 / 2.0),
    ];
    let times: Vec<f64> = (0..=33).map(|i| 0.1 * f64::from(i)).collect();
    for (rate, integral) in cases {
        let found = under(&rate, "", &times)[33] + 1.0;
        let steps = ["floor", "ceiling", "quotient", "rem"].iter().any(|name| rate.contains(name));
        assert!((found - integral).abs() < if steps { 1e-5 } else { 1e-9 }, "{rate}: {found}, not {integral}");
    }
}

/// Without `otherwise` a piecewise has no value where no piece holds; where one always does, it is as good as any.
#[test]
fn a_piecewise_may_lack_its_otherwise() {
    let test = |kind: &str| format!("<apply><{kind}/>@t<cn> 2 </cn></apply>");
    let pieces = format!("<piecewise><piece><cn> 1 </cn>{}</piece><piece><cn> 3 </cn>{}</piece></piecewise>", test("lt"), test("geq"));
    near(under(&pieces, "", &[5.0])[0], 2.0 + 9.0 - 1.0);
    let hole = format!("<piecewise><piece><cn> 1 </cn>{}</piece></piecewise>", test("lt"));
    let import = import(&format!(
        "<listOfParameters><parameter id=\"x\" value=\"0\" constant=\"false\"/></listOfParameters><listOfRules><rateRule variable=\"x\">[{hole}]</rateRule></listOfRules>"
    ));
    assert!(matches!(import.solve(&exact(vec![5.0])), Err(EventError::Failure(_))));
    near(import.solve(&exact(vec![1.5])).unwrap().state(&import, "x").unwrap()[0], 1.5);
}

#[test]
fn constraints_are_told_and_change_nothing() {
    let import = import(&format!(
        "{RISE}<listOfConstraints><constraint>[<apply><lt/><ci> x </ci><cn> 1 </cn></apply>]</constraint></listOfConstraints>"
    ));
    assert_eq!(import.notes, ["constraints are not watched (1 in this file)"]);
    near(import.solve(&exact(vec![2.0])).unwrap().state(&import, "x").unwrap()[0], 2.0);
}

/// Weeks, and a unit that the language has.
#[test]
fn a_file_runs_in_its_own_unit_of_time() {
    for (seconds, time, pace) in [("604800", "time h", 1.0 / 168.0), ("60", "time min", 1.0), ("86400", "time d", 1.0)] {
        let units = format!(
            "<listOfUnitDefinitions><unitDefinition id=\"u\"><listOfUnits><unit kind=\"second\" exponent=\"1\" scale=\"0\" multiplier=\"{seconds}\"/></listOfUnits></unitDefinition></listOfUnitDefinitions>"
        );
        let xml = file(&format!("{units}{RISE}")).replace("<model id=\"m\">", "<model id=\"m\" timeUnits=\"u\">");
        let import = read(&xml, None).unwrap();
        assert!(import.text.contains(&format!("{time}\n")), "{}", import.text);
        assert!((import.pace / pace - 1.0).abs() < 1e-12);
        // Three of the file's units, at a rate of 1 each.
        near(import.solve(&exact(vec![3.0 / import.pace])).unwrap().state(&import, "x").unwrap()[0], 3.0);
    }
}

/// A concentration that an event sets, at once or late, in a compartment that grows by 0.5 an hour from 2, and that the event may set too: its amount follows from the size at that time. The amount decays at 0.3.
#[test]
fn an_event_sets_a_concentration_in_a_compartment_that_grows() {
    for (delay, more, at, size) in
        [(0.0, "", 1.0, 2.5), (1.0, "", 2.0, 3.0), (1.0, "<eventAssignment variable=\"V\">[<cn> 7 </cn>]</eventAssignment>", 2.0, 7.0)]
    {
        let late = if delay > 0.0 { format!("<delay>[<cn> {delay} </cn>]</delay>") } else { String::new() };
        let import = import(&format!(
            "<listOfCompartments><compartment id=\"V\" size=\"2\" constant=\"false\"/></listOfCompartments>\
             <listOfSpecies><species id=\"S\" compartment=\"V\" initialConcentration=\"3\" hasOnlySubstanceUnits=\"false\" boundaryCondition=\"false\" constant=\"false\"/></listOfSpecies>\
             <listOfRules><rateRule variable=\"V\">[<cn> 0.5 </cn>]</rateRule></listOfRules>\
             <listOfReactions><reaction id=\"r\" fast=\"false\"><listOfReactants><speciesReference species=\"S\" stoichiometry=\"1\"/></listOfReactants>\
             <kineticLaw>[<apply><times/><cn> 0.3 </cn><ci> V </ci><ci> S </ci></apply>]</kineticLaw></reaction></listOfReactions>\
             <listOfEvents><event id=\"e\" useValuesFromTriggerTime=\"true\"><trigger initialValue=\"true\" persistent=\"true\">[<apply><geq/>@t<cn> 1 </cn></apply>]</trigger>{late}\
             <listOfEventAssignments><eventAssignment variable=\"S\">[<cn> 4 </cn>]</eventAssignment>{more}</listOfEventAssignments></event></listOfEvents>"
        ));
        assert_eq!(import.outputs().collect::<Vec<_>>(), ["S"]);
        let found = import.solve(&exact(vec![0.5, 5.0])).unwrap().output(&import, "S").unwrap();
        near(found[0], 6.0 * (-0.3 * 0.5_f64).exp() / 2.25);
        let later: f64 = 5.0 - at;
        near(found[1], 4.0 * size * (-0.3 * later).exp() / (size + 0.5 * later));
    }
}

/// Units of the file are units of the text, multiples and products included; what is not stated is not judged, and changes no number.
#[test]
fn units_of_a_file_are_written_and_checked() {
    let unit = |id: &str, parts: &[(&str, i32, i32, f64)]| {
        let parts: String = parts
            .iter()
            .map(|(kind, exponent, scale, multiplier)| {
                format!("<unit kind=\"{kind}\" exponent=\"{exponent}\" scale=\"{scale}\" multiplier=\"{multiplier}\"/>")
            })
            .collect();
        format!("<unitDefinition id=\"{id}\"><listOfUnits>{parts}</listOfUnits></unitDefinition>")
    };
    let units = [
        unit("hour", &[("second", 1, 0, 3600.0)]),
        unit("nmol", &[("mole", 1, -9, 1.0)]),
        unit("nM", &[("mole", 1, -9, 1.0), ("litre", -1, 0, 1.0)]),
        unit("dm3", &[("metre", 3, -1, 1.0)]),
        unit("flow", &[("litre", 1, 0, 1.0), ("second", -1, 0, 3600.0)]),
        unit("slow", &[("litre", 1, 0, 1.0), ("second", -1, 0, 60.0)]),
        unit("odd", &[("mole", 1, 0, 7.0), ("second", -2, 0, 1.0)]),
        unit("rooted", &[("mole", 1, 0, 1.0), ("kelvin", 1, 0, 1.0)]),
    ]
    .concat();
    let body = |clearance: &str| {
        format!(
            "<listOfUnitDefinitions>{units}</listOfUnitDefinitions><listOfCompartments><compartment id=\"V\" size=\"3\" units=\"dm3\" constant=\"true\"/></listOfCompartments>\
             <listOfSpecies><species id=\"S\" compartment=\"V\" initialConcentration=\"2\" substanceUnits=\"nmol\" hasOnlySubstanceUnits=\"false\" boundaryCondition=\"false\" constant=\"false\"/></listOfSpecies>\
             <listOfParameters><parameter id=\"CL\" value=\"1\" units=\"{clearance}\"/><parameter id=\"a\" value=\"1\" units=\"odd\"/><parameter id=\"b\" value=\"1\"/><parameter id=\"c\" value=\"1\" units=\"rooted\"/>\
             <parameter id=\"d\" value=\"1\" units=\"nM\"/></listOfParameters>\
             <listOfReactions><reaction id=\"r\" fast=\"false\"><listOfReactants><speciesReference species=\"S\" stoichiometry=\"1\"/></listOfReactants>\
             <kineticLaw>[<apply><times/><ci> CL </ci><ci> S </ci></apply>]</kineticLaw></reaction></listOfReactions>"
        )
    };
    let read_with = |clearance: &str| {
        read(&file(&body(clearance)).replace("<model id=\"m\">", "<model id=\"m\" timeUnits=\"hour\">"), None)
            .unwrap_or_else(|refusal| panic!("{refusal}"))
    };
    let good = read_with("flow");
    for line in [
        "time h\n",
        "parameter V = 3.0 L ",
        "parameter CL = 1.0 L/h ",
        "parameter a = 1.0 7.0*mol/s2 ",
        "parameter b = 1.0 ? ",
        "parameter c = 1.0 mol*kelvin ",
        "parameter d = 1.0 nmol/L ",
        "state S = 2.0 nmol/L ",
    ] {
        assert!(good.text.contains(line), "{line}\n{}", good.text);
    }
    assert_eq!(barograph_equations::units(good.model.text()), []);
    let bad = read_with("slow");
    let misfits: Vec<String> = barograph_equations::units(bad.model.text()).into_iter().map(|misfit| misfit.message).collect();
    assert_eq!(misfits, ["`d S` should be in nmol/L/h; its expression is 60 times that unit"]);
    let course = |import: &Import| import.solve(&exact(vec![2.0])).unwrap().state(import, "S").unwrap();
    assert_eq!(course(&good), course(&bad));
}

/// Functions that double what they are given must not eat the memory.
#[test]
fn functions_that_grow_without_measure_are_refused() {
    let double = "<listOfFunctionDefinitions><functionDefinition id=\"f\">[<lambda><bvar><ci> a </ci></bvar><apply><plus/><ci> a </ci><ci> a </ci></apply></lambda>]</functionDefinition></listOfFunctionDefinitions>";
    let nested = (0..25).fold("<ci> x </ci>".to_owned(), |inner, _| format!("<apply><ci> f </ci>{inner}</apply>"));
    let found = refusal(&format!(
        "{double}<listOfParameters><parameter id=\"x\" value=\"1\" constant=\"false\"/></listOfParameters><listOfRules><rateRule variable=\"x\">[{nested}]</rateRule></listOfRules>"
    ));
    assert!(found.contains("too large"), "{found}");
    let nested =
        (0..25).fold("<ci> x </ci>".to_owned(), |inner, _| format!("<apply><rem/><apply><tan/>{inner}</apply><cn> 2 </cn></apply>"));
    let found = refusal(&format!(
        "<listOfParameters><parameter id=\"x\" value=\"1\" constant=\"false\"/></listOfParameters><listOfRules><rateRule variable=\"x\">[{nested}]</rateRule></listOfRules>"
    ));
    assert!(found.contains("too large"), "{found}");
    let endless = double.replace("<ci> a </ci><ci> a </ci>", "<apply><ci> f </ci><ci> a </ci></apply>");
    let found = refusal(&format!(
        "{endless}<listOfParameters><parameter id=\"x\" value=\"1\" constant=\"false\"/></listOfParameters><listOfRules><rateRule variable=\"x\">[<apply><ci> f </ci><ci> x </ci></apply>]</rateRule></listOfRules>"
    ));
    assert!(found.contains("nested too deeply"), "{found}");
}

fn shipped() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["hanson_2016", "leon_triana_2021", "barros_2021_hdlm2", "chaudhury_2020", "kimmel_2021_seconds"])
        .prop_map(|name| test_file(&format!("sbml/{name}.xml")))
}

proptest! {
    /// A file with a hole in it, or with a piece of itself put elsewhere, is read or refused.
    #[test]
    fn damaged_files_do_not_panic(file in shipped(), at in 0.0..1.0_f64, length in 0..200_usize, to in 0.0..1.0_f64, word in "[a-z<>/ =\"0-9]{0,12}") {
        let cut = |share: f64| (share * file.len() as f64) as usize;
        let (from, end) = (cut(at), (cut(at) + length).min(file.len()));
        if let (Some(head), Some(piece), Some(tail)) = (file.get(..from), file.get(from..end), file.get(end..)) {
            let _ = read(&format!("{head}{word}{tail}"), None);
            let mut moved = format!("{head}{tail}");
            let place = ((to * moved.len() as f64) as usize).min(moved.len());
            if moved.is_char_boundary(place) {
                moved.insert_str(place, piece);
            }
            let _ = read(&moved, Some(TimeUnit::Day));
        }
    }
}
