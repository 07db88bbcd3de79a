//! Rows at the wanted times, from the interpolant of the step that holds them.
//!
//! Every lane writes its next row in every pass, due or not, and over its full width: what is not due, and what spills over the end of a row,
//! is overwritten by the rows after it, in order. So there is no branch a lane and no store a number.

use super::lanes::Lanes;
use super::rodas5p::{DENSE, STAGES};
use super::tsit5;
use super::workspace::{Method, Plan, Workspace};

/// The interpolant of the kept states over the step just made.
#[inline(always)]
pub(super) fn interpolate<L: Lanes>(w: &mut Workspace<L>, plan: &Plan, h: L) {
    match plan.method {
        Method::Rodas5P => bend(w, plan, &DENSE, L::splat(1.0)),
        Method::Tsit5 => bend(w, plan, &tsit5::DENSE, h),
    }
}

#[inline(always)]
fn bend<L: Lanes>(w: &mut Workspace<L>, plan: &Plan, table: &[[f64; STAGES]; 3], scale: L) {
    let (keep, dense) = (plan.keep, &mut w.dense[..plan.keep.len()]);
    for column in 0..keep.len() {
        let state = keep[column];
        let k = &w.k[state];
        let mut sums = [k[0] * L::splat(table[0][0]), k[0] * L::splat(table[1][0]), k[0] * L::splat(table[2][0])];
        for stage in 1..STAGES {
            for power in 0..3 {
                sums[power] = k[stage].mul_add(L::splat(table[power][stage]), sums[power]);
            }
        }
        dense[column] = [w.y[state], w.u[state], sums[0] * scale, sums[1] * scale, sums[2] * scale];
    }
}

/// The rows of the step from `w.t` to `t_end`, for the lanes in `wanted`.
#[inline(always)]
pub(super) fn rows<L: Lanes>(wanted: u32, w: &mut Workspace<L>, plan: &Plan, t_end: L, inverse: L) {
    let one = L::splat(1.0);
    let width = plan.keep.len();
    let (dense, floor, rows) = (&w.dense[..width], &plan.floor[..width], &mut w.rows[..]);
    let (numbers, places) = (&mut w.row_number, &mut w.row_place);
    let mut next = w.next_row;
    let mut due = wanted;
    while due != 0 {
        let theta = L::select_less(next, t_end, (next - w.t) * inverse, one);
        let rest = one - theta;
        let mut start = 0;
        while start < width {
            if start + 2 >= width {
                let first = interpolated(&dense[start], theta, rest).max(L::splat(floor[start]));
                let last = width - 1;
                let second = interpolated(&dense[last], theta, rest).max(L::splat(floor[last]));
                first.store_pairs(second, rows, places, start);
                break;
            }
            let mut block = L::block();
            let values = block.as_mut();
            if start + L::WIDTH <= width {
                for i in 0..L::WIDTH {
                    values[i] = interpolated(&dense[start + i], theta, rest).max(L::splat(floor[start + i]));
                }
            } else {
                for i in 0..width - start {
                    values[i] = interpolated(&dense[start + i], theta, rest).max(L::splat(floor[start + i]));
                }
            }
            let block = L::transpose(block);
            let values = block.as_ref();
            for lane in 0..L::WIDTH {
                values[lane].store(rows, places[lane] + start);
            }
            start += L::WIDTH;
        }
        for lane in 0..L::WIDTH {
            let step = (due >> lane & 1) as usize;
            numbers[lane] += step;
            places[lane] += step * width;
            next.set_lane(lane, plan.times.get(numbers[lane]).copied().unwrap_or(f64::INFINITY));
        }
        due &= next.at_most(t_end);
    }
    w.next_row = next;
}

/// A state at `theta` of the step, `rest` before its end.
#[inline(always)]
fn interpolated<L: Lanes>(&[y0, y1, b0, b1, b2]: &[L; 5], theta: L, rest: L) -> L {
    let bend = theta.mul_add(theta.mul_add(b2, b1), b0);
    let end = theta * rest.mul_add(bend, y1);
    rest.mul_add(y0, end)
}
