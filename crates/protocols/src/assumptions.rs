//! Decisions of the policy on which advice rests, and which no source makes.

use barograph_grading::Policy;

/// Key and value, under a policy, of every number that changes advice and is assumed; `weight_for_age` is a table and is not among them.
/// Why each stands as it does: `barograph list policies`.
pub fn assumptions(policy: &Policy) -> [(&'static str, f64); 15] {
    [
        ("current_fever_hours", policy.current_fever_hours),
        ("masking_hours", policy.masking_hours),
        ("masking_hours_steroid", policy.masking_hours_steroid),
        ("masking_hours_anticytokine", policy.masking_hours_anticytokine),
        ("bridged_gap_minutes", policy.bridged_gap_minutes),
        ("weight_days", policy.weight_days),
        ("weight_change", policy.weight_change),
        ("height_days", policy.height_days),
        ("near_boundary", policy.near_boundary),
        ("most_vial_change", policy.most_vial_change),
        ("joins_course_from", policy.joins_course_from),
        ("dose_parts_minutes", policy.dose_parts_minutes),
        ("dose_parts_excess", policy.dose_parts_excess),
        ("dose_parts_of_interval", policy.dose_parts_of_interval),
        ("dose_tolerance", policy.dose_tolerance),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_a_listed_decision_that_is_marked_as_assumed_with_its_reason() {
        let decisions = Policy::decisions().unwrap();
        let listed = |key: &str| decisions.iter().find(|d| d.key == key).unwrap();
        for (key, value) in assumptions(&Policy::default_1().unwrap()) {
            let decision = listed(key);
            assert_eq!(decision.shown(), value.to_string(), "{key}");
            assert_eq!((decision.verified.name(), decision.source.is_empty()), ("assumed", false), "{key}");
        }
        assert_eq!(listed("weight_for_age").verified.name(), "assumed");
    }

    #[test]
    fn each_may_be_set_otherwise_and_is_then_told_as_it_was_set() {
        for (key, value) in assumptions(&Policy::default_1().unwrap()) {
            let policy = Policy::from_toml(&format!("name = \"ours\"\n{key} = {}", value * 0.5)).unwrap();
            let told = assumptions(&policy).into_iter().find(|(k, _)| *k == key);
            assert_eq!(told, Some((key, value * 0.5)));
        }
    }

    /// What rules read by protocols say of themselves is what is told beside advice.
    #[test]
    fn every_number_that_protocols_read_is_told() {
        let told: Vec<&str> = assumptions(&Policy::default_1().unwrap()).iter().map(|(key, _)| *key).collect();
        for decision in Policy::decisions().unwrap().iter().filter(|d| d.question.contains("Read by protocols")) {
            assert!(told.contains(&&*decision.key), "{}", decision.key);
        }
    }
}
