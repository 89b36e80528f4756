//! Records: create, read, list, change, and what is derived of a case.

use sha2::{Digest, Sha256};

use super::submit::{Batch, replacing, resubmit, submit};
use super::{App, AppError, Outcome};
use crate::domain::authority::Authority;
use crate::domain::caller::{Caller, Reach};
use crate::domain::clock::CaseClocks;
use crate::domain::fault::Faults;
use crate::domain::field::Given;
use crate::domain::noun::{Noun, Record, Submission};
use crate::domain::reference::RecordId;
use crate::store::{self, KeyUse, StoreError, Tx};
pub use crate::store::{Condition, Page};

/// What a caller expects to find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Anything.
    Any,
    /// No such record yet.
    Nothing,
    /// A record, in whatever version.
    Something,
    /// The record in this version.
    Version(i64),
}

/// A key that makes a POST safe to repeat.
#[derive(Clone, Debug)]
pub struct Idempotency {
    /// The key the caller chose.
    pub key: String,
    /// The request it came with, byte for byte.
    pub request: Vec<u8>,
}

/// A record that was created, now or by an earlier request with the same key.
#[derive(Clone, Debug)]
pub struct Created {
    /// The record as it was created.
    pub record: Record,
    /// True if an earlier request did it.
    pub replayed: bool,
}

/// Which records to list.
#[derive(Clone, Debug)]
pub struct Listing {
    /// What kind of records.
    pub noun: Noun,
    /// What they must fulfil.
    pub conditions: Vec<Condition>,
    /// Which part of the list.
    pub page: Page,
}

/// A record with the clocks of its case, where it has any.
#[derive(Clone, Debug)]
pub struct CaseRecord {
    /// The record.
    pub record: Record,
    /// Its clocks today: EHC requests only.
    pub clocks: Option<CaseClocks>,
}

impl App {
    fn batch<'a>(&self, noun: Noun, authority: Authority, by: &'a str) -> Batch<'a> {
        Batch { noun, authority, by, at: self.clock.now(), today: self.clock.today() }
    }

    /// Creates a record.
    ///
    /// # Errors
    /// `Invalid` with every fault; `Conflict` if its external id or reference is taken, or the idempotency key was used
    /// for another request.
    pub fn create(
        &self,
        caller: &Caller,
        noun: Noun,
        submission: Submission<'static>,
        idempotency: Option<Idempotency>,
    ) -> Result<Created, AppError> {
        let (app, by, authority) = (self.clone(), caller.name.clone(), submission.authority);
        self.store.write(vec![authority], move |tx| {
            let batch = app.batch(noun, authority, &by);
            if let Some(idempotency) = &idempotency
                && let Some(record) = replay(tx, batch, idempotency)?
            {
                return Ok(Created { record, replayed: true });
            }
            let record = match submit(tx, batch, &[submission])?.pop() {
                Some(Outcome::Created(record)) => record,
                Some(Outcome::Rejected(faults)) => return Err(faults.into()),
                Some(Outcome::Updated(record) | Outcome::Unchanged(record)) => return Err(taken(&record)),
                None => return Err(StoreError::Panicked.into()),
            };
            if let Some(idempotency) = idempotency {
                remember(tx, batch, idempotency, &record)?;
            }
            Ok(Created { record, replayed: false })
        })
    }

    /// Submits records of one noun and authority, one after the other, in one transaction. Faults reject a record, never
    /// the others.
    ///
    /// # Errors
    /// When the database fails.
    pub fn submit(
        &self,
        caller: &Caller,
        noun: Noun,
        authority: Authority,
        submissions: Vec<Submission<'static>>,
    ) -> Result<Vec<Outcome>, AppError> {
        let (app, by) = (self.clone(), caller.name.clone());
        self.store.write(vec![authority], move |tx| Ok(submit(tx, app.batch(noun, authority, &by), &submissions)?))
    }

    /// True once anything was recorded.
    ///
    /// # Errors
    /// When the database fails.
    pub fn has_records(&self) -> Result<bool, AppError> {
        Ok(self.store.read(store::heads)?.values().any(|head| head.seq > 0))
    }

    /// Makes the record with that external id what the submission says, whole: what it does not give is cleared.
    ///
    /// # Errors
    /// `Invalid` with every fault; `Stale` or `Conflict` if it is not what the caller expects.
    pub fn upsert(
        &self,
        caller: &Caller,
        noun: Noun,
        submission: Submission<'static>,
        expect: Expect,
    ) -> Result<Outcome, AppError> {
        let (app, by, authority) = (self.clone(), caller.name.clone(), submission.authority);
        let submission = Submission { given: replacing(submission.given), ..submission };
        self.store.write(vec![authority], move |tx| {
            let batch = app.batch(noun, authority, &by);
            let outcome = submit(tx, batch, &[submission])?.pop().ok_or(StoreError::Panicked)?;
            match (&outcome, expect) {
                (Outcome::Rejected(faults), _) => Err(faults.clone().into()),
                (Outcome::Updated(record) | Outcome::Unchanged(record), Expect::Nothing) => Err(taken(record)),
                (Outcome::Created(_), Expect::Version(_) | Expect::Something) => Err(AppError::Stale { current: None }),
                (Outcome::Unchanged(record), Expect::Version(version)) if record.seq != version => Err(stale(record)),
                (Outcome::Updated(record), Expect::Version(version)) if tx.replaced_by(record) != Some(version) => {
                    Err(stale(record))
                }
                _ => Ok(outcome),
            }
        })
    }

    /// Changes the fields a submission gives, if the record is still what the caller expects.
    ///
    /// # Errors
    /// `NotFound`, `Stale`, or `Invalid` with every fault.
    pub fn change(
        &self,
        caller: &Caller,
        id: RecordId,
        expect: Expect,
        submission: Submission<'static>,
    ) -> Result<Record, AppError> {
        let (app, by) = (self.clone(), caller.name.clone());
        self.store.write(vec![id.authority], move |tx| {
            let before = store::find(tx.conn(), id)?.ok_or_else(|| not_found(id))?;
            if matches!(expect, Expect::Version(version) if before.seq != version) {
                return Err(stale(&before));
            }
            let submission = Submission { external: before.external.clone(), ..submission };
            match resubmit(tx, app.batch(id.noun, id.authority, &by), &before, &submission)? {
                Outcome::Rejected(faults) => Err(faults.into()),
                Outcome::Created(record) | Outcome::Updated(record) | Outcome::Unchanged(record) => Ok(record),
            }
        })
    }

    /// What is wrong with a new record's fields beside `faults`, for one whose authority nobody named: nothing is looked up.
    pub fn faults_of(&self, noun: Noun, given: &[Given<'_>], mut faults: Faults) -> Faults {
        (noun.kind().read)(given, None, self.clock.today(), &mut faults);
        faults
    }

    /// Reads a record.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn get(&self, id: RecordId) -> Result<CaseRecord, AppError> {
        self.store.read(|conn| {
            let record = store::find(conn, id)?.ok_or_else(|| not_found(id))?;
            let mut cases = self.with_clocks(conn, vec![record])?;
            cases.pop().ok_or_else(|| not_found(id))
        })
    }

    /// Lists records within the caller's reach, in the order of authority and id.
    ///
    /// # Errors
    /// When the database fails.
    pub fn list(&self, caller: &Caller, mut listing: Listing) -> Result<Vec<CaseRecord>, AppError> {
        if let Reach::Only(list) = &caller.reach {
            listing.conditions.push(Condition::Authorities(list.clone()));
        }
        self.store.read(|conn| {
            let records = store::list(conn, listing.noun, &listing.conditions, listing.page)?;
            self.with_clocks(conn, records)
        })
    }

    /// Reads a record's clocks as at today.
    ///
    /// # Errors
    /// When the database fails.
    pub fn case_record(&self, record: Record) -> Result<CaseRecord, AppError> {
        let bare = CaseRecord { record: record.clone(), clocks: None };
        self.store.read(|conn| Ok(self.with_clocks(conn, vec![record])?.pop().unwrap_or(bare)))
    }
}

