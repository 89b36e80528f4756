//! The book of facts: for each authority the columns that statistics scan, kept in step with its ledger.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::domain::authority::Authority;
use crate::domain::facts::Facts;
use crate::domain::fault::Refusal;
use crate::domain::ledger::Head;
use crate::domain::reference::RecordId;
use crate::store::{self, Conn, StoreError};

/// Entries read at once.
const PART: i64 = 10_000;

type Page = Arc<Mutex<Arc<Facts>>>;

/// Past states kept: each is as large as the present one of its authority.
const PAST_KEPT: usize = 16;

/// Facts by authority: the present ones, and those of past states of a ledger that were asked for last.
#[derive(Default)]
pub struct Book {
    present: RwLock<BTreeMap<Authority, Page>>,
    past: Mutex<VecDeque<(Authority, Arc<Facts>)>>,
}

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

    /// The facts of one authority as its ledger stood at entry `seq`: read anew from the ledger, or on from the nearest past
    /// state that is kept.
    pub fn facts_at(&self, conn: &mut Conn, authority: Authority, seq: i64) -> Result<Arc<Facts>, StoreError> {
        let page = self.page(authority);
        let present = Arc::clone(&page.lock().unwrap_or_else(PoisonError::into_inner));
        if present.seq == seq {
            return Ok(present);
        }
        let mut facts = self.nearest(authority, seq);
        if facts.seq != seq {
            catch_up_to(conn, authority, Arc::make_mut(&mut facts), seq)?;
        }
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.retain(|(whose, kept)| (*whose, kept.seq) != (authority, seq));
        past.push_back((authority, Arc::clone(&facts)));
        if past.len() > PAST_KEPT {
            past.pop_front();
        }
        Ok(facts)
    }

    /// The latest past state kept of that authority that is not later than `seq`.
    fn nearest(&self, authority: Authority, seq: i64) -> Arc<Facts> {
        let past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        let own = past.iter().filter(|(whose, kept)| *whose == authority && kept.seq <= seq);
        own.max_by_key(|(_, kept)| kept.seq).map(|(_, kept)| Arc::clone(kept)).unwrap_or_default()
    }

    fn page(&self, authority: Authority) -> Page {
        let known = self.present.read().unwrap_or_else(PoisonError::into_inner).get(&authority).cloned();
        known.unwrap_or_else(|| {
            let mut pages = self.present.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(pages.entry(authority).or_default())
        })
    }
}

/// Reads the present state of every record, then what was written meanwhile: applying a state twice changes nothing.
fn load(conn: &mut Conn, authority: Authority, head: Head) -> Result<Facts, StoreError> {
    let mut facts = Facts::loading();
    for noun in Facts::NOUNS.iter().copied() {
        store::with_records(
            conn,
            noun,
            authority,
            |field| Facts::reads(noun, field.name),
            |records| {
                facts.reserve(noun, records.count_left());
                for record in records {
                    let (number, texts) = record?;
                    facts.apply_texts(noun, number, texts).map_err(|refusal| StoreError::Corrupt {
                        table: noun.kind().table,
                        key: RecordId { noun, authority, number }.to_string(),
                        problem: refusal.message,
                    })?;
                }
                Ok::<(), StoreError>(())
            },
        )?;
    }
    let mut facts = facts.loaded();
    facts.seq = head.seq;
    catch_up(conn, authority, &mut facts)?;
    Ok(facts)
}

fn catch_up(conn: &mut Conn, authority: Authority, facts: &mut Facts) -> Result<(), StoreError> {
    catch_up_to(conn, authority, facts, i64::MAX)
}

/// Applies the entries of a ledger up to and with `last`.
fn catch_up_to(conn: &mut Conn, authority: Authority, facts: &mut Facts, last: i64) -> Result<(), StoreError> {
    loop {
        let left = last.saturating_sub(facts.seq).min(PART);
        let entries = store::entries_after(conn, authority, facts.seq, left)?;
        let Some(last) = entries.last().map(|entry| entry.seq) else { return Ok(()) };
        for entry in entries {
            let corrupt = |refusal: Refusal| store::corrupt(authority, entry.seq, &refusal.message);
            let (_, cells) = store::stated(&entry)?;
            facts.apply(entry.noun, entry.number, &cells).map_err(corrupt)?;
        }
        facts.seq = last;
    }
}
