//! `barograph explain`.

use crate::args::Explain;
use crate::definitions::Chosen;
use crate::failure::Failure;
use crate::input::Input;
use crate::moment::Moment;
use crate::output::{failed, open};
use barograph_grading::{ThresholdClock, scales};
use barograph_report::explain;

/// Ids named in the error when the wanted patient is not there.
const NAMED: usize = 10;

pub(crate) fn run(args: &Explain) -> Result<(), Failure> {
    let chosen = Chosen::new(&args.definitions, "astct-2019")?;
    let input = Input::new(&args.source, None)?;
    let at = args.at.as_deref().map(Moment::read).transpose()?;
    let failed = failed(None);
    let mut out = open(None)?;
    let mut others = Vec::new();
    let mut found = false;
    input.grade_each(&chosen, &mut |record, graded| {
        if record.patient.id != args.patient {
            others.push(record.patient.id.clone());
            return Ok(());
        }
        found = true;
        let at = at.map(|at| at.of(&record.patient)).transpose()?;
        graded.iter().try_for_each(|g| {
            let scale = scales::by_id(g.scale);
            let mut own = scale.map(|scale| ThresholdClock::of(record, scale.pressures(), &chosen.policy));
            explain::write(&mut out, record, g, own.as_mut(), at).map_err(&failed)
        })
    })?;
    out.flush().map_err(&failed)?;
    if found {
        return Ok(());
    }
    let more = others.len().saturating_sub(NAMED);
    others.truncate(NAMED);
    let mut known = others.join(", ");
    if more > 0 {
        known = format!("{known} and {more} more");
    }
    Err(Failure::UnknownPatient(args.patient.clone(), known))
}
