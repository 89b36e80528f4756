//! Numbers with a few digits after the point, kept exactly: a whole number of the last digit.

use std::fmt;

use super::fault::Refusal;
use super::field::{FieldType, Shape, found};

/// What a number may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The least, in units of the last digit.
    pub least: i64,
    /// The most, in units of the last digit.
    pub most: i64,
    /// Digits after the point.
    pub places: u32,
}

impl Bounds {
    /// Writes a number of units of the last digit the one way it is kept: no zeros at the end, no point without digits.
    fn write(self, units: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = 10_i64.pow(self.places);
        let (sign, units) = (if units < 0 { "-" } else { "" }, units.abs());
        write!(f, "{sign}{}", units / one)?;
        let width = usize::try_from(self.places).unwrap_or(0);
        let digits = format!("{:0width$}", units % one);
        let digits = digits.trim_end_matches('0');
        if digits.is_empty() { Ok(()) } else { write!(f, ".{digits}") }
    }

    /// A limit as people write it.
    pub fn text(self, units: i64) -> String {
        Written { units, bounds: self }.to_string()
    }

    /// A number the one way it is kept; `None` for what is no such number.
    pub fn kept(self, text: &str) -> Option<String> {
        self.read(text).map(|units| self.text(units))
    }

    /// Reads units of the last digit; `None` for what is no such number.
    fn read(self, text: &str) -> Option<i64> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let part = part.trim_end_matches('0');
        let places = usize::try_from(self.places).ok()?;
        if whole.is_empty() || !is_number(whole) || !is_number(part) || part.len() > places || digits.ends_with('.') {
            return None;
        }
        let units: i64 = format!("{whole}{part:0<places$}").parse().ok()?;
        Some(sign * units)
    }
}

struct Written {
    units: i64,
    bounds: Bounds,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.bounds.write(self.units, f)
    }
}

/// A number from `LEAST` to `MOST`, both inclusive and in units of its last digit, with `PLACES` digits after the point.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number<const LEAST: i64, const MOST: i64, const PLACES: u32>(i64);

impl<const LEAST: i64, const MOST: i64, const PLACES: u32> Number<LEAST, MOST, PLACES> {
    const BOUNDS: Bounds = Bounds { least: LEAST, most: MOST, places: PLACES };

    /// So many units of the last digit.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// The number as a double: for arithmetic that is not exact anyway.
    pub fn value(self) -> f64 {
        #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "no such number has over 15 digits")]
        let units = self.0 as f64;
        units / 10_f64.powi(i32::try_from(PLACES).unwrap_or(0))
    }
}

impl<const LEAST: i64, const MOST: i64, const PLACES: u32> fmt::Display for Number<LEAST, MOST, PLACES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Self::BOUNDS.write(self.0, f)
    }
}

impl<const LEAST: i64, const MOST: i64, const PLACES: u32> fmt::Debug for Number<LEAST, MOST, PLACES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const LEAST: i64, const MOST: i64, const PLACES: u32> FieldType for Number<LEAST, MOST, PLACES> {
    const SHAPE: Shape = Shape::Number(Self::BOUNDS);

    fn parse(text: &str) -> Result<Self, Refusal> {
        let bounds = Self::BOUNDS;
        let form = || {
            let digits = match PLACES {
                0 => "a whole number".to_owned(),
                1 => "a number with at most one digit after the point".to_owned(),
                places => format!("a number with at most {places} digits after the point"),
            };
            format!("must be {digits}, from {} to {}, but {}", bounds.text(LEAST), bounds.text(MOST), found(text))
        };
        let units = bounds.read(text).ok_or_else(|| Refusal::new("not_a_number", form()))?;
        let fits = (LEAST..=MOST).contains(&units);
        if fits { Ok(Self(units)) } else { Err(Refusal::new("number_out_of_range", form())) }
    }

    fn cell(&self) -> Box<str> {
        self.to_string().into()
    }
}

/// Whole-time equivalents that a council pays for, in hundredths: 0.01 to 999.99.
pub type FundedWte = Number<1, 99_999, 2>;
/// Whole-time equivalents of one worker, in hundredths: 0.01 to 1.
pub type Wte = Number<1, 100, 2>;
/// Minutes of one day: 0 to 1,440.
pub type DayMinutes = Number<0, 1_440, 0>;
/// A share, 0 to 1, in ten-thousandths.
pub type Share = Number<0, 10_000, 4>;
/// Working days in a year, in tenths: 0 to 100.
pub type DaysAYear = Number<0, 1_000, 1>;
/// Which attempt it is: 1 to 99.
pub type Round = Number<1, 99, 0>;
/// Weeks since something began: 0 to 520.
pub type WeeksSince = Number<0, 520, 0>;
/// What a capacity rule says: minutes, a share, a number of contacts, days or a band, in millionths.
pub type RuleValue = Number<0, 10_000_000_000, 6>;
