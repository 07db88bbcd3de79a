//! The facts behind grades, which most scales share.

use crate::axes::{Axes, Known, PressureSet};
use crate::course::Cause;
use barograph_record::{Instant, Signal};

/// The facts of one instant: gathered once for each set of thresholds, however many scales tell them.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    by_set: [Vec<Cause>; 3],
    gathered: [bool; 3],
}

impl Facts {
    /// Forgets the facts of the last instant.
    pub(crate) fn clear(&mut self) {
        self.gathered = [false; 3];
    }

    /// Tells the facts behind a grade by parts.
    pub(super) fn tell(&mut self, axes: &Axes, now: Instant, set: PressureSet, out: &mut Vec<Cause>) {
        let facts = set.of(self.by_set.each_mut());
        let gathered = set.of(self.gathered.each_mut());
        if !*gathered {
            *gathered = true;
            facts.clear();
            gather(axes, now, set, facts);
        }
        out.extend_from_slice(facts);
    }
}

fn gather(axes: &Axes, now: Instant, set: PressureSet, out: &mut Vec<Cause>) {
    out.extend(axes.death.map(|death| Cause { role: "death", evidence: death.evidence }));
    let fever = axes.fever.last_fever().filter(|_| axes.answers().fever == Known::Yes);
    out.extend(fever.map(|evidence| Cause { role: "fever", evidence }));
    match axes.attribution.circulation {
        None => axes.circulation.causes(set, axes.answers(), out),
        Some(evidence) => out.push(Cause { role: "hypotension attributed to another cause", evidence }),
    }
    match axes.attribution.breathing {
        None => {
            axes.breathing.causes(axes.answers().breathing, now, out);
            let told = out.iter().any(|c| c.evidence.signal == Signal::Fio2);
            let fio2 = axes.breathing.fio2_charted().filter(|_| !told);
            out.extend(fio2.map(|evidence| Cause { role: "fio2", evidence }));
        }
        Some(evidence) => out.push(Cause { role: "hypoxia attributed to another cause", evidence }),
    }
    out.extend(axes.attribution.fever.map(|evidence| Cause { role: "fever attributed to another cause", evidence }));
    if axes.answers().signs_about {
        axes.organs.causes(now, out);
    }
}
