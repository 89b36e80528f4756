//! The instruments: one registry for each service; every label comes from a closed set.

mod gauges;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus::{HistogramOpts, HistogramVec, IntGauge, Opts, Registry, TextEncoder};

use crate::domain::authority::Authority;
use crate::domain::caller::Reach;
use crate::domain::capacity::ahead::LoadFigure;
use crate::domain::service::Discipline;
use crate::domain::statistics::delays::DelaySummary;
use crate::domain::statistics::timeliness::PlansIssued;
use crate::domain::statistics::waiting::WaitingList;
use crate::domain::statistics::workforce::gauge::StaffFigure;

/// What the gauges show of one authority.
#[derive(Clone, Debug)]
pub struct AuthorityReport {
    /// Who waits.
    pub waiting: Vec<(Discipline, WaitingList)>,
    /// Referrals received, ever.
    pub received: Vec<(Discipline, u64)>,
    /// Plans issued, ever.
    pub plans: PlansIssued,
    /// Open cases.
    pub delays: DelaySummary,
    /// Staff, as far as it may be shown.
    pub staff: Vec<StaffFigure>,
    /// What is asked of staff, as far as it may be shown.
    pub load: Vec<LoadFigure>,
    /// Entries of the ledger.
    pub ledger_entries: i64,
}

/// One instance for each service; nothing is global, so tests can count.
pub struct Metrics {
    registry: Registry,
    // Not in the registry, which copies and sorts every series at each scrape: there are thousands.
    reports: Mutex<BTreeMap<Authority, AuthorityReport>>,
    http_duration: HistogramVec,
}

/// Bucket bounds of HTTP durations in seconds, as OpenTelemetry recommends them.
const SECONDS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

impl Metrics {
    /// Instruments that show nothing yet.
    ///
    /// # Errors
    /// When two of them have the same name.
    pub fn new() -> prometheus::Result<Self> {
        let registry = Registry::new();
        let duration = HistogramOpts::new("http_server_request_duration_seconds", "Time to answer, by route template.");
        let http_duration = HistogramVec::new(duration.buckets(SECONDS.to_vec()), &["method", "route", "status"])?;
        registry.register(Box::new(http_duration.clone()))?;
        let build = Opts::new("twentyweeks_build_info", "1, with the version that runs.");
        let build = IntGauge::with_opts(build.const_label("version", env!("CARGO_PKG_VERSION")))?;
        build.set(1);
        registry.register(Box::new(build))?;
        Ok(Self { registry, reports: Mutex::default(), http_duration })
    }

    /// Shows what is known of one authority, in the place of what was shown before.
    pub fn show(&self, authority: Authority, report: AuthorityReport) {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).insert(authority, report);
    }

    /// Counts one answer. `route` is the template, never the path: its values must be a closed set.
    pub fn answered(&self, method: &str, route: &str, status: u16, duration: Duration) {
        self.http_duration.with_label_values(&[method, route, &status.to_string()]).observe(duration.as_secs_f64());
    }

    /// Writes what may be shown in Prometheus's text format, version 0.0.4: of the authorities, only those within reach.
    ///
    /// # Errors
    /// When a metric cannot be written down.
    pub fn text(&self, reach: &Reach) -> prometheus::Result<String> {
        let mut text = TextEncoder::new().encode_to_string(&self.registry.gather())?;
        gauges::write(&mut text, &self.reports.lock().unwrap_or_else(PoisonError::into_inner), reach);
        Ok(text)
    }
}
