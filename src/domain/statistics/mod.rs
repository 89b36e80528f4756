//! Statistics: functions from facts to counts, each with its definition and its source.

pub mod advice;
pub mod attribution;
pub mod clocks;
pub mod delays;
pub mod dimension;
pub mod ehc;
pub mod disclosure;
pub mod group;
pub mod reviews;
pub mod spread;
pub mod survival;
pub mod tally;
pub mod therapy;
pub mod timeliness;
pub mod waiting;

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
