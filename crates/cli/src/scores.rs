//! `barograph scores`.

use crate::args::{Scores, Shape};
use crate::definitions::read;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::{failed, later};
use barograph_grading::scores::{self, Model, Options, Score};
use barograph_record::Record;
use barograph_report::ScoreSeries;
use barograph_report::scores::{ScoreTable, csv, csv_header, jsonl};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The scores that a report shows unless told otherwise: those of children with CRS, without the single terms of CTCAE.
pub(crate) const BESIDE_GRADES: &str = "easix,m-easix,hscore,phoenix,pelod-2,psofa,vis,kdigo,isth-dic";

/// The scores that a report shows beside the grades.
pub(crate) struct Beside {
    scores: Vec<&'static dyn Score>,
    options: Options,
}

impl Beside {
    pub(crate) fn new(names: &str, options_file: Option<&PathBuf>) -> Result<Self, Failure> {
        let scores = if names.trim() == "none" { Vec::new() } else { shipped(names)? };
        Ok(Self { scores, options: options("--score-options", options_file)? })
    }

    /// Id and citation of each.
    pub(crate) fn cited(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.scores.iter().map(|s| (s.id(), s.citation()))
    }

    /// Their values over a record.
    pub(crate) fn series(&self, record: &Record) -> Vec<ScoreSeries> {
        self.scores.iter().map(|s| ScoreSeries::new(*s, s.series(record, &self.options))).collect()
    }
}

pub(crate) fn run(args: &Scores) -> Result<(), Failure> {
    let options = options("--options", args.options.as_ref())?;
    let models = args.model.iter().map(|path| model(path)).collect::<Result<Vec<Model>, Failure>>()?;
    let mut chosen = shipped(&args.score)?;
    chosen.extend(models.iter().map(|m| m as &dyn Score));
    let input = Input::new(&args.source, args.out.as_deref())?;
    let path = args.out.as_deref();
    let failed = failed(path);
    let mut out = later(path);
    let mut table = ScoreTable::default();
    let mut begun = false;
    let mut told = BTreeSet::new();
    input.each(&mut |record| {
        if args.format == Shape::Csv && !std::mem::replace(&mut begun, true) {
            csv_header(&mut out).map_err(&failed)?;
        }
        for score in &chosen {
            let points = score.series(record, &options);
            if !points.is_empty() {
                told.insert(score.id());
            }
            match args.format {
                Shape::Table => table.add(record, *score, &points),
                Shape::Jsonl => jsonl(&mut out, record, *score, &points).map_err(&failed)?,
                Shape::Csv => csv(&mut out, record, *score, &points).map_err(&failed)?,
            }
        }
        Ok(())
    })?;
    if args.format == Shape::Table {
        table.write(&mut out).map_err(&failed)?;
    }
    // An empty answer would leave open whether the score is low or was never charted.
    let silent: Vec<&str> = chosen.iter().map(|score| score.id()).filter(|id| !told.contains(id)).collect();
    if !silent.is_empty() && (told.is_empty() || args.score.trim() != "all") {
        eprintln!("barograph: nothing that {} reads is charted of any patient (`barograph list scores`)", silent.join(", "));
    }
    out.flush().map_err(&failed)
}

fn options(option: &'static str, path: Option<&PathBuf>) -> Result<Options, Failure> {
    let settings = |path: &Path, problem: String| Failure::Settings { path: path.to_owned(), problem };
    match path {
        None => Options::shipped().map_err(|e| settings(Path::new("the shipped defaults"), e.to_string())),
        Some(path) => Options::from_toml(&read(option, path)?).map_err(|e| settings(path, e.to_string())),
    }
}

fn model(path: &Path) -> Result<Model, Failure> {
    Model::from_toml(&read("--model", path)?).map_err(|e| Failure::Settings { path: path.to_owned(), problem: e.to_string() })
}

fn shipped(names: &str) -> Result<Vec<&'static dyn Score>, Failure> {
    if names.trim() == "all" {
        return Ok(scores::ALL.to_vec());
    }
    let known = || scores::ALL.iter().map(|s| s.id()).collect::<Vec<_>>().join(", ");
    let find = |name: &str| scores::by_id(name).ok_or_else(|| Failure::UnknownScore(name.to_owned(), known()));
    names.split(',').map(|name| find(name.trim())).collect()
}
