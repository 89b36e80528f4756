//! The writer: one thread a process that gathers the writes that have arrived into one transaction.
//!
//! Each piece of work has a savepoint of its own, so that one failure spoils nobody else's; the locked heads make its
//! entries gap-free. Nothing here relies on being the only process: the lock is the database's.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvError, SendError, Sender, SyncSender, channel, sync_channel};

use chrono::{DateTime, Utc};

use super::engine::{Conn, begin, end, savepoint};
use super::insert::{measure, write_entries, write_rows};
use super::ledger::{lock_head, move_head};
use super::state::write_state;
use super::{DatabaseUrl, StoreError};
use crate::domain::authority::Authority;
use crate::domain::ledger::{Entry, GENESIS, Head};
use crate::domain::noun::{Cells, External, Noun, Record};
use crate::domain::reference::RecordId;

/// At most so many pieces of work share a transaction.
const GATHER: usize = 128;

/// A new ledger that begins with so many records of a noun is likely to go on for long.
const MANY: usize = 500;

/// A piece of work in a transaction: the connection, and the ledgers it holds.
pub struct Tx<'a> {
    conn: &'a mut Conn,
    stage: Stage<'a>,
}

/// The ledgers a piece of work holds, and the changes it has taken in that are not written yet.
pub struct Stage<'a> {
    heads: &'a mut BTreeMap<Authority, Head>,
    unwritten: Unwritten,
}

/// Entries in the order of the ledger, and the rows they made what they are.
#[derive(Default)]
struct Unwritten {
    entries: Vec<Entry>,
    /// In the order in which they are written: a noun that others refer to comes first.
    rows: BTreeMap<(Noun, i64), Staged>,
}

struct Staged {
    record: Record,
    is_new: bool,
}

/// A change of one record: its whole new state.
#[derive(Clone, Debug)]
pub struct Change {
    /// What kind of record.
    pub noun: Noun,
    /// The record as it was; `None` for a new one.
    pub before: Option<(i64, i64)>,
    /// Its id elsewhere.
    pub external: Option<External>,
    /// Its new fields.
    pub cells: Cells,
}

impl Stage<'_> {
    /// Takes in one change: its entry gets its place in the ledger and the record its id and version. It is written by
    /// the next flush of its [`Tx`].
    ///
    /// # Errors
    /// When the authority's ledger is not held.
    pub fn take(
        &mut self,
        authority: Authority,
        by: &str,
        at: DateTime<Utc>,
        change: Change,
    ) -> Result<Record, StoreError> {
        let Change { noun, before, external, cells } = change;
        let head = self.heads.get_mut(&authority).ok_or(StoreError::Panicked)?;
        let next = head.seq + 1;
        let number = before.map_or(next, |(number, _)| number);
        let state = write_state(noun, external.as_ref(), &cells);
        let replaces = before.map(|(_, seq)| seq);
        let by = by.to_owned();
        let entry = Entry { authority, seq: 0, recorded_at: at, noun, number, replaces, by, state, hash: GENESIS };
        let entry = head.append(entry);
        let record = Record { id: RecordId { noun, authority, number }, external, seq: entry.seq, cells };
        let Unwritten { entries, rows } = &mut self.unwritten;
        entries.push(entry);
        let is_new = before.is_none() || rows.get(&(noun, number)).is_some_and(|row| row.is_new);
        rows.insert((noun, number), Staged { record: record.clone(), is_new });
        Ok(record)
    }
}

impl<'a> Tx<'a> {
    fn new(conn: &'a mut Conn, heads: &'a mut BTreeMap<Authority, Head>) -> Self {
        Self { conn, stage: Stage { heads, unwritten: Unwritten::default() } }
    }

    /// The connection, to read what stands.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }

    /// Where changes are taken in.
    pub fn stage(&mut self) -> &mut Stage<'a> {
        &mut self.stage
    }

    /// The version that a staged record replaces.
    pub fn replaced_by(&self, record: &Record) -> Option<i64> {
        self.stage.unwritten.entries.iter().rev().find(|entry| entry.seq == record.seq).and_then(|entry| entry.replaces)
    }

    /// Writes what was staged: entries, present states, and the head. All of it must be one authority's.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        std::mem::take(&mut self.stage.unwritten).write(self.conn)
    }

    /// Writes what was staged while `work` goes on: what it stages meanwhile is written by the next flush.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn flush_while<T>(&mut self, work: impl FnOnce(&mut Stage<'a>) -> T) -> Result<T, StoreError> {
        let (conn, stage) = (&mut *self.conn, &mut self.stage);
        let unwritten = std::mem::take(&mut stage.unwritten);
        if unwritten.entries.is_empty() {
            return Ok(work(stage));
        }
        std::thread::scope(|scope| {
            let write = scope.spawn(move || unwritten.write(conn));
            let done = work(stage);
            write.join().unwrap_or(Err(StoreError::Panicked))?;
            Ok(done)
        })
    }
}

