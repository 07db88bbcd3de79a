//! The language: what is accepted, and what a fault says.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

use barograph_equations::{TimeUnit, Verified, parse};
use proptest::prelude::*;

const WHOLE: &str = r#"# A model for this test.
#
# Second paragraph.
model my-model "My model"   # a comment anywhere
citation "Nobody 2026"
doi 10.1000/xyz
verified secondary
time h
d A = -k*A + if(t < 5 && !(A > 2 || A == k), 1, 0)
parameter k = -0.5 1/h "rate" assumed
parameter n = 6 1
derived two = 2^n 1 "power"
state A = two/(k +
   1) {copies}/ug "amount" atol 1e-6
state B = 1 % signed
let x = hill(A, 3, n)*pos(B)
d B = x - min(A, B)^2
output b = B*10 % "percent"
"#;

#[test]
fn a_whole_model_is_read() {
    let model = parse(WHOLE).unwrap();
    assert_eq!(model.doc, "A model for this test.\n\nSecond paragraph.");
    assert_eq!((model.id.as_str(), model.title.as_str()), ("my-model", "My model"));
    assert_eq!((model.citation.as_str(), model.doi.as_deref()), ("Nobody 2026", Some("10.1000/xyz")));
    assert_eq!((model.verified, model.time), (Some(Verified::Secondary), TimeUnit::Hour));
    let k = &model.parameters[0];
    assert_eq!((k.value, k.unit.as_str(), k.description.as_str()), (-0.5, "1/h", "rate"));
    assert_eq!((k.verified, k.place.line, k.place.column), (Some(Verified::Assumed), 10, 11));
    assert_eq!((model.states[0].unit.as_str(), model.states[0].atol), ("{copies}/ug", Some(1e-6)));
    assert!(model.states[1].signed && model.states[1].unit == "%" && !model.states[0].signed);
    assert_eq!(model.outputs[0].unit, "%");
    assert!(model.unused.is_empty(), "{:?}", model.unused);
}

#[test]
fn what_nothing_uses_is_told() {
    let model = parse(&format!("{WHOLE}parameter idle = 1 1\nlet lazy = idle + 1\n")).unwrap();
    let names: Vec<&str> = model.unused.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["lazy"]);
}

/// The message of the only fault of `text` after a head of one line.
fn fault(text: &str) -> String {
    parse(&format!("model m \"M\"\n{text}")).unwrap_err().to_string()
}

#[test]
fn faults_say_where_and_what_to_do() {
    let cases = [
        (
            "parameter alpha = 1 1/d\nstate A = 1 mg\nd A = -alpah*A",
            "line 4, column 8: `alpah` is not declared before it is used here; did you mean `alpha`?",
        ),
        ("state A = 1 mg\nd A = -A +", "line 3, column 11: a number, a name or `(` belongs here, not the end of the text"),
        ("state A = 1 mg", "line 2, column 7: `A` has no derivative; write `d A = ...`"),
        ("state A = 1 mg\nd A = 1\nd A = 2", "line 4, column 3: `d A` is given already on line 3"),
        ("state A = 1 mg\nd A = 1\nd B = 2", "line 4, column 3: `B` is not a state; write `state B = ...` for its beginning"),
        (
            "parameter k = 1\nstate A = 1 mg\nd A = k",
            "line 2, column 16: a unit belongs here, such as 1/h or mg/L; write 1 where there is none",
        ),
        ("paramter k = 1 1", "line 2, column 1: no declaration begins with `paramter`; did you mean `parameter`?"),
        (
            "state A = 1 mg\nd A = ex(A)",
            "line 3, column 7: there is no function `ex`; there are exp, ln, log10, sqrt, abs, min, max, pos, hill, power, floor, ceil, sin, cos, tanh and if",
        ),
        ("state A = 1 mg\nd A = min(A)", "line 3, column 7: `min` takes 2 argument(s), not 1"),
        ("state A = 1 mg\nstate A = 1 mg\nd A = 1", "line 3, column 7: `A` is declared already on line 2"),
        ("state t = 1 mg\nd t = 1", "line 2, column 7: `t` has a meaning of its own; choose another name"),
        ("state A = 1 mg \"open\nd A = 1", "line 2, column 16: this quotation mark is not closed on its line"),
        ("state A = 1 mg\nd A = if(A, 1, 2)", "line 3, column 11: a comparison (< <= > >= ==) belongs here, not `,`"),
        (
            "state A = A mg\nd A = 1",
            "line 2, column 11: `A` (line 2) cannot be used here: derived and initial values depend on parameters, and on derived values above them",
        ),
        ("state A = t mg\nd A = 1", "line 2, column 11: time `t` has no value here: derived and initial values depend on parameters alone"),
        (
            "state A = 1 mg\nlet a = b\nlet b = a\nd A = a",
            "line 3, column 9: `b` is defined on line 4, after it is used here; put it before, unless each needs the other, which has no solution",
        ),
        ("state A = 1 mg\nd A = -K*A", "line 3, column 8: `K` is not declared before it is used here"),
        ("parameter k = 1e999 1", "line 2, column 15: `1e999` is too large"),
        ("time year", "line 2, column 1: time is `s`, `min`, `h` or `d` (seconds, minutes, hours, days), or `1` (of no stated unit)"),
        (
            "state A = 1 mg\nd A = 1",
            "line 1, column 1: the text does not say its unit of time; write `time h` (hours) or `time d` (days; also `s` and `min`) on a line of its own",
        ),
        ("time d\ntime h", "line 3, column 1: `time` is given already on line 2; a text says it once"),
        ("verified primary\nmodel n \"N\"", "line 3, column 1: `model` is given already on line 1; a text says it once"),
        // What would be dropped in silence is refused.
        ("parameter k = 1 1/d atol 3", "line 2, column 21: the line should end here, before `atol`"),
        ("state A = 1 mg \"A\" assumed", "line 2, column 20: the line should end here, before `assumed`"),
        ("output x = 1 1 signed", "line 2, column 16: the line should end here, before `signed`"),
    ];
    for (text, expected) in cases {
        assert_eq!(fault(text), expected, "{text}");
    }
    assert_eq!(parse("").unwrap_err().place.line, 1);
}

