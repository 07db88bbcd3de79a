//! Tsit5 (Tsitouras 2011, Comput Math Appl 62:770, doi 10.1016/j.camwa.2011.06.002): an explicit method of seven stages, order 5 with an embedded
//! order 4, and an interpolant of order 4 that costs no further evaluation. The tests check the orders.
#![allow(clippy::excessive_precision, reason = "as published")]

/// The number of stages; the last is the derivative at the solution.
pub(crate) const STAGES: usize = 7;
/// Stage times.
pub(crate) const TIMES: [f64; STAGES] = [0.0, 0.161, 0.327, 0.9, 0.980_025_540_904_509_7, 1.0, 1.0];
/// Arguments: row i gives stage i + 1; the last row is the solution.
pub(crate) const A: [[f64; 6]; 6] = [
    [0.161, 0.0, 0.0, 0.0, 0.0, 0.0],
    [-0.008_480_655_492_356_989, 0.335_480_655_492_357, 0.0, 0.0, 0.0, 0.0],
    [2.897_153_057_105_493_5, -6.359_448_489_975_075, 4.362_295_432_869_581_5, 0.0, 0.0, 0.0],
    [5.325_864_828_439_257, -11.748_883_564_062_828, 7.495_539_342_889_836_5, -0.092_495_066_361_755_25, 0.0, 0.0],
    [5.861_455_442_946_42, -12.920_969_317_847_11, 8.159_367_898_576_159, -0.071_584_973_281_401, -0.028_269_050_394_068_383, 0.0],
    [0.096_460_766_818_065_23, 0.01, 0.479_889_650_414_499_6, 1.379_008_574_103_742, -3.290_069_515_436_081, 2.324_710_524_099_774],
];
/// The error estimate.
pub(crate) const ERROR: [f64; STAGES] = [
    -0.001_780_011_052_225_777_14,
    -0.000_816_434_459_656_746_9,
    0.007_880_878_010_261_995,
    -0.144_711_007_173_262_9,
    0.582_357_165_452_555_2,
    -0.458_082_105_929_186_97,
    0.015_151_515_151_515_152,
];
/// The interpolant as that of `Rodas5P` is written: y0 + h sum k b(theta) has `b(theta) = c2 theta^2 + ...`, so that
/// `b(theta) - theta b(1) = theta (1 - theta) (d0 + d1 theta + d2 theta^2)`.
pub(crate) const DENSE: [[f64; 8]; 3] = dense();

/// Coefficients of theta^2, theta^3, theta^4 of each stage's weight.
const WEIGHTS: [[f64; 3]; STAGES] = [
    cubic(-1.053_088_497_729_021_6, 1.329_989_018_975_141_2, 1.436_402_854_171_635_1, 0.713_981_691_707_420_9),
    quadratic(0.1017, 2.196_656_833_824_975_4, 1.294_985_250_737_463_1),
    quadratic(2.490_627_285_651_252_8, 2.385_356_454_720_616_6, 1.578_034_682_080_924_9),
    roots(-16.548_102_889_244_903, 1.217_129_272_955_332_4, 0.616_204_060_378_000_9),
    roots(47.379_521_962_819_28, 1.203_071_208_372_362_6, 0.658_047_292_653_547_4),
    roots(-34.870_657_861_496_61, 1.2, 2.0 / 3.0),
    roots(2.5, 1.0, 0.6),
];

/// s theta (theta - a) (theta^2 - b theta + c), without its part in theta.
const fn cubic(s: f64, a: f64, b: f64, c: f64) -> [f64; 3] {
    [s * (c + a * b), s * (-b - a), s]
}

/// s theta^2 (theta^2 - b theta + c)
const fn quadratic(s: f64, b: f64, c: f64) -> [f64; 3] {
    [s * c, -s * b, s]
}

/// s theta^2 (theta - a) (theta - b)
const fn roots(s: f64, a: f64, b: f64) -> [f64; 3] {
    quadratic(s, a + b, a * b)
}

const fn dense() -> [[f64; 8]; 3] {
    let mut table = [[0.0; 8]; 3];
    let mut stage = 0;
    while stage < STAGES {
        let [c2, c3, c4] = WEIGHTS[stage];
        table[0][stage] = -(c2 + c3 + c4);
        table[1][stage] = -(c3 + c4);
        table[2][stage] = -c4;
        stage += 1;
    }
    table
}
