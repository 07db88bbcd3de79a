//! exp, ln and pow of our own: elementwise, branch-free, the same bits on every machine and for every width.
//!
//! `exp` is Cody-Waite reduction and a Taylor polynomial of degree 13 on |r| <= ln 2/2 (truncation below 5e-18); `ln` follows
//! the reduction and the polynomial of FDLIBM's `e_log.c` (Sun Microsystems 1993). Both are within 1 unit in the last place or so; the
//! relative error of `pow` is about 2^-53 (1 + |y ln x|), far below any tolerance of integration.

use crate::arithmetic::Arithmetic;

/// 1.5 2^52: adding it rounds to a whole number, which then stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
const LN2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// 1/k! for k = 13 down to 2.
const FACTORIALS: [f64; 12] = [
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    1.0 / 2.0,
];

/// The exponential; 0 below -708, infinity above 709.
#[inline(always)]
pub fn exp<N: Arithmetic>(x: N) -> N {
    let rounded = x.mul_add(N::splat(std::f64::consts::LOG2_E), N::splat(ROUNDER));
    let whole = rounded - N::splat(ROUNDER);
    let r = whole.neg_mul_add(N::splat(LN2_HIGH), x);
    let r = whole.neg_mul_add(N::splat(LN2_LOW), r);
    let mut sum = N::splat(FACTORIALS[0]);
    for factorial in &FACTORIALS[1..] {
        sum = sum.mul_add(r, N::splat(*factorial));
    }
    let one = N::splat(1.0);
    let fraction = (sum * r).mul_add(r, r) + one;
    let scaled = fraction.bits_sum(rounded.bits_to_exponent());
    let bounded = N::select_less(x, N::splat(-708.0), N::splat(0.0), scaled);
    let bounded = N::select_less(N::splat(709.0), x, N::splat(f64::INFINITY), bounded);
    N::select_equal(x, x, bounded, x)
}

const MANTISSA: u64 = 0x000F_FFFF_FFFF_FFFF;
/// The bits of about sqrt(1/2), the least mantissa after reduction.
const LEAST: u64 = 0x3FE6_A09E_0000_0000;
const LN_POLYNOMIAL: [f64; 7] = [
    1.479_819_860_511_658_6e-1,
    1.531_383_769_920_937_3e-1,
    1.818_357_216_161_805e-1,
    2.222_219_843_214_978_4e-1,
    2.857_142_874_366_239e-1,
    3.999_999_999_940_942e-1,
    6.666_666_666_666_735e-1,
];

/// The natural logarithm; minus infinity at 0, NaN below. Numbers too small to be normal count as the least normal number.
#[inline(always)]
pub fn ln<N: Arithmetic>(x: N) -> N {
    let normal = x.max(N::splat(f64::MIN_POSITIVE));
    let shifted = normal.bits_add(0x3FF0_0000_0000_0000 - LEAST);
    let exponent = shifted.bits_from_exponent().bits_or(0x4330_0000_0000_0000) - N::splat(4_503_599_627_370_496.0 + 1023.0);
    let mantissa = shifted.bits_and(MANTISSA).bits_add(LEAST);
    let f = mantissa - N::splat(1.0);
    let half_square = f * f * N::splat(0.5);
    let s = f * (f + N::splat(2.0)).recip();
    let z = s * s;
    let mut sum = N::splat(LN_POLYNOMIAL[0]);
    for coefficient in &LN_POLYNOMIAL[1..] {
        sum = sum.mul_add(z, N::splat(*coefficient));
    }
    let r = sum * z;
    let low = s.mul_add(half_square + r, exponent * N::splat(LN2_LOW));
    let result = exponent.mul_add(N::splat(LN2_HIGH), f - (half_square - low));
    let result = N::select_equal(x, N::splat(0.0), N::splat(f64::NEG_INFINITY), result);
    let result = N::select_equal(x, N::splat(f64::INFINITY), x, result);
    N::select_at_most(N::splat(0.0), x, result, N::splat(f64::NAN))
}

/// The power of a base that is not negative; `x^0` is 1, `0^y` is 0 for positive y. NaN for a negative base.
#[inline(always)]
pub fn pow<N: Arithmetic>(x: N, y: N) -> N {
    let raised = exp(y * ln(x));
    N::select_equal(y, N::splat(0.0), N::splat(1.0), raised)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exp_and_ln_agree_with_the_platform() {
        for i in -700_000..700_000_i32 {
            let x = f64::from(i) * 1e-3 + 1e-7;
            let relative = (exp(x) / x.exp() - 1.0).abs();
            assert!(relative < 4.5e-16, "exp {x}: {relative:e}");
            let x = x.exp();
            let error = (ln(x) - x.ln()).abs();
            assert!(error <= 2.3e-16 * x.ln().abs().max(1e-3), "ln {x}: {error:e}");
        }
    }

    #[test]
    fn the_edges_are_as_documented() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-1e4), 0.0);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert_eq!(exp(1e4), f64::INFINITY);
        assert!(exp(f64::NAN).is_nan());
        assert_eq!(ln(1.0), 0.0);
        assert_eq!(ln(0.0), f64::NEG_INFINITY);
        assert_eq!(ln(f64::INFINITY), f64::INFINITY);
        assert!(ln(-1.0).is_nan() && ln(f64::NAN).is_nan());
        assert_eq!(pow(0.0, 0.0), 1.0);
        assert_eq!(pow(0.0, 2.5), 0.0);
        assert!((pow(2.0, 2.5) / 2.0_f64.powf(2.5) - 1.0).abs() < 1e-15);
        assert!(pow(-1.0, 2.5).is_nan());
    }
}
