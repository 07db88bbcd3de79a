//! A resource of which some field is not of its FHIR type: what can be read of it is kept.
//!
//! A drug whose amount, route or end was exported in another shape was still given. Fields are taken apart until what does not fit is found; a
//! text in place of a concept, a reference or a quantity, and one thing in place of a list of one, or the other way round, are taken for what they
//! stand for.

use serde_json::{Map, Value, json};

/// A resource that fits its type, and the paths of what was left out or reshaped.
pub(super) struct Salvaged {
    pub(super) text: String,
    pub(super) strange: Vec<String>,
}

/// Most fields that are named; a resource with more is no resource of its type.
const MOST: usize = 16;

/// Makes the resource fit; `None` where it is not JSON, or does not fit however little is kept of it.
pub(super) fn salvage(text: &str, fits: impl Fn(&str) -> bool) -> Option<Salvaged> {
    let value: Value = serde_json::from_str(text).ok()?;
    let mut strange = Vec::new();
    let kept = tidy(value, "", &|value| fits(&value.to_string()), &mut strange)?;
    // Where every field fits alone, one was given twice, and nobody knows which of the two is meant.
    (1..=MOST).contains(&strange.len()).then(|| Salvaged { text: kept.to_string(), strange })
}

/// What of a value fits where it stands.
fn tidy(value: Value, path: &str, fits: &dyn Fn(Value) -> bool, strange: &mut Vec<String>) -> Option<Value> {
    if strange.len() > MOST {
        return None;
    }
    if fits(value.clone()) {
        return Some(value);
    }
    let before = strange.len();
    let rest = match value.clone() {
        Value::Object(fields) => {
            let mut kept = Map::new();
            for (name, field) in fields {
                let inside = |field: Value| fits(Value::Object(Map::from_iter([(name.clone(), field)])));
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                if let Some(field) = tidy(field, &path, &inside, strange) {
                    kept.insert(name, field);
                }
            }
            Some(Value::Object(kept))
        }
        Value::Array(items) => {
            let inside = |item: Value| fits(Value::Array(vec![item]));
            Some(Value::Array(items.into_iter().filter_map(|item| tidy(item, path, &inside, strange)).collect()))
        }
        _ => None,
    };
    if let Some(rest) = rest.filter(|rest| fits(rest.clone())) {
        return Some(rest);
    }
    strange.truncate(before);
    strange.push(path.to_owned());
    reshaped(value, path.rsplit('.').next().unwrap_or("")).into_iter().find(|value| fits(value.clone()))
}

/// What a value of another shape stands for, by the name of its field.
fn reshaped(value: Value, name: &str) -> Option<Value> {
    match value {
        Value::Array(mut items) if items.len() == 1 => items.pop(),
        Value::String(word) if name.ends_with("Boolean") => word.parse().ok().map(Value::Bool),
        Value::Object(_) => Some(Value::Array(vec![value])),
        Value::String(_) | Value::Number(_) if name == "dose" || name.ends_with("Quantity") => Some(json!({ "value": value })),
        Value::String(_) if name == "subject" || name == "request" || name.ends_with("Reference") => Some(json!({ "reference": value })),
        Value::String(_) if name == "code" || name == "route" || name == "usedCode" || name.ends_with("Concept") => {
            Some(json!({ "text": value }))
        }
        _ => None,
    }
}
