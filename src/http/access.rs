//! Who may do what to whose records: the one place that decides, before any use case runs.

use actix_web::HttpRequest;
use actix_web::error::BlockingError;
use actix_web::http::header;
use actix_web::web;

use super::operation::{Call, header_text};
use super::problem::{Code, Problem};
use crate::app::{App, AppError};
use crate::domain::authority::Authority;
use crate::domain::caller::{Caller, Scope};
use crate::domain::fault::Faults;
use crate::domain::noun::Noun;
use crate::domain::reference::{ImportId, RecordId};

/// Finds out who asks, and whether they may do what one of `scopes` allows; without any, everyone may.
///
/// While no key was ever made the service listens on loopback only, and whoever reaches it may do everything.
///
/// # Errors
/// `Unauthenticated` or `Forbidden`.
pub async fn admit(app: &App, request: &HttpRequest, scopes: &[Scope]) -> Result<Caller, Problem> {
    if scopes.is_empty() {
        return Ok(Caller::local("anyone"));
    }
    let key = match header_text(request.headers(), &header::AUTHORIZATION)? {
        Some(text) => Some(bearer(text)?.to_owned()),
        None => None,
    };
    let service = app.clone();
    let found = web::block(move || match key {
        Some(key) => service.caller_of(&key),
        None if service.needs_keys()? => Ok(None),
        None => Ok(Some(Caller::local("local"))),
    });
    let found: Result<_, AppError> = found.await.map_err(|BlockingError { .. }| AppError::busy("no thread is free"))?;
    let Some(caller) = found? else { return Err(unauthenticated("send a valid key as: Authorization: Bearer tw_…")) };
    if scopes.iter().any(|scope| caller.may(*scope)) {
        Ok(caller)
    } else {
        let words: Vec<_> = scopes.iter().map(|scope| scope.code()).collect();
        Err(Problem::new(Code::Forbidden, format!("the key lacks the scope {}", words.join(" or "))))
    }
}

fn bearer(text: &str) -> Result<&str, Problem> {
    let parts = text.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    parts.map(|(_, key)| key.trim()).ok_or_else(|| unauthenticated("the Authorization header must read: Bearer tw_…"))
}

fn unauthenticated(detail: &str) -> Problem {
    Problem::new(Code::Unauthenticated, detail).header(header::WWW_AUTHENTICATE, "Bearer")
}

impl Call {
    /// The record named in the path, if it is within the caller's reach: another authority's record is not there.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn record_id(&self, noun: Noun) -> Result<RecordId, Problem> {
        let id = RecordId::parse(noun, &self.part("id")).ok().filter(|id| self.caller.reach.includes(id.authority));
        id.ok_or_else(|| Problem::new(Code::NotFound, format!("there is no {} of this id", noun.kind().singular)))
    }

    /// The import named in the path, if it is within the caller's reach.
    ///
    /// # Errors
    /// `NotFound`.
    pub fn import_id(&self) -> Result<ImportId, Problem> {
        let id = ImportId::parse(&self.part("id")).filter(|id| self.caller.reach.includes(id.authority));
        id.ok_or_else(|| Problem::new(Code::NotFound, "there is no import of this id"))
    }

    /// The authority a request is about: the one it names, or the only one within the caller's reach.
    ///
    /// # Errors
    /// `Forbidden` out of reach, `InvalidRecord` (with what else is wrong) if none is named and there are several.
    pub fn authority(&self, named: Option<Authority>, mut faults: Faults) -> Result<Authority, Problem> {
        let Some(authority) = named.or_else(|| self.caller.reach.only_one()) else {
            faults.add(
                "authority",
                "required",
                "is required: the DfE code (301) or GSS code (E09000002) of the authority",
            );
            return Err(Problem::with_faults(Code::InvalidRecord, &faults));
        };
        self.reaches(authority).map(|()| authority)
    }

    /// Lets pass an authority within the caller's reach.
    ///
    /// # Errors
    /// `Forbidden`.
    pub fn reaches(&self, authority: Authority) -> Result<(), Problem> {
        if self.caller.reach.includes(authority) {
            Ok(())
        } else {
            Err(Problem::new(Code::Forbidden, format!("the key does not reach authority {}", authority.code())))
        }
    }
}
