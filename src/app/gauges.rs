//! Domain gauges: set from the same counts as the API answers with, authority by authority, only where something changed.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use chrono::NaiveDate;

use super::{App, AppError};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::capacity::ahead::load_figures;
use crate::domain::facts::{Day, Facts, day};
use crate::domain::statistics::delays::{DelaySummary, delays};
use crate::domain::statistics::group::{Every, Periods};
use crate::domain::statistics::timeliness::plans_issued;
use crate::domain::statistics::waiting::{received, waiting_lists};
use crate::domain::statistics::workforce::gauge::staff_figures;
use crate::metrics::AuthorityReport;

/// What the gauges of each authority show: the ledger entry and the day they were set for.
#[derive(Default)]
pub struct Gauges(Mutex<BTreeMap<Authority, (i64, NaiveDate)>>);

impl App {
    /// Sets the gauges of every authority within the caller's reach whose ledger or whose day has moved on.
    ///
    /// # Errors
    /// When the database fails; the gauges then show what they showed.
    pub fn refresh_gauges(&self, caller: &Caller) -> Result<(), AppError> {
        let today = self.clock.today();
        let facts = self.facts(caller, None, None)?.rows;
        let mut shown = self.gauges.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (authority, facts) in facts {
            let wanted = (facts.seq, today);
            if shown.insert(authority, wanted) != Some(wanted) {
                self.metrics.show(authority, report(&facts, day(Some(today))));
            }
        }
        Ok(())
    }
}

fn report(facts: &Facts, as_at: Day) -> AuthorityReport {
    let first = facts.cases.issued.iter().copied().min().unwrap_or(as_at);
    let ever = Periods::new(first.min(as_at), as_at, Every::Range);
    AuthorityReport {
        waiting: waiting_lists(&facts.referrals, as_at),
        received: received(&facts.referrals, as_at),
        plans: plans_issued(&facts.cases, &ever, as_at).first().copied().unwrap_or_default(),
        delays: DelaySummary::of(&delays(facts, as_at)),
        staff: staff_figures(facts, as_at),
        load: load_figures(facts, as_at),
        ledger_entries: facts.seq,
    }
}