/// What does not fit, with the text after a head of two lines.
fn misfits(text: &str) -> Vec<String> {
    let model = parse(&format!("model m \"M\"\ntime d\n{text}")).unwrap();
    barograph_equations::units(&model).iter().map(ToString::to_string).collect()
}

#[test]
fn units_are_held_against_each_other() {
    let sound = "parameter CL = 2 L/h\nparameter V = 10 L\nparameter Km = 2 nmol/L\nderived k = CL/V 1/h\nstate A = 1 mg\nstate C = 0 nM\nlet x = A/V\n\
                 d A = -24*k*A\nd C = -0.3*C/(C + Km)\noutput c = x mg/L\noutput d = 1000*x ug/L\noutput s = hill(C, Km, 2) 1";
    assert_eq!(misfits(sound), Vec::<String>::new());
    let cases = [
        (
            "parameter CL = 2 L/h\nparameter V = 10 L\nstate A = 1 mg\nd A = -CL/V*A",
            "line 5, column 7: `d A` should be in mg/d; its expression is 24 times that unit",
        ),
        (
            "parameter V = 10 L\nstate A = 1 mg\nd A = 0\noutput c = A/V ng/mL",
            "line 6, column 8: `c` should be in ng/mL; its expression is 999.9999999999999 times that unit",
        ),
        ("parameter a = 1 mg\nparameter b = 1 mol\nderived c = a + b mg\nstate A = 1 mg\nd A = 0", "line 5, column 9: a sum of g and mol"),
        (
            "parameter a = 1 mg\nparameter b = 1 ug\nstate A = 1 1\nd A = 1\noutput x = if(a < b, 1, 2) 1",
            "line 7, column 8: a comparison of units that differ by a factor of",
        ),
        ("parameter k = 1 1/d\nstate A = exp(k) mg\nd A = 1", "line 4, column 7: an exponential of 1/d"),
        ("state A = 1 mg\nstate B = 1 L\nd A = 1\nd B = 1\noutput x = sqrt(A*A) + B mg", "line 7, column 8: a sum of g and L"),
    ];
    for (text, expected) in cases {
        let found = misfits(text);
        assert!(found.first().is_some_and(|found| found.starts_with(expected)), "{text}: {found:?}, expected {expected}");
    }
}

#[test]
fn numbers_that_are_none_are_told_by_name() {
    let cases = [
        ("parameter k = 0 1/d\nderived h = 1/k d\nstate A = 1 mg\nd A = -A/h", "line 4, column 9: the derived value `h` is inf"),
        ("parameter V = 0 L\nstate A = 1/V mg\nd A = -A", "line 4, column 7: `A` is inf at the start"),
        (
            "state A = 0 mg\nstate B = 1 mg\nlet r = B/A\nd A = r\nd B = -B",
            "line 3, column 7: the derivative of `A` is inf at time 0: `r` (line 5) is inf",
        ),
        ("parameter n = 3 1\nstate A = -2 mg signed\nd A = A^n", "line 4, column 7: the derivative of `A` is NaN at time 0: look for"),
    ];
    for (text, expected) in cases {
        let model = parse(&format!("model m \"M\"\ntime d\n{text}")).unwrap();
        let parameters: Vec<f64> = model.parameters.iter().map(|parameter| parameter.value).collect();
        let found = model.audit(&parameters, None, 0.0).unwrap_err().to_string();
        assert!(found.starts_with(expected), "{found}, expected {expected}");
    }
    let sound = parse("model m \"M\"\ntime d\nstate A = -2 mg signed\nd A = A^3 + ln(t + 1)").unwrap();
    assert_eq!(sound.audit(&[], None, 0.0), Ok(()));
    assert!(sound.audit(&[], Some(&[f64::INFINITY]), 1.0).is_err());
}

