//! `MedicationAdministration`, `MedicationStatement` and `Medication`: vasoactives, fluids, anti-cytokine
//! drugs, steroids, antipyretics, and CAR-T products given as a drug.
//!
//! The drug may be named by a Medication resource that comes later or in another file, so what was given
//! is kept apart from what drug it was, until both are known.

mod facts;

use super::context::{Context, Opened, end, first, moment, reference_key, version};
use super::model::{CodeableConcept, Decimal, Meta, Period, Quantity, Ratio, Reference, Text};
use super::store::{TextId, Version};
use crate::concepts::{Domain, Target};
use barograph_record::Reason;
use facts::emit;
use serde::de::value::MapAccessDeserializer;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;

/// A `MedicationAdministration`, with the fields read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Administration<'a> {
    id: Text<'a>,
    meta: Meta<'a>,
    status: Text<'a>,
    medication_codeable_concept: Option<CodeableConcept<'a>>,
    medication_reference: Reference<'a>,
    #[serde(borrow)]
    contained: Vec<&'a RawValue>,
    subject: Reference<'a>,
    effective_date_time: Text<'a>,
    effective_period: Period<'a>,
    request: Reference<'a>,
    #[serde(deserialize_with = "one")]
    dosage: Dosage<'a>,
}

/// A `MedicationStatement`, with the fields read.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct Statement<'a> {
    id: Text<'a>,
    meta: Meta<'a>,
    status: Text<'a>,
    medication_codeable_concept: Option<CodeableConcept<'a>>,
    medication_reference: Reference<'a>,
    #[serde(borrow)]
    contained: Vec<&'a RawValue>,
    subject: Reference<'a>,
    effective_date_time: Text<'a>,
    effective_period: Period<'a>,
    dosage: Vec<StatedDosage<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct Dosage<'a> {
    route: CodeableConcept<'a>,
    dose: Option<Quantity<'a>>,
    rate_ratio: Option<Ratio<'a>>,
    rate_quantity: Option<Quantity<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct StatedDosage<'a> {
    route: CodeableConcept<'a>,
    dose_and_rate: Vec<DoseAndRate<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
struct DoseAndRate<'a> {
    dose_quantity: Option<Quantity<'a>>,
    rate_ratio: Option<Ratio<'a>>,
    rate_quantity: Option<Quantity<'a>>,
}

/// A dosage; of a list of them, which is not FHIR, the first.
fn one<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Dosage<'a>, D::Error> {
    struct One;
    impl<'de> Visitor<'de> for One {
        type Value = Dosage<'de>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a dosage")
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Dosage<'de>, A::Error> {
            Dosage::deserialize(MapAccessDeserializer::new(map))
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Dosage<'de>, A::Error> {
            let first = seq.next_element()?.unwrap_or_default();
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(first)
        }
    }
    deserializer.deserialize_any(One)
}

/// A Medication resource, of its own or contained in another.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub(super) struct MedicationResource<'a> {
    id: Text<'a>,
    meta: Meta<'a>,
    code: CodeableConcept<'a>,
}

/// What a drug is.
#[derive(Clone, Debug)]
pub(super) struct Drug {
    target: Option<Target>,
    /// Every wording, for the words that exclude a drug.
    wordings: String,
    /// In one line, for the ledger.
    description: String,
}

/// A Medication resource as kept.
#[derive(Debug)]
pub(super) struct Medication {
    version: Version,
    drug: Drug,
    file: u16,
    row: u32,
    used: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Running,
    Completed,
    Halted,
}

/// What was given, when and how fast, whatever drug it was.
#[derive(Clone, Debug)]
pub(super) struct Given {
    subject: u32,
    source: u32,
    pub(super) file: u16,
    pub(super) row: u32,
    standing: Standing,
    start_ms: i64,
    end_ms: Option<i64>,
    is_period: bool,
    /// An amount, which is not a number where it could not be read, and its unit.
    dose: Option<(f64, TextId)>,
    rate: Option<(f64, TextId)>,
    route: TextId,
    order: TextId,
}

/// The fields by which the drug is named.
struct Named<'r, 'a> {
    concept: Option<&'r CodeableConcept<'a>>,
    reference: &'r Reference<'a>,
    contained: &'r [&'a RawValue],
}

