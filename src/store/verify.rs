//! Proof that nothing was altered: every entry against its hash, every row against the newest entry of its record.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};

use super::StoreError;
use super::engine::{Conn, snapshot};
use super::ledger::{entries_after, head_of};
use super::records::{scan, texts};
use super::schema::ledger_entries;
use super::state::write_state;
use crate::domain::authority::Authority;
use crate::domain::ledger::{Entry, GENESIS, Head};
use crate::domain::noun::{Noun, Record};

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Which entry; 0 if it is about none.
    pub seq: i64,
    /// What is wrong with it.
    pub problem: String,
}

/// The codes under which an entry, a head or a record stands, those of no authority too.
///
/// # Errors
/// When the database fails.
pub fn recorded_codes(conn: &mut Conn) -> Result<BTreeSet<String>, StoreError> {
    let tables = Noun::ALL.iter().map(|noun| noun.kind().table);
    let mut codes = BTreeSet::new();
    for table in tables.chain(["ledger_entries", "ledger_heads"]) {
        // From each code to the next along the key, past all the rows between.
        let text = format!("select authority from {table} where authority > $1 order by authority limit 1");
        let mut next = Some(String::new());
        while let Some(after) = next {
            let row = texts(conn, text.clone(), vec![after])?.pop();
            next = row.and_then(|row| row.0.into_iter().next().flatten());
            codes.extend(next.clone());
        }
    }
    Ok(codes)
}

/// Reads the whole ledger of an authority, and all its records; answers with the number of entries read and every flaw.
///
/// # Errors
/// When the database fails.
pub fn verify(conn: &mut Conn, code: &str) -> Result<(i64, Vec<Flaw>), StoreError> {
    let Some(authority) = Authority::parse(code).filter(|authority| authority.code() == code) else {
        let problem = "is the code of no authority, but an entry, a head or a record stands under it".to_owned();
        return Ok((0, vec![Flaw { seq: 0, problem }]));
    };
    snapshot(conn, |conn| {
        let mut chain = Chain::default();
        chain.verify(conn, authority)?;
        for noun in Noun::ALL {
            chain.verify_rows(conn, authority, *noun)?;
        }
        Ok((chain.entries, chain.flaws))
    })
}

/// What was read of one ledger: little for each entry, since there are millions.
#[derive(Default)]
struct Chain {
    entries: i64,
    flaws: Vec<Flaw>,
    /// How many records of each noun were created; `None` if the ledger could not be read to its end.
    created: Option<BTreeMap<Noun, i64>>,
    /// One bit for each entry that another one replaced, in words of 64.
    replaced: BTreeMap<i64, u64>,
}

impl Chain {
    fn flaw(&mut self, seq: i64, problem: impl Into<String>) {
        self.flaws.push(Flaw { seq, problem: problem.into() });
    }

    fn verify(&mut self, conn: &mut Conn, authority: Authority) -> Result<(), StoreError> {
        let mut last = Head { seq: 0, hash: GENESIS };
        let mut created = BTreeMap::new();
        loop {
            let entries = match entries_after(conn, authority, last.seq, 5_000) {
                Err(StoreError::Corrupt { key, problem, .. }) => {
                    let problem = format!("(entry {key} or one soon after) cannot be read: {problem}");
                    self.flaw(last.seq + 1, problem);
                    return Ok(());
                }
                other => other?,
            };
            if entries.is_empty() {
                break;
            }
            for entry in entries {
                self.take(&entry, &last);
                if entry.replaces.is_none() {
                    *created.entry(entry.noun).or_default() += 1;
                }
                last = Head { seq: entry.seq, hash: entry.hash };
            }
        }
        self.created = Some(created);
        self.verify_head(conn, authority, last)
    }