/// The audit refuses no power that the programs can raise: what it says of a derivative is what they compute.
#[test]
fn the_audit_of_powers_is_that_of_the_programs() {
    use barograph_equations::{Inputs, System, Tape};
    let cases = [
        ("A^2", true),
        ("A^-3", true),
        ("A^(1 + 1)", true),
        ("A^two", true),
        ("A^three", true),
        ("A^32", true),
        ("A^33", false),
        ("A^n", false),
        ("A^2.5", false),
    ];
    for (power, sound) in cases {
        let text = format!(
            "model m \"M\"\ntime d\nparameter n = 2 1\nderived two = 2 1\nstate A = -2 mg signed\nlet three = two + 1\nd A = {power} + 0*(n + three)"
        );
        let model = parse(&text).unwrap();
        let system = System::new(&model);
        let inputs = |states| Inputs { time: 0.0, shift: 0.0, states, parameters: &[2.0], factors: &[] };
        let mut slots = vec![0.0; system.slots];
        let fill = Tape::new(&system.fill);
        fill.run(&inputs(&[]), &mut vec![0.0; fill.registers()], &mut slots);
        let tape = Tape::new(&system.rhs);
        let mut rate = [0.0];
        tape.run(&Inputs { parameters: &slots, ..inputs(&[-2.0]) }, &mut vec![0.0; tape.registers()], &mut rate);
        assert_eq!(rate[0].is_finite(), sound, "{power}: {}", rate[0]);
        assert_eq!(model.audit(&[2.0], None, 0.0).is_ok(), sound, "{power}");
    }
}

#[test]
fn precedence_is_that_of_mathematics() {
    use barograph_equations::{Inputs, System, Tape};
    let value = |expression: &str| {
        let model = parse(&format!("model m \"M\"\ntime d\nstate A = {expression} 1\nd A = 0")).unwrap();
        let tape = Tape::new(&System::new(&model).initial);
        let inputs = Inputs { time: 0.0, shift: 0.0, states: &[], parameters: &[], factors: &[] };
        let (mut registers, mut result) = (vec![0.0; tape.registers()], [0.0]);
        tape.run(&inputs, &mut registers, &mut result);
        result[0]
    };
    assert_eq!(value("-2^2"), -4.0);
    assert_eq!(value("2^3^2"), 512.0);
    assert_eq!(value("2^-1"), 0.5);
    assert_eq!(value("8/4/2"), 1.0);
    assert_eq!(value("1 - 2 - 3"), -4.0);
    assert_eq!(value("2*3 + 4*5"), 26.0);
    assert_eq!(value("-(1 + 2)*3"), -9.0);
    assert_eq!(value("if(1 < 2 && (2 < 1 || 3 >= 3), 5, 6)"), 5.0);
    assert_eq!(value("if(!(1 < 2), 5, 6)"), 6.0);
    assert_eq!(value("if(((1 < 2)), 5, 6)"), 5.0);
    assert_eq!(value("if(!((1 < 2) && ((2 < 1))), 5, 6)"), 5.0);
    assert_eq!(value("if((((1 + 2)) < 2) || (if(1 < 2, 3, 4)) >= 3, 5, 6)"), 5.0);
    assert_eq!(value("if((min(1, 2) + (3)*2) == 7, 5, 6)"), 5.0);
    assert_eq!(value("hill(2, 2, 3) + pos(0 - 1) + abs(0 - 3) + log10(1000)"), 6.5);
}

#[test]
fn deep_nesting_is_refused_and_does_not_hang() {
    for open in ["(", "-", "if(", "if((", "exp(", "if(!(", "2^"] {
        let text = format!("state A = 1 1\nd A = {}", open.repeat(5000));
        assert!(!fault(&text).is_empty());
    }
    let branching = format!("state A = 1 1\nd A = {}1 < 2{}", "if((".repeat(60), "), 1, 2)".repeat(60));
    assert!(!fault(&branching).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn no_arrangement_of_the_words_panics(words in prop::collection::vec(prop::sample::select(vec![
        "model", "m", "\"M\"", "\n", "parameter", "state", "d", "let", "output", "derived", "A", "k", "t", "=", "1", "1/d", "+", "-", "*", "^",
        "(", ")", ",", "if(", "hill(", "min(", "<", "&&", "!", "atol", "signed", "#", "verified", "assumed", "time", "\"", "1e", ".5",
    ]), 0..60)) {
        let _ = parse(&words.join(" "));
        let _ = parse(&format!("model m \"M\"\nstate A = 1 1\nd A = {}", words.join(" ")));
    }
}
