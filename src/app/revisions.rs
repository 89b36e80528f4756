//! Revisions of a past figure: read from the ledger as it stood at a series of instants.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::statistics::{Measured, StatQuery};
use super::{App, AppError};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::facts::day;
use crate::domain::statistics::group::Area;
use crate::domain::statistics::revisions::{Counted, Figure, Revision, counted};

/// Revisions by area and instant.
pub type Revisions = BTreeMap<(Area, DateTime<Utc>), Revision>;

impl App {
    /// A figure of one day as it was known at some instants, in their order, by area; each with why it differs from the one
    /// before. The first differs from nothing known.
    ///
    /// # Errors
    /// When the database fails.
    pub fn revisions(
        &self,
        caller: &Caller,
        query: &StatQuery,
        figure: Figure,
        instants: &[DateTime<Utc>],
    ) -> Result<Measured<Revisions>, AppError> {
        let as_at = day(Some(query.as_at));
        let mut before = BTreeMap::<Authority, Counted>::new();
        let mut rows = BTreeMap::<_, Revision>::new();
        let (mut ledger_seq, mut asked) = (BTreeMap::new(), Vec::new());
        for instant in instants {
            let known = self.facts(caller, query.authorities.as_deref(), Some(*instant))?;
            for (authority, facts) in &known.rows {
                let now = counted(facts, figure, as_at);
                let past = before.entry(*authority).or_default();
                rows.entry((query.level.area(*authority), *instant)).or_default().add(&Revision::between(past, &now));
                *past = now;
            }
            (ledger_seq, asked) = (known.ledger_seq, known.asked);
        }
        Ok(Measured { rows, ledger_seq, asked })
    }
}
