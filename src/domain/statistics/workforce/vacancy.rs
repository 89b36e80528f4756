//! How long posts have been vacant.

use chrono::Months;

use super::fills;
use crate::domain::facts::{Day, Place, Staff, date, day};

/// The last day from which so many months have passed by the end of `as_at`: they have on the same day of the month, or on
/// the last of a month that is too short. Three months from 30 November have passed on 28 February.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::facts::{date, day};
/// use twentyweeks::domain::statistics::workforce::vacancy::months_before;
/// let before = |as_at: &str| Ok::<_, chrono::ParseError>(date(months_before(day(Some(as_at.parse()?)), 3)));
/// assert_eq!(before("2025-04-15")?, Some("2025-01-15".parse()?));
/// assert_eq!(before("2025-02-28")?, Some("2024-11-30".parse()?));
/// assert_eq!(before("2025-05-31")?, Some("2025-02-28".parse()?));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn months_before(as_at: Day, months: u32) -> Day {
    let (Some(on), months) = (date(as_at), Months::new(months)) else { return Day::MIN };
    let Some(mut last) = on.checked_sub_months(months) else { return Day::MIN };
    while let Some(next) = last.succ_opt().filter(|next| next.checked_add_months(months).is_some_and(|day| day <= on)) {
        last = next;
    }
    day(Some(last))
}

/// A post-holding that begins or ends among the days looked at.
struct Moving {
    post: Place,
    starts: Day,
    ends: Day,
    wte: u32,
}

/// The most hundredths of whole-time equivalents that filled each post on any one day from `first` to `last`, both included.
pub fn most_filled(staff: &Staff, first: Day, last: Day) -> Vec<u32> {
    let mut filled = vec![0_u32; staff.posts.len()];
    let (holdings, mut moving) = (&staff.holdings, Vec::new());
    let days = holdings.starts.iter().zip(&holdings.ends);
    let columns = days.zip(&holdings.engagement).zip(holdings.post.iter().zip(&holdings.wte));
    for (((starts, ends), engagement), (post, wte)) in columns {
        if *starts > last || *ends < first || !fills(*engagement) {
            continue;
        }
        if *starts > first || *ends < last {
            moving.push(Moving { post: *post, starts: *starts, ends: *ends, wte: *wte });
        } else if let Some(filled) = usize::try_from(*post).ok().and_then(|post| filled.get_mut(post)) {
            *filled += wte;
        }
    }
    moving.sort_unstable_by_key(|holding| holding.post);
    for of_post in moving.chunk_by(|one, other| one.post == other.post) {
        let place = of_post.first().and_then(|holding| usize::try_from(holding.post).ok());
        if let Some(filled) = place.and_then(|place| filled.get_mut(place)) {
            *filled += most_together(of_post, first);
        }
    }
    filled
}

/// The most held together on a day from `first` on: on that day, or on one on which a holding begins.
fn most_together(holdings: &[Moving], first: Day) -> u32 {
    let on = |day: Day| {
        let held = holdings.iter().filter(|holding| holding.starts <= day && holding.ends >= day);
        held.map(|holding| holding.wte).sum::<u32>()
    };
    holdings.iter().map(|holding| on(holding.starts.max(first))).chain([on(first)]).max().unwrap_or(0)
}
