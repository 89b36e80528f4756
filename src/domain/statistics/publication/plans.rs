//! Plans issued in a finished year.

use super::few::Few;
use super::{Counts, Draft, Fault, Published, Row};
use crate::domain::authority::Authority;
use crate::domain::facts::{Day, Facts};
use crate::domain::statistics::group::{Periods, Sum};
use crate::domain::statistics::timeliness::{PlansByBand, plans_issued};

/// How long published plans took. Plans with and without an exception are not told apart: what is between the two is
/// a handful of children in most councils, and would hide all the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlansColumn {
    /// Up to twenty weeks.
    Within20Weeks,
    /// Longer, or nobody knows.
    NotWithin20Weeks,
    /// From twenty weeks to 52.
    From20To52Weeks,
    /// Longer than 52 weeks, or nobody knows.
    Over52Weeks,
    /// All of them.
    Total,
}

use PlansColumn::{From20To52Weeks, NotWithin20Weeks, Over52Weeks, Total, Within20Weeks};

/// Plans issued in an area.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plans(PlansByBand);

impl Counts for Plans {
    type Column = PlansColumn;
    type Beside = ();
    const COLUMNS: &'static [PlansColumn] = &[Within20Weeks, NotWithin20Weeks, From20To52Weeks, Over52Weeks, Total];
    const LINES: &'static [(PlansColumn, &'static [PlansColumn])] =
        &[(NotWithin20Weeks, &[From20To52Weeks, Over52Weeks]), (Total, &[Within20Weeks, NotWithin20Weeks])];

    fn count(&self, column: PlansColumn) -> u64 {
        let PlansByBand { plans, within_20_weeks, from_20_to_52_weeks, .. } = self.0;
        let late = plans - within_20_weeks;
        match column {
            Within20Weeks => within_20_weeks,
            NotWithin20Weeks => late,
            From20To52Weeks => from_20_to_52_weeks,
            Over52Weeks => late - from_20_to_52_weeks,
            Total => plans,
        }
    }

    fn few(&self) -> &[Few] {
        &[]
    }

    fn add(&mut self, others: &Self) {
        self.0.add(&others.0);
    }

    fn beside(&self, _shown: &Row<PlansColumn>) {}
}

/// Decides upon the plans issued in a finished year, as known at the end of `as_at`. Quarters are not published: the year
/// would have to be decided upon after three of them are known.
///
/// # Errors
/// As [`published_waiting`](super::published_waiting).
pub fn published_plans(
    pages: &[(Authority, &Facts)],
    year: &Periods,
    as_at: Day,
) -> Result<Published<Plans>, Fault<Plans>> {
    let mut draft = Draft::new(1);
    for (authority, facts) in pages {
        for plans in plans_issued(&facts.cases, year, as_at) {
            draft.add(*authority, None, 0, &Plans(plans.all));
        }
    }
    draft.decide()
}
