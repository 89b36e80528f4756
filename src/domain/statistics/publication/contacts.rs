//! First contacts of a finished quarter: how long those seen had waited.

use super::few::Few;
use super::{Counts, DIMENSIONS, Draft, Fault, Published, Row};
use crate::domain::authority::Authority;
use crate::domain::facts::{Day, Facts};
use crate::domain::statistics::dimension::OfReferrals;
use crate::domain::statistics::disclosure::{Reason, average_beside, percentile, whole_weeks};
use crate::domain::statistics::spread::Spread;
use crate::domain::statistics::waiting::EIGHTEEN_WEEKS;

/// A column of the published first contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactColumn {
    /// Seen within 126 days of receipt.
    Within18Weeks,
    /// Seen later.
    Over18Weeks,
    /// All who were seen.
    Total,
}

use ContactColumn::{Over18Weeks, Total, Within18Weeks};

/// The percentiles that are published, in hundredths.
pub const PERCENTILES: [u64; 4] = [50, 75, 90, 92];

/// Days from receipt to first contact, and the children of each column.
#[derive(Clone, Debug, Default)]
pub struct Contacts {
    days: Spread,
    children: [Few; 3],
}

/// How long those seen had waited, in whole weeks, as far as it may be published; `None` of nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitInWeeks {
    /// The mean.
    pub mean: Result<Option<u64>, Reason>,
    /// Each of [`PERCENTILES`].
    pub percentiles: [Result<Option<u64>, Reason>; PERCENTILES.len()],
}

impl Contacts {
    fn note(&mut self, days: Day, child: u32) {
        self.days.count(days);
        let within = if days <= EIGHTEEN_WEEKS { Within18Weeks } else { Over18Weeks };
        for (column, few) in Self::COLUMNS.iter().zip(&mut self.children) {
            if [within, Total].contains(column) {
                few.note(child);
            }
        }
    }
}

impl Counts for Contacts {
    type Column = ContactColumn;
    type Beside = WaitInWeeks;
    const COLUMNS: &'static [ContactColumn] = &[Within18Weeks, Over18Weeks, Total];
    const LINES: &'static [(ContactColumn, &'static [ContactColumn])] = &[(Total, &[Within18Weeks, Over18Weeks])];

    fn count(&self, column: ContactColumn) -> u64 {
        let within = || self.days.up_to(EIGHTEEN_WEEKS);
        match column {
            Within18Weeks => within(),
            Over18Weeks => self.days.people() - within(),
            Total => self.days.people(),
        }
    }

    fn few(&self) -> &[Few] {
        &self.children
    }

    fn add(&mut self, others: &Self) {
        self.days.add(&others.days);
        for (few, more) in self.children.iter_mut().zip(&others.children) {
            few.add(more);
        }
    }

    fn beside(&self, shown: &Row<ContactColumn>) -> WaitInWeeks {
        let [within, over, total] = [Within18Weeks, Over18Weeks, Total].map(|column| shown.shown(column));
        let mean = average_beside(total, [within, over]);
        WaitInWeeks {
            mean: mean.map(|()| whole_weeks(self.days.days_total(), self.days.people())),
            percentiles: PERCENTILES.map(|percent| {
                percentile(percent, [within, over, total])?;
                Ok(self.days.percentile(percent).and_then(|days| whole_weeks(days, 1)))
            }),
        }
    }
}

/// Decides upon the first contacts from `first` to `last`, both included: by area alone, and by each of [`DIMENSIONS`] as at
/// `last`.
///
/// # Errors
/// As [`published_waiting`](super::published_waiting).
pub fn published_contacts(
    pages: &[(Authority, &Facts)],
    [first, last]: [Day; 2],
) -> Result<Published<Contacts>, Fault<Contacts>> {
    let mut draft = Draft::new(1);
    for (authority, facts) in pages {
        count(&mut draft, (*authority, facts), [first, last]);
    }
    draft.decide()
}

/// Counts whom an authority saw for the first time, all of them and by each dimension.
fn count(draft: &mut Draft<Contacts>, page: (Authority, &Facts), [first, last]: [Day; 2]) {
    let (_, facts) = page;
    let referrals = &facts.referrals;
    let columns = referrals.received.iter().zip(&referrals.seen).zip(&referrals.child).enumerate();
    let seen = columns.filter(|(_, ((received, seen), _))| (first..=last).contains(*seen) && **received <= last);
    let seen: Vec<_> = seen.map(|(row, ((received, seen), child))| (row, (seen - received, *child))).collect();
    draft.count::<OfReferrals, _>(page, (0, last), (&DIMENSIONS, &seen), |contacts, (days, child)| {
        contacts.note(*days, *child);
    });
}
