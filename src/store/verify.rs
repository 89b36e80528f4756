//! Proof that nothing was altered: every entry against its hash, every row against the entry that made it.

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::StoreError;
use super::engine::Conn;
use super::ledger::{entries_after, heads};
use super::records::scan;
use super::schema::ledger_entries;
use super::state::write_state;
use crate::domain::authority::Authority;
use crate::domain::ledger::{GENESIS, Head};
use crate::domain::noun::{Noun, Record};

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Whose ledger.
    pub authority: Authority,
    /// Which entry.
    pub seq: i64,
    /// What is wrong with it.
    pub problem: String,
}

/// Reads the whole ledger of an authority, and all its records; answers with every flaw and the number of entries read.
///
/// # Errors
/// When the database fails.
pub fn verify(conn: &mut Conn, authority: Authority) -> Result<(i64, Vec<Flaw>), StoreError> {
    let mut flaws = Vec::new();
    let entries = verify_chain(conn, authority, &mut flaws)?;
    for noun in Noun::ALL {
        verify_rows(conn, authority, *noun, &mut flaws)?;
    }
    Ok((entries, flaws))
}

fn verify_chain(conn: &mut Conn, authority: Authority, flaws: &mut Vec<Flaw>) -> Result<i64, StoreError> {
    let mut flaw = |seq, problem: &str| flaws.push(Flaw { authority, seq, problem: problem.to_owned() });
    let mut last = Head { seq: 0, hash: GENESIS };
    let mut read = 0;
    loop {
        let entries = match entries_after(conn, authority, last.seq, 5_000) {
            Err(StoreError::Corrupt { key, problem, .. }) => {
                flaw(last.seq + 1, &format!("entry {key} or one soon after cannot be read: {problem}"));
                return Ok(read);
            }
            other => other?,
        };
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            if entry.seq != last.seq + 1 {
                flaw(last.seq + 1, &format!("is missing; the next entry is {}", entry.seq));
            } else if entry.chained_hash(&last.hash) != entry.hash {
                flaw(entry.seq, "was altered: its hash does not follow from it and the entry before");
            }
            last = Head { seq: entry.seq, hash: entry.hash };
            read += 1;
        }
    }
    match heads(conn)?.get(&authority) {
        Some(head) if *head != last => {
            flaw(last.seq, &format!("is the last entry, but the ledger's head says {}", head.seq));
        }
        _ => {}
    }
    Ok(read)
}

fn verify_rows(conn: &mut Conn, authority: Authority, noun: Noun, flaws: &mut Vec<Flaw>) -> Result<(), StoreError> {
    let mut rows = 0;
    let scanned = scan(conn, noun, authority, |conn, records| {
        rows += i64::try_from(records.len()).unwrap_or(i64::MAX);
        let seqs: Vec<_> = records.iter().map(|record| record.seq).collect();
        let states: Vec<(i64, String)> = ledger_entries::table
            .filter(ledger_entries::authority.eq(authority.code()))
            .filter(ledger_entries::seq.eq_any(seqs))
            .order(ledger_entries::seq)
            .select((ledger_entries::seq, ledger_entries::state))
            .load(conn)?;
        flaws.extend(records.iter().filter_map(|record| row_flaw(record, &states)));
        Ok(())
    });
    match scanned {
        Err(StoreError::Corrupt { key, problem, .. }) => {
            flaws.push(Flaw {
                authority,
                seq: 0,
                problem: format!("{} {key} cannot be read: {problem}", noun.kind().table),
            });
            return Ok(());
        }
        other => other?,
    }
    let created: i64 = ledger_entries::table
        .filter(ledger_entries::authority.eq(authority.code()))
        .filter(ledger_entries::noun.eq(noun.kind().prefix))
        .filter(ledger_entries::replaces.is_null())
        .count()
        .get_result(conn)?;
    if created != rows {
        let problem = format!("{} holds {rows} rows, but the ledger created {created}", noun.kind().table);
        flaws.push(Flaw { authority, seq: 0, problem });
    }
    Ok(())
}

fn row_flaw(record: &Record, states: &[(i64, String)]) -> Option<Flaw> {
    let state = states.binary_search_by_key(&record.seq, |(seq, _)| *seq).ok().and_then(|place| states.get(place));
    let expected = write_state(record.id.noun, record.external.as_ref(), &record.cells);
    let problem = match state {
        Some((_, state)) if *state == expected => return None,
        Some(_) => format!("made {}, but the row differs from it", record.id),
        None => format!("made {}, but is missing", record.id),
    };
    Some(Flaw { authority: record.id.authority, seq: record.seq, problem })
}
