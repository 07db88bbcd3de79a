//! The children as CLIF 2.x.
//!
//! Every column is written as text, which the reader takes as well as numbers and timestamps; other ways of
//! storing are tried in the tests of `barograph-ingest`.

use crate::child::{Child, Fact, PRODUCT, Standing};
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use std::path::Path;
use std::sync::Arc;

pub fn clif(folder: &Path, children: &[Child]) {
    let rows = |each: &dyn Fn(&Child) -> Vec<Vec<String>>| children.iter().flat_map(each).collect::<Vec<_>>();
    let hour_of = |child: &Child, signal, word: &str| {
        child.facts.iter().find(|f| f.signal == signal && f.value == word).map_or(String::new(), |f| child.moment(f.hour).to_string())
    };
    let patient = rows(&|c| vec![vec![c.id.into(), c.birth_date.into(), c.sex.into(), hour_of(c, "death", "yes")]]);
    write(folder, "clif_patient", &["patient_id", "birth_date", "sex_category", "death_dttm"], &patient);

    let stay = rows(&|c| vec![vec![c.id.into(), stay(c), hour_of(c, "encounter", "start"), hour_of(c, "encounter", "end")]]);
    write(folder, "clif_hospitalization", &["patient_id", "hospitalization_id", "admission_dttm", "discharge_dttm"], &stay);

    let vitals = rows(&|c| standing(c, VITALS).map(|f| vital(c, f)).collect());
    write(folder, "clif_vitals", &["hospitalization_id", "recorded_dttm", "vital_category", "vital_value"], &vitals);

    let breathing = rows(&respiratory);
    let columns = ["hospitalization_id", "recorded_dttm", "device_category", "lpm_set", "fio2_set"];
    write(folder, "clif_respiratory_support", &columns, &breathing);

    let columns = ["hospitalization_id", "med_order_id", "admin_dttm", "med_category", "mar_action_category", "med_dose", "med_dose_unit"];
    let running = rows(&|c| c.facts.iter().filter(|f| !f.channel.is_empty()).map(|f| drug(c, f, rate_action(f))).collect());
    write(folder, "clif_medication_admin_continuous", &columns, &running);
    let doses = rows(&|c| {
        let cells = Fact { hour: 0.0, signal: PRODUCT, value: "1".into(), unit: "dose", ..c.facts[0].clone() };
        [cells].iter().chain(c.of(DOSES)).map(|f| drug(c, f, "given")).collect()
    });
    write(folder, "clif_medication_admin_intermittent", &columns, &doses);

    let columns = ["hospitalization_id", "lab_collect_dttm", "lab_result_dttm", "lab_category", "lab_value", "reference_unit"];
    let labs = rows(&|c| c.of(&["crp", "il6"]).map(|f| lab(c, f)).collect());
    write(folder, "clif_labs", &columns, &labs);
}

const VITALS: &[&str] = &["temperature", "systolic_bp", "spo2", "weight"];
const DOSES: &[&str] = &["acetaminophen", "tocilizumab", "dexamethasone", "methylprednisolone"];

/// CLIF knows no versions: what was mistaken is not in the table.
fn standing<'a>(child: &'a Child, signals: &'a [&'a str]) -> impl Iterator<Item = &'a Fact> {
    child.of(signals).filter(|f| f.standing != Standing::Mistaken)
}

fn stay(child: &Child) -> String {
    format!("{}-stay", child.id)
}

/// CLIF fixes the unit of a vital sign.
fn vital(child: &Child, fact: &Fact) -> Vec<String> {
    let (category, unit) = match fact.signal {
        "temperature" => ("temp_c", "Cel"),
        "systolic_bp" => ("sbp", "mm[Hg]"),
        "spo2" => ("spo2", "%"),
        _ => ("weight_kg", "kg"),
    };
    vec![stay(child), child.moment(fact.hour).to_string(), category.into(), fact.in_unit(unit).value]
}

/// One row an hour, with device, flow in L/min and FiO2 as a fraction.
fn respiratory(child: &Child) -> Vec<Vec<String>> {
    let row = |device: &Fact| {
        let beside = |signal, unit| {
            child.facts.iter().find(|f| f.signal == signal && f.hour == device.hour).map_or(String::new(), |f| f.in_unit(unit).value)
        };
        let category = match device.value.as_str() {
            "room_air" => "Room Air",
            "nasal_cannula" => "Nasal Cannula",
            "high_flow_nasal_cannula" => "High Flow NC",
            "bipap" => "NIPPV",
            "invasive_ventilation" => "IMV",
            other => panic!("{other} is not written"),
        };
        let moment = child.moment(device.hour).to_string();
        vec![stay(child), moment, category.into(), beside("oxygen_flow", "L/min"), beside("fio2", "1")]
    };
    child.of(&["oxygen_device"]).map(row).collect()
}

fn rate_action(fact: &Fact) -> &'static str {
    if fact.number() == Some(0.0) { "stop" } else { "going" }
}

fn drug(child: &Child, fact: &Fact, action: &str) -> Vec<String> {
    let moment = child.moment(fact.hour).to_string();
    let Fact { channel, signal, value, unit, .. } = fact;
    vec![stay(child), (*channel).into(), moment, (*signal).into(), action.into(), value.clone(), (*unit).into()]
}

fn lab(child: &Child, fact: &Fact) -> Vec<String> {
    let category = if fact.signal == "il6" { "interleukin_06" } else { fact.signal };
    let [collected, known] = [fact.hour, fact.recorded.unwrap_or(fact.hour)].map(|hour| child.moment(hour).to_string());
    vec![stay(child), collected, known, category.into(), fact.value.clone(), fact.unit.into()]
}

/// Writes a table of texts.
pub fn write(folder: &Path, table: &str, columns: &[&str], rows: &[Vec<String>]) {
    let fields: String = columns.iter().map(|name| format!("optional binary {name} (UTF8); ")).collect();
    let schema = Arc::new(parse_message_type(&format!("message table {{ {fields} }}")).unwrap());
    let file = std::fs::File::create(folder.join(format!("{table}.parquet"))).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(WriterProperties::default())).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for (i, _) in columns.iter().enumerate() {
        let cells = || rows.iter().map(|row| row[i].as_str());
        let levels: Vec<i16> = cells().map(|cell| i16::from(!cell.is_empty())).collect();
        let values: Vec<ByteArray> = cells().filter(|cell| !cell.is_empty()).map(ByteArray::from).collect();
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    writer.close().unwrap();
}
