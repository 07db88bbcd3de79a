//! Patients side by side in the registers of the machine, with the width chosen at run time: the one place with `unsafe`.
//!
//! # Why it is sound
//! 1. [`Wide8`] and [`Wide4`] call instructions that a machine may lack (AVX-512F; AVX2 and FMA). Their fields and the types themselves are
//!    private to this file, and the only way to values of these types is through the generic functions that [`drive`] starts, after
//!    it has asked the machine for these features. So wherever a method of these types runs, the features are there.
//! 2. A register of 8 (4) doubles has the size of `[f64; 8]` (`[f64; 4]`), no padding and no less alignment, and every bit pattern
//!    is a number; so reading and writing it as such an array is defined.
//!
//! Everything is marked `inline(always)` so that it melts into functions compiled with the features; were something not inlined, it
//! would be slow, not wrong.
#![allow(unsafe_code)]

use std::ops::{Add, Mul, Sub};

use barograph_equations::Arithmetic;

use super::drive::drive_lanes;
use super::kernel::{Equations, Interpreted, Kernel, Lengths, Point, Printed};
use super::lanes::Lanes;
use super::ward::Ward;
use super::workspace::{Plan, Workspace};

/// How many patients are integrated side by side. The width changes the speed and not one bit of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// One at a time, on any machine.
    One,
    /// Four, with AVX2 and FMA.
    Four,
    /// Eight, with AVX-512.
    Eight,
}

