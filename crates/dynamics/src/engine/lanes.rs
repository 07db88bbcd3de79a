//! Several patients side by side: what the engine needs beyond arithmetic.

use barograph_equations::Arithmetic;

/// The most patients that any machine has side by side.
pub(crate) const WIDEST: usize = 8;

/// Numbers side by side, one patient each.
pub(crate) trait Lanes: Arithmetic + Send + Sync + 'static {
    /// How many patients.
    const WIDTH: usize;
    /// The number of one patient; lanes count modulo the width, a power of 2.
    fn lane(&self, lane: usize) -> f64;
    /// Puts the number of one patient.
    fn set_lane(&mut self, lane: usize, value: f64);
    /// As many of them as they are wide.
    type Block: AsRef<[Self]> + AsMut<[Self]>;
    /// A block of zeros.
    fn block() -> Self::Block;
    /// Rows become columns: number i of the block's member j becomes number j of member i.
    fn transpose(block: Self::Block) -> Self::Block;
    /// Writes all patients' numbers side by side from a place on; nothing where there is no room.
    fn store(self, places: &mut [f64], at: usize);
    /// Writes each patient's two numbers side by side into that patient's place, plus `start`.
    fn store_pairs(self, second: Self, rows: &mut [f64], places: &[usize; WIDEST], start: usize);
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

    type Block = [f64; 1];

    #[inline(always)]
    fn block() -> [f64; 1] {
        [0.0]
    }

    #[inline(always)]
    fn transpose(block: [f64; 1]) -> [f64; 1] {
        block
    }

    #[inline(always)]
    fn store(self, places: &mut [f64], at: usize) {
        if let Some(place) = places.get_mut(at) {
            *place = self;
        }
    }

    #[inline(always)]
    fn store_pairs(self, second: f64, rows: &mut [f64], places: &[usize; WIDEST], start: usize) {
        if let Some(pair) = rows.get_mut(places[0] + start..).and_then(<[f64]>::first_chunk_mut) {
            *pair = [self, second];
        }
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
