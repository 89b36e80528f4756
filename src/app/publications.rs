//! Publications: tables that are the same for everyone, made of all authorities once a month.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::statistics::Pages;
use super::{App, AppError, Measured};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::facts::{Facts, day};
use crate::domain::statistics::group::{Every, Periods};
use crate::domain::statistics::publication::{
    Advice, Contacts, Plans, Published, Waiting, published_advice, published_contacts, published_plans,
    published_waiting,
};

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

    /// The quarter after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self { year, number: 4 } => Self { year: year + 1, number: 1 },
            Self { year, number } => Self { year, number: number + 1 },
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

    /// Its first day and its last.
    pub fn bounds(self) -> Option<[NaiveDate; 2]> {
        Some([NaiveDate::from_ymd_opt(self.year, 3 * self.number - 2, 1)?, self.month_ends().pop()?])
    }
}

/// The first day of a calendar year and the last.
pub fn bounds_of_year(year: i32) -> Option<[NaiveDate; 2]> {
    Some([NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?])
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

/// The facts as known at the beginning of a month, for as long as somebody makes a publication of them.
type Known = Mutex<(Option<DateTime<Utc>>, Weak<Measured<Pages>>)>;

/// The publications of this month.
#[derive(Default)]
pub struct Publications {
    waiting: Kept<Quarter, Published<Waiting>>,
    contacts: Kept<Quarter, Published<Contacts>>,
    plans: Kept<i32, Published<Plans>>,
    advice: Kept<i32, Published<Advice>>,
    known: Known,
}

impl App {
    /// The last quarter that is published: it has ended today, and had when the month began.
    pub fn last_published_quarter(&self) -> Quarter {
        Quarter::ended_before(self.published_before())
    }

    /// The last year that is published.
    pub fn last_published_year(&self) -> i32 {
        self.published_before().year() - 1
    }

    /// The day before which a period must have ended. Today is a day in London and months begin by UTC: an hour earlier in summer.
    fn published_before(&self) -> NaiveDate {
        self.clock.today().min(month_of(self.clock.now()).date_naive())
    }

    /// The waiting list at the month ends of a finished quarter, as it may be published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published_waiting(&self, quarter: Quarter) -> Result<Arc<Publication<Published<Waiting>>>, AppError> {
        self.publish(&self.publications.waiting, quarter, |pages| {
            let days: Vec<_> = quarter.month_ends().into_iter().map(|end| day(Some(end))).collect();
            published_waiting(pages, &days).ok()
        })
    }

    /// The first contacts of a finished quarter, as they may be published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published_contacts(&self, quarter: Quarter) -> Result<Arc<Publication<Published<Contacts>>>, AppError> {
        self.publish(&self.publications.contacts, quarter, |pages| {
            published_contacts(pages, quarter.bounds()?.map(|bound| day(Some(bound)))).ok()
        })
    }

    /// The plans issued in a finished year, as they may be published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published_plans(&self, year: i32) -> Result<Arc<Publication<Published<Plans>>>, AppError> {
        self.publish(&self.publications.plans, year, |pages| {
            let [first, last] = bounds_of_year(year)?.map(|bound| day(Some(bound)));
            published_plans(pages, &Periods::new(first, last, Every::Range), last).ok()
        })
    }

    /// The requests for advice of a finished year, as they may be published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published_advice(&self, year: i32) -> Result<Arc<Publication<Published<Advice>>>, AppError> {
        self.publish(&self.publications.advice, year, |pages| {
            published_advice(pages, bounds_of_year(year)?.map(|bound| day(Some(bound)))).ok()
        })
    }

    /// Makes the publications of this month, each of its last period, before anybody asks; whoever asks meanwhile waits for
    /// the same work. Nothing without records. Says when the next month begins.
    ///
    /// # Errors
    /// When the database fails.
    pub fn publish_ahead(&self) -> Result<DateTime<Utc>, AppError> {
        let known_at = month_of(self.clock.now());
        if self.has_records()? {
            // Read once for all of them.
            let facts = self.known_at_beginning(known_at)?;
            let (quarter, year) = (self.last_published_quarter(), self.last_published_year());
            // One that cannot be made is no reason to leave out the others.
            let waiting = self.published_waiting(quarter).map(drop);
            let others = [
                self.published_plans(year).map(drop),
                self.published_contacts(quarter).map(drop),
                self.published_advice(year).map(drop),
            ];
            drop(facts);
            waiting?;
            others.into_iter().collect::<Result<(), _>>()?;
        }
        Ok(known_at.checked_add_months(Months::new(1)).unwrap_or(known_at) + SETTLED_AFTER)
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
            let mut kept = locked(kept);
            let (month, slots) = &mut *kept;
            if month.replace(known_at) != Some(known_at) {
                slots.clear();
            }
            Arc::clone(slots.entry(key).or_default())
        };
        let mut slot = locked(&slot);
        if let Some(publication) = &*slot {
            return Ok(Arc::clone(publication));
        }
        let measured = self.known_at_beginning(known_at)?;
        let pages: Vec<_> = measured.rows.iter().map(|(authority, facts)| (*authority, facts.as_ref())).collect();
        let shown = make(&pages).ok_or_else(AppError::half_done)?;
        let publication = Arc::new(Publication { shown, known_at, ledger_seq: measured.ledger_seq.clone() });
        *slot = Some(Arc::clone(&publication));
        Ok(publication)
    }

    /// The facts as known at the beginning of a month: those somebody works with, or read anew.
    fn known_at_beginning(&self, known_at: DateTime<Utc>) -> Result<Arc<Measured<Pages>>, AppError> {
        let mut known = locked(&self.publications.known);
        if let (Some(month), Some(facts)) = (known.0, known.1.upgrade())
            && month == known_at
        {
            return Ok(facts);
        }
        let facts = Arc::new(self.facts(&Caller::local("publication"), None, Some(known_at))?);
        *known = (Some(known_at), Arc::downgrade(&facts));
        Ok(facts)
    }
}

fn locked<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A month begins for publications when what was written in the one before has been written.
const SETTLED_AFTER: TimeDelta = TimeDelta::seconds(60);

/// The beginning of the month an instant lies in, UTC.
fn month_of(now: DateTime<Utc>) -> DateTime<Utc> {
    let day = (now - SETTLED_AFTER).date_naive();
    day.with_day(1).unwrap_or(day).and_time(NaiveTime::MIN).and_utc()
}
