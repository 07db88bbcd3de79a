//! Each number of the facts as a dot on its published band, drawn to one width.

use super::{BLUE, PALE, VERMILLION, escaped, page};
use crate::simulate::fact::{Fact, short};
use std::fmt::Write as _;

pub(in crate::simulate) fn facts(facts: &[Fact]) -> String {
    let checks = facts.iter().flat_map(|f| f.checks.iter().map(move |c| (f.id, c)));
    let banded: Vec<_> = checks.filter(|(_, c)| !c.only_told && c.low.is_finite() && c.high.is_finite() && c.high > c.low).collect();
    let row = 11.0;
    let height = 24.0 + row * banded.len() as f64;
    let (from, to) = (300.0, 380.0);
    let mut body = String::from("<text x=\"6\" y=\"10\">each number against its published band (grey)</text>\n");
    for (i, (id, check)) in banded.iter().enumerate() {
        let y = 20.0 + row * i as f64;
        let place = ((check.ours - check.low) / (check.high - check.low)).clamp(-0.35, 1.35);
        let colour = if check.inside() { BLUE } else { VERMILLION };
        let _ = writeln!(
            body,
            "<text x=\"6\" y=\"{:.1}\">{id} {}</text><rect x=\"{from}\" y=\"{:.1}\" width=\"{}\" height=\"5\" fill=\"{PALE}\"/><circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"2.2\" fill=\"{colour}\"><title>{}</title></circle>",
            y + 2.5,
            escaped(label(check.what)),
            y - 2.5,
            to - from,
            from + place * (to - from),
            short(check.ours)
        );
    }
    page(415.0, height, "Facts against their bands", &body)
}

/// Characters that fit beside the bars.
const FIT: usize = 80;

/// What a number is; without a remark in brackets where that would run into the bars.
fn label(what: &str) -> &str {
    if what.len() > FIT { what.split(" (").next().unwrap_or(what) } else { what }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_do_not_run_into_the_bars() {
        let long = "emapalumab in febrile children: temperature lower on the second day by, Cel (1.2 published, uncontrolled)";
        let svg = facts(&[Fact::new("F1", "x", "y").check(long, 1.0, 0.0, 2.0).check("onset (no tocilizumab)", 1.0, 0.0, 2.0)]);
        assert!(svg.contains("by, Cel</text>") && svg.contains("onset (no tocilizumab)</text>"), "{svg}");
        assert!(label(long).len() <= FIT);
    }
}
