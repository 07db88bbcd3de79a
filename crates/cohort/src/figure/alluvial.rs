//! An alluvial chart: the patients' certain peak grades from scale to scale.
//!
//! Each scale is a stack of grades, the highest on top, on one vertical scale of patients. Ribbons join a patient's grade on
//! one scale to the grade on the next: grey where it is the same, coloured where it is certainly higher or lower. What is
//! open is hatched: in a stack, patients whose grade may be higher; in a ribbon, patients who may or may not agree.

use super::svg::{Anchor, COLUMN, HIGHER, LOWER, Svg, TYPE};
use barograph_grading::Grade;
use std::collections::BTreeMap;

/// Width that a scale takes: four fit in one column, eight in two.
const SPACING: f64 = 56.0;
const BAR: f64 = 19.0;
const TALL: f64 = 190.0;
const GAP: f64 = 8.0;
const TOP: f64 = 26.0;
const LEFT: f64 = 16.0;
/// Room for the label beside a thin part of the last stack.
const RIGHT: f64 = 20.0;
/// Thinner parts carry their label beside them.
const LABELLED: f64 = 7.5;

/// One scale's stack.
struct Stack {
    x: f64,
    /// By grade: top edge, patients, and of these the ones whose grade is not exact.
    parts: Vec<(f64, u64, u64)>,
}

pub(crate) fn alluvial(scales: &[&str], profiles: &BTreeMap<Vec<Option<Grade>>, u64>) -> String {
    let total: u64 = profiles.values().sum();
    let graded: Vec<(Vec<Grade>, u64)> =
        profiles.iter().filter_map(|(p, n)| Some((p.iter().copied().collect::<Option<Vec<Grade>>>()?, *n))).collect();
    let n: u64 = graded.iter().map(|(_, n)| n).sum();
    let levels = usize::from(graded.iter().flat_map(|(p, _)| p).map(|g| g.floor()).max().unwrap_or(0)) + 1;
    let unit = (TALL - GAP * (levels - 1) as f64).max(40.0) / n.max(1) as f64;

    let width = (LEFT + RIGHT + SPACING * scales.len() as f64).max(COLUMN);
    let step = (width - LEFT - BAR - RIGHT) / (scales.len().max(2) - 1) as f64;
    let stacks: Vec<Stack> = (0..scales.len()).map(|i| Stack::new(LEFT + step * i as f64, &graded, i, levels, unit)).collect();
    let bottom = TOP + unit * n as f64 + GAP * (levels - 1) as f64;

    let mut svg = Svg::new(width, bottom + 36.0);
    svg.add(format_args!(
        "<defs><pattern id=\"open\" width=\"3\" height=\"3\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <path d=\"M0 0V3\" stroke=\"#000\" stroke-width=\"0.7\"/></pattern></defs>"
    ));
    let turned = format!("transform=\"rotate(-90 6 {:.2})\" fill=\"#555\"", f64::midpoint(TOP, bottom));
    svg.text((6.0, f64::midpoint(TOP, bottom)), Anchor::Middle, &turned, "peak grade (certain), highest on top");
    for (i, pair) in stacks.windows(2).enumerate() {
        if let [left, right] = pair {
            ribbons(&mut svg, left, right, &flows(&graded, i), unit);
        }
    }
    for (stack, id) in stacks.iter().zip(scales) {
        stack.draw(&mut svg, unit);
        let (name, year) = id.rsplit_once('-').unwrap_or((id, ""));
        let x = stack.x + BAR / 2.0;
        svg.text((x, 7.0), Anchor::Middle, "font-weight=\"bold\"", name);
        svg.text((x, 15.0), Anchor::Middle, "font-weight=\"bold\"", year);
    }
    legend(&mut svg, bottom + 10.0, n, total);
    let title = format!("Peak grades of {n} patients on {} scales", scales.len());
    svg.finish(&title, &description(scales, &stacks, n, total))
}

impl Stack {
    fn new(x: f64, graded: &[(Vec<Grade>, u64)], scale: usize, levels: usize, unit: f64) -> Self {
        let mut y = TOP;
        let mut parts = vec![(0.0, 0, 0); levels];
        for (grade, part) in parts.iter_mut().enumerate().rev() {
            let held = || graded.iter().filter_map(|(p, n)| Some((*p.get(scale)?, *n))).filter(|(g, _)| usize::from(g.floor()) == grade);
            let patients: u64 = held().map(|(_, n)| n).sum();
            let open = held().filter(|(g, _)| !g.is_exact()).map(|(_, n)| n).sum();
            *part = (y, patients, open);
            y += patients as f64 * unit + GAP;
        }
        Self { x, parts }
    }

    fn draw(&self, svg: &mut Svg, unit: f64) {
        let x = self.x;
        for (grade, (y, patients, open)) in self.parts.iter().enumerate() {
            if *patients == 0 {
                continue;
            }
            let (tall, open) = (*patients as f64 * unit, *open as f64 * unit);
            let grey = 245_usize.saturating_sub(22 * grade).max(120);
            svg.add(format_args!(
                "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{BAR}\" height=\"{tall:.2}\" fill=\"rgb({grey},{grey},{grey})\" stroke=\"#000\" stroke-width=\"0.6\"/>"
            ));
            if open > 0.0 {
                let top = y + tall - open;
                svg.add(format_args!(
                    "<rect x=\"{:.2}\" y=\"{top:.2}\" width=\"4\" height=\"{open:.2}\" fill=\"#fff\"/>\
                     <rect x=\"{:.2}\" y=\"{top:.2}\" width=\"4\" height=\"{open:.2}\" fill=\"url(#open)\" stroke=\"#000\" stroke-width=\"0.4\"/>",
                    x + BAR - 4.0,
                    x + BAR - 4.0
                ));
            }
            let halo = "stroke=\"#fff\" stroke-width=\"1.6\" stroke-linejoin=\"round\" paint-order=\"stroke\"";
            let at = if tall >= LABELLED { (x + 1.5, y + tall / 2.0) } else { (x + BAR + 1.5, y + tall / 2.0) };
            let label = format!("<tspan font-weight=\"bold\">{grade}</tspan>: {patients}");
            svg.add(format_args!("<text x=\"{:.2}\" y=\"{:.2}\" {halo}>{label}</text>", at.0, at.1 + TYPE * 0.35));
        }
    }
}

