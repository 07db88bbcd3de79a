//! Free text about a cause: what it says of CRS, and whether it plainly names something else.
//!
//! Text is read narrowly. Only wordings of a closed list are certain; all others leave the cause open.

/// Words that make a statement less than plain, or turn it round.
const DOUBT: &[&str] = &[
    "?",
    "alone",
    "can",
    "cannot",
    "could",
    "doubtful",
    "excluded",
    "history",
    "just",
    "may",
    "maybe",
    "might",
    "negative",
    "neither",
    "never",
    "no",
    "non",
    "nor",
    "not",
    "only",
    "out",
    "pending",
    "perhaps",
    "possible",
    "possibly",
    "presumed",
    "previous",
    "probable",
    "probably",
    "questionable",
    "resolved",
    "solely",
    "suspected",
    "unclear",
    "undetermined",
    "unknown",
    "unlikely",
    "unrelated",
    "unspecified",
    "without",
];

/// Denials of CRS, with blanks for punctuation; longer ones first.
const DENIALS: &[&str] = &[
    "no evidence of crs",
    "no signs of crs",
    "no sign of crs",
    "not attributable to crs",
    "not attributed to crs",
    "not because of crs",
    "not caused by crs",
    "not related to crs",
    "not crs related",
    "not due to crs",
    "not from crs",
    "unrelated to crs",
    "other than crs",
    "rather than crs",
    "crs was excluded",
    "crs was ruled out",
    "crs ruled out",
    "crs excluded",
    "non crs",
    "not crs",
    "no crs",
];

/// What leads from a sign to its cause.
const LEADS: &[&str] = &["attributed to", "attributable to", "because of", "caused by", "due to", "related to", "secondary to"];

/// Text in lower case with one blank for any punctuation; a question mark is a word.
pub(super) fn plain(text: &str) -> String {
    let spaced = text.to_lowercase().replace('?', " ? ");
    let letters: String = spaced.chars().map(|c| if c.is_alphanumeric() || c == '?' { c } else { ' ' }).collect();
    let words: Vec<&str> = letters.split_whitespace().collect();
    words.join(" ").replace("cytokine release syndrome", "crs").replace("crs crs", "crs")
}

/// Whether plain text mentions CRS at all.
pub(super) fn names_crs(plain: &str) -> bool {
    plain.contains("crs") || plain.contains("cytokine")
}

/// Whether plain text doubts or denies anything.
pub(super) fn doubts(plain: &str) -> bool {
    plain.split(' ').any(|word| DOUBT.contains(&word))
}

/// Whether plain text says that it was CRS and nothing else.
pub(super) fn is_crs(plain: &str) -> bool {
    let cause = LEADS.iter().find_map(|lead| plain.strip_prefix(lead)).unwrap_or(plain);
    let cause = cause.trim();
    let cause = ["fatal ", "refractory ", "severe "].iter().find_map(|how| cause.strip_prefix(how)).unwrap_or(cause);
    matches!(cause, "crs" | "crs grade 4" | "crs grade 5" | "grade 4 crs" | "grade 5 crs")
}

/// Plain text before and after what leads to the cause.
pub(super) fn before_cause(plain: &str) -> Option<(&str, &str)> {
    LEADS.iter().find_map(|lead| plain.split_once(&format!(" {lead} ")))
}

/// What is left of plain text once its denial of CRS is taken out; `None` where it denies nothing.
pub(super) fn beside_denial(plain: &str) -> Option<String> {
    let padded = format!(" {plain} ");
    let denial = DENIALS.iter().map(|denial| format!(" {denial} ")).find(|denial| padded.contains(denial))?;
    Some(padded.replacen(&denial, " ", 1).trim().to_owned())
}
