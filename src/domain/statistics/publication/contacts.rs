//! First contacts of a finished quarter: how long those seen had waited.

use super::few::Few;
use super::{Counts, DIMENSIONS, Draft, Fault, Published, Row};
use crate::domain::authority::Authority;
use crate::domain::facts::{Day, Facts};
use crate::domain::statistics::dimension::OfReferrals;
use crate::domain::statistics::disclosure::{Reason, average_beside, percentile, whole_weeks};
use crate::domain::statistics::group::{Area, Periods};
use crate::domain::statistics::spread::Spread;
use crate::domain::statistics::tally::{Breakdown, Tally};

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

/// 18 weeks in days.
const EIGHTEEN_WEEKS: Day = 126;

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

    fn children(&self, column: ContactColumn) -> Option<u64> {
        let place = Self::COLUMNS.iter().position(|known| *known == column)?;
        self.children.get(place).map(Few::count)
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
fn count(draft: &mut Draft<Contacts>, (authority, facts): (Authority, &Facts), [first, last]: [Day; 2]) {
    let referrals = &facts.referrals;
    let columns = referrals.received.iter().zip(&referrals.seen).zip(&referrals.child).enumerate();
    let seen = columns.filter(|(_, ((received, seen), _))| (first..=last).contains(*seen) && **received <= last);
    let seen: Vec<_> = seen.map(|(row, ((received, seen), child))| (row, seen - received, *child)).collect();
    let periods = Periods::of_a_day();
    for dimension in [None].into_iter().chain(DIMENSIONS.map(Some)) {
        let breakdown = Breakdown { by: dimension.into_iter().collect(), only: Vec::new() };
        let mut tally = Tally::<OfReferrals, Contacts>::new(&breakdown);
        let mut sheet = tally.sheet(facts, Area::Authority(authority), &periods, last);
        sheet.open_all();
        for (row, days, child) in &seen {
            if let Some(member) = sheet.member(*row)
                && let Some(contacts) = sheet.cell_in(member, 0)
            {
                contacts.note(*days, *child);
            }
        }
        for (key, contacts) in tally.into_cells() {
            let member = dimension.zip(key.labels.into_iter().next());
            draft.add(authority, member.as_ref(), 0, &contacts);
        }
    }
}
