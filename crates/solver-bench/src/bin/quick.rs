//! Speed and error of our engine alone, for working on it.

use barograph_dynamics::{Model, Width};
use barograph_solver_bench::{floors, ours, p99};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = Model::named("bench")?;
    let arguments: Vec<String> = std::env::args().collect();
    let width = match arguments.get(1).map(String::as_str) {
        Some("1") => Width::One,
        Some("4") => Width::Four,
        _ => Width::Eight,
    };
    for stiffness in [1.0, 10.0, 100.0] {
        let reference = ours::courses(&model, stiffness, 1e-12, 1000);
        let floors = floors(&reference);
        let mut points = Vec::new();
        for power in 0..9 {
            let rtol = 10_f64.powf(-3.0 - 0.5 * f64::from(power));
            let error = p99(&ours::courses(&model, stiffness, rtol, 1000), &reference, &floors);
            let mut best = (f64::INFINITY, 0.0, 0.0);
            for _ in 0..3 {
                let (seconds, accepted, attempted) = ours::seconds(&model, stiffness, rtol, 10_000, width);
                best = (seconds.min(best.0), accepted, attempted);
            }
            println!("S {stiffness:5} rtol {rtol:8.1e} p99 {error:8.2e} {:9.0}/s steps {:6.1} of {:6.1} ns/attempt*8 {:6.1}", 1.0 / best.0, best.1, best.2, best.0 * 8e9 / best.2);
            points.push((error.ln(), best.0.ln()));
        }
        for target in [1e-3_f64, 1e-4, 1e-5, 1e-6] {
            let x = target.ln();
            if let Some(pair) = points.windows(2).find(|pair| pair[0].0 >= x && pair[1].0 < x) {
                let (a, b) = (pair[0], pair[1]);
                let y = a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0);
                println!("   at p99 {target:e}: {:9.0}/s", (-y).exp());
            }
        }
    }
    Ok(())
}
