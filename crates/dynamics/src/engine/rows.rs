//! Rows at the wanted times, from the interpolant of the step that holds them.

use barograph_equations::Arithmetic;

use super::lanes::Lanes;
use super::rodas5p::{DENSE, STAGES};
use super::tsit5;
use super::workspace::{Bed, Method, Plan, Workspace};

/// The interpolant of the kept states over the step just made, two states at a time; a last odd one is its own neighbour.
#[inline(always)]
pub(super) fn interpolate<L: Lanes>(w: &mut Workspace<L>, plan: &Plan, h: L) {
    let (table, scale) = match plan.method {
        Method::Rodas5P => (&DENSE, L::splat(1.0)),
        Method::Tsit5 => (&tsit5::DENSE, h),
    };
    for (dense, states) in w.dense.iter_mut().zip(plan.keep.chunks(2)) {
        let (i, j) = (states[0], states[states.len() - 1]);
        dense[0] = L::interleave(w.y[i], w.y[j]);
        dense[1] = L::interleave(w.u[i], w.u[j]);
        let (k_i, k_j) = (&w.k[i], &w.k[j]);
        for (b, weights) in dense[2..].iter_mut().zip(table) {
            let (mut sum_i, mut sum_j) = (L::splat(0.0), L::splat(0.0));
            for stage in 0..STAGES {
                let weight = L::splat(weights[stage]);
                sum_i = k_i[stage].mul_add(weight, sum_i);
                sum_j = k_j[stage].mul_add(weight, sum_j);
            }
            *b = L::interleave(sum_i * scale, sum_j * scale);
        }
    }
}

/// The rows of one lane that fall into the step that ends at `t_end`.
#[inline(always)]
pub(super) fn rows<L: Lanes>(lane: usize, bed: &mut Bed, w: &mut Workspace<L>, plan: &Plan, t_end: f64, inverse: f64) {
    let t = w.t.lane(lane);
    let width = plan.keep.len();
    let (floors, last_floor) = plan.floor.as_chunks::<2>();
    let mut next = plan.times.get(bed.next_row).copied().unwrap_or(f64::INFINITY);
    while next <= t_end {
        let theta = if next < t_end { (next - t) * inverse } else { 1.0 };
        let (places, last_place) = bed.rows[bed.next_row * width..][..width].as_chunks_mut::<2>();
        for ((dense, floor), place) in w.dense.iter().zip(floors).zip(places) {
            *place = interpolated(dense, lane, theta, *floor);
        }
        if let ([dense], [floor], [place]) = (&w.dense[width / 2..], last_floor, last_place) {
            [*place, _] = interpolated(dense, lane, theta, [*floor; 2]);
        }
        bed.next_row += 1;
        next = plan.times.get(bed.next_row).copied().unwrap_or(f64::INFINITY);
    }
    w.next_row.set_lane(lane, next);
}

/// One lane's values of two states at `theta` of the step.
#[inline(always)]
fn interpolated<L: Lanes>(dense: &[[L; 2]; 5], lane: usize, theta: f64, floor: [f64; 2]) -> [f64; 2] {
    let rest = 1.0 - theta;
    let [y0, y1, b0, b1, b2] = dense;
    let (y0, y1) = (L::pair(y0, lane), L::pair(y1, lane));
    let (b0, b1, b2) = (L::pair(b0, lane), L::pair(b1, lane), L::pair(b2, lane));
    let mut values = [0.0; 2];
    for i in 0..2 {
        let bend = Arithmetic::mul_add(theta, b2[i], b1[i]);
        let bend = Arithmetic::mul_add(theta, bend, b0[i]);
        let end = theta * Arithmetic::mul_add(rest, bend, y1[i]);
        values[i] = Arithmetic::max(Arithmetic::mul_add(rest, y0[i], end), floor[i]);
    }
    values
}
