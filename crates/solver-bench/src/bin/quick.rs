fn main() -> Result<(), Box<dyn std::error::Error>> {
    use barograph_solver_bench::{floors, ours, p99, peer};
    let model = barograph_dynamics::Model::named("bench")?;
    for s in [1.0, 10.0, 100.0] {
        let reference = ours::courses(&model, s, 1e-12, 200);
        let fl = floors(&reference);
        for method in [peer::Method::Bdf, peer::Method::Tsit45] {
            if s > 1.0 && method == peer::Method::Tsit45 {
                continue;
            }
            for rtol in [1e-4, 1e-6, 1e-8] {
                let (c, sec) = peer::courses(method, s, rtol, 200)?;
                println!("{method:?} S {s} rtol {rtol:e}: p99 {:.2e} {:.0}/s", p99(&c, &reference, &fl), 1.0 / sec);
            }
        }
    }
    Ok(())
}
