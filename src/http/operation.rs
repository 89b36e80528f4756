//! Operations: one list from which come the routes, who may call them, and the published contract.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use actix_web::error::BlockingError;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::web::{self, Payload};
use actix_web::{HttpRequest, HttpResponse};
use percent_encoding::percent_decode_str;

use super::access::admit;
use super::format::Format;
use super::problem::{Code, Problem};
use super::query::{Param, Query};
use super::request_id::request_id;
use crate::app::{App, AppError};
use crate::domain::caller::{Caller, Scope};
use crate::domain::noun::Noun;
use crate::http::statistics::report::report_of;

/// What an operation answers in the good case.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// What it says.
    pub about: &'static str,
    /// Media types and the names of their schemas: none is text, several are separated by `|`.
    pub content: Vec<(&'static str, String)>,
}

/// What an operation takes as its body.
#[derive(Clone, Debug)]
pub struct BodyDoc {
    /// Media types and the names of their schemas: none is text, several are separated by `|`.
    pub content: Vec<(&'static str, String)>,
    /// What it is.
    pub about: &'static str,
}

/// A handler: translates, asks the service once, translates.
pub type Handler = fn(Call) -> Pin<Box<dyn Future<Output = Result<HttpResponse, Problem>>>>;

/// One operation of the service.
#[derive(Clone, Debug)]
pub struct Operation {
    /// HTTP method.
    pub method: Method,
    /// Path template.
    pub path: String,
    /// Name for generated clients.
    pub id: String,
    /// Which group it belongs to.
    pub tag: &'static str,
    /// One line.
    pub summary: String,
    /// What it does, and what its answers mean.
    pub about: String,
    /// What a caller must be allowed, one of these; none for everyone.
    pub scopes: Vec<Scope>,
    /// Query parameters.
    pub params: Vec<Param>,
    /// Header parameters: name, meaning, required.
    pub headers: Vec<(&'static str, &'static str, bool)>,
    /// Body.
    pub body: Option<BodyDoc>,
    /// Answers in the good case.
    pub answers: Vec<Answer>,
    /// Problems it can answer beside those every operation can.
    pub problems: Vec<Code>,
    /// The noun it is about.
    pub noun: Option<Noun>,
    /// What runs.
    pub handler: Handler,
}

impl Operation {
    /// An operation that needs `scope`, answers 200, and takes nothing.
    pub fn new(
        method: Method,
        path: impl Into<String>,
        id: impl Into<String>,
        scope: Option<Scope>,
        handler: Handler,
    ) -> Self {
        Self {
            method,
            path: path.into(),
            id: id.into(),
            tag: "system",
            summary: String::new(),
            about: String::new(),
            scopes: scope.into_iter().collect(),
            params: Vec::new(),
            headers: Vec::new(),
            body: None,
            answers: Vec::new(),
            problems: Vec::new(),
            noun: None,
            handler,
        }
    }

    /// Says what it is.
    #[must_use]
    pub fn says(mut self, tag: &'static str, summary: impl Into<String>, about: impl Into<String>) -> Self {
        (self.tag, self.summary, self.about) = (tag, summary.into(), about.into());
        self
    }

    /// Is allowed by another scope as well.
    #[must_use]
    pub fn also_by(mut self, scope: Scope) -> Self {
        self.scopes.push(scope);
        self
    }

    /// Takes query parameters.
    #[must_use]
    pub fn takes(mut self, params: Vec<Param>) -> Self {
        self.params = params;
        self
    }

    /// Answers with JSON of that schema.
    #[must_use]
    pub fn answers(self, status: u16, about: &'static str, schema: impl Into<String>) -> Self {
        self.answers_with(status, about, vec![("application/json", schema.into())])
    }

    /// Answers with several media types.
    #[must_use]
    pub fn answers_with(mut self, status: u16, about: &'static str, content: Vec<(&'static str, String)>) -> Self {
        self.answers.push(Answer { status, about, content });
        self
    }

    /// Answers with one of these reports, or that the caller has it already.
    #[must_use]
    pub fn reports(self, about: &'static str, names: &[&str]) -> Self {
        self.answers_tagged(about, report_of(names))
    }

