//! Threefry-4x64 with 20 rounds (Salmon, Moraes, Dror & Shaw 2011, SC11, doi 10.1145/2063384.2063405).

const ROTATIONS: [[u32; 2]; 8] = [[14, 16], [52, 57], [23, 40], [5, 37], [25, 33], [46, 12], [58, 22], [32, 32]];
const PARITY: u64 = 0x1BD1_1BDA_A9FC_1A22;

/// Four random words for a key and a counter.
pub(super) fn block(key: [u64; 4], counter: [u64; 4]) -> [u64; 4] {
    let keys = [key[0], key[1], key[2], key[3], key.iter().fold(PARITY, |parity, word| parity ^ word)];
    let mut x = counter;
    for (word, key) in x.iter_mut().zip(keys) {
        *word = word.wrapping_add(key);
    }
    for round in 0..20 {
        let [first, second] = ROTATIONS[round % 8];
        let (a, b) = if round % 2 == 0 { (1, 3) } else { (3, 1) };
        x[0] = x[0].wrapping_add(x[a]);
        x[a] = x[a].rotate_left(first) ^ x[0];
        x[2] = x[2].wrapping_add(x[b]);
        x[b] = x[b].rotate_left(second) ^ x[2];
        if round % 4 == 3 {
            let injection = round / 4 + 1;
            for (i, word) in x.iter_mut().enumerate() {
                *word = word.wrapping_add(keys[(injection + i) % 5]);
            }
            x[3] = x[3].wrapping_add(injection as u64);
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::block;

    #[test]
    fn known_answers() {
        assert_eq!(block([0; 4], [0; 4]), [0x0921_8ebd_e6c8_5537, 0x5594_1f52_66d8_6105, 0x4bd2_5e16_2824_34dc, 0xee29_ec84_6bd2_e40b]);
        assert_eq!(
            block([u64::MAX; 4], [u64::MAX; 4]),
            [0x29c2_4097_942b_ba1b, 0x0371_bbfb_0f6f_4e11, 0x3c23_1ffa_33f8_3a1c, 0xcd29_113f_de32_d168]
        );
    }
}
