//! The ramp of the newly qualified: what share of full productivity somebody has so many weeks after a start.

use chrono::NaiveDate;

use crate::domain::capacity_rule::{CapacityRule, Setting};
use crate::domain::field::FieldType;
use crate::domain::number::WeeksSince;
use crate::domain::service::Discipline;

/// What an answer rests on that nobody counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumption {
    /// What it sets, and for whom.
    pub name: String,
    /// How much.
    pub value: String,
    /// Where it comes from: `assumed`, or what the rule says.
    pub source: String,
}

/// One in millionths.
pub const ONE: i64 = 1_000_000;

/// The ramp where no rule sets one: weeks, and millionths of full productivity. Only the first year has a source, the
/// framework of the Royal College of Speech and Language Therapists for newly qualified practitioners.
const ASSUMED: [(i64, i64); 5] = [(0, 0), (2, 0), (12, 600_000), (26, 800_000), (52, ONE)];

/// A ramp: points, straight lines between them, level before the first and after the last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ramp {
    /// Weeks and millionths, the fewest weeks first.
    points: Vec<(i64, i64)>,
    source: String,
}

impl Ramp {
    /// The ramp of a discipline's newly qualified that applies on a day; the assumed one where no rule does.
    pub fn in_force<'a>(rules: impl Iterator<Item = &'a CapacityRule>, discipline: Discipline, on: NaiveDate) -> Self {
        let is_it = |rule: &&CapacityRule| {
            rule.setting == Setting::RampNewlyQualified && rule.discipline == discipline && rule.applies(on)
        };
        let rules: Vec<_> = rules.filter(is_it).collect();
        let point = |rule: &&CapacityRule| (rule.week.map_or(0, WeeksSince::units), rule.value.units());
        let mut points: Vec<_> = rules.iter().map(point).collect();
        if points.is_empty() {
            return Self { points: ASSUMED.into(), source: "assumed".to_owned() };
        }
        points.sort_unstable();
        let mut sources: Vec<_> =
            rules.iter().filter_map(|rule| rule.source.as_ref()).map(|source| source.cell().into_string()).collect();
        sources.sort_unstable();
        sources.dedup();
        let source =
            if sources.is_empty() { "capacity rules that name no source".to_owned() } else { sources.join("; ") };
        Self { points, source }
    }

    /// Millionths of full productivity in a week, rounded half up where it lies between two points.
    ///
    /// # Examples
    ///
    /// ```
    /// use twentyweeks::domain::{service::Discipline, statistics::workforce::ramp::Ramp};
    /// let ramp = Ramp::in_force([].iter(), Discipline::Physiotherapy, "2025-01-01".parse()?);
    /// assert_eq!([0, 2, 7, 12, 26, 52, 99].map(|week| ramp.share(week)), [0, 0, 300_000, 600_000, 800_000, 1_000_000, 1_000_000]);
    /// # Ok::<(), chrono::ParseError>(())
    /// ```
    pub fn share(&self, week: i64) -> i64 {
        let after = self.points.partition_point(|(point, _)| *point <= week);
        let before = after.checked_sub(1).and_then(|place| self.points.get(place));
        match (before, self.points.get(after)) {
            (Some((from, low)), Some((until, high))) => {
                let (gone, whole) = (week - from, until - from);
                low + (2 * (high - low) * gone + whole).div_euclid(2 * whole)
            }
            (Some((_, share)), None) | (None, Some((_, share))) => *share,
            (None, None) => 0,
        }
    }

    /// What an answer says of it.
    pub fn assumption(&self, discipline: Discipline) -> Assumption {
        let point = |(week, share): &(i64, i64)| format!("week {week}: {}", decimal(*share));
        let points: Vec<_> = self.points.iter().map(point).collect();
        Assumption {
            name: format!("{}.{}", Setting::RampNewlyQualified.code(), discipline.code()),
            value: points.join("; "),
            source: self.source.clone(),
        }
    }
}

/// Millionths without zeros at the end.
fn decimal(millionths: i64) -> String {
    let digits = format!("{}.{:06}", millionths / ONE, millionths % ONE);
    digits.trim_end_matches('0').trim_end_matches('.').to_owned()
}
