//! Disclosure control: which counts of a published table are shown, so that no small number of children can be worked out.
//!
//! Sources: the sub-national rule of NHS Digital (1 to 7 hidden, 0 shown, the rest to the nearest 5, averages of 8 or
//! more); secondary suppression, the witness and the rules for dates and groupings are ours.
//!
//! # What the reader is assumed to know
//!
//! All published tables of all dates, that rows add up, and this text. Of a shown number `n` he knows that the count is
//! `n - 2` to `n + 2`, and at least 8; of a shown 0 that it is 0; of a hidden one that it is not 0.
//!
//! # One reason, not two
//!
//! A count hidden because it is small and one hidden to protect another carry the same [`Reason::SmallNumbers`]. Told
//! apart, the second would be known to be 8 or more and the first at most 7, and one subtraction from a rounded total
//! narrows them further.
//!
//! # The witness
//!
//! Bounds that have been propagated line by line are too weak a proof: a program that uses all lines together finds more.
//! So for every hidden count a second table is looked for ([`protect`]) that has another count there, adds up in every
//! line, and has the same shown numbers, every hidden count being 1 or more. While it exists no arithmetic can tell which of the two tables is the true one. Where none is found, more is hidden.
//!
//! # Stable over groupings
//!
//! The groupings that are published are fixed, and no filter is free: a filter is a line nobody has audited. All
//! groupings of the same people are **one** [`Table`]: their cross is in it with every margin, or, where the cross is
//! not published, they share the cell of their total. There is one decision on a cell, so two calls cannot differ on it,
//! and every subtraction between groupings is a line that the witness has kept.
//!
//! # Stable over dates
//!
//! A period (a calendar quarter with the last days of its three months) is one table with a count for each of its dates,
//! published when the period has ended, from the ledger as it then stood. A cell that must be hidden on one date is hidden on
//! all where it is not 0, so that 10, hidden, 10 cannot tell the week in which 8 became 7; each date is audited with what
//! it hides. Dates are not lines of each other as long as nothing that connects them is published: if arrivals and departures are,
//! `list + arrived - departed = list` must be given as lines over cells whose keys name the date. Free dates are
//! not to be offered: a rounded count that turns from 10 to 15 overnight is known to have been 12 to whoever knows that one
//! child came.
//!
//! # What this does not do
//!
//! It hides from arithmetic, not from neighbours who know the other children of a cell; and it does not
//! exclude that somebody runs [`protect`] itself on every table that could be true and drops those with another outcome. Nor
//! does it join what is published in one month with what is published of the same period in the next, after late records:
//! whoever knows that one record came late may learn what it changed.

mod protect;
mod table;
mod witness;

pub use protect::protect;
pub use table::{Line, Table, TableFault};

use super::tenths_of_percent;

/// Counts of people from 1 to this, inclusive, are hidden.
pub const LARGEST_SMALL: u64 = 7;

/// Why a number is not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The count is 1 to 7, or with others it would give away one that is.
    SmallNumbers,
    /// An average or percentile of a count that is hidden or 0, so never of fewer than 8 people, or one that would tell of a
    /// small number.
    TooFew,
    /// A rate whose numerator, complement or denominator is hidden.
    Rate,
}

impl Reason {
    /// The word of the contract.
    pub fn code(self) -> &'static str {
        match self {
            Self::SmallNumbers => "small_numbers",
            Self::TooFew => "too_few",
            Self::Rate => "rate",
        }
    }
}

/// A count as it may be published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// 0 for nobody, or people to the nearest 5, at least 10.
    Count(u64),
    /// `null` with a reason in JSON, `c` in CSV.
    Suppressed(Reason),
}

/// True for a count of people that is hidden for its own sake.
pub fn is_small(raw: u64) -> bool {
    (1..=LARGEST_SMALL).contains(&raw)
}

/// The nearest multiple of 5, from the raw count; whole numbers are never halfway.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::statistics::disclosure::round_to_five;
/// assert_eq!([0, 8, 12, 13].map(round_to_five), [0, 10, 10, 15]);
/// ```
pub fn round_to_five(raw: u64) -> u64 {
    raw.saturating_add(2) / 5 * 5
}

