//! The demonstration: its totals of 2024 are DfE's published ones, and the same seed gives the same records.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde_json::Value;
use twentyweeks::app::{App, Clock, Outcome};
use twentyweeks::demo::{SEED, census_day, records};
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::caller::Caller;
use twentyweeks::domain::facts::day;
use twentyweeks::domain::field::Given;
use twentyweeks::domain::noun::Noun;
use twentyweeks::domain::post::Post;
use twentyweeks::domain::post_holding::{Engagement, PostHolding};
use twentyweeks::domain::service::Discipline;
use twentyweeks::domain::statistics::group::{Every, Periods};
use twentyweeks::domain::statistics::reviews::reviews;
use twentyweeks::metrics::Metrics;
use twentyweeks::store::Store;

use super::support::facts::facts_of;
use super::support::{Database, TestApp, project};

/// Writes the synthetic records of some authorities, of some nouns.
pub fn demo(database: Database, authorities: impl Iterator<Item = Authority>, nouns: &[Noun]) -> TestApp {
    let app = App::new(Store::open(&database.url).unwrap(), Clock::still(census_day()), Metrics::new().unwrap());
    for authority in authorities {
        for (noun, submissions) in records(authority, SEED).unwrap() {
            if !nouns.contains(&noun) {
                continue;
            }
            for outcome in app.submit(&Caller::local("demo"), noun, authority, submissions).unwrap() {
                assert!(matches!(outcome, Outcome::Created(_)), "{authority:?} {noun:?} {outcome:?}");
            }
        }
    }
    TestApp::on(database, &census_day().to_string())
}

/// The rows of one of DfE's files, by authority, region and country, each a map from column to text.
fn published(file: &str) -> BTreeMap<String, BTreeMap<String, String>> {
    let text = std::fs::read_to_string(project("src/domain/published/dfe-2025-release").join(file)).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.map(|row| (place(|name| row[name].clone()), row)).collect()
}

/// Which area a row is about: the narrowest code it has.
fn place(text: impl Fn(&str) -> String) -> String {
    let codes = [text("old_la_code"), text("region_code"), "England".to_owned()];
    codes.into_iter().find(|code| !code.is_empty()).unwrap()
}

/// Compares every column the two have in common beside place and time; answers with how many figures were compared.
async fn compare(app: &TestApp, file: &str, query: &str, columns: &[&str]) -> usize {
    let expected = published(file);
    let mut compared = 0;
    for level in ["authority", "region", "england"] {
        let path =
            format!("/v1/stats/ehc-timeliness?group_by={level}&issued_from=2024-01-01&issued_to=2024-12-31{query}");
        for row in app.get(&path).await.json()["data"].as_array().unwrap() {
            let area = place(|name| row[name].as_str().unwrap_or_default().to_owned());
            for column in columns {
                let published = &expected[&area][*column];
                let ours = match &row[*column] {
                    Value::Null => None,
                    number => Some(number.as_f64().unwrap()),
                };
                // `x` is unavailable: of nothing there is no share.
                let theirs = (published != "x").then(|| published.parse::<f64>().unwrap());
                assert_eq!(ours, theirs, "{column} of {area}: DfE has {published}");
                compared += 1;
            }
        }
    }
    compared
}

const PLANS: [&str; 14] = [
    "plans_issued_den",
    "plans_issued_den_ex",
    "plans_issued_within_20_weeks",
    "plans_issued_20_weeks_ex",
    "pc_plans_issued_within_20_weeks",
    "PC_plans_issued_20_weeks_ex",
    "plans_issued_gt20weeks_ltYear",
    "plans_issued_gt20weeks_ltYear_ex",
    "pc_plans_issued_gt20weeks_ltYear",
    "PC_plans_issued_gt20weeks_ltYear_ex",
    "plans_issued_gt_1_year",
    "plans_issued_gt_1_year_ex",
    "pc_plans_issued_gt_1_year",
    "PC_plans_issued_gt_1_year_ex",
];

const REQUESTS: [&str; 4] = [
    "request_outcome_six_weeks",
    "request_outcome_over_6_weeks",
    "request_outcome_six_weeks_pc",
    "request_outcome_over_6_weeks_pc",
];

