//! Levels of confidence, intervals, and quantiles of the normal distribution.

/// A level of confidence, such as 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Confidence(f64);

/// Two limits, the lower first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
}

impl Confidence {
    /// The customary 95 %.
    pub const PERCENT_95: Self = Self(0.95);

    /// A level between 0 and 1, both excluded; at most 1 - 2e-10, for which the normal quantile is accurate.
    pub fn new(level: f64) -> Option<Self> {
        (level > 0.0 && level <= 1.0 - 2e-10).then_some(Self(level))
    }

    /// The level as a fraction.
    pub const fn level(self) -> f64 {
        self.0
    }

    /// The probability left outside at each end.
    pub fn tail(self) -> f64 {
        (1.0 - self.0) / 2.0
    }

    /// The standard normal quantile that leaves [`Self::tail`] above it: 1.96 for 95 %.
    pub fn z(self) -> f64 {
        upper_quantile(self.tail())
    }
}

/// The point above which a standard normal variable falls with probability `p`, for 1e-10 ≤ p ≤ 0.5.
///
/// Source: Wichura MJ. Algorithm AS 241: the percentage points of the normal distribution. Appl Stat
/// 1988;37:477-484 (PPND16, its central and middle ranges; relative accuracy about 1e-16).
fn upper_quantile(p: f64) -> f64 {
    let q = 0.5 - p;
    if q <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * polynomial(r, CENTRE[0]) / polynomial(r, CENTRE[1]);
    }
    let r = (-p.ln()).sqrt() - 1.6;
    polynomial(r, TAIL[0]) / polynomial(r, TAIL[1])
}

/// Horner's rule; the coefficient of the highest power comes first.
fn polynomial(x: f64, coefficients: [f64; 8]) -> f64 {
    coefficients.into_iter().fold(0.0, |sum, c| sum * x + c)
}

/// Numerator and denominator for p from 0.075 to 0.5.
const CENTRE: [[f64; 8]; 2] = [
    [
        2_509.080_928_730_122_7,
        33_430.575_583_588_13,
        67_265.770_927_008_7,
        45_921.953_931_549_87,
        13_731.693_765_509_46,
        1_971.590_950_306_551_3,
        133.141_667_891_784_38,
        3.387_132_872_796_366_5,
    ],
    [
        5_226.495_278_852_854,
        28_729.085_735_721_943,
        39_307.895_800_092_71,
        21_213.794_301_586_597,
        5_394.196_021_424_751,
        687.187_007_492_057_9,
        42.313_330_701_600_91,
        1.0,
    ],
];

/// Numerator and denominator for smaller p.
const TAIL: [[f64; 8]; 2] = [
    [
        7.745_450_142_783_414e-4,
        2.272_384_498_926_918_4e-2,
        2.417_807_251_774_506e-1,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        1.519_866_656_361_645_7e-2,
        1.481_039_764_274_800_8e-1,
        6.897_673_349_851e-1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference values: R's `qnorm`.
    #[test]
    fn quantiles_match_the_reference() {
        let close = |p: f64, z: f64| assert!((upper_quantile(p) - z).abs() < 1e-13 * z.max(1.0), "{p}: {}", upper_quantile(p));
        close(0.5, 0.0);
        close(0.1, 1.281_551_565_544_600_4);
        close(0.025, 1.959_963_984_540_054);
        close(0.0249, 1.961_677_869_063_786_4);
        close(0.005, 2.575_829_303_548_900_4);
        close(0.001, 3.090_232_306_167_813);
        close(1e-10, 6.361_340_902_404_056);
    }

    #[test]
    fn levels_outside_are_refused() {
        assert_eq!(Confidence::new(0.95), Some(Confidence::PERCENT_95));
        assert!([0.0, 1.0, -1.0, 95.0, f64::NAN].map(Confidence::new).iter().all(Option::is_none));
    }
}
