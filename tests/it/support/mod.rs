//! What the tests share: a service over a fresh database of either engine, asked over its own wire.

pub mod facts;
pub mod postgres;

use std::error::Error;
use std::path::Path;

use actix_web::body::to_bytes;
use actix_web::dev::Service;
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::from_fn;
use actix_web::test::TestRequest;
use actix_web::web::Data;
use chrono::NaiveDate;
use serde_json::Value;
use tempfile::TempDir;
use twentyweeks::app::{App, Clock};
use twentyweeks::http::{RequestIds, all_operations, configure, observe};
use twentyweeks::metrics::Metrics;
use twentyweeks::store::{DatabaseUrl, Store, migrate};

/// A fresh database, removed when dropped.
pub struct Database {
    pub url: DatabaseUrl,
    pub name: &'static str,
    _folder: Option<TempDir>,
}

impl Database {
    pub fn sqlite() -> Self {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite://{}", folder.path().join("test.db").display()).parse().unwrap();
        Self { url, name: "SQLite", _folder: Some(folder) }
    }

    /// `None` where no PostgreSQL is installed; `zz_engines` says so.
    pub fn postgres() -> Option<Self> {
        let prepare = |url: &str| {
            migrate(&url.parse().unwrap()).unwrap();
        };
        let url = postgres::server()?.database(prepare).parse().unwrap();
        Some(Self { url, name: "PostgreSQL", _folder: None })
    }

    /// One of each engine that is here.
    pub fn each() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres()].into_iter().flatten().collect()
    }

    /// The URL with what `Display` hides.
    pub fn text(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{path}"),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A service whose time stands still.
pub struct TestApp {
    pub app: App,
    pub database: Database,
    key: Option<String>,
}

/// What the service answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: actix_web::http::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The codes of the faults, each with its pointer.
    pub fn faults(&self) -> Vec<String> {
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors
            .iter()
            .map(|error| format!("{} {}", error["pointer"].as_str().unwrap(), error["code"].as_str().unwrap()))
            .collect()
    }
}

impl TestApp {
    pub fn on(database: Database, today: &str) -> Self {
        let store = Store::open(&database.url).unwrap();
        let app = App::new(store, Clock::still(date(today)), Metrics::new().unwrap());
        Self { app, database, key: None }
    }

    /// The service on each engine that is here.
    pub fn each(today: &str) -> Vec<Self> {
        Database::each().into_iter().map(|database| Self::on(database, today)).collect()
    }

    pub fn sqlite(today: &str) -> Self {
        Self::on(Database::sqlite(), today)
    }

    /// The same service, asked with a key.
    pub fn with_key(&self, key: &str) -> Self {
        let database = Database { url: self.database.url.clone(), name: self.database.name, _folder: None };
        Self { app: self.app.clone(), database, key: Some(key.to_owned()) }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let request =
            headers.iter().fold(TestRequest::get().uri(path), |request, header| request.insert_header(*header));
        self.send(request).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(TestRequest::post().uri(path).set_json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(TestRequest::put().uri(path).set_json(body)).await
    }

    pub async fn patch(&self, path: &str, version: &str, body: &Value) -> Answer {
        self.send(TestRequest::patch().uri(path).insert_header(("If-Match", version)).set_json(body)).await
    }

    pub async fn csv(&self, path: &str, file: impl Into<Vec<u8>>) -> Answer {
        self.send(TestRequest::post().uri(path).insert_header(("Content-Type", "text/csv")).set_payload(file.into()))
            .await
    }

    /// Sends a request through routes, access and observation as the server has them. An answer whose status the
    /// contract does not declare fails the test.
    pub async fn send(&self, request: TestRequest) -> Answer {
        let service = actix_web::test::init_service(
            actix_web::App::new()
                .app_data(Data::new(self.app.clone()))
                .app_data(Data::new(RequestIds::new("test")))
                .wrap(from_fn(observe))
                .configure(configure),
        )
        .await;
        let request = match &self.key {
            Some(key) => request.insert_header(("Authorization", format!("Bearer {key}"))),
            None => request,
        };
        let response = service.call(request.to_request()).await.unwrap();
        let route = response.request().match_pattern();
        let method = response.request().method().clone();
        let (status, headers) = (response.status(), response.headers().clone());
        if let Some(route) = route {
            assert_declared(&method, &route, status);
        }
        let bytes = to_bytes(response.into_body()).await.map_err(Into::<Box<dyn Error>>::into).unwrap();
        Answer { status, headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}

fn assert_declared(method: &Method, route: &str, status: StatusCode) {
    let operation = all_operations().iter().find(|operation| operation.method == *method && operation.path == *route);
    if let Some(operation) = operation {
        let declared = operation.statuses();
        assert!(declared.contains(&status.as_u16()), "{method} {route} answered {status}, but declares {declared:?}");
    }
}

/// A file of the project.
pub fn project(path: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The lines of a file of test vectors.
pub fn vectors(name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(project("tests/it/vectors").join(name)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