impl Width {
    /// The widest that this machine can do.
    pub fn widest() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let fused = std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma");
            if fused && std::is_x86_feature_detected!("avx512f") {
                return Self::Eight;
            }
            if fused {
                return Self::Four;
            }
        }
        Self::One
    }

    /// How many patients that is.
    pub fn lanes(self) -> usize {
        match self {
            Self::One => 1,
            Self::Four => 4,
            Self::Eight => 8,
        }
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod wide {
    /// A model's equations for every width of this machine.
    pub(crate) trait Backend: super::Kernel<f64> {}
    impl<K: super::Kernel<f64>> Backend for K {}
}

#[cfg(not(target_arch = "x86_64"))]
pub(crate) use wide::Backend;

/// Runs the engine at the wanted width, or the widest that the machine can do if that is less.
pub(crate) fn drive(width: Width, backend: &dyn Backend, plan: &Plan, ward: &mut dyn Ward) {
    #[cfg(target_arch = "x86_64")]
    match width.min(Width::widest()) {
        // SAFETY: `widest` has found AVX-512F, AVX2 and FMA on this machine.
        Width::Eight => return unsafe { x86::drive8(backend, plan, ward) },
        // SAFETY: `widest` has found AVX2 and FMA on this machine.
        Width::Four => return unsafe { x86::drive4(backend, plan, ward) },
        Width::One => {}
    }
    let _ = width;
    drive_lanes::<f64>(backend, plan, ward);
}

#[cfg(target_arch = "x86_64")]
pub(crate) use x86::Backend;

#[cfg(target_arch = "x86_64")]
mod x86 {
    #[allow(clippy::wildcard_imports, reason = "some thirty instructions")]
    use std::arch::x86_64::*;

    use super::super::lanes::WIDEST;
    use super::super::registers::{mask4, mask8, pairs4, pairs8, select4, select8, transpose4, transpose8};
    use super::{
        Add, Arithmetic, Equations, Interpreted, Kernel, Lanes, Lengths, Mul, Plan, Point, Printed, Sub, Ward, Workspace, drive_lanes,
    };

    /// A model's equations for every width of this machine.
    #[expect(private_bounds, reason = "no other file may make values of the wide types")]
    pub(crate) trait Backend: Kernel<f64> + Kernel<Wide4> + Kernel<Wide8> {}
    impl<K: Kernel<f64> + Kernel<Wide4> + Kernel<Wide8>> Backend for K {}

    #[target_feature(enable = "avx512f,avx2,fma")]
    pub(super) fn drive8(backend: &dyn Backend, plan: &Plan, ward: &mut dyn Ward) {
        drive_lanes::<Wide8>(backend, plan, ward);
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) fn drive4(backend: &dyn Backend, plan: &Plan, ward: &mut dyn Ward) {
        drive_lanes::<Wide4>(backend, plan, ward);
    }

    /// Eight doubles in an AVX-512 register.
    #[derive(Clone, Copy)]
    struct Wide8(__m512d);

    /// Four doubles in an AVX register.
    #[derive(Clone, Copy)]
    struct Wide4(__m256d);

    /// The methods of a wide type. SAFETY of every `unsafe` in it: point 1 of the file's head.
    macro_rules! wide {
        ($wide:ident, $features:literal, $array:ty;
         $($op:ident $method:ident $instruction:ident),*;
         splat $splat:ident, fma $fma:ident, fnma $fnma:ident, fms $fms:ident, div $div:ident, sqrt $sqrt:ident, min $min:ident, max $max:ident;
         integer $integer:ident $from:ident $to:ident $set:ident add $add:ident sub $sub:ident and $and:ident or $or:ident xor $xor:ident up $up:ident down $down:ident;
         select $select:ident, mask $mask:ident, pairs $pairs:ident, transpose $transpose:ident) => {
            $(impl $op for $wide {
                type Output = Self;
                #[inline(always)]
                fn $method(self, other: Self) -> Self {
                    Self(unsafe { $instruction(self.0, other.0) })
                }
            })*

            impl Arithmetic for $wide {
                #[inline(always)]
                fn splat(value: f64) -> Self {
                    Self(unsafe { $splat(value) })
                }
                #[inline(always)]
                fn mul_add(self, factor: Self, summand: Self) -> Self {
                    Self(unsafe { $fma(self.0, factor.0, summand.0) })
                }
                #[inline(always)]
                fn neg_mul_add(self, factor: Self, summand: Self) -> Self {
                    Self(unsafe { $fnma(self.0, factor.0, summand.0) })
                }
                #[inline(always)]
                fn mul_sub(self, factor: Self, subtrahend: Self) -> Self {
                    Self(unsafe { $fms(self.0, factor.0, subtrahend.0) })
                }
                #[inline(always)]
                fn negate(self) -> Self {
                    Self(unsafe { $to($xor($from(self.0), $set(i64::MIN))) })
                }
                #[inline(always)]
                fn recip(self) -> Self {
                    Self(unsafe { $div($splat(1.0), self.0) })
                }
                #[inline(always)]
                fn divide(self, divisor: Self) -> Self {
                    Self(unsafe { $div(self.0, divisor.0) })
                }
                #[inline(always)]
                fn sqrt(self) -> Self {
                    Self(unsafe { $sqrt(self.0) })
                }
                #[inline(always)]
                fn abs(self) -> Self {
                    Self(unsafe { $to($and($from(self.0), $set(i64::MAX))) })
                }
                #[inline(always)]
                fn min(self, other: Self) -> Self {
                    Self(unsafe { $min(self.0, other.0) })
                }
                #[inline(always)]
                fn max(self, other: Self) -> Self {
                    Self(unsafe { $max(self.0, other.0) })
                }
                #[inline(always)]
                fn select_less(left: Self, right: Self, a: Self, b: Self) -> Self {
                    Self(unsafe { $select::<_CMP_LT_OQ>(left.0, right.0, a.0, b.0) })
                }
                #[inline(always)]
                fn select_at_most(left: Self, right: Self, a: Self, b: Self) -> Self {
                    Self(unsafe { $select::<_CMP_LE_OQ>(left.0, right.0, a.0, b.0) })
                }
                #[inline(always)]
                fn select_equal(left: Self, right: Self, a: Self, b: Self) -> Self {
                    Self(unsafe { $select::<_CMP_EQ_OQ>(left.0, right.0, a.0, b.0) })
                }
                #[inline(always)]
                fn bits_add(self, number: u64) -> Self {
                    Self(unsafe { $to($add($from(self.0), $set(number.cast_signed()))) })
                }
                #[inline(always)]
                fn bits_sum(self, other: Self) -> Self {
                    Self(unsafe { $to($add($from(self.0), $from(other.0))) })
                }
                #[inline(always)]
                fn bits_from(self, number: u64) -> Self {
                    Self(unsafe { $to($sub($set(number.cast_signed()), $from(self.0))) })
                }
                #[inline(always)]
                fn bits_and(self, mask: u64) -> Self {
                    Self(unsafe { $to($and($from(self.0), $set(mask.cast_signed()))) })
                }
                #[inline(always)]
                fn bits_or(self, mask: u64) -> Self {
                    Self(unsafe { $to($or($from(self.0), $set(mask.cast_signed()))) })
                }
                #[inline(always)]
                fn bits_to_exponent(self) -> Self {
                    Self(unsafe { $to($up::<52>($from(self.0))) })
                }
                #[inline(always)]
                fn bits_from_exponent(self) -> Self {
                    Self(unsafe { $to($down::<52>($from(self.0))) })
                }
            }

            impl Lanes for $wide {
                const WIDTH: usize = size_of::<$array>() / size_of::<f64>();

                #[inline(always)]
                fn lane(&self, lane: usize) -> f64 {
                    // SAFETY: point 2 of the file's head.
                    let array = unsafe { &*(&raw const self.0).cast::<$array>() };
                    array[lane & (Self::WIDTH - 1)]
                }
                #[inline(always)]
                fn set_lane(&mut self, lane: usize, value: f64) {
                    // SAFETY: point 2 of the file's head.
                    let array = unsafe { &mut *(&raw mut self.0).cast::<$array>() };
                    array[lane & (Self::WIDTH - 1)] = value;
                }
                type Block = [Self; Self::WIDTH];

                #[inline(always)]
                fn block() -> Self::Block {
                    [Self::splat(0.0); Self::WIDTH]
                }
                #[inline(always)]
                fn transpose(block: Self::Block) -> Self::Block {
                    unsafe { $transpose(block) }
                }
                #[inline(always)]
                fn store(self, places: &mut [f64], at: usize) {
                    // SAFETY: point 2 of the file's head.
                    let array = unsafe { &*(&raw const self.0).cast::<$array>() };
                    if let Some(places) = places.get_mut(at..).and_then(<[f64]>::first_chunk_mut) {
                        *places = *array;
                    }
                }
                #[inline(always)]
                fn store_pairs(self, second: Self, rows: &mut [f64], places: &[usize; WIDEST], start: usize) {
                    let pairs = unsafe { $pairs(self.0, second.0) };
                    for lane in 0..Self::WIDTH {
                        if let Some(place) = rows.get_mut(places[lane] + start..).and_then(<[f64]>::first_chunk_mut::<2>) {
                            // SAFETY: the place holds two numbers and is this function's alone; the store asks for no alignment.
                            unsafe { _mm_storeu_pd(place.as_mut_ptr(), pairs[lane]) }
                        }
                    }
                }
                #[inline(always)]
                fn less(self, other: Self) -> u32 {
                    unsafe { $mask::<_CMP_LT_OQ>(self.0, other.0) }
                }
                #[inline(always)]
                fn at_most(self, other: Self) -> u32 {
                    unsafe { $mask::<_CMP_LE_OQ>(self.0, other.0) }
                }
            }

            impl<E: Equations> Kernel<$wide> for Printed<E> {
                fn fill(&self, parameters: &[$wide], slots: &mut [$wide], _: &mut [$wide]) {
                    #[target_feature(enable = $features)]
                    fn run<E: Equations>(parameters: &[$wide], slots: &mut [$wide]) {
                        E::fill(parameters, slots);
                    }
                    unsafe { run::<E>(parameters, slots) }
                }
                fn initial(&self, parameters: &[$wide], states: &mut [$wide], _: &mut [$wide]) {
                    #[target_feature(enable = $features)]
                    fn run<E: Equations>(parameters: &[$wide], states: &mut [$wide]) {
                        E::initial(parameters, states);
                    }
                    unsafe { run::<E>(parameters, states) }
                }
                fn rhs(&self, at: Point<$wide>, dy: &mut [$wide], _: &mut [$wide]) {
                    #[target_feature(enable = $features)]
                    fn run<E: Equations>(at: Point<$wide>, dy: &mut [$wide]) {
                        E::rhs(at.t, at.y, at.p, dy);
                    }
                    unsafe { run::<E>(at, dy) }
                }
                fn attempt(&self, w: &mut Workspace<$wide>, lengths: Lengths<$wide>) -> $wide {
                    #[target_feature(enable = $features)]
                    fn run<E: Equations>(w: &mut Workspace<$wide>, lengths: Lengths<$wide>) -> $wide {
                        E::attempt(w, lengths)
                    }
                    unsafe { run::<E>(w, lengths) }
                }
            }

            impl Kernel<$wide> for Interpreted {
                fn fill(&self, parameters: &[$wide], slots: &mut [$wide], scratch: &mut [$wide]) {
                    #[target_feature(enable = $features)]
                    fn run(this: &Interpreted, parameters: &[$wide], slots: &mut [$wide], scratch: &mut [$wide]) {
                        this.run_fill(parameters, slots, scratch);
                    }
                    unsafe { run(self, parameters, slots, scratch) }
                }
                fn initial(&self, parameters: &[$wide], states: &mut [$wide], scratch: &mut [$wide]) {
                    #[target_feature(enable = $features)]
                    fn run(this: &Interpreted, parameters: &[$wide], states: &mut [$wide], scratch: &mut [$wide]) {
                        this.run_initial(parameters, states, scratch);
                    }
                    unsafe { run(self, parameters, states, scratch) }
                }
                fn rhs(&self, at: Point<$wide>, dy: &mut [$wide], scratch: &mut [$wide]) {
                    #[target_feature(enable = $features)]
                    fn run(this: &Interpreted, at: Point<$wide>, dy: &mut [$wide], scratch: &mut [$wide]) {
                        this.run_rhs(at, dy, scratch);
                    }
                    unsafe { run(self, at, dy, scratch) }
                }
                fn attempt(&self, w: &mut Workspace<$wide>, lengths: Lengths<$wide>) -> $wide {
                    #[target_feature(enable = $features)]
                    fn run(this: &Interpreted, w: &mut Workspace<$wide>, lengths: Lengths<$wide>) -> $wide {
                        this.run_attempt(w, lengths)
                    }
                    unsafe { run(self, w, lengths) }
                }
                fn scratch(&self) -> usize {
                    self.scratch_needed()
                }
            }
        };
    }

    wide!(Wide8, "avx512f,avx2,fma", [f64; 8];
        Add add _mm512_add_pd, Sub sub _mm512_sub_pd, Mul mul _mm512_mul_pd;
        splat _mm512_set1_pd, fma _mm512_fmadd_pd, fnma _mm512_fnmadd_pd, fms _mm512_fmsub_pd,
        div _mm512_div_pd, sqrt _mm512_sqrt_pd, min _mm512_min_pd, max _mm512_max_pd;
        integer __m512i _mm512_castpd_si512 _mm512_castsi512_pd _mm512_set1_epi64
        add _mm512_add_epi64 sub _mm512_sub_epi64 and _mm512_and_si512 or _mm512_or_si512 xor _mm512_xor_si512
        up _mm512_slli_epi64 down _mm512_srli_epi64;
        select select8, mask mask8, pairs pairs8, transpose columns8);

    wide!(Wide4, "avx2,fma", [f64; 4];
        Add add _mm256_add_pd, Sub sub _mm256_sub_pd, Mul mul _mm256_mul_pd;
        splat _mm256_set1_pd, fma _mm256_fmadd_pd, fnma _mm256_fnmadd_pd, fms _mm256_fmsub_pd,
        div _mm256_div_pd, sqrt _mm256_sqrt_pd, min _mm256_min_pd, max _mm256_max_pd;
        integer __m256i _mm256_castpd_si256 _mm256_castsi256_pd _mm256_set1_epi64x
        add _mm256_add_epi64 sub _mm256_sub_epi64 and _mm256_and_si256 or _mm256_or_si256 xor _mm256_xor_si256
        up _mm256_slli_epi64 down _mm256_srli_epi64;
        select select4, mask mask4, pairs pairs4, transpose columns4);

    #[target_feature(enable = "avx512f")]
    #[inline]
    fn columns8([a, b, c, d, e, f, g, h]: [Wide8; 8]) -> [Wide8; 8] {
        let [a, b, c, d, e, f, g, h] = transpose8([a.0, b.0, c.0, d.0, e.0, f.0, g.0, h.0]);
        [Wide8(a), Wide8(b), Wide8(c), Wide8(d), Wide8(e), Wide8(f), Wide8(g), Wide8(h)]
    }

    #[target_feature(enable = "avx2")]
    #[inline]
    fn columns4([a, b, c, d]: [Wide4; 4]) -> [Wide4; 4] {
        let [a, b, c, d] = transpose4([a.0, b.0, c.0, d.0]);
        [Wide4(a), Wide4(b), Wide4(c), Wide4(d)]
    }
}
