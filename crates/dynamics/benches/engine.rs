//! The engine on the bench model: `cargo bench -p barograph-dynamics`.

#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use barograph_dynamics::random::Draws;
use barograph_dynamics::{Dose, Method, Model, Settings, Width, run};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const PATIENTS: u64 = 512;

fn engine(criterion: &mut Criterion) {
    let printed = Model::named("bench").unwrap();
    let interpreted = Model::from_text(printed.text().clone());
    let mut group = criterion.benchmark_group("bench model, 28 days, 113 rows");
    group.throughput(Throughput::Elements(PATIENTS)).sample_size(20);
    let cases = [
        ("Rodas5P printed", &printed, Method::Rodas5P),
        ("Rodas5P interpreted", &interpreted, Method::Rodas5P),
        ("Tsit5 printed", &printed, Method::Tsit5),
    ];
    for (name, model, method) in cases {
        for lanes in [Width::One, Width::Four, Width::Eight] {
            let settings = Settings { method, lanes, threads: 1, ..Settings::every(28.0, 112).rtol(1e-5) };
            group.bench_function(format!("{name}, {} lanes", lanes.lanes()), |bencher| {
                bencher.iter(|| {
                    run(
                        model,
                        &settings,
                        0..PATIENTS,
                        |number, patient| {
                            patient.parameters[1] = Draws::new(1, number, 0, 0).lognormal(1.0, 0.2);
                            patient.doses.push(Dose::bolus(7, 5.0, 560.0));
                        },
                        |course, ()| course.peak(6),
                    )
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, engine);
criterion_main!(benches);