/// Reads a `MedicationAdministration`.
pub(super) fn read_administration(a: &Administration<'_>, cx: &mut Context<'_>) {
    let version = version(&a.meta, None, &a.status);
    let Some(opened) = cx.open("MedicationAdministration", &a.id, version, &a.subject) else { return };
    let standing = match &*a.status {
        "completed" => Standing::Completed,
        "in-progress" => Standing::Running,
        "stopped" | "on-hold" => Standing::Halted,
        "not-done" => return cx.note("status", Reason::NotDone, "MedicationAdministration"),
        "entered-in-error" => return cx.note("status", Reason::EnteredInError, "MedicationAdministration"),
        other => {
            cx.note("status", Reason::FieldIgnored, if other.is_empty() { "no status" } else { other });
            Standing::Running
        }
    };
    let dosage = (a.dosage.dose.as_ref(), a.dosage.rate_quantity.as_ref(), a.dosage.rate_ratio.as_ref());
    let named = Named { concept: a.medication_codeable_concept.as_ref(), reference: &a.medication_reference, contained: &a.contained };
    let given = given(opened, standing, &a.effective_date_time, &a.effective_period, dosage, cx);
    let Some(mut given) = given else { return };
    given.route = route(&a.dosage.route, cx);
    given.order = cx.store.texts.intern(&a.request.reference);
    settle(given, &named, cx);
}

/// Reads a `MedicationStatement`, which says what a patient was given without its being charted.
pub(super) fn read_statement(s: &Statement<'_>, cx: &mut Context<'_>) {
    let version = version(&s.meta, None, &s.status);
    let Some(opened) = cx.open("MedicationStatement", &s.id, version, &s.subject) else { return };
    let standing = match &*s.status {
        "completed" => Standing::Completed,
        "active" => Standing::Running,
        "entered-in-error" => return cx.note("status", Reason::EnteredInError, "MedicationStatement"),
        other => return cx.note("status", Reason::NotDone, &format!("MedicationStatement {other:?}")),
    };
    let dosage = s.dosage.first().and_then(|d| d.dose_and_rate.first());
    let amounts = dosage.map_or((None, None, None), |d| (d.dose_quantity.as_ref(), d.rate_quantity.as_ref(), d.rate_ratio.as_ref()));
    if s.dosage.len() > 1 || s.dosage.first().is_some_and(|d| d.dose_and_rate.len() > 1) {
        cx.note("dosage", Reason::FieldIgnored, "further dosages");
    }
    let Some(mut given) = given(opened, standing, &s.effective_date_time, &s.effective_period, amounts, cx) else { return };
    if let Some(d) = s.dosage.first() {
        given.route = route(&d.route, cx);
    }
    let named = Named { concept: s.medication_codeable_concept.as_ref(), reference: &s.medication_reference, contained: &s.contained };
    settle(given, &named, cx);
}

/// Reads a Medication resource, for those that refer to it.
pub(super) fn read_medication(m: &MedicationResource<'_>, full_url: &str, cx: &mut Context<'_>) {
    let key = first(&[&m.id, reference_key(full_url, "Medication").unwrap_or("")]);
    if key.is_empty() {
        return cx.note("id", Reason::NotASignal, "Medication");
    }
    let drug = drug(&m.code, cx);
    let mut medication = Medication { version: version(&m.meta, None, ""), drug, file: cx.file, row: cx.row, used: false };
    if let Some(alias) = reference_key(full_url, "Medication").filter(|a| *a != key) {
        cx.store.medication_aliases.insert(alias.into(), key.into());
    }
    // Among copies of one version the wording decides, so that their order does not.
    let rank = |m: &Medication| (m.version, m.drug.description.clone());
    if let Some(earlier) = cx.store.medications.get_mut(key) {
        if rank(earlier) < rank(&medication) {
            std::mem::swap(earlier, &mut medication);
        }
        cx.store.replaced_medications.push((medication.file, medication.row));
    } else {
        cx.store.medications.insert(key.into(), medication);
    }
}

