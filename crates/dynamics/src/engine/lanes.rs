//! Several patients side by side: what the engine needs beyond arithmetic.

use barograph_equations::Arithmetic;

/// Numbers side by side, one patient each.
pub(crate) trait Lanes: Arithmetic + Send + Sync + 'static {
    /// How many patients.
    const WIDTH: usize;
    /// The number of one patient; lanes count modulo the width, a power of 2.
    fn lane(&self, lane: usize) -> f64;
    /// Puts the number of one patient.
    fn set_lane(&mut self, lane: usize, value: f64);
    /// Two numbers of each patient brought together, to be read by [`Lanes::pair`].
    fn interleave(a: Self, b: Self) -> [Self; 2];
    /// The two numbers of one patient.
    fn pair(interleaved: &[Self; 2], lane: usize) -> [f64; 2];
    /// The patients, as bits, for whom `self < other`.
    fn less(self, other: Self) -> u32;
    /// The patients, as bits, for whom `self <= other`.
    fn at_most(self, other: Self) -> u32;
}

impl Lanes for f64 {
    const WIDTH: usize = 1;

    #[inline(always)]
    fn lane(&self, _: usize) -> f64 {
        *self
    }

    #[inline(always)]
    fn set_lane(&mut self, _: usize, value: f64) {
        *self = value;
    }

    #[inline(always)]
    fn interleave(a: Self, b: Self) -> [Self; 2] {
        [a, b]
    }

    #[inline(always)]
    fn pair(interleaved: &[Self; 2], _: usize) -> [f64; 2] {
        *interleaved
    }

    #[inline(always)]
    fn less(self, other: Self) -> u32 {
        u32::from(self < other)
    }

    #[inline(always)]
    fn at_most(self, other: Self) -> u32 {
        u32::from(self <= other)
    }
}
