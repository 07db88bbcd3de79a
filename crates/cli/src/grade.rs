//! `barograph grade`.

use crate::args::{Grade, Shape};
use crate::definitions::Chosen;
use crate::failure::Failure;
use crate::input::Input;
use crate::output::{colours, failed, later};
use barograph_report::{Table, jsonl, summary};
use std::io::Write as _;

pub(crate) fn run(args: &Grade) -> Result<(), Failure> {
    let chosen = Chosen::new(&args.definitions, "astct-2019")?;
    let input = Input::new(&args.source, args.out.as_deref())?;
    let path = args.out.as_deref();
    let failed = failed(path);
    let mut out = later(path);
    let mut table = Table::new(path.is_none() && colours());
    let mut begun = false;
    input.grade_each(&chosen, &mut |record, graded| {
        if args.format == Shape::Csv && !std::mem::replace(&mut begun, true) {
            summary::header(&mut out).map_err(&failed)?;
        }
        match args.format {
            Shape::Table => table.add(record, graded),
            Shape::Jsonl => jsonl::write(&mut out, record, graded).map_err(&failed)?,
            Shape::Csv => summary::write(&mut out, record, graded).map_err(&failed)?,
        }
        Ok(())
    })?;
    if args.format == Shape::Table {
        table.write(&mut out).map_err(&failed)?;
    }
    out.flush().map_err(&failed)
}
