//! An attack on all that is published of the timeliness of plans: areas, bands and shares, two years, three months of
//! publication with what was recorded late between them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Map, Value, json};
use twentyweeks::app::Clock;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::noun::Noun;
use twentyweeks::domain::statistics::disclosure::is_small;

use super::demo::demo;
use super::disclosure::attack;
use super::support::{Database, TestApp, date};

/// Councils of five regions, some of them tiny; in some all plans are in time, in others hardly any.
const COUNCILS: [&str; 12] = ["201", "207", "213", "301", "302", "317", "420", "879", "857", "868", "872", "908"];

/// The bands of a row, with the columns they are published in.
const BANDS: [(&str, &str); 5] = [
    ("all", "plans_issued_den"),
    ("within", "plans_issued_within_20_weeks"),
    ("late", "plans_issued_gt20weeks"),
    ("to a year", "plans_issued_gt20weeks_ltYear"),
    ("over a year", "plans_issued_gt_1_year"),
];

/// How the tables are published.
#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    /// As the service does.
    Protected,
    /// Only 1 to 7 hidden, nothing rounded, and the share of whatever is shown.
    PrimaryOnly,
}

/// One publication of a year, with the counts behind it.
#[derive(Default)]
struct Year {
    shown: BTreeMap<String, Value>,
    raw: BTreeMap<String, u64>,
    percent: BTreeMap<String, f64>,
    parts: BTreeMap<String, BTreeSet<String>>,
}

/// The area of a row, and the wider one it is a part of.
fn area(row: &Value) -> (String, Option<String>) {
    let word = |name: &str| row[name].as_str().filter(|code| !code.is_empty()).map(ToOwned::to_owned);
    let england = || "England".to_owned();
    match (word("old_la_code"), word("region_code")) {
        (Some(council), region) => (council, region),
        (None, Some(region)) => (region, Some(england())),
        (None, None) => (england(), None),
    }
}

fn raw_of(row: &Value) -> [u64; 5] {
    let count = |name: &str| row[name].as_u64().unwrap();
    let (all, within) = (count("plans_issued_den"), count("plans_issued_within_20_weeks"));
    let to_a_year = count("plans_issued_gt20weeks_ltYear");
    [all, within, all - within, to_a_year, all - within - to_a_year]
}

impl Year {
    /// Asks for what is published at the beginning of a month, and for what is true and was known then.
    async fn read(app: &TestApp, year: i32, month: &str) -> Self {
        let mut read = Self::default();
        for level in ["england", "region", "authority"] {
            let open = app.get(&format!("/open/v1/ehc-timeliness?year={year}&group_by={level}")).await.json();
            let known = format!("known_at={month}T00:00:00Z&as_at={year}-12-31");
            let span = format!("issued_from={year}-01-01&issued_to={year}-12-31");
            let raw = app.get(&format!("/v1/stats/ehc-timeliness?group_by={level}&{span}&{known}")).await.json();
            let raw: BTreeMap<_, _> =
                raw["data"].as_array().unwrap().iter().map(|row| (area(row).0, raw_of(row))).collect();
            for row in open["data"].as_array().unwrap() {
                read.take(row, raw[&area(row).0]);
            }
        }
        read
    }

    fn take(&mut self, row: &Value, raw: [u64; 5]) {
        let (area, wider) = area(row);
        for ((band, column), raw) in BANDS.into_iter().zip(raw) {
            let key = format!("{area}|{band}");
            self.shown.insert(key.clone(), row[column].clone());
            self.raw.insert(key.clone(), raw);
            let of_band = match band {
                "within" | "late" => Some(format!("bands\n{area}|all")),
                "to a year" | "over a year" => Some(format!("bands\n{area}|late")),
                _ => None,
            };
            let of_area = wider.as_ref().map(|wider| format!("areas\n{wider}|{band}"));
            for total in of_band.into_iter().chain(of_area) {
                self.parts.entry(total).or_default().insert(key.clone());
            }
        }
        if let Some(percent) = row["pc_plans_issued_within_20_weeks"].as_f64() {
            self.percent.insert(area, percent);
        }
    }

    fn cell(&self, how: How, key: &str) -> Value {
        let raw = self.raw[key];
        match how {
            How::Protected => json!({ "key": key, "shown": self.shown[key] }),
            How::PrimaryOnly if is_small(raw) => json!({ "key": key, "shown": null, "most": 7 }),
            How::PrimaryOnly => json!({ "key": key, "shown": raw }),
        }
    }

