//! The only place that asks what time it is.

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Europe::London;

/// What time it is, or is said to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    today: Option<NaiveDate>,
    now: Option<DateTime<Utc>>,
}

impl Clock {
    /// The real time.
    pub const REAL: Self = Self { today: None, now: None };

    /// The real time, but a pinned today: for demos.
    pub fn with_today(today: NaiveDate) -> Self {
        Self { today: Some(today), now: None }
    }

    /// Time that stands still at the beginning of a day: for tests and for synthetic records.
    pub fn still(today: NaiveDate) -> Self {
        Self { today: Some(today), now: Some(today.and_time(chrono::NaiveTime::MIN).and_utc()) }
    }

    /// The same today at another time.
    #[must_use]
    pub fn at(self, now: DateTime<Utc>) -> Self {
        Self { now: Some(now), ..self }
    }

    /// Today, a day in London.
    pub fn today(&self) -> NaiveDate {
        self.today.unwrap_or_else(|| self.now().with_timezone(&London).date_naive())
    }

    /// True if today was said and not asked.
    pub fn is_pinned(&self) -> bool {
        self.today.is_some()
    }

    /// Now, in whole microseconds: as much as both engines keep.
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    pub fn now(&self) -> DateTime<Utc> {
        let now = self.now.unwrap_or_else(Utc::now);
        now.with_nanosecond(now.nanosecond() / 1_000 * 1_000).unwrap_or(now)
    }
}
