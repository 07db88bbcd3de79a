//! A number as what is certain and what cannot be excluded.

/// The smallest and the largest value that a number may have; both may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// What is certain.
    pub floor: f64,
    /// What cannot be excluded.
    pub ceiling: f64,
}

impl Bounds {
    /// Zero exactly.
    pub const ZERO: Self = Self::exactly(0.0);
    /// Any amount of something that cannot be negative.
    pub const ANY: Self = Self { floor: 0.0, ceiling: f64::INFINITY };
    /// Some amount, however small or large.
    pub(super) const SOME: Self = Self { floor: f64::MIN_POSITIVE, ceiling: f64::INFINITY };

    /// A number that is known exactly.
    pub const fn exactly(x: f64) -> Self {
        Self { floor: x, ceiling: x }
    }

    /// Between two numbers, which are put in order; anything where either is not a number.
    pub fn between(a: f64, b: f64) -> Self {
        if a.is_nan() || b.is_nan() {
            return Self { floor: f64::NEG_INFINITY, ceiling: f64::INFINITY };
        }
        Self { floor: a.min(b), ceiling: a.max(b) }
    }

    /// Whether floor and ceiling meet.
    pub fn is_exact(self) -> bool {
        self.floor == self.ceiling
    }

    /// What a rising or a falling function makes of it.
    pub(super) fn through(self, f: impl Fn(f64) -> f64) -> Self {
        Self::between(f(self.floor), f(self.ceiling))
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self { floor: self.floor + other.floor, ceiling: self.ceiling + other.ceiling }
    }

    pub(super) fn max(self, other: Self) -> Self {
        Self { floor: self.floor.max(other.floor), ceiling: self.ceiling.max(other.ceiling) }
    }

    pub(super) fn min(self, cap: f64) -> Self {
        Self { floor: self.floor.min(cap), ceiling: self.ceiling.min(cap) }
    }

    /// Either of two possibilities.
    pub(super) fn or(self, other: Self) -> Self {
        Self { floor: self.floor.min(other.floor), ceiling: self.ceiling.max(other.ceiling) }
    }

    /// Product of two amounts that are not negative; nothing of an unbounded amount is anything.
    pub(super) fn times(self, other: Self) -> Self {
        let floor = self.floor * other.floor;
        let ceiling = self.ceiling * other.ceiling;
        Self { floor: if floor.is_nan() { 0.0 } else { floor }, ceiling: if ceiling.is_nan() { f64::INFINITY } else { ceiling } }
    }

    /// Quotient of two amounts that are not negative; a division by exactly zero says nothing.
    pub(super) fn over(self, other: Self) -> Self {
        if other.ceiling == 0.0 {
            return Self::ANY;
        }
        let inverse = Self { floor: 1.0 / other.ceiling, ceiling: 1.0 / other.floor };
        self.times(inverse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_factor_opens_a_product_and_a_quotient() {
        let x = Bounds::exactly(4.0);
        assert_eq!(x.times(Bounds::ANY), Bounds::ANY);
        assert_eq!(x.over(Bounds::ANY), Bounds::ANY);
        assert_eq!(Bounds::ANY.times(Bounds::ANY), Bounds::ANY);
        assert_eq!(Bounds::ZERO.times(Bounds::ANY), Bounds::ANY);
        assert_eq!(x.over(Bounds::ZERO), Bounds::ANY);
        assert_eq!(x.over(Bounds { floor: 0.0, ceiling: 2.0 }), Bounds { floor: 2.0, ceiling: f64::INFINITY });
    }

    #[test]
    fn a_falling_function_turns_the_bounds_round() {
        let x = Bounds { floor: 1.0, ceiling: 2.0 };
        assert_eq!(x.through(|x| -x), Bounds { floor: -2.0, ceiling: -1.0 });
        assert_eq!(x.or(Bounds::exactly(5.0)), Bounds { floor: 1.0, ceiling: 5.0 });
    }
}
