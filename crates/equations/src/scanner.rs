//! Characters to tokens, with places. A line ends a declaration, except inside parentheses.

use crate::error::{Error, Place};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Name(String),
    Number(f64),
    Text(String),
    /// An operator or a bracket of one or two characters.
    Sign(&'static str),
    EndOfLine,
    End,
}

impl Token {
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Name(name) => format!("`{name}`"),
            Self::Number(number) => format!("`{number}`"),
            Self::Text(_) => "a quoted text".into(),
            Self::Sign(sign) => format!("`{sign}`"),
            Self::EndOfLine => "the end of the line".into(),
            Self::End => "the end of the text".into(),
        }
    }
}

const SIGNS: [&str; 18] = ["<=", ">=", "==", "&&", "||", "+", "-", "*", "/", "^", "(", ")", ",", "=", "<", ">", "!", ";"];

/// Reads tokens; cheap to copy, so that a parser can look ahead and come back.
#[derive(Clone, Copy)]
pub(crate) struct Scanner<'a> {
    rest: &'a str,
    place: Place,
    depth: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { rest: text, place: Place { line: 1, column: 1 }, depth: 0 }
    }

    /// Where the next token stands.
    pub(crate) fn place(&mut self) -> Place {
        self.skip_blanks();
        self.place
    }

    pub(crate) fn peek(&self) -> Result<Token, Error> {
        let mut ahead = *self;
        ahead.next()
    }

    pub(crate) fn next(&mut self) -> Result<Token, Error> {
        self.skip_blanks();
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        if first == '\n' {
            self.advance(1);
            return Ok(Token::EndOfLine);
        }
        if first == '"' {
            return self.text();
        }
        if first.is_ascii_digit() || (first == '.' && self.rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            return self.number();
        }
        if first.is_alphabetic() || first == '_' {
            let end = self.rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(self.rest.len());
            let name = self.rest[..end].to_owned();
            self.advance(end);
            return Ok(Token::Name(name));
        }
        for sign in SIGNS {
            if self.rest.starts_with(sign) {
                match sign {
                    "(" => self.depth += 1,
                    ")" => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
                self.advance(sign.len());
                return Ok(Token::Sign(sign));
            }
        }
        Err(Error::new(self.place, format!("`{first}` does not belong here")))
    }

    /// The next run of characters without blanks, such as the unit `1/h` or the id `hanson-2016`; `None` at the line's end.
    pub(crate) fn word(&mut self) -> Option<&'a str> {
        self.skip_blanks();
        let end = self.rest.find(|c: char| c.is_whitespace() || c == '"' || c == '#').unwrap_or(self.rest.len());
        let word = &self.rest[..end];
        self.advance(end);
        (!word.is_empty()).then_some(word)
    }

    /// What is left of the line, without the comment.
    pub(crate) fn line(&mut self) -> &'a str {
        let end = self.rest.find('\n').unwrap_or(self.rest.len());
        let line = &self.rest[..end];
        self.advance(end);
        line.split('#').next().unwrap_or("").trim()
    }

    fn skip_blanks(&mut self) {
        loop {
            let blank = |c: char| c.is_whitespace() && (c != '\n' || self.depth > 0);
            let end = self.rest.find(|c| !blank(c)).unwrap_or(self.rest.len());
            self.advance(end);
            if !self.rest.starts_with('#') {
                return;
            }
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.advance(end);
        }
    }

    fn advance(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at(bytes);
        for c in passed.chars() {
            if c == '\n' {
                self.place = Place { line: self.place.line + 1, column: 1 };
            } else {
                self.place.column += 1;
            }
        }
        self.rest = rest;
    }

    fn text(&mut self) -> Result<Token, Error> {
        let body = &self.rest[1..];
        match body.find(['"', '\n']) {
            Some(end) if body[end..].starts_with('"') => {
                let text = body[..end].to_owned();
                self.advance(end + 2);
                Ok(Token::Text(text))
            }
            _ => Err(Error::new(self.place, "this quotation mark is not closed on its line")),
        }
    }

    fn number(&mut self) -> Result<Token, Error> {
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut end = digits(0);
        if bytes.get(end) == Some(&b'.') {
            end = digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let after = digits((end + 1 + sign).min(bytes.len()));
            if after > end + 1 + sign {
                end = after;
            }
        }
        let number: f64 =
            self.rest[..end].parse().map_err(|_| Error::new(self.place, format!("`{}` is not a number", &self.rest[..end])))?;
        if !number.is_finite() {
            return Err(Error::new(self.place, format!("`{}` is too large", &self.rest[..end])));
        }
        self.advance(end);
        Ok(Token::Number(number))
    }
}
