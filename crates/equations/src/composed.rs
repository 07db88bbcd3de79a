//! Functions composed of other nodes: whole numbers, circular functions, powers of negative numbers. What runs needs to know nothing of them, and their derivatives
//! come by the ordinary rules; rounding alone has a rule of its own, since it has no slope.

use crate::graph::{Graph, Id, Node};
use crate::syntax::Comparison;

/// 1.5 2^52: adding it and taking it away rounds to a whole number, for numbers below 2^51.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// From here on numbers are left as they are: halves end at twice this.
const ALL_WHOLE: f64 = 2_251_799_813_685_248.0;

/// pi/2 in three parts of 33 bits and the rest, after FDLIBM's `e_rem_pio2.c` (Sun Microsystems 1993).
const HALF_PI: [f64; 3] = [1.570_796_326_734_125_6, 6.077_100_506_303_966e-11, 2.022_266_248_795_950_6e-21];

/// (-1)^k/(2k + 1)! for k from 8 down to 1, and (-1)^k/(2k)! for k from 8 down to 1.
const SINE: [f64; 8] = [
    1.0 / 355_687_428_096_000.0,
    -1.0 / 1_307_674_368_000.0,
    1.0 / 6_227_020_800.0,
    -1.0 / 39_916_800.0,
    1.0 / 362_880.0,
    -1.0 / 5_040.0,
    1.0 / 120.0,
    -1.0 / 6.0,
];
const COSINE: [f64; 8] = [
    1.0 / 20_922_789_888_000.0,
    -1.0 / 87_178_291_200.0,
    1.0 / 479_001_600.0,
    -1.0 / 3_628_800.0,
    1.0 / 40_320.0,
    -1.0 / 720.0,
    1.0 / 24.0,
    -0.5,
];

impl Graph {
    /// The nearest whole number.
    fn round(&mut self, x: Id) -> Id {
        if let Some(x) = self.value(x) {
            return self.constant(x.round_ties_even());
        }
        let large = self.constant(ROUNDER);
        let raised = self.add_node(Node::Add(x.min(large), x.max(large)));
        let rounded = self.add_node(Node::Subtract(raised, large));
        let (size, most) = (self.unary(Node::Abs(x)), self.constant(ALL_WHOLE));
        self.select(Comparison::Less, size, most, rounded, x)
    }

    /// Whether a node is the difference by which [`Graph::round`] rounds.
    pub(crate) fn rounds(&self, id: Id) -> bool {
        let Node::Subtract(raised, rounder) = self.node(id) else { return false };
        let adds = matches!(self.node(raised), Node::Add(a, b) if a == rounder || b == rounder);
        adds && self.value(rounder) == Some(ROUNDER)
    }

    /// The largest whole number that is not above.
    pub(crate) fn floor(&mut self, x: Id) -> Id {
        let rounded = self.round(x);
        let (one, zero) = (self.constant(1.0), self.constant(0.0));
        let excess = self.select(Comparison::Less, x, rounded, one, zero);
        self.subtract(rounded, excess)
    }

    /// `x^n`; for a negative x wherever n is whole, else not a number.
    pub(crate) fn signed_power(&mut self, x: Id, n: Id) -> Id {
        if self.value(n).is_some_and(|n| n.fract() == 0.0 && n.abs() <= crate::graph::LARGEST_MULTIPLIED) {
            return self.power(x, n);
        }
        let size = self.unary(Node::Abs(x));
        let raised = self.power(size, n);
        let negative = self.negate(raised);
        let (half, none, zero) = (self.constant(0.5), self.constant(f64::NAN), self.constant(0.0));
        let halved = self.multiply(n, half);
        let (whole, even) = (self.round(n), self.round(halved));
        let of_whole = self.select(Comparison::Equal, even, halved, raised, negative);
        let of_negative = self.select(Comparison::Equal, whole, n, of_whole, none);
        self.select(Comparison::Less, x, zero, of_negative, raised)
    }

    /// The sine, `quarters` quarters of a turn further on: 1 for the cosine. Good to about 1e-15 for angles below 1e6.
    pub(crate) fn sine(&mut self, x: Id, quarters: f64) -> Id {
        let scale = self.constant(std::f64::consts::FRAC_2_PI);
        let turns = self.multiply(x, scale);
        let turns = self.round(turns);
        let rest = HALF_PI.into_iter().fold(x, |rest, part| {
            let part = self.constant(part);
            let product = self.multiply(turns, part);
            self.subtract(rest, product)
        });
        let square = self.multiply(rest, rest);
        let (sine, cosine) = (self.polynomial(square, &SINE), self.polynomial(square, &COSINE));
        let above = self.multiply(sine, rest);
        let sine = self.add(above, rest);
        let one = self.constant(1.0);
        let cosine = self.add(cosine, one);
        // Which quarter of the turn, from 0 to 3.
        let further = self.constant(quarters);
        let turns = self.add(turns, further);
        let (quarter, four) = (self.constant(0.25), self.constant(4.0));
        let whole = self.multiply(turns, quarter);
        let whole = self.floor(whole);
        let whole = self.multiply(whole, four);
        let at = self.subtract(turns, whole);
        let limits = [0.5, 1.5, 2.5].map(|limit| self.constant(limit));
        let (minus_sine, minus_cosine) = (self.negate(sine), self.negate(cosine));
        let late = self.select(Comparison::Less, at, limits[2], minus_sine, minus_cosine);
        let later = self.select(Comparison::Less, at, limits[1], cosine, late);
        self.select(Comparison::Less, at, limits[0], sine, later)
    }

    /// Of `square`, without its constant term, from the highest coefficient down.
    fn polynomial(&mut self, square: Id, coefficients: &[f64]) -> Id {
        let zero = self.constant(0.0);
        coefficients.iter().fold(zero, |sum, coefficient| {
            let coefficient = self.constant(*coefficient);
            let sum = self.add(sum, coefficient);
            self.multiply(sum, square)
        })
    }

    /// The hyperbolic tangent; 1 to the last bit beyond 20.
    pub(crate) fn tanh(&mut self, x: Id) -> Id {
        let (two, most, least) = (self.constant(2.0), self.constant(40.0), self.constant(-40.0));
        let double = self.multiply(x, two);
        let double = self.min(double, most);
        let double = self.max(double, least);
        let raised = self.unary(Node::Exp(double));
        let one = self.constant(1.0);
        let sum = self.add(raised, one);
        let difference = self.subtract(raised, one);
        self.divide(difference, sum)
    }
}