/// There is no such record, or none the caller may know of.
pub fn not_found(id: RecordId) -> AppError {
    AppError::NotFound { what: id.noun.kind().singular, id: id.to_string() }
}

fn stale(record: &Record) -> AppError {
    AppError::Stale { current: Some(record.seq) }
}

fn taken(record: &Record) -> AppError {
    let kind = record.id.noun.kind();
    let sentence = format!(
        "{} {} has this external id or reference already; change it, or PUT it by external id",
        kind.singular, record.id
    );
    AppError::Conflict { code: "already_exists", sentence }
}

fn hash(idempotency: &Idempotency) -> Vec<u8> {
    Sha256::digest(&idempotency.request).to_vec()
}

/// The record an earlier request with the same key created.
fn replay(tx: &mut Tx<'_>, batch: Batch<'_>, idempotency: &Idempotency) -> Result<Option<Record>, AppError> {
    let Some(earlier) = store::find_key(tx.conn(), batch.authority, batch.by, &idempotency.key)? else {
        return Ok(None);
    };
    if earlier.request_hash != hash(idempotency) {
        let sentence =
            "this Idempotency-Key was used for another request; choose a new key for a new request".to_owned();
        return Err(AppError::Conflict { code: "idempotency_key_reused", sentence });
    }
    let entry = store::entry(tx.conn(), batch.authority, earlier.record_seq)?.ok_or(StoreError::Panicked)?;
    let (external, cells) = store::stated(&entry)?;
    Ok(Some(Record { id: entry.record(), external, seq: entry.seq, cells }))
}

fn remember(tx: &mut Tx<'_>, batch: Batch<'_>, idempotency: Idempotency, record: &Record) -> Result<(), StoreError> {
    let request_hash = hash(&idempotency);
    let key = KeyUse {
        authority: batch.authority.code().to_owned(),
        caller: batch.by.to_owned(),
        key: idempotency.key,
        request_hash,
        record_seq: record.seq,
        created_at: batch.at.naive_utc(),
    };
    store::remember_key(tx.conn(), &key)
}