    fn table(&self, how: How, name: &str) -> Value {
        let cells: Vec<_> = self.shown.keys().map(|key| self.cell(how, key)).collect();
        let line = |(total, parts): (&String, &BTreeSet<String>)| json!({ "total": total.split('\n').nth(1).unwrap(), "parts": parts });
        json!({ "name": name, "cells": cells, "lines": self.parts.iter().map(line).collect::<Vec<_>>() })
    }

    /// The shares shown; with nothing but small counts hidden, the true ones wherever both numbers are shown.
    fn rates(&self, how: How, name: &str) -> Vec<Value> {
        let areas = self.raw.keys().filter_map(|key| key.strip_suffix("|all"));
        let percent = |area: &str| {
            let (within, all) = (self.raw[&format!("{area}|within")], self.raw[&format!("{area}|all")]);
            let exact = (all > 0 && !is_small(within) && !is_small(all))
                .then(|| f64::from(u32::try_from((2000 * within + all) / (2 * all)).unwrap()) / 10.0);
            if how == How::Protected { self.percent.get(area).copied() } else { exact }
        };
        let rates = areas.filter_map(|area| {
            let cell = |band: &str| json!([name, format!("{area}|{band}")]);
            Some(json!({ "part": cell("within"), "whole": cell("all"), "percent": percent(area)? }))
        });
        rates.collect()
    }

    fn hidden(&self) -> usize {
        self.shown.values().filter(|shown| shown.is_null()).count()
    }
}

/// Every publication under its name, with what the reader knows of how they hang together.
fn published(how: How, years: &BTreeMap<String, Year>, (links, moves): (Vec<Value>, Vec<Value>)) -> Value {
    let tables: Vec<_> = years.iter().map(|(name, year)| year.table(how, name)).collect();
    let rates: Vec<_> = years.iter().flat_map(|(name, year)| year.rates(how, name)).collect();
    let secret: Map<_, _> = years.iter().map(|(name, year)| (name.clone(), json!(year.raw))).collect();
    let (rounding, least_shown) = if how == How::PrimaryOnly { (1, 1) } else { (5, 8) };
    json!({
        "rounding": rounding, "least_shown": least_shown, "tables": tables, "links": links, "moves": moves,
        "rates": rates, "secret": secret,
    })
}

/// More plans of a finished year than this no council records in a month, as a reader may guess. Whoever knows of a single
/// one knows its count where nobody was before, as every rule that shows 0 has it.
const MOST_LATE: u64 = 12;

/// Two publications of one year as a reader sees them who knows which councils recorded plans late between them: without
/// one the counts of an area are the same, elsewhere they differ by no more than a month can bring.
fn pairs(names: [&str; 2], years: &BTreeMap<String, Year>, late: &BTreeMap<String, u64>) -> (Vec<Value>, Vec<Value>) {
    let (mut links, mut moves) = (Vec::new(), Vec::new());
    for key in years[names[0]].shown.keys() {
        let cells = json!([[names[0], key], [names[1], key]]);
        match late.get(key.split('|').next().unwrap()) {
            None => links.push(cells),
            Some(most) => moves.push(json!({ "cells": cells, "most": most })),
        }
    }
    (links, moves)
}

/// The demonstration's plans of 2024, and those of 2023 besides, of which it has next to none.
async fn councils() -> TestApp {
    let councils = COUNCILS.map(|code| Authority::parse(code).unwrap());
    let nouns = [Noun::Child, Noun::Provider, Noun::Service, Noun::EhcRequest];
    let app = demo(Database::sqlite(), councils.into_iter(), &nouns);
    for (place, council) in (1..).zip(COUNCILS) {
        record(&app, council, (2023, "earlier"), [place * 11 % 37, place * 5 % 13, place * 7 % 9]).await;
    }
    at(app, "2025-02-03")
}

fn at(mut app: TestApp, day: &str) -> TestApp {
    app.app = app.app.at(Clock::still(date(day)));
    app
}

/// Plans of a year that a council records: so many within twenty weeks, within a year, and over a year.
async fn record(app: &TestApp, council: &str, (year, name): (i32, &str), plans: [u64; 3]) {
    let mut file = "external_id,child_ref,received_on,decision,decision_on,final_sent_on\n".to_owned();
    let received = [format!("{year}-06-03"), format!("{year}-02-05"), format!("{}-02-05", year - 1)];
    for (received, count) in received.iter().zip(plans) {
        for number in 0..count {
            let name = format!("{name}-{received}-{number}");
            writeln!(file, "{name},KID-{name},{received},assess,{year}-07-01,{year}-10-01").unwrap();
        }
    }
    let answer = app.csv(&format!("/v1/imports?type=ehc-requests&authority={council}"), file).await.json();
    assert_eq!((&answer["rejected"], &answer["created"]), (&json!(0), &json!(plans.iter().sum::<u64>())), "{answer}");
}

