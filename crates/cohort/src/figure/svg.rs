//! Writing SVG.

use std::fmt::{self, Write as _};

/// 8 cm in points: one column of a journal.
pub(super) const COLUMN: f64 = 226.77;
/// Type size of numbers and labels; nothing is smaller.
pub(super) const TYPE: f64 = 6.5;
/// What is higher on the right, and what is lower: vermillion and blue of Okabe and Ito's palette.
pub(super) const HIGHER: &str = "#d55e00";
pub(super) const LOWER: &str = "#0072b2";

/// A drawing under way. Lengths are points.
pub(super) struct Svg {
    width: f64,
    height: f64,
    body: String,
}

/// Where a text is held.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
}

impl Svg {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    /// Adds markup as it stands. Writing to a `String` cannot fail.
    pub(super) fn add(&mut self, markup: fmt::Arguments<'_>) {
        let _ = self.body.write_fmt(markup);
    }

    /// A text whose middle height is `y`; `style` are further attributes.
    pub(super) fn text(&mut self, (x, y): (f64, f64), anchor: Anchor, style: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
        };
        // Viewers disagree on `dominant-baseline`; a third of the size below the middle is the baseline.
        self.add(format_args!(
            "<text x=\"{x:.2}\" y=\"{:.2}\" text-anchor=\"{anchor}\"{}{style}>{}</text>",
            y + TYPE * 0.35,
            if style.is_empty() { "" } else { " " },
            Escaped(text)
        ));
    }

    /// The finished file; `title` and `description` say in words what it shows.
    pub(super) fn finish(self, title: &str, description: &str) -> String {
        let Self { width, height, body } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.2}pt\" height=\"{height:.2}pt\" viewBox=\"0 0 {width:.2} {height:.2}\" \
             role=\"img\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"{TYPE}\" fill=\"#000\">\n\
             <title>{}</title>\n<desc>{}</desc>\n<rect width=\"{width:.2}\" height=\"{height:.2}\" fill=\"#fff\"/>\n{body}\n</svg>\n",
            Escaped(title),
            Escaped(description),
        )
    }
}

/// Text for element content and attributes.
pub(super) struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                c if c.is_control() => f.write_char('\u{fffd}')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}
