//! The domain's gauges in Prometheus's text format, written from the latest report of each authority, disclosure control on.

use std::collections::BTreeMap;

use super::AuthorityReport;
use crate::domain::authority::Authority;
use crate::domain::caller::Reach;
use crate::domain::statistics::disclosure::{is_small, round_to_five};
use crate::domain::statistics::waiting::BANDS;

/// Takes a series of a family: its labels beside the authority's, and its value.
type Show<'a> = dyn FnMut(&[(&str, &str)], u64) + 'a;

/// A gauge with series for every authority.
struct Family {
    name: &'static str,
    help: &'static str,
    series: fn(&AuthorityReport, &mut Show<'_>),
    /// It counts children's referrals, requests or plans: 1 to 7 have no series, the rest are to the nearest 5.
    of_people: bool,
}

/// In the order of their names, the labels too, as the registry writes its own.
const FAMILIES: [Family; 6] = [
    Family {
        name: "twentyweeks_ehc_cases_open",
        help: "EHC requests without final plan, refusal or withdrawal.",
        of_people: true,
        series: |report, show| {
            // With the overdue ones the others could be worked out: where those are few, the sum is not shown.
            if !is_small(report.delays.open - report.delays.overdue) {
                show(&[], report.delays.open);
            }
        },
    },
    Family {
        name: "twentyweeks_ehc_cases_overdue",
        help: "Open EHC requests past twenty weeks without an exception, SI 2014/1530 reg 13(2).",
        of_people: true,
        series: |report, show| show(&[], report.delays.overdue),
    },
    Family {
        name: "twentyweeks_ehc_plans_issued",
        help: "Final plans on record, sent up to today, by time since the request; cases with mediation or a tribunal left out.",
        of_people: true,
        series: plans_issued,
    },
    Family {
        name: "twentyweeks_ledger_entries",
        help: "Entries of the ledger, to the nearest 100.",
        series: |report, show| show(&[], u64::try_from(report.ledger_entries + 50).unwrap_or(0) / 100 * 100),
        of_people: false,
    },
    Family {
        name: "twentyweeks_referrals_received",
        help: "Referrals on record, received up to today.",
        of_people: true,
        series: |report, show| {
            for (discipline, count) in &report.received {
                show(&[("discipline", discipline.code())], *count);
            }
        },
    },
    Family {
        name: "twentyweeks_referrals_waiting",
        help: "Referrals received and neither seen, rejected, discharged nor withdrawn, by the bands of the NHS community situation report.",
        of_people: true,
        series: |report, show| {
            for (discipline, list) in &report.waiting {
                for (band, count) in BANDS.iter().zip(list.by_band()) {
                    show(&[("band", band), ("discipline", discipline.code())], count);
                }
            }
        },
    },
];

fn plans_issued(report: &AuthorityReport, show: &mut Show<'_>) {
    let plans = report.plans.all;
    let banded = plans.within_20_weeks + plans.from_20_to_52_weeks + plans.over_52_weeks;
    let by_timeliness = [
        ("within_20_weeks", plans.within_20_weeks),
        ("20_to_52_weeks", plans.from_20_to_52_weeks),
        ("over_52_weeks", plans.over_52_weeks),
        ("unknown", plans.plans - banded),
    ];
    for (timeliness, count) in by_timeliness {
        show(&[("timeliness", timeliness)], count);
    }
}

/// Writes every series of the authorities within reach. No value of a label needs an escape: they are codes and words of
/// closed sets.
pub fn write(text: &mut String, reports: &BTreeMap<Authority, AuthorityReport>, reach: &Reach) {
    let reports: Vec<_> = reports.iter().filter(|(authority, _)| reach.includes(**authority)).collect();
    if reports.is_empty() {
        return;
    }
    for Family { name, help, series, of_people } in FAMILIES {
        add(text, &["# HELP ", name, " ", help, "\n# TYPE ", name, " gauge\n"]);
        for (authority, report) in &reports {
            series(report, &mut |labels, value| {
                if of_people && is_small(value) {
                    return;
                }
                let value = if of_people { round_to_five(value) } else { value };
                add(text, &[name, "{authority=\"", authority.code(), "\""]);
                for (label, word) in labels {
                    add(text, &[",", label, "=\"", word, "\""]);
                }
                add(text, &["} ", &value.to_string(), "\n"]);
            });
        }
    }
}

fn add(text: &mut String, pieces: &[&str]) {
    for piece in pieces {
        text.push_str(piece);
    }
}
