//! Callers and their keys.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{App, AppError};
use crate::domain::authority::Authority;
use crate::domain::caller::{Caller, Reach, Scope};
use crate::domain::field::FieldType;
use crate::domain::ledger::hex;
use crate::store::{self, ApiKey, StoreError};

/// What a new key shall allow.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// What its holder may do.
    pub scopes: Vec<Scope>,
    /// Whose records its holder may see.
    pub reach: Reach,
}

/// A key as it is listed: never the key itself.
#[derive(Clone, Debug)]
pub struct KeyGrant {
    /// The part of the key that is not secret.
    pub id: String,
    /// Who holds it, and what they may do.
    pub caller: Caller,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// What every key begins with, so that a leaked one is recognised.
const PREFIX: &str = "tw";

fn digest(key: &str) -> String {
    hex(&Sha256::digest(key.as_bytes()))
}

impl KeyGrant {
    fn read(row: ApiKey) -> Result<Self, StoreError> {
        let corrupt =
            |problem: &str| StoreError::Corrupt { table: "api_keys", key: row.id.clone(), problem: problem.to_owned() };
        let scopes = row.scopes.split_whitespace().map(Scope::parse).collect::<Result<_, _>>();
        let reach = match row.authorities.as_str() {
            "all" => Some(Reach::All),
            list => list.split_whitespace().map(Authority::parse).collect::<Option<_>>().map(Reach::Only),
        };
        let caller = Caller {
            name: format!("key:{}", row.id),
            scopes: scopes.map_err(|refusal| corrupt(&format!("unknown scope: {}", refusal.message)))?,
            reach: reach.ok_or_else(|| corrupt("unknown authority"))?,
        };
        let revoked_at = row.revoked_at.map(|at| at.and_utc());
        Ok(Self { id: row.id, caller, created_at: row.created_at.and_utc(), revoked_at })
    }
}

impl App {
    /// True if a key was ever made: from then on every caller needs one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn needs_keys(&self) -> Result<bool, AppError> {
        Ok(self.store.read(store::any_keys)?)
    }

    /// Makes a key; the answer is the only time it is shown.
    ///
    /// # Errors
    /// When the database or the system's source of randomness fails.
    pub fn create_key(&self, new: &NewKey) -> Result<String, AppError> {
        let mut bytes = [0_u8; 38];
        getrandom::fill(&mut bytes).map_err(|error| AppError::busy(error.to_string()))?;
        let (id, secret) = bytes.split_at(6);
        let id = hex(id);
        let key = format!("{PREFIX}_{id}_{}", hex(secret));
        let scopes: Vec<_> = new.scopes.iter().map(|scope| scope.code()).collect();
        let authorities = match &new.reach {
            Reach::All => "all".to_owned(),
            Reach::Only(list) => list.iter().map(|authority| authority.code()).collect::<Vec<_>>().join(" "),
        };
        let row = ApiKey {
            id,
            name: new.name.clone(),
            hash: digest(&key),
            scopes: scopes.join(" "),
            authorities,
            created_at: self.clock.now().naive_utc(),
            revoked_at: None,
        };
        self.store.write(Vec::new(), move |tx| store::insert_api_key(tx.conn(), &row).map_err(AppError::from))?;
        Ok(key)
    }

    /// Every key ever made, with its name.
    ///
    /// # Errors
    /// When the database fails.
    pub fn list_keys(&self) -> Result<Vec<(String, KeyGrant)>, AppError> {
        self.store.read(|conn| {
            let rows = store::list_api_keys(conn)?;
            rows.into_iter().map(|row| Ok((row.name.clone(), KeyGrant::read(row)?))).collect()
        })
    }

    /// Revokes a key by its id; false if there is no live key of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub fn revoke_key(&self, id: &str) -> Result<bool, AppError> {
        let (id, at) = (id.to_owned(), self.clock.now().naive_utc());
        self.store.write(Vec::new(), move |tx| store::revoke_api_key(tx.conn(), &id, at).map_err(AppError::from))
    }

    /// Who holds a key; `None` if nobody does, or it was revoked.
    ///
    /// # Errors
    /// When the database fails.
    pub fn caller_of(&self, key: &str) -> Result<Option<Caller>, AppError> {
        let Some((PREFIX, rest)) = key.split_once('_') else { return Ok(None) };
        let Some((id, _)) = rest.split_once('_') else { return Ok(None) };
        let Some(row) = self.store.read(|conn| store::find_api_key(conn, id))? else { return Ok(None) };
        if row.hash != digest(key) || row.revoked_at.is_some() {
            return Ok(None);
        }
        Ok(Some(KeyGrant::read(row)?.caller))
    }
}