/// Joins what was given with the Medications referred to, once all have been read.
pub(super) fn settle_deferred(cx: &mut Context<'_>, names: &[Box<str>]) {
    let mut medications = std::mem::take(&mut cx.store.medications);
    for (key, given) in std::mem::take(&mut cx.store.deferred) {
        let name = names.get(usize::from(given.file)).map_or("?", |n| n);
        let mut at = Context { concepts: cx.concepts, store: cx.store, ledger: cx.ledger, file: given.file, name, row: given.row };
        let key = at.store.medication_aliases.get(&key).cloned().unwrap_or(key);
        match medications.get_mut(&key) {
            Some(medication) => {
                medication.used = true;
                emit(&given, &medication.drug, &mut at);
            }
            None => at.note("medicationReference", Reason::UnmappedConcept, &format!("Medication/{key}")),
        }
    }
    let mut unused: Vec<_> = medications.values().filter(|m| !m.used).map(|m| (m.file, m.row)).collect();
    unused.sort_unstable();
    for (file, row) in unused {
        let name = names.get(usize::from(file)).map_or("?", |n| n);
        cx.ledger.note(name, row, "", Reason::NotASignal, "Medication");
    }
    for (file, row) in std::mem::take(&mut cx.store.replaced_medications) {
        let name = names.get(usize::from(file)).map_or("?", |n| n);
        cx.ledger.note(name, row, "meta", Reason::Superseded, "Medication");
    }
}

fn route(concept: &CodeableConcept<'_>, cx: &mut Context<'_>) -> TextId {
    let text = first(&[&concept.text, concept.coding.first().map_or("", |c| &c.display)]).to_owned();
    cx.store.texts.intern(&text)
}

fn given(
    opened: Opened,
    standing: Standing,
    date_time: &str,
    period: &Period<'_>,
    (dose, rate, ratio): (Option<&Quantity<'_>>, Option<&Quantity<'_>>, Option<&Ratio<'_>>),
    cx: &mut Context<'_>,
) -> Option<Given> {
    let is_period = date_time.is_empty();
    let text = if is_period { &period.start } else { date_time };
    let Some(start_ms) = moment(text) else {
        cx.note("effective", Reason::Time, text);
        return None;
    };
    let end_ms = if is_period { end(period, start_ms) } else { Ok(None) };
    if end_ms.is_err() {
        cx.note("effectivePeriod.end", Reason::FieldIgnored, &period.end);
    }
    let amount = |q: &Quantity<'_>, cx: &mut Context<'_>| {
        let Decimal(number) = q.value?;
        let unit = cx.store.units.of(q);
        Some((number, cx.store.texts.intern(unit)))
    };
    let dose = dose.and_then(|q| amount(q, cx));
    let rate = rate.and_then(|q| amount(q, cx)).or_else(|| per(ratio?, cx));
    let (subject, source) = (opened.subject, opened.source);
    let (route, order) = (TextId::default(), TextId::default());
    let (file, row, end_ms) = (cx.file, cx.row, end_ms.unwrap_or(None));
    Some(Given { subject, source, file, row, standing, start_ms, end_ms, is_period, dose, rate, route, order })
}

/// A ratio such as 5 mL per 1 h as one number, which may be none, and its unit.
fn per(ratio: &Ratio<'_>, cx: &mut Context<'_>) -> Option<(f64, TextId)> {
    let Decimal(numerator) = ratio.numerator.value?;
    let denominator = ratio.denominator.value.map_or(1.0, |d| d.0);
    let unit = format!("{}/{}", cx.store.units.of(&ratio.numerator), cx.store.units.of(&ratio.denominator));
    Some((numerator / denominator, cx.store.texts.intern(&unit)))
}

/// Finds the drug, now or when all has been read.
fn settle(given: Given, named: &Named<'_, '_>, cx: &mut Context<'_>) {
    if let Some(concept) = named.concept {
        let drug = drug(concept, cx);
        return emit(&given, &drug, cx);
    }
    let reference = &*named.reference.reference;
    if let Some(local) = reference.strip_prefix('#') {
        let resources = named.contained.iter().filter_map(|raw| serde_json::from_str::<MedicationResource<'_>>(raw.get()).ok());
        if let Some(found) = resources.into_iter().find(|m| &*m.id == local) {
            let drug = drug(&found.code, cx);
            return emit(&given, &drug, cx);
        }
    } else if let Some(key) = reference_key(reference, "Medication") {
        cx.store.deferred.push((key.into(), given));
        return;
    }
    let display = CodeableConcept { text: named.reference.display.clone(), coding: Vec::new() };
    let drug = drug(&display, cx);
    emit(&given, &drug, cx);
}

fn drug(concept: &CodeableConcept<'_>, cx: &Context<'_>) -> Drug {
    let wordings: Vec<&str> = concept.wordings().collect();
    Drug { target: cx.target(Domain::Drug, concept), wordings: wordings.join(" "), description: concept.describe() }
}
