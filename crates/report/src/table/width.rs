//! Text by the columns it takes on a terminal.

/// Columns a text takes: combining marks none, East Asian wide characters and emoji two.
///
/// The ranges are the common blocks of Unicode's East Asian Width (W, F) and of nonspacing marks, not the whole table.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

fn columns(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036F | 0x200B..=0x200F | 0x20D0..=0x20FF | 0xFE00..=0xFE0F | 0xFEFF => 0,
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F64F
        | 0x1F900..=0x1F9FF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// The text with spaces after it up to a width.
pub(crate) fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// The text in lines of at most this width, broken at spaces; a longer word keeps its own line.
pub(crate) fn wrap(text: &str, limit: usize) -> Vec<String> {
    if width(text) <= limit {
        return vec![text.to_owned()];
    }
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= limit => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_is_what_the_eye_sees() {
        assert_eq!(width("José"), 4);
        assert_eq!(width("Jose\u{301}"), 4);
        assert_eq!(width("患者"), 4);
        assert_eq!(pad("患者", 6), "患者  ");
    }

    #[test]
    fn wrapping_loses_no_word() {
        let text = "onset-after-day-14, episode 2, 3 stretches uncharted";
        let lines = wrap(text, 20);
        assert!(lines.iter().all(|l| width(l) <= 20));
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrap("short", 20), ["short"]);
    }
}
