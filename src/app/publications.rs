//! Publications: tables that are the same for everyone, made of all authorities and kept until a ledger moves.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Datelike, NaiveDate};

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

/// A publication, and where the ledgers stood that it was made from.
#[derive(Debug)]
pub struct Publication<T> {
    /// What is published.
    pub shown: T,
    /// The last ledger entry of each authority it includes.
    pub ledger_seq: Positions,
}

type Kept<K, T> = Mutex<Vec<(K, Arc<Publication<T>>)>>;

/// The publications made last.
#[derive(Default)]
pub struct Publications {
    waiting: Kept<Quarter, PublishedWaiting>,
    plans: Kept<i32, BTreeMap<PlansKey, Shown>>,
}

/// Publications kept of each kind.
const KEPT: usize = 8;

impl App {
    /// The waiting list at the month ends of a quarter, as it may be published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published_waiting(&self, quarter: Quarter) -> Result<Arc<Publication<PublishedWaiting>>, AppError> {
        self.publish(&self.publications.waiting, quarter, |pages| {
            let days: Vec<_> = quarter.month_ends().into_iter().map(|end| day(Some(end))).collect();
            published_waiting(pages, &days).ok()
        })
    }

    /// The plans issued in the quarters of a year that ended before today, as they may be published.
    ///
    /// # Errors
    /// When the database fails.
    pub fn published_plans(&self, year: i32) -> Result<Arc<Publication<BTreeMap<PlansKey, Shown>>>, AppError> {
        let last = Quarter::ended_before(self.clock.today());
        self.publish(&self.publications.plans, year, |pages| {
            let number = if last.year > year { 4 } else { last.number };
            let end = Quarter { year, number }.month_ends().pop().filter(|_| last.year >= year);
            let end = day(end.or_else(|| NaiveDate::from_ymd_opt(year - 1, 12, 31)));
            let quarters = Periods::new(day(NaiveDate::from_ymd_opt(year, 1, 1)), end, Every::Quarter);
            published_plans(pages, &quarters, end).ok()
        })
    }

    /// Makes a publication, unless it was made from the same entries of the same ledgers.
    fn publish<K: Copy + PartialEq, T>(
        &self,
        kept: &Kept<K, T>,
        key: K,
        make: impl FnOnce(&[(Authority, &Facts)]) -> Option<T>,
    ) -> Result<Arc<Publication<T>>, AppError> {
        let measured = self.facts(&Caller::local("publication"), None, None)?;
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = kept.iter().find(|(of, known)| *of == key && known.ledger_seq == measured.ledger_seq)
        {
            return Ok(Arc::clone(known));
        }
        let pages: Vec<_> = measured.rows.iter().map(|(authority, facts)| (*authority, facts.as_ref())).collect();
        let shown = make(&pages).ok_or_else(AppError::half_done)?;
        let made = Arc::new(Publication { shown, ledger_seq: measured.ledger_seq });
        kept.retain(|(of, _)| *of != key);
        kept.push((key, Arc::clone(&made)));
        if kept.len() > KEPT {
            kept.remove(0);
        }
        Ok(made)
    }
}
