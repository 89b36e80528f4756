//! The waiting list at the month ends of a finished quarter.

use super::few::Few;
use super::{Counts, DIMENSIONS, Draft, Fault, Published, Row};
use crate::domain::authority::Authority;
use crate::domain::facts::{Day, Facts};
use crate::domain::statistics::dimension::OfReferrals;
use crate::domain::statistics::disclosure::{Reason, average_beside, whole_weeks};
use crate::domain::statistics::waiting::band;

/// A column of the published waiting list: the seven bands, and what they add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitingColumn {
    /// One of the seven bands, by its place.
    Band(usize),
    /// The first five: 126 days or less.
    Within18Weeks,
    /// The last two.
    Over18Weeks,
    /// All of them.
    Total,
}

use WaitingColumn::{Band, Over18Weeks, Total, Within18Weeks};

/// A waiting list by band, and the children of each column.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    bands: [u64; 7],
    /// Days waited so far, summed.
    days: u64,
    children: [Few; 10],
}

impl Waiting {
    fn note(&mut self, days: Day, child: u32) {
        let place = band(days);
        if let Some(count) = self.bands.get_mut(place) {
            *count += 1;
        }
        self.days += u64::try_from(days).unwrap_or(0);
        for (column, few) in Self::COLUMNS.iter().zip(&mut self.children) {
            if column.has(place) {
                few.note(child);
            }
        }
    }
}

impl WaitingColumn {
    /// True if waits of that band are in it.
    fn has(self, band: usize) -> bool {
        match self {
            Band(place) => place == band,
            Within18Weeks => band < 5,
            Over18Weeks => band >= 5,
            Total => true,
        }
    }
}

impl Counts for Waiting {
    type Column = WaitingColumn;
    /// The mean wait in whole weeks; `None` of nobody.
    type Beside = Result<Option<u64>, Reason>;
    const COLUMNS: &'static [WaitingColumn] =
        &[Band(0), Band(1), Band(2), Band(3), Band(4), Band(5), Band(6), Within18Weeks, Over18Weeks, Total];
    const LINES: &'static [(WaitingColumn, &'static [WaitingColumn])] = &[
        (Within18Weeks, &[Band(0), Band(1), Band(2), Band(3), Band(4)]),
        (Over18Weeks, &[Band(5), Band(6)]),
        (Total, &[Within18Weeks, Over18Weeks]),
    ];

    fn count(&self, column: WaitingColumn) -> u64 {
        self.bands.iter().enumerate().filter(|(band, _)| column.has(*band)).map(|(_, count)| count).sum()
    }

    fn few(&self) -> &[Few] {
        &self.children
    }

    fn add(&mut self, others: &Self) {
        for (count, more) in self.bands.iter_mut().zip(&others.bands) {
            *count += more;
        }
        self.days += others.days;
        for (few, more) in self.children.iter_mut().zip(&others.children) {
            few.add(more);
        }
    }

    fn beside(&self, shown: &Row<WaitingColumn>) -> Self::Beside {
        average_beside(shown.shown(Total), Self::COLUMNS.iter().map(|column| shown.shown(*column)))?;
        Ok(whole_weeks(self.days, self.count(Total)))
    }
}

/// Decides upon the waiting list of all authorities given, on some days: by area alone, and by each of [`DIMENSIONS`].
///
/// # Errors
/// Never for what was counted here; what does not add up is told as a line.
pub fn published_waiting(pages: &[(Authority, &Facts)], days: &[Day]) -> Result<Published<Waiting>, Fault<Waiting>> {
    let mut draft = Draft::new(days.len());
    for (place, day) in days.iter().enumerate() {
        for (authority, facts) in pages {
            count(&mut draft, (*authority, facts), (place, *day));
        }
    }
    draft.decide()
}

/// Counts who waits in an authority at the end of a day, all of them and by each dimension.
fn count(draft: &mut Draft<Waiting>, page: (Authority, &Facts), (place, day): (usize, Day)) {
    let (_, facts) = page;
    let referrals = &facts.referrals;
    let columns = referrals.received.iter().zip(&referrals.wait_ended).zip(&referrals.child).enumerate();
    let waits = columns.filter(|(_, ((received, ended), _))| **received <= day && **ended > day);
    let waits: Vec<_> = waits.map(|(row, ((received, _), child))| (row, (day - received, *child))).collect();
    draft.count::<OfReferrals, _>(page, (place, day), (&DIMENSIONS, &waits), |list, (days, child)| {
        list.note(*days, *child);
    });
}