    /// Answers with this content under a tag, or that the caller has it already.
    #[must_use]
    pub fn answers_tagged(mut self, about: &'static str, content: Vec<(&'static str, String)>) -> Self {
        self.headers.push(("If-None-Match", "The ETag of an answer the caller has: 304 while it still holds.", false));
        self.answers_with(200, about, content).answers_with(304, "The answer the caller has still holds.", vec![])
    }

    /// Can fail in these ways.
    #[must_use]
    pub fn fails(mut self, problems: &[Code]) -> Self {
        self.problems.extend_from_slice(problems);
        self
    }

    /// True for what any page may ask for from a browser, what it answers when it refuses included.
    pub fn is_open_data(&self) -> bool {
        self.path.starts_with("/open/")
    }

    /// Every status it can answer with.
    pub fn statuses(&self) -> Vec<u16> {
        let mut statuses: Vec<_> = self.answers.iter().map(|answer| answer.status).collect();
        statuses.extend(self.all_problems().iter().map(|code| code.status().as_u16()));
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }

    /// Every problem it can answer with.
    pub fn all_problems(&self) -> Vec<Code> {
        let mut codes = vec![Code::InvalidQuery, Code::Unavailable, Code::Internal];
        if !self.scopes.is_empty() {
            codes.extend([Code::Unauthenticated, Code::Forbidden]);
        }
        if self.path.contains('{') {
            codes.push(Code::NotFound);
        }
        if self.body.is_some() {
            codes.extend([Code::MalformedBody, Code::TooLarge, Code::UnsupportedMediaType]);
        }
        codes.extend_from_slice(&self.problems);
        codes
    }
}

/// One request to an operation, admitted and read.
pub struct Call {
    /// The service.
    pub app: App,
    /// Who asks.
    pub caller: Caller,
    /// The query, read.
    pub query: Query,
    /// The request.
    pub request: HttpRequest,
    /// Its body, not read yet.
    pub payload: Option<Payload>,
    /// The operation's noun.
    pub noun: Option<Noun>,
}

impl Call {
    /// Runs `work` away from the event loop.
    ///
    /// # Errors
    /// What `work` fails with.
    pub async fn run<T: Send + 'static, E: Into<Problem> + Send + 'static>(
        &self,
        work: impl FnOnce(&App, &Caller) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem> {
        let (app, caller) = (self.app.clone(), self.caller.clone());
        match web::block(move || work(&app, &caller)).await {
            Ok(done) => done.map_err(Into::into),
            Err(BlockingError { .. }) => Err(AppError::busy("no thread is free").into()),
        }
    }

    /// A header as text.
    ///
    /// # Errors
    /// When it is not text.
    pub fn header(&self, name: &HeaderName) -> Result<Option<&str>, Problem> {
        header_text(self.request.headers(), name)
    }

    /// A part of the path, decoded: `%2F` in it is a slash that does not part it.
    pub fn part(&self, name: &str) -> Cow<'_, str> {
        percent_decode_str(self.request.match_info().get(name).unwrap_or("")).decode_utf8_lossy()
    }

    /// The form a report is wanted in.
    ///
    /// # Errors
    /// `NotAcceptable` when the Accept header allows none.
    pub fn format(&self) -> Result<Format, Problem> {
        let accepts = self.request.headers().get_all(header::ACCEPT).filter_map(|accept| accept.to_str().ok());
        let accepts: Vec<_> = accepts.collect();
        let accept = (!accepts.is_empty()).then(|| accepts.join(","));
        Format::of(self.query.word("format"), accept.as_deref())
            .map_err(|error| Problem::new(Code::NotAcceptable, error.to_string()))
    }
}

/// A header as text.
pub fn header_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    match value.to_str() {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err(Problem::new(Code::InvalidHeader, format!("the header {name} must be plain ASCII text"))),
    }
}

/// Serves one request: admits the caller, reads the query, runs the handler. Every failure becomes a problem here.
pub async fn serve(operation: &'static Operation, app: App, request: HttpRequest, payload: Payload) -> HttpResponse {
    let id = request_id(&request);
    let answered = async {
        let caller = admit(&app, &request, &operation.scopes).await?;
        let query = Query::read(request.query_string(), &operation.params)?;
        let call = Call { app, caller, query, request, payload: Some(payload), noun: operation.noun };
        (operation.handler)(call).await
    };
    let mut response = match answered.await {
        Ok(response) => response,
        Err(problem) => problem.response(&id),
    };
    if operation.is_open_data() {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    response
}

/// Wraps an async function as a [`Handler`].
macro_rules! handler {
    ($function:path) => {
        |call| Box::pin($function(call))
    };
}
pub(super) use handler;