const REFUSALS: [&str; 4] = [
    "outcome_decision_within_time",
    "outcome_decision_over_time",
    "outcome_decision_within_time_pc",
    "outcome_decision_over_time_pc",
];

#[actix_web::test]
async fn totals_of_2024_are_the_published_ones_for_every_authority_region_and_england() {
    // What the totals are counted from; the children come by reference.
    let app = demo(Database::sqlite(), Authority::all(), &[Noun::EhcRequest, Noun::TimescaleException]);
    // 153 authorities, nine regions, England.
    assert_eq!(compare(&app, "timeliness_20_week_2024.csv", "", &PLANS).await, 163 * PLANS.len());
    let to_assess = "&stage=decision_to_assess";
    assert_eq!(compare(&app, "requests_2024.csv", to_assess, &REQUESTS).await, 163 * REQUESTS.len());
    compare(&app, "assessments_2024.csv", "&stage=decision_not_to_issue", &REFUSALS).await;
}

const REVIEWS: [&str; 10] = [
    "total_ehc_plans",
    "total_review_meeting",
    "outcome_amend",
    "outcome_cease",
    "outcome_maintan",
    "no_outcome",
    "number_decsion_4weeks",
    "number_decision_gt_4weeks",
    "pc_decsion_4weeks",
    "pc_decision_gt_4weeks",
];

#[test]
fn reviews_of_plans_are_the_published_ones_for_every_authority() {
    let expected = published("annual_reviews_2024.csv");
    let (today, mut compared) = (day(Some(census_day())), 0);
    let ever = Periods::new(today - 365 * 10, today, Every::Range);
    for authority in Authority::all() {
        let counts = reviews(&facts_of(authority), &ever, today)[0];
        let ours = [
            ("total_ehc_plans", counts.plans),
            ("total_review_meeting", counts.meetings),
            ("outcome_amend", counts.amend),
            ("outcome_cease", counts.cease),
            ("outcome_maintan", counts.maintain),
            ("no_outcome", counts.no_outcome),
            ("number_decsion_4weeks", counts.within_four_weeks),
            ("number_decision_gt_4weeks", counts.over_four_weeks),
        ];
        let published = |column: &str| expected[authority.code()][column].parse::<i64>().ok();
        // Of Kingston upon Hull, DfE has 153 more outcomes than meetings, and so -153 reviews without one.
        let surplus = published("no_outcome").map_or(0, |left| (-left).max(0));
        for (column, ours) in ours {
            if let Some(published) = published(column) {
                let reachable = if column == "outcome_maintan" { published - surplus } else { published.max(0) };
                assert_eq!(i64::try_from(ours), Ok(reachable), "{column} of {}", authority.code());
                compared += 1;
            }
        }
    }
    assert!(compared > 153 * 6, "only {compared} figures were compared");
}

/// A few authorities stand for all on the way through a database: small ones, the planted one, ones that published more
/// decisions than outcomes or no outcome at all, and one without figures.
#[actix_web::test]
async fn reviews_are_answered_as_they_are_published() {
    let some = ["201", "301", "343", "392", "420", "806", "857", "870"].map(|code| Authority::parse(code).unwrap());
    let app = demo(Database::sqlite(), some.into_iter(), &[Noun::EhcRequest, Noun::EhcPlan, Noun::AnnualReview]);
    let expected = published("annual_reviews_2024.csv");
    let rows = app.get("/v1/stats/annual-reviews?group_by=authority").await.json();
    let mut compared = 0;
    for row in rows["data"].as_array().unwrap() {
        let area = row["old_la_code"].as_str().unwrap();
        for column in REVIEWS {
            if let Ok(published) = expected[area][column].parse::<f64>() {
                assert_eq!(row[column].as_f64(), Some(published), "{column} of {area}");
                compared += 1;
            }
        }
    }
    assert!(compared >= 7 * 8, "only {compared} figures were compared");
}

