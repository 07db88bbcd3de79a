//! The children as CSV, the same tables as Parquet, and as a vignette.

use crate::child::{Child, Fact, PRODUCT, Standing};
use std::fmt::Write as _;
use std::path::Path;

pub fn csv(folder: &Path, children: &[Child]) {
    let mut patients = "patient,birth_date,sex,product,infusion_time\n".to_owned();
    let mut events = "patient,time,signal,value,unit,channel,detail,recorded\n".to_owned();
    for child in children {
        writeln!(patients, "{},{},{},{PRODUCT},{}", child.id, child.birth_date, child.sex, child.infusion).unwrap();
        for f in &child.facts {
            let recorded = f.recorded.map_or(String::new(), |hour| child.moment(hour).to_string());
            let Fact { signal, value, unit, channel, .. } = f;
            writeln!(events, "{},{},{signal},{value},{unit},{channel},{},{recorded}", child.id, child.moment(f.hour), said(f)).unwrap();
        }
    }
    std::fs::write(folder.join("patients.csv"), patients).unwrap();
    std::fs::write(folder.join("events.csv"), events).unwrap();
}

pub fn parquet(folder: &Path, children: &[Child]) {
    csv(folder, children);
    for table in ["patients", "events"] {
        let path = folder.join(format!("{table}.csv"));
        let text = std::fs::read_to_string(&path).unwrap();
        let mut rows = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let names = rows.next().unwrap();
        let columns: Vec<&str> = names.iter().map(String::as_str).collect();
        crate::clif::write(folder, table, &columns, &rows.collect::<Vec<_>>());
        std::fs::remove_file(path).unwrap();
    }
}

pub fn vignette(folder: &Path, children: &[Child]) {
    for child in children {
        let mut text = format!(
            "# A child\n\n```patient\nid: {}\nbirth_date: {}\nsex: {}\nproduct: {PRODUCT}\ninfusion_time: {}\n```\n\n```timeline\n",
            child.id, child.birth_date, child.sex, child.infusion
        );
        for f in &child.facts {
            let unit = if f.unit.is_empty() { "-" } else { f.unit };
            write!(text, "{} {} {}", child.moment(f.hour), f.signal, f.value).unwrap();
            if !f.channel.is_empty() {
                write!(text, " channel={}", f.channel).unwrap();
            }
            if let Some(hour) = f.recorded {
                write!(text, " recorded={}", child.moment(hour)).unwrap();
            }
            writeln!(text, " {unit} {}", said(f)).unwrap();
        }
        text.push_str("```\n");
        std::fs::write(folder.join(format!("{}.md", child.id)), text).unwrap();
    }
}

const fn said(fact: &Fact) -> &'static str {
    match fact.standing {
        Standing::Corrects => "corrected",
        Standing::Stands | Standing::Mistaken => "",
    }
}
