//! Statistics: functions from facts to counts, each with its definition and its source.

pub mod advice;
pub mod attribution;
pub mod clocks;
pub mod delays;
pub mod dimension;
pub mod disclosure;
pub mod ehc;
pub mod group;
pub mod publication;
pub mod reviews;
pub mod revisions;
pub mod spread;
pub mod survival;
pub mod tally;
pub mod therapy;
pub mod timeliness;
pub mod waiting;
pub mod workforce;

/// A share of a whole in tenths of a percent, rounded half up; `None` of nothing.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::statistics::tenths_of_percent;
/// assert_eq!(tenths_of_percent(39_407, 84_866), Some(464));
/// assert_eq!(tenths_of_percent(0, 0), None);
/// ```
pub fn tenths_of_percent(part: u64, whole: u64) -> Option<u64> {
    (2000 * part + whole).checked_div(2 * whole)
}

/// `part` ÷ `whole` in so many units of one, rounded half up, below 0 too; `None` of nothing.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::statistics::in_units;
/// assert_eq!(in_units(1, 3, 1_000), Some(333));
/// assert_eq!(in_units(-1, 4, 10), Some(-2));
/// assert_eq!(in_units(5, 0, 10), None);
/// ```
pub fn in_units(part: i64, whole: i64, units: i64) -> Option<i64> {
    (whole > 0).then(|| (2 * units * part + whole).div_euclid(2 * whole))
}
