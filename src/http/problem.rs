//! Errors on the wire: `application/problem+json` (RFC 9457) on every path, with a stable code and every fault.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use serde::Serialize;

use crate::app::AppError;
use crate::domain::fault::{Fault, Faults};
use crate::ingest::{ImportError, SetError};

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:ident, $title:literal;)+) => {
        /// What can go wrong. Codes are only ever added.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name,)+ }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The stable word.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// The status it is sent with.
            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// What it means, the same for every occurrence.
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }
        }
    };
}

problem_codes! {
    /// The body is not what its type says.
    MalformedBody = "malformed_body", BAD_REQUEST, "The body cannot be read";
    /// The Accept header allows no form that there is.
    NotAcceptable = "not_acceptable", NOT_ACCEPTABLE, "Nothing the Accept header allows can be answered";
    /// A query parameter is unknown, repeated or wrong.
    InvalidQuery = "invalid_query", BAD_REQUEST, "The query cannot be read";
    /// A header is missing its form.
    InvalidHeader = "invalid_header", BAD_REQUEST, "A header cannot be read";
    /// No key, or a key nobody holds.
    Unauthenticated = "unauthenticated", UNAUTHORIZED, "A valid API key is needed";
    /// The key does not allow it.
    Forbidden = "forbidden", FORBIDDEN, "The API key does not allow this";
    /// No such route.
    UnknownRoute = "unknown_route", NOT_FOUND, "There is nothing at this path";
    /// No such record within reach.
    NotFound = "not_found", NOT_FOUND, "There is no such record";
    /// The path knows other methods.
    MethodNotAllowed = "method_not_allowed", METHOD_NOT_ALLOWED, "The path does not take this method";
    /// A record of that external id or reference stands already.
    AlreadyExists = "already_exists", CONFLICT, "The record exists already";
    /// An Idempotency-Key came with another request.
    IdempotencyKeyReused = "idempotency_key_reused", UNPROCESSABLE_ENTITY, "The Idempotency-Key was used for another request";
    /// The record has changed since it was read.
    StaleVersion = "stale_version", PRECONDITION_FAILED, "The record has changed since";
    /// The body is longer than may be.
    TooLarge = "too_large", PAYLOAD_TOO_LARGE, "The body is too large";
    /// The body's type is none the path takes.
    UnsupportedMediaType = "unsupported_media_type", UNSUPPORTED_MEDIA_TYPE, "The body's media type is not supported";
    /// Fields break rules.
    InvalidRecord = "invalid_record", UNPROCESSABLE_ENTITY, "The record breaks rules";
    /// A question that the law cannot be asked.
    InvalidCalculation = "invalid_calculation", UNPROCESSABLE_ENTITY, "The calculation cannot be made";
    /// The file's header cannot be used.
    InvalidHeaderRow = "invalid_header_row", UNPROCESSABLE_ENTITY, "The header row of the file cannot be used";
    /// A sheet of the set is unknown, stands twice, or cannot be read.
    InvalidSet = "invalid_set", UNPROCESSABLE_ENTITY, "The set of sheets cannot be used";
    /// The upload stopped before its end.
    CutOff = "cut_off", BAD_REQUEST, "The upload was cut off";
    /// A change needs the version it is based on.
    PreconditionRequired = "precondition_required", PRECONDITION_REQUIRED, "If-Match is needed";
    /// Try again in a moment.
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "The service is busy";
    /// Our fault.
    Internal = "internal", INTERNAL_SERVER_ERROR, "The service failed";
}

/// One fault: where, which, and what to do.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemError {
    /// JSON Pointer to the field, or to the query parameter or header of that name.
    pub pointer: String,
    /// Stable word.
    pub code: String,
    /// What must be, and what was found.
    pub message: String,
}

/// A problem on its way to a client.
#[derive(Debug)]
pub struct Problem {
    code: Code,
    detail: String,
    errors: Vec<ProblemError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    source: Option<Box<dyn std::error::Error>>,
}

#[derive(Serialize)]
struct Wire<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [ProblemError],
    request_id: &'a str,
}

