//! Random bits as a pure function of seed, patient, replicate and purpose.

use rand_core::RngCore;

/// Philox 4x32-10: the bits of a stream are a function of its name and of the position in it, so that results are the same on any number of threads.
///
/// Source: Salmon JK, Moraes MA, Dror RO, Shaw DE. Parallel random numbers: as easy as 1, 2, 3. SC11, 2011. DOI 10.1145/2063384.2063405.
#[derive(Clone, Debug)]
pub(super) struct Stream {
    key: [u32; 2],
    name: [u32; 2],
    block: u64,
    ready: [u32; 4],
    left: usize,
}

const fn halves(x: u64) -> [u32; 2] {
    [x as u32, (x >> 32) as u32]
}

/// One round of a 64-bit mixer (splitmix64, Steele 2014), to fold a long name into 64 bits.
const fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Stream {
    pub(super) const fn new(seed: u64, patient: u64, replicate: u32, purpose: u64) -> Self {
        let name = mix(mix(mix(patient.wrapping_add(0x9e37_79b9_7f4a_7c15)) ^ replicate as u64) ^ purpose);
        Self { key: halves(seed), name: halves(name), block: 0, ready: [0; 4], left: 0 }
    }

    fn refill(&mut self) {
        let ([a, b], [c, d]) = (halves(self.block), self.name);
        let mut x = [a, b, c, d];
        let mut key = self.key;
        for _ in 0..10 {
            let [low0, high0] = halves(u64::from(x[0]) * 0xd251_1f53);
            let [low1, high1] = halves(u64::from(x[2]) * 0xcd9e_8d57);
            x = [high1 ^ x[1] ^ key[0], low1, high0 ^ x[3] ^ key[1], low0];
            key = [key[0].wrapping_add(0x9e37_79b9), key[1].wrapping_add(0xbb67_ae85)];
        }
        self.ready = x;
        self.left = 4;
        self.block = self.block.wrapping_add(1);
    }

    /// Between 0 and 1, neither included.
    pub(super) fn uniform(&mut self) -> f64 {
        ((self.next_u64() >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
    }
}

impl RngCore for Stream {
    fn next_u32(&mut self) -> u32 {
        if self.left == 0 {
            self.refill();
        }
        self.left -= 1;
        self.ready.get(self.left).copied().unwrap_or(0)
    }

    fn next_u64(&mut self) -> u64 {
        u64::from(self.next_u32()) << 32 | u64::from(self.next_u32())
    }

    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        rand_core::impls::fill_bytes_via_next(self, bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answer of the Random123 distribution for counter and key of zeros.
    #[test]
    fn the_bits_are_philox() {
        let mut stream = Stream { key: [0; 2], name: [0; 2], block: 0, ready: [0; 4], left: 0 };
        stream.refill();
        assert_eq!(stream.ready, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
    }

    #[test]
    fn every_part_of_the_name_matters() {
        let first = |seed, patient, replicate, purpose| Stream::new(seed, patient, replicate, purpose).next_u64();
        let all = [first(1, 1, 1, 1), first(2, 1, 1, 1), first(1, 2, 1, 1), first(1, 1, 2, 1), first(1, 1, 1, 2)];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
    }
}
