//! diffsol on the bench model: equations and Jacobian-vector product by hand, as a user would who wants speed.

use std::error::Error;

use cpu_time::ThreadTime;
use diffsol::{MatrixCommon, NalgebraLU, NalgebraMat, OdeBuilder, OdeEquations, OdeSolverMethod, OdeSolverStopReason, Vector};

use crate::{CENTRAL, DOSE, ROWS, STATES, VARIED, draw, times};

type M = NalgebraMat<f64>;
type V = <M as MatrixCommon>::V;

/// A method of diffsol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Backward differentiation, variable order.
    Bdf,
    /// Tsitouras' explicit Runge-Kutta pair of order 5(4).
    Tsit45,
}

/// The courses of the patients `0..count` and the seconds of processor time per patient.
///
/// # Errors
/// diffsol refuses the problem or a step.
pub fn courses(method: Method, stiffness: f64, rtol: f64, count: u64) -> Result<(Vec<Vec<f64>>, f64), Box<dyn Error>> {
    let mut problem = OdeBuilder::<M>::new()
        .rtol(rtol)
        .atol([rtol * 1e-3; STATES])
        .p([1.0; VARIED])
        .rhs_implicit(
            |y: &[f64], p: &[f64], _t: f64, dy: &mut [f64]| rhs(y, p, dy),
            |y: &[f64], p: &[f64], _t: f64, v: &[f64], jv: &mut [f64]| product(y, p, v, jv),
        )
        .init(|p: &[f64], _t: f64, y: &mut [f64]| y.copy_from_slice(&initial(p)), STATES)
        .build()?;
    let times = times();
    let mut courses = Vec::new();
    let drawn = draw(stiffness, count);
    let clock = ThreadTime::now();
    for parameters in &drawn {
        problem.eqn.set_params(&V::from_slice(parameters, *problem.context()));
        let mut course = Vec::with_capacity(ROWS * STATES);
        match method {
            Method::Bdf => follow(problem.bdf::<NalgebraLU<f64>>()?, &times, &mut course)?,
            Method::Tsit45 => follow(problem.tsit45()?, &times, &mut course)?,
        }
        courses.push(course);
    }
    Ok((courses, clock.elapsed().as_secs_f64() / count as f64))
}

/// Steps to the dose, gives it, steps to the end; interpolates at the times of the rows.
fn follow<'a, Eqn, S>(mut solver: S, times: &[f64], course: &mut Vec<f64>) -> Result<(), Box<dyn Error>>
where
    Eqn: OdeEquations<T = f64, V = V> + 'a,
    S: OdeSolverMethod<'a, Eqn>,
{
    let mut row = solver.state().y.clone();
    let mut next = 0;
    for stop in [DOSE.0, 28.0] {
        solver.set_stop_time(stop)?;
        loop {
            let reason = solver.step()?;
            let now = solver.state().t;
            while next < times.len() && times[next] <= now {
                solver.interpolate_inplace(times[next], &mut row)?;
                course.extend_from_slice(row.batch_as_slice(0));
                next += 1;
            }
            if reason == OdeSolverStopReason::TstopReached {
                break;
            }
        }
        if stop < 28.0 {
            solver.state_mut().y.batch_as_mut_slice(0)[CENTRAL] += DOSE.1;
        }
    }
    Ok(())
}

const KT: f64 = 500.0;
const D_E: f64 = 0.25;
const K_EM: f64 = 0.02;
const K_ME: f64 = 0.05;
const D_M: f64 = 0.005;
const E_MAX: f64 = 8000.0;
const G_T: f64 = 0.12;
const T_CAP: f64 = 3e5;
const KE: f64 = 60.0;
const S_B: f64 = 2.0;
const D_B: f64 = 0.02;
const K_ACT: f64 = 150.0;
const B_G: f64 = 2.0;
const KG: f64 = 400.0;
const D_A: f64 = 1.0;
const K_A: f64 = 0.8;
const F_I: f64 = 4.0;
const K6: f64 = 200.0;
const D_G: f64 = 8.3;
const S6: f64 = 165.0;
const D6: f64 = 33.0;
const C_I: f64 = 1.5;
const V1: f64 = 3.5;
const V2: f64 = 3.0;
const Q: f64 = 0.3;
const KD: f64 = 5.0;
const K_C: f64 = 60.0;
const KC: f64 = 50.0;
const D_R: f64 = 0.9;

