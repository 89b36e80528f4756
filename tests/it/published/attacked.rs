//! Everything that is published about four authorities, attacked by a program that knows only that.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use twentyweeks::app::Clock;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::noun::Noun;

use crate::demo::demo;
use crate::disclosure::attack;
use crate::support::{Database, TestApp, date};

/// A published table: how it is asked for, what it is told apart by, and which columns add up to which.
struct Publication {
    path: &'static str,
    dimensions: &'static [&'static str],
    lines: &'static [(&'static str, &'static [&'static str])],
}

const REFERRALS_BY: &[&str] = &["discipline", "age_band", "primary_need", "sex"];

const PUBLICATIONS: [Publication; 4] = [
    Publication {
        path: "/open/v1/waiting-times?quarter=2024-Q4",
        dimensions: REFERRALS_BY,
        lines: &[
            ("waiting_over_18_weeks", &["waiting_18_52_weeks", "waiting_over_52_weeks"]),
            (
                "waiting",
                &[
                    "waiting_0_1_weeks",
                    "waiting_1_2_weeks",
                    "waiting_2_4_weeks",
                    "waiting_4_12_weeks",
                    "waiting_12_18_weeks",
                    "waiting_over_18_weeks",
                ],
            ),
        ],
    },
    Publication {
        path: "/open/v1/first-contacts?quarter=2024-Q4",
        dimensions: REFERRALS_BY,
        lines: &[("seen", &["seen_within_18_weeks", "seen_over_18_weeks"])],
    },
    Publication {
        path: "/open/v1/ehc-timeliness?year=2024",
        dimensions: &[],
        lines: &[
            ("plans_issued_gt20weeks", &["plans_issued_gt20weeks_ltYear", "plans_issued_gt_1_year"]),
            ("plans_issued_den", &["plans_issued_within_20_weeks", "plans_issued_gt20weeks"]),
        ],
    },
    Publication {
        path: "/open/v1/advice-timeliness?year=2024",
        dimensions: &["advice_type"],
        lines: &[
            ("returned", &["returned_within_six_weeks", "returned_later"]),
            ("requested", &["returned", "not_returned"]),
        ],
    },
];

/// The cells and the lines of one date.
#[derive(Default)]
struct Seen {
    cells: BTreeMap<String, Value>,
    lines: BTreeMap<String, BTreeSet<String>>,
}

impl Seen {
    /// Takes in a row: what stands in it adds up across its columns, and to the row of all and of the wider area.
    fn take(&mut self, row: &Value, dimension: Option<&str>, publication: &Publication) {
        let word = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let (authority, region) = (word("old_la_code"), word("region_code"));
        let area = [authority.clone(), region.clone(), "England".to_owned()].into_iter().find(|code| !code.is_empty());
        let area = area.unwrap();
        let wider = if authority.is_empty() { "England".to_owned() } else { region };
        let member = dimension.map_or("*".to_owned(), |dimension| format!("{dimension}={}", word(dimension)));
        let columns: BTreeSet<_> =
            publication.lines.iter().flat_map(|(total, parts)| parts.iter().chain([total])).collect();
        for column in columns {
            let key = format!("{area}|{member}|{column}");
            self.cells.insert(key.clone(), row[*column].clone());
            let mut part_of = |line: String, total: String| {
                self.lines.entry(format!("{total}\n{line}")).or_default().insert(key.clone());
            };
            if let Some(dimension) = dimension {
                part_of(dimension.to_owned(), format!("{area}|*|{column}"));
            }
            if area != "England" {
                part_of("area".to_owned(), format!("{wider}|{member}|{column}"));
            }
            for (total, _) in publication.lines.iter().filter(|(_, parts)| parts.contains(column)) {
                part_of("columns".to_owned(), format!("{area}|{member}|{total}"));
            }
        }
    }

    fn table(&self, name: &str) -> Value {
        let cells: Vec<_> = self.cells.iter().map(|(key, shown)| json!({ "key": key, "shown": shown })).collect();
        let lines: Vec<_> = self
            .lines
            .iter()
            .map(|(line, parts)| json!({ "total": line.split('\n').next().unwrap(), "parts": parts }))
            .collect();
        json!({ "name": name, "cells": cells, "lines": lines })
    }
}

/// All rows of a publication, date by date.
async fn seen(app: &TestApp, publication: &Publication) -> BTreeMap<String, Seen> {
    let mut dates = BTreeMap::<String, Seen>::new();
    for level in ["england", "region", "authority"] {
        for dimension in [None].into_iter().chain(publication.dimensions.iter().copied().map(Some)) {
            let by = dimension.map_or(String::new(), |dimension| format!(",{dimension}"));
            let body = app.get(&format!("{}&group_by={level}{by}", publication.path)).await.json();
            for row in body["data"].as_array().unwrap() {
                let seen = dates.entry(row["as_at"].as_str().unwrap().to_owned()).or_default();
                seen.take(row, dimension, publication);
            }
        }
    }
    dates
}

#[actix_web::test]
async fn an_attack_on_everything_that_is_published_recovers_no_hidden_count() {
    // Three boroughs, one of them tiny, and an authority that is tiny itself.
    let authorities = ["201", "302", "301", "420"].map(|code| Authority::parse(code).unwrap());
    let nouns = [Noun::Child, Noun::Provider, Noun::Service, Noun::EhcRequest, Noun::AdviceRequest, Noun::Referral];
    let mut app = demo(Database::sqlite(), authorities.into_iter(), &nouns);
    app.app = app.app.at(Clock::still(date("2025-02-02")));
    let (mut tables, mut hidden, mut cells) = (Vec::new(), 0, 0);
    for publication in &PUBLICATIONS {
        for (date, seen) in seen(&app, publication).await {
            for shown in seen.cells.values() {
                let few = shown.as_u64().is_some_and(|count| (1..10).contains(&count));
                assert!(!few, "{} shows {shown}", publication.path);
            }
            let secret = seen.cells.values().filter(|shown| shown.is_null()).count();
            assert!(secret * 10 < seen.cells.len() * 9, "{}: {secret} are hidden", publication.path);
            (hidden, cells) = (hidden + secret, cells + seen.cells.len());
            tables.push(seen.table(&format!("{} {date}", publication.path)));
        }
    }
    assert!(tables.len() == 6 && hidden > 100, "{hidden} of {cells} are hidden in {} tables", tables.len());
    let Some(python) = attack::python() else { return };
    let published = json!({ "rounding": 5, "least_shown": 8, "tables": tables });
    let folder = tempfile::tempdir().unwrap();
    let (code, said) = attack::run(&python, folder.path(), &published);
    assert_eq!(code, 0, "{said:#}");
}
