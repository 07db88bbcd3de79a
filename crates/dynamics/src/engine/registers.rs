//! What x86 registers lack as one instruction: choosing by a comparison, comparisons as bits, rows that become columns.
#![cfg(target_arch = "x86_64")]

#[allow(clippy::wildcard_imports, reason = "some ten instructions")]
use std::arch::x86_64::*;

/// Pairs of neighbours, then fours, then eights; `0x88` takes the even blocks of two numbers, `0xdd` the odd ones.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn transpose8([a, b, c, d, e, f, g, h]: [__m512d; 8]) -> [__m512d; 8] {
    let (ab, cd) = (_mm512_unpacklo_pd(a, b), _mm512_unpacklo_pd(c, d));
    let (ef, gh) = (_mm512_unpacklo_pd(e, f), _mm512_unpacklo_pd(g, h));
    let (four, last) = (_mm512_shuffle_f64x2::<0x88>(ab, cd), _mm512_shuffle_f64x2::<0x88>(ef, gh));
    let (zero, four) = (_mm512_shuffle_f64x2::<0x88>(four, last), _mm512_shuffle_f64x2::<0xdd>(four, last));
    let (six, last) = (_mm512_shuffle_f64x2::<0xdd>(ab, cd), _mm512_shuffle_f64x2::<0xdd>(ef, gh));
    let (two, six) = (_mm512_shuffle_f64x2::<0x88>(six, last), _mm512_shuffle_f64x2::<0xdd>(six, last));
    let (ab, cd) = (_mm512_unpackhi_pd(a, b), _mm512_unpackhi_pd(c, d));
    let (ef, gh) = (_mm512_unpackhi_pd(e, f), _mm512_unpackhi_pd(g, h));
    let (five, last) = (_mm512_shuffle_f64x2::<0x88>(ab, cd), _mm512_shuffle_f64x2::<0x88>(ef, gh));
    let (one, five) = (_mm512_shuffle_f64x2::<0x88>(five, last), _mm512_shuffle_f64x2::<0xdd>(five, last));
    let (seven, last) = (_mm512_shuffle_f64x2::<0xdd>(ab, cd), _mm512_shuffle_f64x2::<0xdd>(ef, gh));
    let (three, seven) = (_mm512_shuffle_f64x2::<0x88>(seven, last), _mm512_shuffle_f64x2::<0xdd>(seven, last));
    [zero, one, two, three, four, five, six, seven]
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn transpose4([a, b, c, d]: [__m256d; 4]) -> [__m256d; 4] {
    let (ab, cd) = (_mm256_unpacklo_pd(a, b), _mm256_unpacklo_pd(c, d));
    let (zero, two) = (_mm256_permute2f128_pd::<0x20>(ab, cd), _mm256_permute2f128_pd::<0x31>(ab, cd));
    let (ab, cd) = (_mm256_unpackhi_pd(a, b), _mm256_unpackhi_pd(c, d));
    let (one, three) = (_mm256_permute2f128_pd::<0x20>(ab, cd), _mm256_permute2f128_pd::<0x31>(ab, cd));
    [zero, one, two, three]
}

#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn mask8<const COMPARISON: i32>(left: __m512d, right: __m512d) -> u32 {
    u32::from(_mm512_cmp_pd_mask::<COMPARISON>(left, right))
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn mask4<const COMPARISON: i32>(left: __m256d, right: __m256d) -> u32 {
    _mm256_movemask_pd(_mm256_cmp_pd::<COMPARISON>(left, right)).cast_unsigned()
}

#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn select8<const COMPARISON: i32>(left: __m512d, right: __m512d, a: __m512d, b: __m512d) -> __m512d {
    _mm512_mask_blend_pd(_mm512_cmp_pd_mask::<COMPARISON>(left, right), b, a)
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn select4<const COMPARISON: i32>(left: __m256d, right: __m256d, a: __m256d, b: __m256d) -> __m256d {
    _mm256_blendv_pd(b, a, _mm256_cmp_pd::<COMPARISON>(left, right))
}

/// Numbers of two registers side by side, lane by lane.
#[target_feature(enable = "avx512f")]
#[inline]
pub(super) fn pairs8(a: __m512d, b: __m512d) -> [__m128d; 8] {
    let (even, odd) = (_mm512_castpd_ps(_mm512_unpacklo_pd(a, b)), _mm512_castpd_ps(_mm512_unpackhi_pd(a, b)));
    [
        _mm_castps_pd(_mm512_castps512_ps128(even)),
        _mm_castps_pd(_mm512_castps512_ps128(odd)),
        _mm_castps_pd(_mm512_extractf32x4_ps::<1>(even)),
        _mm_castps_pd(_mm512_extractf32x4_ps::<1>(odd)),
        _mm_castps_pd(_mm512_extractf32x4_ps::<2>(even)),
        _mm_castps_pd(_mm512_extractf32x4_ps::<2>(odd)),
        _mm_castps_pd(_mm512_extractf32x4_ps::<3>(even)),
        _mm_castps_pd(_mm512_extractf32x4_ps::<3>(odd)),
    ]
}

#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn pairs4(a: __m256d, b: __m256d) -> [__m128d; 4] {
    let (even, odd) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
    [_mm256_castpd256_pd128(even), _mm256_castpd256_pd128(odd), _mm256_extractf128_pd::<1>(even), _mm256_extractf128_pd::<1>(odd)]
}
