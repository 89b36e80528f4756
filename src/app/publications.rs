//! Publications: tables that are the same for everyone, made of all authorities once a month.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};

use super::{App, AppError};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::facts::{Facts, day};
use crate::domain::statistics::disclosure::Shown;
use crate::domain::statistics::group::{Every, Periods};
use crate::domain::statistics::publication::{PlansKey, PublishedWaiting, published_plans, published_waiting};

/// A quarter of a calendar year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    /// The year.
    pub year: i32,
    /// 1 to 4.
    pub number: u32,
}

impl Quarter {
    /// The quarter a day lies in.
    pub fn of(day: NaiveDate) -> Self {
        Self { year: day.year(), number: day.month().div_ceil(3) }
    }

    /// The last quarter that had ended before a day.
    pub fn ended_before(day: NaiveDate) -> Self {
        match Self::of(day) {
            Self { year, number: 1 } => Self { year: year - 1, number: 4 },
            Self { year, number } => Self { year, number: number - 1 },
        }
    }

    /// The last days of its three months.
    pub fn month_ends(self) -> Vec<NaiveDate> {
        let end = |month: u32| {
            let (year, next) = if month == 12 { (self.year + 1, 1) } else { (self.year, month + 1) };
            NaiveDate::from_ymd_opt(year, next, 1)?.pred_opt()
        };
        (3 * self.number - 2..=3 * self.number).filter_map(end).collect()
    }
}

type Positions = BTreeMap<Authority, i64>;

/// A publication.
#[derive(Debug)]
pub struct Publication<T> {
    /// What is published.
    pub shown: T,
    /// The instant from whose knowledge it is made: the beginning of the month. What is written later shows a month later.
    pub known_at: DateTime<Utc>,
    /// The authorities it includes, each with the last of its ledger entries.
    pub ledger_seq: Positions,
}

/// One publication, made once.
type Made<T> = Arc<Mutex<Option<Arc<Publication<T>>>>>;

/// Publications of one kind by what they are about, all of one month.
type Kept<K, T> = Mutex<(Option<DateTime<Utc>>, BTreeMap<K, Made<T>>)>;

/// The publications of this month.
#[derive(Default)]
pub struct Publications {
    waiting: Kept<Quarter, PublishedWaiting>,
    plans: Kept<i32, BTreeMap<PlansKey, Shown>>,
}

impl App {
    /// The waiting list at the month ends of a finished quarter, as it may be published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published_waiting(&self, quarter: Quarter) -> Result<Arc<Publication<PublishedWaiting>>, AppError> {
        self.publish(&self.publications.waiting, quarter, |pages| {
            let days: Vec<_> = quarter.month_ends().into_iter().map(|end| day(Some(end))).collect();
            published_waiting(pages, &days).ok()
        })
    }

    /// The plans issued in a finished year, as they may be published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published_plans(&self, year: i32) -> Result<Arc<Publication<BTreeMap<PlansKey, Shown>>>, AppError> {
        self.publish(&self.publications.plans, year, |pages| {
            let [first, last] = [(1, 1), (12, 31)].map(|(month, of)| day(NaiveDate::from_ymd_opt(year, month, of)));
            published_plans(pages, &Periods::new(first, last, Every::Range), last).ok()
        })
    }

    /// Makes a publication from what was known at the beginning of the month, once: whoever asks meanwhile waits for it.
    fn publish<K: Copy + Ord, T>(
        &self,
        kept: &Kept<K, T>,
        key: K,
        make: impl FnOnce(&[(Authority, &Facts)]) -> Option<T>,
    ) -> Result<Arc<Publication<T>>, AppError> {
        let known_at = month_of(self.clock.now());
        let slot = {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let (month, slots) = &mut *kept;
            if month.replace(known_at) != Some(known_at) {
                slots.clear();
            }
            Arc::clone(slots.entry(key).or_default())
        };
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(publication) = &*slot {
            return Ok(Arc::clone(publication));
        }
        let measured = self.facts(&Caller::local("publication"), None, Some(known_at))?;
        let pages: Vec<_> = measured.rows.iter().map(|(authority, facts)| (*authority, facts.as_ref())).collect();
        let shown = make(&pages).ok_or_else(AppError::half_done)?;
        let publication = Arc::new(Publication { shown, known_at, ledger_seq: measured.ledger_seq });
        *slot = Some(Arc::clone(&publication));
        Ok(publication)
    }
}

/// The beginning of the month an instant lies in, UTC.
fn month_of(now: DateTime<Utc>) -> DateTime<Utc> {
    let first = now.date_naive().with_day(1).unwrap_or_else(|| now.date_naive());
    first.and_time(NaiveTime::MIN).and_utc()
}
