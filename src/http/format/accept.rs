//! The Accept header (RFC 9110, 12.5.1): ranges of media types, each with a weight.

use std::cmp::Ordering;

use super::Format;

/// One range of the header. A weight of nothing forbids what it covers.
#[derive(Debug)]
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    charset: Option<&'a str>,
    weight: f64,
}

/// What the header says about one form: by the range that describes it most closely.
#[derive(Debug)]
struct Opinion {
    weight: f64,
    closeness: u8,
    place: usize,
}

impl Opinion {
    /// The heavier is wanted more; of equals the one named more closely, then the one named first.
    fn compare(&self, other: &Self) -> Ordering {
        let by_weight = self.weight.total_cmp(&other.weight);
        by_weight.then(self.closeness.cmp(&other.closeness)).then(other.place.cmp(&self.place))
    }
}

impl<'a> Range<'a> {
    /// Reads one range, or nothing of what is none.
    fn read(text: &'a str) -> Option<Self> {
        let mut parts = split(text, ';').into_iter();
        // A lone star is what old Java clients send for everything.
        let (kind, subtype) = match parts.next()? {
            "*" => ("*", "*"),
            name => name.split_once('/')?,
        };
        if kind.is_empty() || subtype.is_empty() || (kind == "*" && subtype != "*") {
            return None;
        }
        let mut range = Self { kind, subtype, charset: None, weight: 1.0 };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim() {
                name if name.eq_ignore_ascii_case("q") => range.weight = read_weight(value.trim())?,
                name if name.eq_ignore_ascii_case("charset") => range.charset = Some(value.trim().trim_matches('"')),
                _ => {}
            }
        }
        Some(range)
    }

    /// How closely it describes a form; nothing if it does not cover it. Everything is written in UTF-8; parameters
    /// beside the character set change nothing here.
    fn closeness(&self, format: Format) -> Option<u8> {
        if self.charset.is_some_and(|charset| !charset.eq_ignore_ascii_case("utf-8")) {
            return None;
        }
        let name = format.media_type().split(';').next().unwrap_or_default();
        let (kind, subtype) = name.split_once('/')?;
        match (self.kind, self.subtype) {
            ("*", _) => Some(0),
            (own, "*") if own.eq_ignore_ascii_case(kind) => Some(1),
            (own, exact) if own.eq_ignore_ascii_case(kind) && exact.eq_ignore_ascii_case(subtype) => {
                Some(2 + u8::from(self.charset.is_some()))
            }
            _ => None,
        }
    }
}

/// A weight from 0 to 1.
fn read_weight(text: &str) -> Option<f64> {
    let plain = text.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
    text.parse().ok().filter(|weight| plain && (0.0..=1.0).contains(weight))
}

/// Splits at a separator that is not within quotes; without what is empty.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut quoted, mut escaped) = (false, false);
    let parts = text.split(move |letter| {
        if escaped {
            escaped = false;
        } else if letter == '"' {
            quoted = !quoted;
        } else if letter == '\\' {
            escaped = quoted;
        }
        letter == separator && !quoted
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The form the header wants most, if it allows any.
pub fn preferred(header: &str) -> Option<Format> {
    let ranges: Vec<_> = split(header, ',').into_iter().filter_map(Range::read).collect();
    let opinion = |format: Format| {
        let covers = ranges.iter().enumerate().filter_map(|(place, range)| {
            range.closeness(format).map(|closeness| Opinion { weight: range.weight, closeness, place })
        });
        // The first of the closest.
        covers.reduce(|best, next| if next.closeness > best.closeness { next } else { best })
    };
    let wanted = Format::ALL.into_iter().filter_map(|format| opinion(format).map(|opinion| (format, opinion)));
    let allowed = wanted.filter(|(_, opinion)| opinion.weight > 0.0);
    allowed.reduce(|best, next| if next.1.compare(&best.1).is_gt() { next } else { best }).map(|(format, _)| format)
}