/// Plans of 2024 that councils record late.
type Late = [(&'static str, [u64; 3])];

/// How many plans each area may have recorded late, if its councils have.
fn areas_of(late: &Late) -> BTreeMap<String, u64> {
    let mut areas = BTreeMap::new();
    for (council, plans) in late {
        let region = Authority::parse(council).unwrap().region().code().to_owned();
        for area in [(*council).to_owned(), region, "England".to_owned()] {
            assert!(plans.iter().sum::<u64>() <= MOST_LATE);
            *areas.entry(area).or_default() += MOST_LATE;
        }
    }
    areas
}

/// The plans of 2023 and 2024 as published in February, and those of 2024 again in March and April.
async fn three_months() -> (BTreeMap<String, Year>, (Vec<Value>, Vec<Value>)) {
    let mut app = councils().await;
    let mut years = BTreeMap::new();
    for year in [2023, 2024] {
        years.insert(format!("{year} in February"), Year::read(&app, year, "2025-02-01").await);
    }
    // A council that had few, one that had none late, and one with many.
    let march: &Late = &[("857", [1, 0, 0]), ("213", [0, 1, 0])];
    let april: &Late = &[("301", [2, 1, 1]), ("420", [0, 1, 0]), ("201", [1, 0, 0])];
    let (mut links, mut moves) = (Vec::new(), Vec::new());
    let steps = [("February", "March", march, "2025-03"), ("March", "April", april, "2025-04")];
    for (before, after, late, month) in steps {
        for (council, plans) in late {
            record(&app, council, (2024, after), *plans).await;
        }
        app = at(app, &format!("{month}-02"));
        years.insert(format!("2024 in {after}"), Year::read(&app, 2024, &format!("{month}-01")).await);
        let names = [format!("2024 in {before}"), format!("2024 in {after}")];
        let pair = pairs([&names[0], &names[1]], &years, &areas_of(late));
        links.extend(pair.0);
        moves.extend(pair.1);
    }
    (years, (links, moves))
}

#[actix_web::test]
async fn an_attack_on_every_published_share_of_plans_recovers_no_hidden_count() {
    let Some(python) = attack::python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (years, known) = three_months().await;
    let (hidden, cells) = years.values().fold((0, 0), |sum, year| (sum.0 + year.hidden(), sum.1 + year.shown.len()));
    assert!(hidden > 50 && hidden * 10 < cells * 9, "{hidden} of {cells} are hidden");
    assert!(years.values().any(|year| !year.percent.is_empty()), "no share is shown");
    // Each publication alone, and all of them with what the reader knows of the months between.
    for known in [(Vec::new(), Vec::new()), known] {
        let (code, said) = attack::run(&python, folder.path(), &published(How::Protected, &years, known));
        println!("{hidden} of {cells} counts of plans are hidden: {said}");
        assert_eq!((code, said["attacked"].as_u64()), (0, u64::try_from(hidden).ok()), "{said:#}");
        // A count with two values at the least is not known.
        assert!(said["narrowest"].as_u64().is_none_or(|width| width >= 1), "{said:#}");
    }
}

#[actix_web::test]
async fn the_attack_recovers_plans_where_only_small_counts_are_hidden() {
    let Some(python) = attack::python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let app = councils().await;
    for year in [2023, 2024] {
        let years = BTreeMap::from([(year.to_string(), Year::read(&app, year, "2025-02-01").await)]);
        let file = published(How::PrimaryOnly, &years, (Vec::new(), Vec::new()));
        let (code, said) = attack::run(&python, folder.path(), &file);
        assert_eq!(code, 1, "{said:#}");
        assert_ne!(said["recovered"], json!([]), "{said:#}");
    }
}

#[test]
fn an_exact_share_gives_away_what_two_hidden_parts_do_not() {
    let Some(python) = attack::python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let cells =
        json!([{ "key": "all", "shown": 40 }, { "key": "within", "shown": null }, { "key": "late", "shown": null }]);
    let lines = json!([{ "total": "all", "parts": ["within", "late"] }]);
    let mut file = json!({ "rounding": 1, "tables": [{ "name": "plans", "cells": cells, "lines": lines }] });
    assert_eq!(attack::run(&python, folder.path(), &file).0, 0);
    file["rates"] = json!([{ "part": ["plans", "within"], "whole": ["plans", "all"], "percent": 82.5 }]);
    let (code, said) = attack::run(&python, folder.path(), &file);
    assert_eq!((code, said["recovered"].as_array().map(Vec::len)), (1, Some(2)), "{said:#}");
}