impl Problem {
    /// A problem with one sentence about this occurrence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), errors: Vec::new(), headers: Vec::new(), source: None }
    }

    /// A problem with every fault.
    pub fn with_faults(code: Code, faults: &Faults) -> Self {
        Self::with_nested(code, &[("", faults)])
    }

    /// A problem with the faults of several objects, each with the pointer to its object.
    pub fn with_nested(code: Code, objects: &[(&str, &Faults)]) -> Self {
        let of_object = |(parent, faults): &(&str, &Faults)| {
            let error = |fault: &Fault| ProblemError {
                pointer: format!("{parent}/{}", fault.field.replace('~', "~0").replace('/', "~1")),
                code: fault.refusal.code.to_owned(),
                message: fault.refusal.message.clone(),
            };
            faults.iter().map(error).collect::<Vec<_>>()
        };
        let errors: Vec<_> = objects.iter().flat_map(of_object).collect();
        let detail = match errors.len() {
            1 => "1 fault was found; see errors".to_owned(),
            count => format!("{count} faults were found; see errors"),
        };
        Self { errors, ..Self::new(code, detail) }
    }

    /// The same problem with a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.push((name, value));
        }
        self
    }

    /// Which problem.
    pub fn code(&self) -> Code {
        self.code
    }

    /// Writes the problem as an answer; the only place where what is behind it goes to the log.
    pub fn response(&self, request_id: &str) -> HttpResponse {
        self.log(request_id);
        let wire = Wire {
            r#type: format!("/problems/{}", self.code.word()),
            title: self.code.title(),
            status: self.code.status().as_u16(),
            detail: &self.detail,
            code: self.code.word(),
            errors: &self.errors,
            request_id,
        };
        let mut response = HttpResponse::build(self.code.status());
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.clone()));
        }
        response.insert_header((header::CONTENT_TYPE, "application/problem+json")).json(wire)
    }

    fn log(&self, request_id: &str) {
        let Some(source) = &self.source else { return };
        let mut chain = source.to_string();
        let mut next = source.source();
        while let Some(error) = next {
            chain.push_str(": ");
            chain.push_str(&error.to_string());
            next = error.source();
        }
        if self.code == Code::Internal {
            tracing::error!(request.id = request_id, error = chain, "the service failed");
        } else {
            tracing::warn!(request.id = request_id, error = chain, "the service is busy");
        }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(faults) => Self::with_faults(Code::InvalidRecord, &faults),
            AppError::NotFound { what, id } => Self::new(Code::NotFound, format!("there is no {what} {id}")),
            AppError::Conflict { code: "idempotency_key_reused", sentence } => {
                Self::new(Code::IdempotencyKeyReused, sentence)
            }
            AppError::Conflict { sentence, .. } => Self::new(Code::AlreadyExists, sentence),
            AppError::Stale { current } => {
                let detail = match current {
                    Some(version) => {
                        format!("the version in If-Match is not the present one, \"{version}\"; read the record again")
                    }
                    None => "there is no such record to match If-Match; leave the header out to create it".to_owned(),
                };
                Self::new(Code::StaleVersion, detail)
            }
            AppError::Busy(source) => Self {
                source: Some(Box::new(source)),
                ..Self::new(Code::Unavailable, "try again in a moment").header(header::RETRY_AFTER, "1")
            },
            AppError::Broken(source) => {
                let detail = "nothing was changed; quote request_id when you report it";
                Self { source: Some(Box::new(source)), ..Self::new(Code::Internal, detail) }
            }
        }
    }
}

impl From<ImportError> for Problem {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Header(faults) => Self::with_faults(Code::InvalidHeaderRow, &faults),
            ImportError::CutOff { import, problem } => {
                let detail = format!(
                    "the file could not be read to its end ({problem}); {} rows were answered and kept, see /v1/imports/{}; send the file again to finish it",
                    import.counts.rows(),
                    import.id
                );
                Self::new(Code::CutOff, detail)
            }
            ImportError::App(error) => error.into(),
        }
    }
}

impl From<SetError> for Problem {
    fn from(error: SetError) -> Self {
        match error {
            SetError::Unusable(sheets) => {
                let parents: Vec<_> = sheets.iter().map(|(sheet, faults)| (format!("/{sheet}"), faults)).collect();
                let objects: Vec<_> = parents.iter().map(|(parent, faults)| (parent.as_str(), *faults)).collect();
                Self::with_nested(Code::InvalidSet, &objects)
            }
            SetError::App(error) => error.into(),
        }
    }
}
