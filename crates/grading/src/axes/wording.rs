//! Free text about a cause: what it says of a syndrome (CRS, ICANS, IEC-HS), and whether it plainly names something else.
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

/// Denials, with blanks for punctuation and `@` for the syndrome; longer ones first.
const DENIALS: &[&str] = &[
    "no evidence of @",
    "no signs of @",
    "no sign of @",
    "not attributable to @",
    "not attributed to @",
    "not because of @",
    "not caused by @",
    "not related to @",
    "not @ related",
    "not due to @",
    "not from @",
    "unrelated to @",
    "other than @",
    "rather than @",
    "@ was excluded",
    "@ was ruled out",
    "@ ruled out",
    "@ excluded",
    "non @",
    "not @",
    "no @",
];

/// How a syndrome is written.
pub(crate) struct Syndrome {
    /// The name that plain text has for it.
    name: &'static str,
    /// Other ways to write it, in plain text; longer ones first.
    written: &'static [&'static str],
    /// What mentions it, if only in passing.
    hints: &'static [&'static str],
    /// What belongs to it, and is no other cause beside it.
    own: &'static [&'static str],
}

/// Cytokine release syndrome.
pub(crate) const CRS: Syndrome = Syndrome { name: "crs", written: &["cytokine release syndrome"], hints: &["crs", "cytokine"], own: &[] };

/// Neurotoxicity of immune effector cells.
pub(crate) const ICANS: Syndrome = Syndrome {
    name: "icans",
    written: &[
        "immune effector cell associated neurotoxicity syndrome",
        "immune effector cell associated neurotoxicity",
        "car t neurotoxicity",
        "neurotoxicity of car t cells",
        "neurotoxicity",
    ],
    hints: &["icans", "neurotox"],
    own: &["cerebral edema", "cerebral oedema", "diffuse cerebral edema", "diffuse cerebral oedema", "herniation", "status epilepticus"],
};

/// The HLH-like syndrome of immune effector cells.
pub(crate) const IEC_HS: Syndrome = Syndrome {
    name: "iec hs",
    written: &[
        "immune effector cell associated haemophagocytic lymphohistiocytosis like syndrome",
        "immune effector cell associated hemophagocytic lymphohistiocytosis like syndrome",
        "iechs",
        "carhlh",
        "car hlh",
        "hlh like syndrome",
    ],
    hints: &["iec hs", "hlh", "haemophagocyt", "hemophagocyt"],
    own: &[],
};

/// What leads from a sign to its cause.
const LEADS: &[&str] = &["attributed to", "attributable to", "because of", "caused by", "due to", "related to", "secondary to"];

/// Text in lower case with one blank for any punctuation; a question mark is a word, and so is CRS.
pub(super) fn plain(text: &str) -> String {
    CRS.plain(text)
}

/// Whether plain text mentions CRS at all.
pub(super) fn names_crs(plain: &str) -> bool {
    CRS.is_named_in(plain)
}

/// Whether plain text doubts or denies anything.
pub(super) fn doubts(plain: &str) -> bool {
    plain.split(' ').any(|word| DOUBT.contains(&word))
}

/// Whether plain text says that it was CRS and nothing else.
pub(super) fn is_crs(plain: &str) -> bool {
    CRS.is_all_of(plain)
}

/// Plain text before and after what leads to the cause.
pub(super) fn before_cause(plain: &str) -> Option<(&str, &str)> {
    LEADS.iter().find_map(|lead| plain.split_once(&format!(" {lead} ")))
}

/// What is left of plain text once its denial of CRS is taken out; `None` where it denies nothing.
pub(super) fn beside_denial(plain: &str) -> Option<String> {
    CRS.beside_denial(plain)
}

impl Syndrome {
    /// Text in lower case with one blank for any punctuation, and the syndrome by its name.
    pub(super) fn plain(&self, text: &str) -> String {
        let spaced = text.to_lowercase().replace('?', " ? ");
        let letters: String = spaced.chars().map(|c| if c.is_alphanumeric() || c == '?' { c } else { ' ' }).collect();
        let words: Vec<&str> = letters.split_whitespace().collect();
        let named = self
            .written
            .iter()
            .fold(format!(" {} ", words.join(" ")), |text, written| text.replace(&format!(" {written} "), &format!(" {} ", self.name)));
        named.trim().replace(&format!("{0} {0}", self.name), self.name)
    }

    /// Whether plain text mentions it at all.
    pub(super) fn is_named_in(&self, plain: &str) -> bool {
        self.hints.iter().any(|hint| plain.contains(hint))
    }

    /// Whether plain text says that it was this and nothing else.
    pub(super) fn is_all_of(&self, plain: &str) -> bool {
        let cause = LEADS.iter().find_map(|lead| plain.strip_prefix(lead)).unwrap_or(plain).trim();
        let cause = ["fatal ", "refractory ", "severe "].iter().find_map(|how| cause.strip_prefix(how)).unwrap_or(cause);
        let cause = ["grade 4 ", "grade 5 "].iter().find_map(|grade| cause.strip_prefix(grade)).unwrap_or(cause);
        let Some(rest) = cause.strip_prefix(self.name) else { return false };
        let rest = rest.trim();
        let of_its_own = |what: &str| self.own.contains(&what.strip_prefix("with ").unwrap_or(what));
        matches!(rest, "" | "grade 4" | "grade 5") || of_its_own(rest)
    }

    /// Whether a name is one of this syndrome or of what belongs to it.
    pub(super) fn owns(&self, name: &str) -> bool {
        self.hints.iter().chain(self.own).any(|own| own.contains(name) || name.contains(own))
    }

    /// What is left of plain text once its denial is taken out; `None` where it denies nothing.
    pub(super) fn beside_denial(&self, plain: &str) -> Option<String> {
        let padded = format!(" {plain} ");
        let denials = DENIALS.iter().map(|denial| format!(" {} ", denial.replace('@', self.name)));
        let denial = denials.into_iter().find(|denial| padded.contains(denial))?;
        Some(padded.replacen(&denial, " ", 1).trim().to_owned())
    }
}
