//! The domain's gauges in Prometheus's text format, written from the latest report of each authority, disclosure control on.

use std::collections::BTreeMap;

use super::AuthorityReport;
use crate::domain::authority::Authority;
use crate::domain::caller::Reach;
use crate::domain::statistics::disclosure::{is_small, round_to_five};
use crate::domain::statistics::in_units;
use crate::domain::statistics::waiting::BANDS;
use crate::domain::statistics::workforce::gauge::StaffFigure;

/// Takes a series of a family: its labels beside the authority's, and its value.
type Show<'a> = dyn FnMut(&[(&str, &str)], Value) + 'a;

/// A value of a series.
#[derive(Clone, Copy)]
enum Value {
    /// A count of children's referrals, requests or plans: 1 to 7 have no series, the rest are to the nearest 5.
    Children(u64),
    /// A number that is shown as it is.
    Whole(i64),
    /// A number that is shown with so many decimals.
    Decimals(f64, usize),
}

impl Value {
    /// As it is written, if it may be.
    fn shown(self) -> Option<String> {
        match self {
            Self::Children(count) => (!is_small(count)).then(|| round_to_five(count).to_string()),
            Self::Whole(number) => Some(number.to_string()),
            Self::Decimals(number, places) => Some(format!("{number:.places$}")),
        }
    }
}

/// A gauge with series for every authority.
struct Family {
    name: &'static str,
    help: &'static str,
    series: fn(&AuthorityReport, &mut Show<'_>),
}

/// In the order of their names, the labels too, as the registry writes its own.
const FAMILIES: [Family; 9] = [
    Family {
        name: "twentyweeks_capacity_demand_ratio",
        help: "Minutes asked for in the next thirteen weeks, by the minutes staff has for children in them; over 1, what is left undone grows. Nothing of fewer than three workers.",
        series: |report, show| {
            for (figure, load) in report.load.iter().filter_map(|figure| Some((figure, figure.load?))) {
                show(&[("discipline", figure.discipline.code())], Value::Decimals(load, 2));
            }
        },
    },
    Family {
        name: "twentyweeks_ehc_cases_open",
        help: "EHC requests without final plan, refusal or withdrawal.",
        series: |report, show| {
            // With the overdue ones the others could be worked out: where those are few, the sum is not shown.
            if !is_small(report.delays.open - report.delays.overdue) {
                show(&[], Value::Children(report.delays.open));
            }
        },
    },
    Family {
        name: "twentyweeks_ehc_cases_overdue",
        help: "Open EHC requests past twenty weeks without an exception, SI 2014/1530 reg 13(2).",
        series: |report, show| show(&[], Value::Children(report.delays.overdue)),
    },
    Family {
        name: "twentyweeks_ehc_plans_issued",
        help: "Final plans on record, sent up to today, by time since the request; cases with mediation or a tribunal left out.",
        series: plans_issued,
    },
    Family {
        name: "twentyweeks_ledger_entries",
        help: "Entries of the ledger, to the nearest 100.",
        series: |report, show| show(&[], Value::Whole((report.ledger_entries + 50) / 100 * 100)),
    },
    Family {
        name: "twentyweeks_referrals_received",
        help: "Referrals on record, received up to today.",
        series: |report, show| {
            for (discipline, received) in &report.received {
                show(&[("discipline", discipline.code())], Value::Children(*received));
            }
        },
    },
    Family {
        name: "twentyweeks_referrals_waiting",
        help: "Referrals received and neither seen, rejected, discharged nor withdrawn, by the bands of the NHS community situation report.",
        series: |report, show| {
            for (discipline, list) in &report.waiting {
                for (band, waiting) in BANDS.iter().zip(list.by_band()) {
                    show(&[("band", band), ("discipline", discipline.code())], Value::Children(waiting));
                }
            }
        },
    },
    Family {
        name: "twentyweeks_staff_wte",
        help: "Staff in whole-time equivalents, to the nearest whole; agency and bank staff cover, and do not fill. Nothing of fewer than three workers.",
        series: |report, show| {
            for StaffFigure { discipline, state, wte } in &report.staff {
                let wte = in_units(*wte, 100, 1).unwrap_or(0);
                show(&[("discipline", discipline.code()), ("state", state)], Value::Whole(wte));
            }
        },
    },
    Family {
        name: "twentyweeks_work_waiting_weeks",
        help: "Weeks it would take staff to see all who wait and to give all advice that is outstanding, follow-ups given as they fall due. Nothing of fewer than three workers or of few children.",
        series: |report, show| {
            for (figure, weeks) in report.load.iter().filter_map(|figure| Some((figure, figure.weeks_waiting?))) {
                show(&[("discipline", figure.discipline.code())], Value::Decimals(weeks, 1));
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
    for (timeliness, plans) in by_timeliness {
        show(&[("timeliness", timeliness)], Value::Children(plans));
    }
}

/// Writes every series of the authorities within reach. No value of a label needs an escape: they are codes and words of
/// closed sets.
pub fn write(text: &mut String, reports: &BTreeMap<Authority, AuthorityReport>, reach: &Reach) {
    let reports: Vec<_> = reports.iter().filter(|(authority, _)| reach.includes(**authority)).collect();
    if reports.is_empty() {
        return;
    }
    for Family { name, help, series } in FAMILIES {
        add(text, &["# HELP ", name, " ", help, "\n# TYPE ", name, " gauge\n"]);
        for (authority, report) in &reports {
            series(report, &mut |labels, value| {
                let Some(value) = value.shown() else { return };
                add(text, &[name, "{authority=\"", authority.code(), "\""]);
                for (label, word) in labels {
                    add(text, &[",", label, "=\"", word, "\""]);
                }
                add(text, &["} ", &value, "\n"]);
            });
        }
    }
}

fn add(text: &mut String, pieces: &[&str]) {
    for piece in pieces {
        text.push_str(piece);
    }
}
