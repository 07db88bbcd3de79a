//! A counter-based generator of random numbers.

/// Philox 4x32-10: the numbers of a stream are a pure function of seed, stream and position.
///
/// Source: Salmon JK, Moraes MA, Dror RO, Shaw DE. Parallel random numbers: as easy as 1, 2, 3. SC11, 2011.
/// DOI 10.1145/2063384.2063405.
#[derive(Clone, Debug)]
pub struct Generator {
    key: [u32; 2],
    stream: u64,
    block: u64,
    ready: [u32; 4],
    left: usize,
}

impl Generator {
    /// The beginning of one of the streams of a seed. Streams are independent, so work may be split among them.
    pub const fn new(seed: u64, stream: u64) -> Self {
        Self { key: halves(seed), stream, block: 0, ready: [0; 4], left: 0 }
    }

    /// The next 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.left == 0 {
            let ([a, b], [c, d]) = (halves(self.block), halves(self.stream));
            self.ready = philox([a, b, c, d], self.key);
            self.block = self.block.wrapping_add(1);
            self.left = 4;
        }
        self.left -= 1;
        let [a, b, c, d] = self.ready;
        match self.left {
            3 => a,
            2 => b,
            1 => c,
            _ => d,
        }
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        u64::from(self.next_u32()) | u64::from(self.next_u32()) << 32
    }

    /// A whole number below `n`, each equally likely; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        // Numbers from the last multiple of n on are drawn again, else the low ones would come more often.
        let excess = if n == 0 { return 0 } else { (u64::MAX % n + 1) % n };
        loop {
            let x = self.next_u64();
            if x <= u64::MAX - excess {
                return x % n;
            }
        }
    }

    /// How many of `n` tries succeed, each with the probability `chances` / `of`; exact, without rounding.
    ///
    /// Each try draws a binary fraction and succeeds when it lies below the probability. The digits of all tries are
    /// drawn together, place by place, as long as they equal those of the probability: about 2n bits in all.
    pub fn binomial(&mut self, n: u64, chances: u64, of: u64) -> u64 {
        if chances >= of {
            return n;
        }
        let (mut successes, mut undecided) = (0, n);
        let (mut rest, of) = (u128::from(chances), u128::from(of));
        while undecided > 0 && rest > 0 {
            rest *= 2;
            let digit = rest >= of;
            let ones = self.ones(undecided);
            if digit {
                rest -= of;
                successes += undecided - ones;
                undecided = ones;
            } else {
                undecided -= ones;
            }
        }
        successes
    }

    /// Ones among `n` random bits.
    fn ones(&mut self, n: u64) -> u64 {
        let mut ones: u64 = (0..n / 64).map(|_| u64::from(self.next_u64().count_ones())).sum();
        let rest = n % 64;
        if rest > 0 {
            ones += u64::from((self.next_u64() >> (64 - rest)).count_ones());
        }
        ones
    }
}

const fn halves(x: u64) -> [u32; 2] {
    [x as u32, (x >> 32) as u32]
}

fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..10 {
        let [a, b, c, d] = counter;
        let [low0, high0] = halves(u64::from(a) * 0xD251_1F53);
        let [low1, high1] = halves(u64::from(c) * 0xCD9E_8D57);
        counter = [high1 ^ b ^ key[0], low1, high0 ^ d ^ key[1], low0];
        key = [key[0].wrapping_add(0x9E37_79B9), key[1].wrapping_add(0xBB67_AE85)];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers that the authors publish with their library.
    #[test]
    fn known_answers() {
        assert_eq!(philox([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(philox([u32::MAX; 4], [u32::MAX; 2]), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
        assert_eq!(philox(pi, [0xa409_3822, 0x299f_31d0]), [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn a_stream_is_a_function_of_seed_and_number() {
        let take = |seed, stream| {
            let mut generator = Generator::new(seed, stream);
            [(); 9].map(|()| generator.next_u32())
        };
        assert_eq!(take(0, 0)[..4], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(take(7, 3), take(7, 3));
        assert!(take(7, 3) != take(7, 4) && take(7, 3) != take(8, 3));
    }

    #[test]
    fn numbers_below_are_even() {
        let mut generator = Generator::new(11, 0);
        let mut counts = [0_u32; 6];
        for _ in 0..60_000 {
            counts[generator.below(6) as usize] += 1;
        }
        // Chi-squared on 5 degrees of freedom; 20.5 is its 0.999 quantile.
        let chi: f64 = counts.iter().map(|n| (f64::from(*n) - 10_000.0).powi(2) / 10_000.0).sum();
        assert!(chi < 20.5, "{counts:?}");
        assert_eq!(generator.below(0), 0);
    }

    #[test]
    fn binomial_counts_have_their_mean_and_variance() {
        let mut generator = Generator::new(5, 0);
        let (draws, n, p) = (20_000, 130_u64, 3.0 / 7.0);
        let counts: Vec<f64> = (0..draws).map(|_| generator.binomial(n, 3, 7) as f64).collect();
        let mean = counts.iter().sum::<f64>() / f64::from(draws);
        let variance = counts.iter().map(|c| (c - mean).powi(2)).sum::<f64>() / f64::from(draws - 1);
        let (of_mean, of_variance) = (n as f64 * p, n as f64 * p * (1.0 - p));
        // Four standard errors of each.
        assert!((mean - of_mean).abs() < 4.0 * (of_variance / f64::from(draws)).sqrt(), "{mean}");
        assert!((variance - of_variance).abs() < 4.0 * of_variance * (2.0 / f64::from(draws)).sqrt(), "{variance}");
        assert_eq!((generator.binomial(9, 0, 4), generator.binomial(9, 4, 4), generator.binomial(0, 1, 4)), (0, 9, 0));
    }
}
