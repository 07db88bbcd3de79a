//! What numbers must be able to do to be run through a model's program: one `f64`, or several side by side.

use std::ops::{Add, Mul, Sub};

/// Numbers side by side, each operation elementwise and rounded once (IEEE 754), so that every width gives the same bits.
pub trait Arithmetic: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// The same number everywhere.
    fn splat(value: f64) -> Self;
    /// `self * factor + summand`, rounded once.
    #[must_use]
    fn mul_add(self, factor: Self, summand: Self) -> Self;
    /// `summand - self * factor`, rounded once.
    #[must_use]
    fn neg_mul_add(self, factor: Self, summand: Self) -> Self;
    /// `self * factor - subtrahend`, rounded once.
    #[must_use]
    fn mul_sub(self, factor: Self, subtrahend: Self) -> Self;
    /// `-self`
    #[must_use]
    fn negate(self) -> Self;
    /// `1/self`
    #[must_use]
    fn recip(self) -> Self;
    /// `self/divisor`
    #[must_use]
    fn divide(self, divisor: Self) -> Self;
    /// The square root.
    #[must_use]
    fn sqrt(self) -> Self;
    /// The absolute value.
    #[must_use]
    fn abs(self) -> Self;
    /// `self` where `self < other`, else `other` (so `other` where either is NaN).
    #[must_use]
    fn min(self, other: Self) -> Self;
    /// `self` where `self > other`, else `other` (so `other` where either is NaN).
    #[must_use]
    fn max(self, other: Self) -> Self;
    /// `a` where `left < right`, else `b`.
    fn select_less(left: Self, right: Self, a: Self, b: Self) -> Self;
    /// `a` where `left <= right`, else `b`.
    fn select_at_most(left: Self, right: Self, a: Self, b: Self) -> Self;
    /// `a` where `left == right`, else `b`.
    fn select_equal(left: Self, right: Self, a: Self, b: Self) -> Self;
    /// The bits plus a whole number, wrapping.
    #[must_use]
    fn bits_add(self, number: u64) -> Self;
    /// The bits of both added, wrapping.
    #[must_use]
    fn bits_sum(self, other: Self) -> Self;
    /// A whole number minus the bits, wrapping.
    #[must_use]
    fn bits_from(self, number: u64) -> Self;
    /// The bits that `mask` has too.
    #[must_use]
    fn bits_and(self, mask: u64) -> Self;
    /// The bits that `self` or `mask` has.
    #[must_use]
    fn bits_or(self, mask: u64) -> Self;
    /// The bits moved up by 52, into the exponent.
    #[must_use]
    fn bits_to_exponent(self) -> Self;
    /// The bits moved down by 52, out of the exponent.
    #[must_use]
    fn bits_from_exponent(self) -> Self;

    /// The exponential, see [`crate::elementary::exp`].
    #[must_use]
    #[inline(always)]
    fn exp(self) -> Self {
        crate::elementary::exp(self)
    }

    /// The natural logarithm, see [`crate::elementary::ln`].
    #[must_use]
    #[inline(always)]
    fn ln(self) -> Self {
        crate::elementary::ln(self)
    }

    /// The power of a base that is not negative, see [`crate::elementary::pow`].
    #[must_use]
    #[inline(always)]
    fn pow(self, exponent: Self) -> Self {
        crate::elementary::pow(self, exponent)
    }
}

impl Arithmetic for f64 {
    #[inline(always)]
    fn splat(value: f64) -> Self {
        value
    }
    #[inline(always)]
    fn mul_add(self, factor: Self, summand: Self) -> Self {
        f64::mul_add(self, factor, summand)
    }
    #[inline(always)]
    fn neg_mul_add(self, factor: Self, summand: Self) -> Self {
        f64::mul_add(-self, factor, summand)
    }
    #[inline(always)]
    fn mul_sub(self, factor: Self, subtrahend: Self) -> Self {
        f64::mul_add(self, factor, -subtrahend)
    }
    #[inline(always)]
    fn negate(self) -> Self {
        -self
    }
    #[inline(always)]
    fn recip(self) -> Self {
        1.0 / self
    }
    #[inline(always)]
    fn divide(self, divisor: Self) -> Self {
        self / divisor
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        f64::sqrt(self)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f64::abs(self)
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        if self < other { self } else { other }
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        if self > other { self } else { other }
    }
    #[inline(always)]
    fn select_less(left: Self, right: Self, a: Self, b: Self) -> Self {
        if left < right { a } else { b }
    }
    #[inline(always)]
    fn select_at_most(left: Self, right: Self, a: Self, b: Self) -> Self {
        if left <= right { a } else { b }
    }
    #[inline(always)]
    fn select_equal(left: Self, right: Self, a: Self, b: Self) -> Self {
        if left == right { a } else { b }
    }
    #[inline(always)]
    fn bits_add(self, number: u64) -> Self {
        f64::from_bits(self.to_bits().wrapping_add(number))
    }
    #[inline(always)]
    fn bits_sum(self, other: Self) -> Self {
        f64::from_bits(self.to_bits().wrapping_add(other.to_bits()))
    }
    #[inline(always)]
    fn bits_from(self, number: u64) -> Self {
        f64::from_bits(number.wrapping_sub(self.to_bits()))
    }
    #[inline(always)]
    fn bits_and(self, mask: u64) -> Self {
        f64::from_bits(self.to_bits() & mask)
    }
    #[inline(always)]
    fn bits_or(self, mask: u64) -> Self {
        f64::from_bits(self.to_bits() | mask)
    }
    #[inline(always)]
    fn bits_to_exponent(self) -> Self {
        f64::from_bits(self.to_bits() << 52)
    }
    #[inline(always)]
    fn bits_from_exponent(self) -> Self {
        f64::from_bits(self.to_bits() >> 52)
    }
}
