//! The server: routes from the list of operations, and what every answer has in common.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{App as ActixApp, Error, HttpMessage, HttpRequest, HttpServer};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::all_operations;
use super::operation::{Operation, serve as serve_operation};
use super::problem::{Code, Problem};
use super::request_id::{REQUEST_ID, RequestIds, request_id};
use crate::app::App;

/// The header that says today was pinned.
const PINNED_TODAY: HeaderName = HeaderName::from_static("x-twentyweeks-today");

/// Registers every operation, the documentation, and the answers for what is not there.
pub fn configure(config: &mut ServiceConfig) {
    let mut by_path = BTreeMap::<&str, Vec<&'static Operation>>::new();
    for operation in all_operations() {
        by_path.entry(&operation.path).or_default().push(operation);
    }
    // A fixed path goes before a template that would match it too.
    let mut paths: Vec<_> = by_path.into_iter().collect();
    paths.sort_by_key(|(path, _)| path.split('/').map(|part| part.starts_with('{')).collect::<Vec<_>>());
    for (path, operations) in paths {
        let methods: Vec<_> = operations.iter().map(|operation| operation.method.to_string()).collect();
        let allowed = methods.join(", ");
        let resource = operations.into_iter().fold(web::resource(path), |resource, operation| {
            let handler = move |app: Data<App>, request: HttpRequest, payload: Payload| {
                serve_operation(operation, app.get_ref().clone(), request, payload)
            };
            let resource = resource.route(web::method(operation.method.clone()).to(handler));
            if operation.method == Method::GET { resource.route(web::head().to(handler)) } else { resource }
        });
        config.service(resource.default_service(web::to(move |request: HttpRequest| {
            let problem = Problem::new(Code::MethodNotAllowed, format!("this path takes {allowed}"));
            let response = problem.header(header::ALLOW, &allowed).response(&request_id(&request));
            async move { response }
        })));
    }
    let docs = SwaggerUi::new("/docs/{_:.*}").config(Config::from("/openapi.json").validator_url("none"));
    config.service(docs);
    config.service(web::redirect("/docs", "/docs/"));
    config.service(web::redirect("/", "/docs/"));
    config.default_service(web::to(|request: HttpRequest| async move {
        Problem::new(Code::UnknownRoute, "there is nothing at this path; /docs lists what there is")
            .response(&request_id(&request))
    }));
}

/// Gives a request its id, and notes what became of it: one line of the log, one observation, never a body.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let said = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
    if let Some(ids) = request.app_data::<Data<RequestIds>>() {
        let id = ids.of(said.as_deref());
        request.extensions_mut().insert(id);
    }
    let app = request.app_data::<Data<App>>().cloned();
    let mut response = next.call(request).await?;
    let route = response.request().match_pattern().unwrap_or_else(|| "unmatched".to_owned());
    let (method, status) = (method_label(response.request().method()), response.status().as_u16());
    let id = request_id(response.request());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Said of every answer, not only of those that were compressed: either could have been the other.
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("accept, accept-encoding"));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let elapsed = started.elapsed();
    if let Some(app) = app {
        app.metrics().answered(method, &route, status, elapsed);
        if app.clock().is_pinned()
            && let Ok(value) = HeaderValue::from_str(&app.clock().today().to_string())
        {
            response.headers_mut().insert(PINNED_TODAY, value);
        }
    }
    let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        request.id = id,
        http.method = method,
        http.route = route,
        http.status = status,
        http.ms = milliseconds,
        "answered"
    );
    Ok(response)
}

/// A method as a label: a closed set, whatever clients invent.
fn method_label(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// Serves until told to stop. Calls `ready` with the address once it listens.
///
/// # Errors
/// When the address cannot be bound.
pub async fn serve(
    app: App,
    listen: SocketAddr,
    ids: RequestIds,
    ready: impl FnOnce(SocketAddr),
) -> std::io::Result<()> {
    let (app, ids) = (Data::new(app), Data::from(Arc::new(ids)));
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(app.clone())
            .app_data(ids.clone())
            .wrap(Compress::default())
            .wrap(from_fn(observe))
            .configure(configure)
    })
    .client_request_timeout(Duration::from_secs(30))
    .shutdown_timeout(20)
    .bind(listen)?;
    if let Some(address) = server.addrs().first() {
        ready(*address);
    }
    server.run().await
}
