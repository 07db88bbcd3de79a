//! The bench model by hand, from its equations.

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

/// The derivatives; stiffness, rho, kk, kG, k6 and CL are the first parameters, the others are the constants above.
#[allow(clippy::many_single_char_names, reason = "the letters are those of the equations")]
pub(crate) fn rhs(y: &[f64], parameters: &[f64]) -> [f64; 10] {
    let (&[e, m, t, b, a, g, i, c, p, r], &[s, rho, kk, kg, k6, cl, ..]) = (y, parameters) else { return [f64::NAN; 10] };
    let antigen = t + b;
    let sat = antigen / (KT + antigen);
    let act = sat * e;
    let kill = kk * e / (KE + e);
    let blk = 1.0 + c / (V1 * KD);
    let gs = g / (KG + g);
    let fb = i / (K6 * blk + i);
    let crp = i / (KC * blk + i);
    let rea = K_ME * sat * m;
    [
        rho * act * (1.0 - e / E_MAX) + rea - (D_E + K_EM) * e,
        K_EM * e - rea - D_M * m,
        G_T * t * (1.0 - t / T_CAP) - kill * t,
        S_B - D_B * b - kill * b,
        K_A * act / (K_ACT + act) * (1.0 + B_G * gs) * (1.0 + F_I * fb) * (1.0 - a) - D_A * a,
        kg * act - D_G * g,
        s * (S6 + k6 * a * (1.0 + C_I * gs) - D6 * i / blk),
        -(cl / V1 + Q / V1) * c + Q / V2 * p,
        Q / V1 * c - Q / V2 * p,
        K_C * crp - D_R * r,
    ]
}