/// How a patient's grade on one scale stands to the grade on the next. What changes is drawn over what stays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Relation {
    Same,
    Undecided,
    Higher,
    Lower,
}

impl Relation {
    fn of(left: Grade, right: Grade) -> Self {
        if left == right && left.is_exact() {
            Self::Same
        } else if right.floor() > left.ceiling() {
            Self::Higher
        } else if left.floor() > right.ceiling() {
            Self::Lower
        } else {
            Self::Undecided
        }
    }

    /// Fill and opacity.
    const fn ink(self) -> (&'static str, f64) {
        match self {
            Self::Same => ("#999", 0.35),
            Self::Undecided => ("url(#open)", 0.35),
            Self::Higher => (HIGHER, 0.75),
            Self::Lower => (LOWER, 0.75),
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Same => "same grade",
            Self::Undecided => "open: may be higher, may agree",
            Self::Higher => "higher on the next scale",
            Self::Lower => "lower on the next scale",
        }
    }
}

/// Patients by certain grade on a scale and on the next, and by how the two stand to each other.
type Flows = BTreeMap<(usize, usize, Relation), u64>;

fn flows(graded: &[(Vec<Grade>, u64)], scale: usize) -> Flows {
    let mut flows = Flows::new();
    for (profile, n) in graded {
        if let (Some(a), Some(b)) = (profile.get(scale), profile.get(scale + 1)) {
            *flows.entry((usize::from(a.floor()), usize::from(b.floor()), Relation::of(*a, *b))).or_default() += n;
        }
    }
    flows
}

/// The ribbons between two stacks: within a part, the higher the grade on the other side the higher up.
fn ribbons(svg: &mut Svg, left: &Stack, right: &Stack, flows: &Flows, unit: f64) {
    let top = |stack: &Stack, grade: usize| stack.parts.get(grade).map_or(TOP, |p| p.0);
    let (x0, x1) = (left.x + BAR, right.x);
    let middle = f64::midpoint(x0, x1);
    let mut drawn = Vec::new();
    for ((a, b, relation), n) in flows {
        let above = |lies_above: &dyn Fn(usize, usize, Relation) -> bool| -> f64 {
            flows.iter().filter(|((c, d, r), _)| lies_above(*c, *d, *r)).map(|(_, n)| *n as f64).sum::<f64>() * unit
        };
        let y0 = top(left, *a) + above(&|c, d, r| c == *a && (d > *b || (d == *b && r < *relation)));
        let y1 = top(right, *b) + above(&|c, d, r| d == *b && (c > *a || (c == *a && r < *relation)));
        drawn.push((*relation, y0, y1, *n as f64 * unit));
    }
    drawn.sort_by_key(|(relation, ..)| *relation);
    for (relation, y0, y1, tall) in drawn {
        let (fill, opacity) = relation.ink();
        let (z0, z1) = (y0 + tall, y1 + tall);
        svg.add(format_args!(
            "<path d=\"M{x0:.2} {y0:.2}C{middle:.2} {y0:.2} {middle:.2} {y1:.2} {x1:.2} {y1:.2}V{z1:.2}C{middle:.2} {z1:.2} {middle:.2} {z0:.2} \
             {x0:.2} {z0:.2}Z\" fill=\"{fill}\" fill-opacity=\"{opacity}\" {}/>",
            if relation == Relation::Undecided { "stroke=\"#888\" stroke-width=\"0.4\"" } else { "" }
        ));
    }
}

fn legend(svg: &mut Svg, y: f64, n: u64, total: u64) {
    let keys = [Relation::Same, Relation::Undecided, Relation::Higher, Relation::Lower];
    for (i, relation) in keys.into_iter().enumerate() {
        let (x, y) = (LEFT + 95.0 * (i % 2) as f64, y + 9.0 * (i / 2) as f64);
        let (fill, opacity) = relation.ink();
        svg.add(format_args!(
            "<rect x=\"{x:.2}\" y=\"{:.2}\" width=\"7\" height=\"6\" fill=\"{fill}\" fill-opacity=\"{opacity}\" stroke=\"#000\" stroke-width=\"0.3\"/>",
            y - 3.0
        ));
        svg.text((x + 10.0, y), Anchor::Start, "", relation.words());
    }
    let words = format!("in boxes, grade: patients; {n} of {total} patients, those graded by every scale");
    svg.text((LEFT, y + 18.0), Anchor::Start, "", &words);
}

fn description(scales: &[&str], stacks: &[Stack], n: u64, total: u64) -> String {
    let mut words = format!("{n} of {total} patients were graded by every scale. Patients by certain peak grade:");
    for (id, stack) in scales.iter().zip(stacks) {
        let counts: Vec<String> = stack.parts.iter().enumerate().map(|(grade, (_, n, _))| format!("grade {grade} {n}")).collect();
        words.extend([" ", id, ": ", &counts.join(", "), ";"]);
    }
    words
}