impl Unwritten {
    fn write(self, conn: &mut Conn) -> Result<(), StoreError> {
        let (Some(first), Some(last)) = (self.entries.first(), self.entries.last()) else { return Ok(()) };
        write_entries(conn, &self.entries)?;
        for noun in Noun::ALL {
            let of_noun = || self.rows.range((*noun, i64::MIN)..=(*noun, i64::MAX)).map(|(_, staged)| staged);
            for is_new in [true, false] {
                let rows: Vec<_> = of_noun().filter(|row| row.is_new == is_new).map(|row| &row.record).collect();
                write_rows(conn, noun.kind(), &rows, !is_new)?;
            }
            if first.seq == 1 && of_noun().count() >= MANY {
                measure(conn, noun.kind())?;
            }
        }
        move_head(conn, last.authority, Head { seq: last.seq, hash: last.hash })
    }
}

/// Sends work to the writing thread.
#[derive(Clone)]
pub struct Writer(Sender<Box<dyn Job>>);

impl Writer {
    /// Starts the thread.
    pub fn start(url: DatabaseUrl) -> Result<Self, StoreError> {
        let (sender, receiver) = channel();
        let failed = |error: std::io::Error| StoreError::Busy(error.to_string());
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || run(&url, &receiver)).map_err(failed)?;
        Ok(Self(sender))
    }

    /// See [`super::Store::write`].
    pub fn write<T, E>(
        &self,
        authorities: Vec<Authority>,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (reply, answer) = sync_channel(1);
        let stopped = || E::from(StoreError::Busy("the writer has stopped".to_owned()));
        let job = Work { authorities, task: Some(work), outcome: None, reply };
        self.0.send(Box::new(job)).map_err(|SendError(_unsent)| stopped())?;
        answer.recv().map_err(|RecvError| stopped())?
    }
}

/// A piece of work whose types the thread need not know.
trait Job: Send {
    fn authorities(&self) -> &[Authority];
    /// True if it succeeded and shall be kept.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Answers the sender; with a problem, nothing was kept.
    fn settle(self: Box<Self>, problem: Option<String>);
}

struct Work<F, T, E> {
    authorities: Vec<Authority>,
    task: Option<F>,
    outcome: Option<Result<T, E>>,
    reply: SyncSender<Result<T, E>>,
}

impl<F, T, E> Job for Work<F, T, E>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn authorities(&self) -> &[Authority] {
        &self.authorities
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(work) = self.task.take() else { return false };
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let done = work(tx)?;
            tx.flush()?;
            Ok(done)
        }));
        let outcome = outcome.unwrap_or_else(|_| Err(StoreError::Panicked.into()));
        let keep = outcome.is_ok();
        self.outcome = Some(outcome);
        keep
    }

    fn settle(self: Box<Self>, problem: Option<String>) {
        let failed = |problem: String| Err(StoreError::Busy(problem).into());
        let answer = match (self.outcome, problem) {
            (Some(Err(error)), _) => Err(error),
            (_, Some(problem)) => failed(problem),
            (Some(done), None) => done,
            (None, None) => failed("the work was not run".to_owned()),
        };
        // A sender that no longer waits needs no answer.
        drop(self.reply.send(answer));
    }
}

fn run(url: &DatabaseUrl, jobs: &Receiver<Box<dyn Job>>) {
    let mut conn = None;
    while let Ok(first) = jobs.recv() {
        let mut gathered = vec![first];
        gathered.extend(jobs.try_iter().take(GATHER - 1));
        let problem = match connected(url, &mut conn) {
            Ok(conn) => transact(conn, &mut gathered).err(),
            Err(error) => Some(error),
        };
        if let Some(StoreError::Query(error)) = &problem {
            tracing::warn!(error = %error, "a transaction failed");
        }
        if problem.is_some() {
            // A fresh connection is the surest way out of a transaction in an unknown state.
            conn = None;
        }
        for job in gathered {
            job.settle(problem.as_ref().map(ToString::to_string));
        }
    }
}

fn connected<'a>(url: &DatabaseUrl, conn: &'a mut Option<Conn>) -> Result<&'a mut Conn, StoreError> {
    let open = match conn.take() {
        Some(open) => open,
        None => url.connect().map_err(|error| StoreError::Busy(error.to_string()))?,
    };
    Ok(conn.insert(open))
}

fn transact(conn: &mut Conn, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
    let mut authorities: Vec<_> = jobs.iter().flat_map(|job| job.authorities().to_vec()).collect();
    // In one order on every replica, so that two of them cannot wait for each other.
    authorities.sort_unstable();
    authorities.dedup();
    begin(conn)?;
    let mut heads = BTreeMap::new();
    for authority in authorities {
        heads.insert(authority, lock_head(conn, authority)?);
    }
    for job in jobs {
        let before = heads.clone();
        savepoint(conn)?;
        let keep = job.run(&mut Tx::new(conn, &mut heads));
        end(conn, keep)?;
        if !keep {
            heads = before;
        }
    }
    end(conn, true)
}