fn initial(p: &[f64]) -> [f64; STATES] {
    [1.0, 0.5, p[6], 100.0, 0.0, 0.0, 5.0, 0.0, 0.0, K_C / D_R * 5.0 / 55.0]
}

#[inline]
fn rhs(y: &[f64], parameters: &[f64], dy: &mut [f64]) {
    let (&[e, m, t, b, a, g, i, c, p, r], &[s, rho, kk, kg, k6, cl, _]) = (y, parameters) else { return };
    let antigen = t + b;
    let sat = antigen / (KT + antigen);
    let act = sat * e;
    let kill = kk * e / (KE + e);
    let blk = 1.0 + c / (V1 * KD);
    let gs = g / (KG + g);
    let fb = i / (K6 * blk + i);
    let crp = i / (KC * blk + i);
    let rea = K_ME * sat * m;
    dy[0] = rho * act * (1.0 - e / E_MAX) + rea - (D_E + K_EM) * e;
    dy[1] = K_EM * e - rea - D_M * m;
    dy[2] = G_T * t * (1.0 - t / T_CAP) - kill * t;
    dy[3] = S_B - D_B * b - kill * b;
    dy[4] = K_A * act / (K_ACT + act) * (1.0 + B_G * gs) * (1.0 + F_I * fb) * (1.0 - a) - D_A * a;
    dy[5] = kg * act - D_G * g;
    dy[6] = s * (S6 + k6 * a * (1.0 + C_I * gs) - D6 * i / blk);
    dy[7] = -(cl / V1 + Q / V1) * c + Q / V2 * p;
    dy[8] = Q / V1 * c - Q / V2 * p;
    dy[9] = K_C * crp - D_R * r;
}

/// The Jacobian times `v`: the derivative of each line above in the direction `v`.
#[inline]
fn product(y: &[f64], parameters: &[f64], v: &[f64], jv: &mut [f64]) {
    let (&[e, m, t, b, a, g, i, c, ..], &[s, rho, kk, kg, k6, cl, _]) = (y, parameters) else { return };
    let &[de, dm, dt, db, da, dg, di, dc, dp, dr] = v else { return };
    let antigen = t + b;
    let sat_below = 1.0 / (KT + antigen);
    let sat = antigen * sat_below;
    let dsat = KT * sat_below * sat_below * (dt + db);
    let act = sat * e;
    let dact = dsat * e + sat * de;
    let kill_below = 1.0 / (KE + e);
    let kill = kk * e * kill_below;
    let dkill = kk * KE * kill_below * kill_below * de;
    let blk = 1.0 + c / (V1 * KD);
    let dblk = dc / (V1 * KD);
    let gs_below = 1.0 / (KG + g);
    let gs = g * gs_below;
    let dgs = KG * gs_below * gs_below * dg;
    let fb_below = 1.0 / (K6 * blk + i);
    let fb = i * fb_below;
    let dfb = (di - fb * (K6 * dblk + di)) * fb_below;
    let crp_below = 1.0 / (KC * blk + i);
    let crp = i * crp_below;
    let dcrp = (di - crp * (KC * dblk + di)) * crp_below;
    let drea = K_ME * (dsat * m + sat * dm);
    jv[0] = rho * (dact * (1.0 - e / E_MAX) - act * de / E_MAX) + drea - (D_E + K_EM) * de;
    jv[1] = K_EM * de - drea - D_M * dm;
    jv[2] = G_T * dt * (1.0 - 2.0 * t / T_CAP) - kill * dt - dkill * t;
    jv[3] = -D_B * db - kill * db - dkill * b;
    let drive_below = 1.0 / (K_ACT + act);
    let drive = K_A * act * drive_below;
    let ddrive = K_A * K_ACT * drive_below * drive_below * dact;
    let (one, two) = (1.0 + B_G * gs, 1.0 + F_I * fb);
    let change = ddrive * one * two + drive * (B_G * dgs * two + one * F_I * dfb);
    jv[4] = change * (1.0 - a) - drive * one * two * da - D_A * da;
    jv[5] = kg * dact - D_G * dg;
    jv[6] = s * (k6 * (da * (1.0 + C_I * gs) + a * C_I * dgs) - D6 * (di - i * dblk / blk) / blk);
    jv[7] = -(cl / V1 + Q / V1) * dc + Q / V2 * dp;
    jv[8] = Q / V1 * dc - Q / V2 * dp;
    jv[9] = K_C * dcrp - D_R * dr;
}
