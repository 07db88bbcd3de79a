//! Rows for spreadsheets and statistics programs. An empty field is not defined.

use super::{Comparison, Report, Side};
use barograph_statistics::Interval;
use std::io::{self, Write};

fn comparisons(report: &Report) -> impl Iterator<Item = &Comparison> {
    report.comparisons.iter().chain(report.reported.iter().filter(|c| c.agreement.n > 0 || c.circular > 0))
}

fn table<const N: usize>(out: &mut impl Write, header: [&str; N], rows: impl IntoIterator<Item = Vec<String>>) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new().from_writer(out);
    csv.write_record(header).map_err(io::Error::other)?;
    for row in rows {
        csv.write_record(row).map_err(io::Error::other)?;
    }
    csv.flush()
}

pub(super) fn cells(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let header = ["first", "second", "first_floor", "first_ceiling", "second_floor", "second_ceiling", "patients"];
    let rows = comparisons(report).flat_map(|c| {
        c.tally.iter().map(|((a, b), n)| {
            let [f, g, h, i] = [a.floor(), a.ceiling(), b.floor(), b.ceiling()].map(|x| x.to_string());
            vec![c.first.clone(), c.second.clone(), f, g, h, i, n.to_string()]
        })
    });
    table(out, header, rows)
}

pub(super) fn agreement(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let header = [
        "first",
        "second",
        "n",
        "exact_n",
        "same",
        "first_higher",
        "second_higher",
        "undecided",
        "same_of_exact",
        "same_of_exact_lower",
        "same_of_exact_upper",
        "same_of_all_least",
        "same_of_all_greatest",
        "weights",
        "kappa",
        "standard_error",
        "kappa_lower",
        "kappa_upper",
        "resampled_lower",
        "resampled_upper",
        "not_defined_because",
    ];
    let text = |x: Option<f64>| x.map_or_else(String::new, |x| x.to_string());
    let ends = |i: Option<Interval>| [text(i.map(|i| i.lower)), text(i.map(|i| i.upper))];
    let rows = comparisons(report).flat_map(|c| {
        let a = &c.agreement;
        c.kappas.iter().map(move |k| {
            let [n, exact, same, first, second, undecided] =
                [a.n, a.exact, a.same, a.first_higher, a.second_higher, a.undecided].map(|n| n.to_string());
            let [lower, upper] = ends(a.interval(&report.bootstrap).ok());
            let [least, greatest] = ends(a.bounds().ok());
            let [kappa_lower, kappa_upper] = ends(k.interval.ok());
            let [resampled_lower, resampled_upper] = ends(k.resampled.ok().map(|r| r.interval));
            let because = k.kappa.err().or(k.interval.err()).or(k.resampled.err());
            vec![
                c.first.clone(),
                c.second.clone(),
                n,
                exact,
                same,
                first,
                second,
                undecided,
                text(a.on_exact().ok()),
                lower,
                upper,
                least,
                greatest,
                k.weights.name().to_owned(),
                text(k.kappa.ok().map(|k| k.estimate)),
                text(k.kappa.and_then(|k| k.standard_error).ok()),
                kappa_lower,
                kappa_upper,
                resampled_lower,
                resampled_upper,
                because.map_or_else(String::new, |why| why.to_string()),
            ]
        })
    });
    table(out, header, rows)
}

pub(super) fn disagreements(out: &mut impl Write, report: &Report) -> io::Result<()> {
    let header = [
        "first",
        "second",
        "patient",
        "first_floor",
        "first_ceiling",
        "first_rule",
        "first_facts",
        "second_floor",
        "second_ceiling",
        "second_rule",
        "second_facts",
        "certain",
    ];
    let side = |s: &Side| [s.grade.floor().to_string(), s.grade.ceiling().to_string(), s.rule.clone(), s.facts.join("; ")];
    let rows = comparisons(report).flat_map(|c| {
        c.disagreements.iter().map(move |d| {
            let certain = if d.is_certain() { "yes" } else { "no" };
            let whose = [c.first.clone(), c.second.clone(), d.patient.clone()];
            whose.into_iter().chain(side(&d.first)).chain(side(&d.second)).chain([certain.to_owned()]).collect()
        })
    });
    table(out, header, rows)
}
