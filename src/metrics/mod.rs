//! The instruments: one registry for each service; every label comes from a closed set.

use std::time::Duration;

use prometheus::{Encoder, HistogramOpts, HistogramVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder};

use crate::domain::authority::Authority;
use crate::domain::service::Discipline;
use crate::domain::statistics::delays::DelaySummary;
use crate::domain::statistics::timeliness::PlansIssued;
use crate::domain::statistics::waiting::{BANDS, WaitingList};

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
    /// Entries of the ledger.
    pub ledger_entries: i64,
}

/// One instance for each service; nothing is global, so tests can count.
pub struct Metrics {
    registry: Registry,
    referrals_waiting: IntGaugeVec,
    referrals_received: IntGaugeVec,
    cases_open: IntGaugeVec,
    cases_overdue: IntGaugeVec,
    plans_issued: IntGaugeVec,
    ledger_entries: IntGaugeVec,
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
        let gauges = |name: &str, help: &str, labels: &[&str]| {
            let gauges = IntGaugeVec::new(Opts::new(name, help), labels)?;
            registry.register(Box::new(gauges.clone()))?;
            Ok::<_, prometheus::Error>(gauges)
        };
        let referrals_waiting = gauges(
            "twentyweeks_referrals_waiting",
            "Referrals received and neither seen, rejected, discharged nor withdrawn, by the bands of the NHS community situation report.",
            &["authority", "discipline", "band"],
        )?;
        let referrals_received = gauges(
            "twentyweeks_referrals_received",
            "Referrals on record, received up to today.",
            &["authority", "discipline"],
        )?;
        let cases_open = gauges(
            "twentyweeks_ehc_cases_open",
            "EHC requests without final plan, refusal or withdrawal.",
            &["authority"],
        )?;
        let cases_overdue = gauges(
            "twentyweeks_ehc_cases_overdue",
            "Open EHC requests past twenty weeks without an exception, SI 2014/1530 reg 13(2).",
            &["authority"],
        )?;
        let plans_issued = gauges(
            "twentyweeks_ehc_plans_issued",
            "Final plans on record, sent up to today, by time since the request; cases with mediation or a tribunal left out.",
            &["authority", "timeliness"],
        )?;
        let ledger_entries = gauges("twentyweeks_ledger_entries", "Entries of the ledger.", &["authority"])?;
        let duration = HistogramOpts::new("http_server_request_duration_seconds", "Time to answer, by route template.");
        let http_duration = HistogramVec::new(duration.buckets(SECONDS.to_vec()), &["method", "route", "status"])?;
        registry.register(Box::new(http_duration.clone()))?;
        let build = Opts::new("twentyweeks_build_info", "1, with the version that runs.");
        let build = IntGauge::with_opts(build.const_label("version", env!("CARGO_PKG_VERSION")))?;
        build.set(1);
        registry.register(Box::new(build))?;
        Ok(Self {
            registry,
            referrals_waiting,
            referrals_received,
            cases_open,
            cases_overdue,
            plans_issued,
            ledger_entries,
            http_duration,
        })
    }

    /// Shows what is known of one authority.
    pub fn show(&self, authority: Authority, report: &AuthorityReport) {
        let code = authority.code();
        let whole = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        for (discipline, list) in &report.waiting {
            for (band, count) in BANDS.iter().zip(list.by_band) {
                self.referrals_waiting.with_label_values(&[code, discipline.code(), band]).set(whole(count));
            }
        }
        for (discipline, count) in &report.received {
            self.referrals_received.with_label_values(&[code, discipline.code()]).set(whole(*count));
        }
        self.cases_open.with_label_values(&[code]).set(whole(report.delays.open));
        self.cases_overdue.with_label_values(&[code]).set(whole(report.delays.overdue));
        self.ledger_entries.with_label_values(&[code]).set(report.ledger_entries);
        let plans = report.plans.all;
        let banded = plans.within_20_weeks + plans.from_20_to_52_weeks + plans.over_52_weeks;
        let by_timeliness = [
            ("within_20_weeks", plans.within_20_weeks),
            ("20_to_52_weeks", plans.from_20_to_52_weeks),
            ("over_52_weeks", plans.over_52_weeks),
            ("unknown", plans.plans - banded),
        ];
        for (timeliness, count) in by_timeliness {
            self.plans_issued.with_label_values(&[code, timeliness]).set(whole(count));
        }
    }

    /// Counts one answer. `route` is the template, never the path: its values must be a closed set.
    pub fn answered(&self, method: &str, route: &str, status: u16, duration: Duration) {
        self.http_duration.with_label_values(&[method, route, &status.to_string()]).observe(duration.as_secs_f64());
    }

    /// Writes everything in Prometheus's text format, version 0.0.4.
    ///
    /// # Errors
    /// When a metric cannot be written down.
    pub fn text(&self) -> prometheus::Result<String> {
        let mut bytes = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