/// A published rate in tenths of a percent, rounded half up; `None` of nothing.
///
/// It is the quotient of the **published** counts, so it says nothing that they do not. The exact rate would: 52.6% of
/// about 20 can only be 10 of 19, which gives away the exact denominator and with it what is hidden beside it. The
/// complement (denominator less numerator) must be a cell of the same table, the second part of the line whose total is
/// the denominator; so a complement of 1 to 7 is hidden, and whether the rate is shown says nothing that the cells have not said.
///
/// # Errors
/// When one of the three is hidden.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::statistics::disclosure::{Reason, Shown, rate};
/// let hidden = Shown::Suppressed(Reason::SmallNumbers);
/// assert_eq!(rate(Shown::Count(10), Shown::Count(30), Shown::Count(35)), Ok(Some(286)));
/// assert_eq!(rate(Shown::Count(30), hidden, Shown::Count(35)), Err(Reason::Rate));
/// ```
pub fn rate(numerator: Shown, complement: Shown, denominator: Shown) -> Result<Option<u64>, Reason> {
    match (numerator, complement, denominator) {
        (Shown::Count(part), Shown::Count(_), Shown::Count(whole)) => Ok(tenths_of_percent(part, whole)),
        _ => Err(Reason::Rate),
    }
}

/// Says whether an average over the people of a count may be published: only where the count is shown and not 0, so of 8
/// people or more.
///
/// Publish it in [`whole_weeks`]. Exact means of a whole and of its parts are equations between the raw counts: means of
/// 10 and 20 days that make 14 give the proportion 3 to 2, and with it the counts behind the rounded ones. A
/// hidden count has no average either, so it has no such equation.
///
/// # Errors
/// When the count is hidden or 0.
pub fn average(people: Shown) -> Result<(), Reason> {
    match people {
        Shown::Count(1..) => Ok(()),
        Shown::Count(0) | Shown::Suppressed(_) => Err(Reason::TooFew),
    }
}

/// The same for a mean beside counts of parts of its people by how long they waited: only where none of them is hidden.
///
/// Of forty people whose mean is 0 weeks one at most waited 127 days, so a hidden count of those who did is one; and bands
/// that are shown bound the days of a hidden one from below and above in the same way, however many people there are.
///
/// # Errors
/// When the count is hidden or 0, or one of its parts is hidden.
pub fn average_beside(people: Shown, parts: impl IntoIterator<Item = Shown>) -> Result<(), Reason> {
    average(people)?;
    if parts.into_iter().any(|part| matches!(part, Shown::Suppressed(_))) { Err(Reason::TooFew) } else { Ok(()) }
}

/// Says whether a percentile, by nearest rank and in [`whole_weeks`], may be published beside the counts of those who waited
/// up to a limit and of those who waited longer, which add up to all.
///
/// At least 8 people (referrals, where it is of those: which may be of fewer children) stand at it or below, and 8 at it or above: the ninth of ten is one person's wait, and says that one waited
/// longer. And a percentile lies on one side of the limit, which is a statement about the two counts: where three quarters
/// are within it and nine tenths are not, two of ten are beyond. So it is published where the counts as shown
/// have said on which side it lies already, whichever numbers they stand for. Both ask the published counts only.
///
/// # Errors
/// When one of the counts is hidden, or they say too little.
pub fn percentile(percent: u64, [within, beyond, all]: [Shown; 3]) -> Result<(), Reason> {
    let known = |shown| bounds(shown).ok_or(Reason::TooFew);
    let (within, beyond, all) = (known(within)?, known(beyond)?, known(all)?);
    let (mut is_within, mut is_beyond) = (false, false);
    for within in within.0..=within.1 {
        for people in (beyond.0..=beyond.1).map(|beyond| within + beyond) {
            if !(all.0..=all.1).contains(&people) {
                continue;
            }
            let rank = people.saturating_mul(percent).div_ceil(100).max(1);
            if is_few(rank) || is_few((people + 1).saturating_sub(rank)) {
                return Err(Reason::TooFew);
            }
            is_within |= rank <= within;
            is_beyond |= rank > within;
        }
    }
    if is_within && is_beyond { Err(Reason::TooFew) } else { Ok(()) }
}

/// The fewest and the most people a shown count may be of; `None` of a hidden one.
fn bounds(shown: Shown) -> Option<(u64, u64)> {
    match shown {
        Shown::Count(0) => Some((0, 0)),
        Shown::Count(count) => Some((count.saturating_sub(2).max(LARGEST_SMALL + 1), count.saturating_add(2))),
        Shown::Suppressed(_) => None,
    }
}

fn is_few(people: u64) -> bool {
    people <= LARGEST_SMALL
}

/// A wait in whole weeks, rounded half a week up, of a sum of days over a number of people; `None` of nobody.
pub fn whole_weeks(days: u64, people: u64) -> Option<u64> {
    let week = people.checked_mul(7)?;
    days.checked_mul(2)?.checked_add(week)?.checked_div(2 * week)
}