#[actix_web::test]
async fn one_authority_has_records_of_every_noun_and_its_planted_story_shows() {
    let barking = Authority::parse("301").unwrap();
    for database in Database::each() {
        let app = demo(database, [barking].into_iter(), Noun::ALL);
        // Of these no totals are published that a demonstration could follow.
        let others = [Noun::Order, Noun::Reassessment, Noun::PlanAmendment, Noun::Consultation, Noun::Dispute];
        for noun in Noun::ALL.iter().filter(|noun| !others.contains(noun)) {
            let list = app.get(&format!("/v1/{}?limit=1", noun.kind().plural)).await.json();
            assert_eq!(list["data"].as_array().unwrap().len(), 1, "{noun:?}");
        }
        let late = app.get("/v1/ehc-plan-delays/summary?authority=301&group_by=outstanding_advice").await.json();
        let overdue = |advice: &str| {
            let row = late["data"].as_array().unwrap().iter().find(|row| row["outstanding_advice"] == advice);
            row.and_then(|row| row["overdue"].as_u64()).unwrap_or(0)
        };
        let therapies = overdue("speech_and_language_therapy") + overdue("occupational_therapy");
        assert!(therapies > 3 * overdue("educational_psychology"), "{late:#}");
        let outlook = app.get("/v1/stats/capacity-outlook?authority=301").await.json();
        let rows = outlook["data"].as_array().unwrap().iter();
        // Lists grow in all three therapies; physiotherapy has hours left that its job plans do not give to new children.
        let told: Vec<_> = rows.map(|row| (row["sustainable"].as_str(), row["load"].as_f64() > Some(1.0))).collect();
        assert_eq!(told, [(Some("no"), true), (Some("no"), true), (Some("no"), false)], "{outlook:#}");
        assert!(app.app.verify_ledger(None).unwrap().iter().all(|check| check.flaws.is_empty()));
    }
}

/// Hundredths of whole-time equivalents of each discipline of an authority: paid for, held on a day, held by agencies.
fn establishment(authority: Authority, on: NaiveDate) -> BTreeMap<Discipline, [i64; 3]> {
    let batches = records(authority, SEED).unwrap();
    let cells = |wanted: Noun| {
        let of_noun = batches.iter().filter(move |(noun, _)| *noun == wanted);
        let text = |given: &Given<'_>| if let Given::Text(text) = given { Some(text.to_string()) } else { None };
        of_noun.flat_map(|(_, rows)| rows).map(move |row| row.given.iter().map(text).collect::<Vec<_>>())
    };
    let mut sums = BTreeMap::<Discipline, [i64; 3]>::new();
    let mut posts = BTreeMap::new();
    for row in cells(Noun::Post) {
        let post = Post::from_texts(row.iter().map(Option::as_deref)).unwrap();
        sums.entry(post.discipline).or_default()[0] += post.funded_wte.units();
        posts.insert(post.post_ref.clone(), post.discipline);
    }
    for row in cells(Noun::PostHolding) {
        let holding = PostHolding::from_texts(row.iter().map(Option::as_deref)).unwrap();
        if holding.starts_on <= on && holding.ends_on.is_none_or(|last| last >= on) {
            let sums = sums.get_mut(&posts[&holding.post_ref]).unwrap();
            sums[1] += holding.wte.units();
            sums[2] += if holding.engagement == Engagement::Agency { holding.wte.units() } else { 0 };
        }
    }
    sums
}

#[test]
fn every_authority_has_posts_that_stand_empty_as_surveys_found_them() {
    for authority in Authority::all() {
        for (discipline, [funded, held, agency]) in establishment(authority, census_day()) {
            let bounds = if discipline == Discipline::SpeechAndLanguageTherapy { 190..=250 } else { 100..=200 };
            for held in [held, held - agency] {
                let empty = (funded - held) * 1_000 / funded;
                assert!(bounds.contains(&empty), "{authority:?} {discipline:?}: {empty} in a thousand are empty");
            }
        }
    }
    let barking = establishment(Authority::parse("301").unwrap(), census_day());
    assert_eq!(barking.into_values().map(|[funded, ..]| funded).collect::<Vec<_>>(), [1_400, 700, 400]);
}

#[test]
fn the_same_seed_gives_the_same_records_and_another_seed_others() {
    let barking = Authority::parse("301").unwrap();
    let text = |seed| format!("{:?}", records(barking, seed).unwrap());
    assert_eq!(text(SEED), text(SEED));
    assert_ne!(text(SEED), text(SEED + 1));
}
