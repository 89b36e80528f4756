//! The book of facts: for each authority the columns that statistics scan, kept in step with its ledger.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::domain::authority::Authority;
use crate::domain::facts::Facts;
use crate::domain::fault::Refusal;
use crate::domain::ledger::Head;
use crate::store::{self, Conn, StoreError};

/// Entries read at once.
const PART: i64 = 10_000;

type Page = Arc<Mutex<Arc<Facts>>>;

/// Facts by authority.
#[derive(Default)]
pub struct Book(RwLock<BTreeMap<Authority, Page>>);

impl Book {
    /// The facts of one authority, up to the head of its ledger.
    pub fn facts(&self, conn: &mut Conn, authority: Authority, head: Head) -> Result<Arc<Facts>, StoreError> {
        let page = self.page(authority);
        let mut facts = page.lock().unwrap_or_else(PoisonError::into_inner);
        if facts.seq < head.seq {
            if facts.seq == 0 {
                *facts = Arc::new(load(conn, authority, head)?);
            } else {
                catch_up(conn, authority, Arc::make_mut(&mut facts))?;
            }
        }
        Ok(Arc::clone(&facts))
    }

    fn page(&self, authority: Authority) -> Page {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&authority).cloned();
        known.unwrap_or_else(|| {
            let mut pages = self.0.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(pages.entry(authority).or_default())
        })
    }
}

/// Reads the present state of every record, then what was written meanwhile: applying a state twice changes nothing.
fn load(conn: &mut Conn, authority: Authority, head: Head) -> Result<Facts, StoreError> {
    let mut facts = Facts::default();
    for noun in Facts::NOUNS.iter().copied() {
        store::scan(conn, noun, authority, |_, records| {
            for record in records {
                let corrupt = |refusal: Refusal| StoreError::Corrupt {
                    table: noun.kind().table,
                    key: record.id.to_string(),
                    problem: refusal.message,
                };
                facts.apply(noun, record.id.number, &record.cells).map_err(corrupt)?;
            }
            Ok::<(), StoreError>(())
        })?;
    }
    facts.seq = head.seq;
    catch_up(conn, authority, &mut facts)?;
    Ok(facts)
}

fn catch_up(conn: &mut Conn, authority: Authority, facts: &mut Facts) -> Result<(), StoreError> {
    loop {
        let entries = store::entries_after(conn, authority, facts.seq, PART)?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
        for entry in entries {
            let corrupt = |refusal: Refusal| store::corrupt(authority, entry.seq, &refusal.message);
            let (_, cells) = store::stated(&entry)?;
            facts.apply(entry.noun, entry.number, &cells).map_err(corrupt)?;
        }
        facts.seq = last;
    }
}