    fn take(&mut self, entry: &Entry, last: &Head) {
        self.entries += 1;
        if entry.seq != last.seq + 1 {
            self.flaw(last.seq + 1, format!("is missing; the next entry is {}", entry.seq));
        } else if entry.chained_hash(&last.hash) != entry.hash {
            self.flaw(entry.seq, "was altered: its hash does not follow from it and the entry before");
        }
        let Some(replaced) = entry.replaces else { return };
        if self.is_replaced(replaced) {
            self.flaw(entry.seq, format!("replaces entry {replaced}, which another entry replaced before"));
        }
        *self.replaced.entry(replaced.div_euclid(64)).or_default() |= 1 << replaced.rem_euclid(64);
    }

    fn is_replaced(&self, seq: i64) -> bool {
        self.replaced.get(&seq.div_euclid(64)).is_some_and(|word| word & (1 << seq.rem_euclid(64)) != 0)
    }

    fn verify_head(&mut self, conn: &mut Conn, authority: Authority, last: Head) -> Result<(), StoreError> {
        match head_of(conn, authority) {
            Err(StoreError::Corrupt { problem, .. }) => {
                self.flaw(0, format!("the ledger's head cannot be read: {problem}"));
            }
            Err(error) => return Err(error),
            Ok(None) if last.seq > 0 => self.flaw(last.seq, "is the last entry, but the ledger has no head"),
            Ok(Some(head)) if head != last && last.seq == 0 => {
                self.flaw(0, format!("the ledger has no entries, but its head says {}", head.seq));
            }
            Ok(Some(head)) if head != last => {
                self.flaw(last.seq, format!("is the last entry, but the ledger's head says {}", head.seq));
            }
            Ok(_) => {}
        }
        Ok(())
    }

    fn verify_rows(&mut self, conn: &mut Conn, authority: Authority, noun: Noun) -> Result<(), StoreError> {
        let table = noun.kind().table;
        let mut rows = 0;
        let scanned = scan(conn, noun, authority, |conn, records| {
            rows += i64::try_from(records.len()).unwrap_or(i64::MAX);
            let seqs: Vec<_> = records.iter().map(|record| record.seq).collect();
            let made: Vec<Made> = ledger_entries::table
                .filter(ledger_entries::authority.eq(authority.code()))
                .filter(ledger_entries::seq.eq_any(seqs))
                .order(ledger_entries::seq)
                .select((ledger_entries::seq, ledger_entries::noun, ledger_entries::number, ledger_entries::state))
                .load(conn)?;
            for record in records {
                if let Some(problem) = self.row_problem(&record, &made) {
                    self.flaw(record.seq, problem);
                }
            }
            Ok(())
        });
        match scanned {
            Err(StoreError::Corrupt { key, problem, .. }) => {
                self.flaw(0, format!("{table} {key} cannot be read: {problem}"));
                return Ok(());
            }
            other => other?,
        }
        let created = self.created.as_ref().map(|created| created.get(&noun).copied().unwrap_or(0));
        if let Some(created) = created.filter(|created| *created != rows) {
            self.flaw(0, format!("{table} holds {rows} rows, but the ledger created {created}"));
        }
        Ok(())
    }

    /// What is wrong with a row, said of the entry it names.
    fn row_problem(&self, record: &Record, made: &[Made]) -> Option<String> {
        let Record { id, external, seq, cells } = record;
        let entry = made.binary_search_by_key(seq, |(seq, ..)| *seq).ok().and_then(|place| made.get(place));
        let Some((_, noun, number, state)) = entry else { return Some(format!("made {id}, but is missing")) };
        if noun != id.noun.kind().prefix || *number != id.number {
            return Some(format!("is said to have made {id}, but is about {noun} {number}"));
        }
        if *state != write_state(id.noun, external.as_ref(), cells) {
            return Some(format!("made {id}, but the row differs from it"));
        }
        self.is_replaced(*seq).then(|| format!("was replaced by a newer entry, but {id} stands as it was before"))
    }
}

/// What an entry made: its number in the ledger, the noun and number of the record, and the state.
type Made = (i64, String, i64, String);
