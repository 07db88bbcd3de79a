//! Typical values that bring a population near its targets.
//!
//! Gauss-Newton on the targets' residuals with a ridge: each value is drawn back to where its design put it, by the width that the design allows
//! (a penalised fit, as of Tikhonov). Derivatives are differences of whole populations under common random numbers, so that the search is
//! deterministic and the noise of sampling cancels in them.

use super::calibration::solve;

/// Where a value is held, and how loosely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ridge {
    /// The design's value.
    pub centre: f64,
    /// Standard deviation about it.
    pub width: f64,
}

/// A point of the search.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// The values.
    pub values: Vec<f64>,
    /// The residuals there: misfit in units of each target's tolerance.
    pub residuals: Vec<f64>,
    /// Sum of squares of residuals and of distances from the design.
    pub cost: f64,
}

/// A difference is taken over this part of a value's width, and no step is longer than a width.
const DIFFERENCE: f64 = 0.2;
const SHORTENINGS: i32 = 4;

/// Searches from `start` for the least cost; gives the start and each better point, the best last.
///
/// `residuals` is asked at a point and must give the same there whenever it is asked. The search ends after `rounds`, or where no shortened step is better.
pub fn gauss_newton(start: &[f64], ridge: &[Ridge], rounds: usize, mut residuals: impl FnMut(&[f64]) -> Vec<f64>) -> Vec<Point> {
    let mut at = |values: Vec<f64>| {
        let residuals = residuals(&values);
        let away = values.iter().zip(ridge).map(|(x, r)| (x - r.centre) / r.width);
        let cost = residuals.iter().copied().chain(away).map(|x| x * x).sum();
        Point { values, residuals, cost }
    };
    let mut path = vec![at(start.to_vec())];
    for _ in 0..rounds {
        let Some(here) = path.last() else { break };
        let slopes: Vec<Vec<f64>> = (0..ridge.len())
            .map(|i| {
                let mut values = here.values.clone();
                let step = DIFFERENCE * ridge[i].width;
                values[i] += step;
                at(values).residuals.iter().zip(&here.residuals).map(|(there, here)| (there - here) / step).collect()
            })
            .collect();
        let step = step(here, &slopes, ridge);
        let tried = (0..SHORTENINGS).map(|i| {
            let length = 0.5f64.powi(i);
            at(here.values.iter().zip(&step).map(|(x, s)| x + length * s).collect())
        });
        let Some(better) = { tried }.find(|point| point.cost < here.cost) else { break };
        path.push(better);
    }
    path
}

/// Solves `(JᵀJ + W⁻²) s = -(Jᵀr + W⁻²(x - c))`, each entry held within a width.
fn step(here: &Point, slopes: &[Vec<f64>], ridge: &[Ridge]) -> Vec<f64> {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let mut matrix: Vec<Vec<f64>> = slopes.iter().map(|a| slopes.iter().map(|b| dot(a, b)).collect()).collect();
    let mut right: Vec<f64> = slopes.iter().map(|a| -dot(a, &here.residuals)).collect();
    for (i, r) in ridge.iter().enumerate() {
        let weight = r.width.powi(-2);
        matrix[i][i] += weight;
        right[i] -= weight * (here.values[i] - r.centre);
    }
    solve(matrix, right).iter().zip(ridge).map(|(s, r)| s.clamp(-r.width, r.width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of a linear problem the penalised least squares are known: with r = (x + y - 3) / 0.1 and unit ridges at 0 both values are 300 / 201.
    #[test]
    fn a_linear_problem_is_solved_in_the_steps_it_takes() {
        let ridge = [Ridge { centre: 0.0, width: 1.0 }; 2];
        let path = gauss_newton(&[0.0, 0.0], &ridge, 5, |x| vec![(x[0] + x[1] - 3.0) / 0.1]);
        let found = &path.last().unwrap().values;
        assert!(found.iter().all(|x| (x - 300.0 / 201.0).abs() < 1e-9), "{found:?}");
        // No step is longer than a width, so the first cannot arrive.
        assert_eq!(path[1].values, [1.0, 1.0]);
    }

    /// Two kinds of children, a threshold each: the shares wanted are those that known values give; a curved problem with a floor that differences see.
    #[test]
    fn a_toy_population_finds_the_values_that_made_its_shares() {
        let shares = |x: &[f64]| -> Vec<f64> {
            let n = 4000;
            let child = |i: usize| (i as f64 + 0.5) / f64::from(n);
            let share = |is: &dyn Fn(f64) -> bool| (0..n as usize).filter(|i| is(child(*i))).count() as f64 / f64::from(n);
            vec![share(&|u| u * x[0].exp() > 0.5), share(&|u| u * u * (x[0] + x[1]).exp() > 0.3)]
        };
        let truth = [0.4, -0.3];
        let wanted = shares(&truth);
        let ridge = [Ridge { centre: 0.0, width: 0.5 }; 2];
        let residuals = |x: &[f64]| shares(x).iter().zip(&wanted).map(|(s, w)| (s - w) / 0.002).collect();
        let path = gauss_newton(&[0.0, 0.0], &ridge, 12, residuals);
        let found = path.last().unwrap();
        assert!(found.values.iter().zip(truth).all(|(x, t)| (x - t).abs() < 0.01), "{found:?}");
        assert!(path.windows(2).all(|w| w[1].cost < w[0].cost), "a step made it worse");
        assert!(found.cost < 2.0 && path[0].cost > 1000.0, "{} from {}", found.cost, path[0].cost);
    }
}
