//! Request ids: the sender's, if it is plain, or one of ours.

use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::http::header::HeaderName;
use actix_web::{HttpMessage, HttpRequest};

/// The header both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Gives out ids: a prefix of the process, and a count.
#[derive(Debug)]
pub struct RequestIds {
    prefix: String,
    count: AtomicU64,
}

impl RequestIds {
    /// Ids that begin with `prefix`.
    pub fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned(), count: AtomicU64::new(1) }
    }

    /// The id of a request: what its header says, if that is plain and short.
    pub fn of(&self, said: Option<&str>) -> RequestId {
        let plain = |text: &&str| {
            (1..=64).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        match said.filter(plain) {
            Some(text) => RequestId(text.to_owned()),
            None => RequestId(format!("{}-{}", self.prefix, self.count.fetch_add(1, Ordering::Relaxed))),
        }
    }
}

/// The id of one request, kept beside it.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The id of a request.
pub fn request_id(request: &HttpRequest) -> String {
    request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone())
}
