//! Facts at the start: read and built all at once, they are what they became record by record.

use std::collections::BTreeMap;
use std::fmt::Debug;

use chrono::{Days, NaiveDate};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use twentyweeks::domain::authority::Authority;
use twentyweeks::domain::facts::{Day, Facts, NEVER};
use twentyweeks::domain::field::Shape;
use twentyweeks::domain::noun::{Cells, Noun};
use twentyweeks::store::{self, StoreError};

use super::support::TestApp;

/// Random records of every noun, and what they were corrected to: each links only to what stands before it.
#[derive(Debug, Default)]
struct Story {
    /// Each record's noun.
    nouns: BTreeMap<i64, Noun>,
    /// Every state, in the order of the ledger.
    entries: Vec<(Noun, i64, Cells)>,
}

impl Story {
    fn of(created: &[(usize, Vec<u16>)], corrected: &[(usize, Vec<u16>)]) -> Self {
        let mut story = Self::default();
        let one_each = Noun::ALL.iter().map(|noun| (*noun, &created[0].1));
        let more = created.iter().map(|(noun, chances)| (Noun::ALL[noun % Noun::ALL.len()], chances));
        // Two records of one child would be told apart by nothing.
        let more = more.filter(|(noun, _)| *noun != Noun::Child);
        for (number, (noun, chances)) in (1..).zip(one_each.chain(more)) {
            story.state(noun, number, chances);
        }
        let numbers: Vec<_> = story.nouns.keys().copied().collect();
        for (place, chances) in corrected {
            let number = numbers[place % numbers.len()];
            story.state(story.nouns[&number], number, chances);
        }
        story
    }

    fn state(&mut self, noun: Noun, number: i64, chances: &[u16]) {
        let fields = noun.kind().fields.iter().zip(chances.iter().cycle());
        let cells = fields.map(|(field, chance)| {
            let given = field.required || chance % 3 > 0;
            given.then(|| self.text((noun, number), field.shape, *chance)).flatten().map(Box::from)
        });
        self.entries.push((noun, number, Cells(cells.collect())));
        self.nouns.insert(number, noun);
    }

    /// One that may stand in a field. Children, providers, services and workers are one each: their places are told by who
    /// comes first, and mean nothing by themselves.
    fn text(&self, (noun, number): (Noun, i64), shape: Shape, chance: u16) -> Option<String> {
        let day = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Days::new(u64::from(chance) % 700);
        // A correction moves nothing to a record that came later: that one did not stand when the first state was written.
        let before = |wanted: Noun| -> Vec<i64> {
            self.nouns.range(..number).filter(|(_, noun)| **noun == wanted).map(|(number, _)| *number).collect()
        };
        let one_of = |numbers: Vec<i64>| numbers.get(usize::from(chance) % numbers.len().max(1)).copied();
        Some(match shape {
            Shape::Date => day.to_string(),
            Shape::Month => day.format("%Y-%m").to_string(),
            Shape::Flag => chance.is_multiple_of(2).to_string(),
            Shape::Code(words) => words[usize::from(chance) % words.len()].to_owned(),
            Shape::Number(bounds) => bounds.text(bounds.least + i64::from(chance) % (bounds.most - bounds.least + 1)),
            Shape::Text(_) => "W-1".to_owned(),
            Shape::Reference(Noun::Post) if noun == Noun::Post => format!("P-{number}"),
            Shape::Reference(Noun::Post) => format!("P-{}", one_of(before(Noun::Post))?),
            Shape::Reference(_) => "R-1".to_owned(),
            Shape::Link(to) => one_of(before(to))?.to_string(),
        })
    }

    fn one_by_one(&self) -> Facts {
        let mut facts = Facts::default();
        for (noun, number, cells) in &self.entries {
            facts.apply(*noun, *number, cells).unwrap();
        }
        facts
    }

    fn at_once(&self) -> Facts {
        let present: BTreeMap<_, _> =
            self.entries.iter().map(|(noun, number, cells)| ((*noun, *number), cells)).collect();
        let mut facts = Facts::loading();
        for noun in Facts::NOUNS {
            let records = present.iter().filter(|((whose, _), _)| whose == noun);
            facts.reserve(*noun, records.clone().count());
            for ((_, number), cells) in records {
                // As the store reads them: what nothing is made of is left out.
                let fields = noun.kind().fields.iter().zip(cells.0.iter());
                let texts = fields.map(|(field, cell)| cell.as_deref().filter(|_| Facts::reads(*noun, field.name)));
                facts.apply_texts(*noun, *number, texts).unwrap();
            }
        }
        facts.loaded()
    }
}

fn lines<T: Debug>(name: &str, rows: impl IntoIterator<Item = T>) -> Vec<String> {
    rows.into_iter().map(|row| format!("{name} {row:?}")).collect()
}

/// Everything facts say, line by line.
fn told(facts: &Facts, story: &Story) -> Vec<String> {
    let staff = &facts.staff;
    let children = &facts.children;
    let about = |number: &i64| {
        (*number, facts.case_about(*number), facts.provider_consulted(*number), facts.reassessment_ended(*number))
    };
    let clock = |clocks: &twentyweeks::domain::facts::ClockFacts| {
        // One that never starts says as much as none.
        let says = |day: &Day| *day != NEVER;
        let rows = clocks.rows().filter(|(_, row)| [row.started, row.due, row.done, row.ended].iter().any(says));
        rows.map(|(number, row)| {
            let days = (row.started, row.due, row.done, row.ended, row.lapses_until);
            (number, days, row.how, row.excusable, row.rule.id)
        })
        .collect::<Vec<_>>()
    };
    let columns = [&children.sex, &children.ethnicity_group, &children.primary_need, &children.sen_status];
    [
        lines("child", [&children.born]),
        lines("child", columns),
        lines("case", facts.cases.rows()),
        lines("advice", facts.advice.rows()),
        lines("referral", facts.referrals.rows()),
        lines("plan", facts.plans.rows()),
        lines("review", facts.reviews.rows()),
        lines("exception", facts.all_exceptions()),
        lines("about", story.nouns.keys().map(about)),
        lines("calendar", [facts.calendar()]),
        facts.clocks.iter().flat_map(|(name, rows)| lines(name.code(), clock(rows))).collect(),
        lines("post", staff.posts.rows()),
        lines("holding", staff.holdings.rows()),
        lines("absence", staff.absences.rows()),
        lines("recruitment", staff.recruitments.rows()),
        lines("trainee", staff.trainees.rows()),
        lines("held", staff.held()),
        lines("rule", staff.rules()),
        lines("school", staff.schools()),
    ]
    .concat()
}

#[test]
fn facts_built_at_once_are_those_built_record_by_record() {
    let some = |count| vec((0..1_000_usize, vec(any::<u16>(), 29)), count);
    let mut runner = TestRunner::new(Config { cases: 400, failure_persistence: None, ..Config::default() });
    let checked = runner.run(&(some(1..60), some(0..30)), |(created, corrected)| {
        let story = Story::of(&created, &corrected);
        let (one_by_one, at_once) = (told(&story.one_by_one(), &story), told(&story.at_once(), &story));
        assert!(at_once.len() > 30, "nothing is compared");
        for (one, other) in one_by_one.iter().zip(&at_once) {
            assert_eq!(one, other);
        }
        assert_eq!(one_by_one.len(), at_once.len());
        Ok(())
    });
    checked.unwrap();
}

/// Words, numbers, flags, and a name with all that a separator or an escape could be mistaken for.
async fn with_records(app: &TestApp) {
    let name = "Bank \"holiday\", 20\\25 — 'Île' | [null]";
    let rows = [
        (
            "posts",
            json!({ "post_ref": "P-1", "discipline": "physiotherapy", "band": "6", "funded_wte": 1.25, "starts_on": "2024-04-01" }),
        ),
        (
            "post-holdings",
            json!({ "post_ref": "P-1", "worker_ref": "W-1", "wte": 0.2, "engagement": "permanent", "starts_on": "2024-04-01",
            "term_time_only": false, "newly_qualified": true, "leave_entitlement_days": 27.5, "monday_minutes": 450, "friday_minutes": 0 }),
        ),
        (
            "calendars",
            json!({ "kind": "bank_holiday", "starts_on": "2025-05-06", "ends_on": "2025-05-06", "name": name }),
        ),
        ("calendars", json!({ "kind": "school_term", "starts_on": "2025-05-07", "ends_on": "2025-05-23" })),
        (
            "ehc-requests",
            json!({ "child_ref": "a-reference-longer-than-sixteen-bytes-42", "received_on": "2024-01-10",
            "decision": "do_not_assess", "decision_on": "2024-02-20", "request_tribunal": true, "detained": false }),
        ),
    ];
    for (noun, mut body) in rows {
        body["authority"] = "301".into();
        let answer = app.post(&format!("/v1/{noun}"), &body).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
}

#[actix_web::test]
async fn what_is_read_at_the_start_is_what_was_recorded() {
    let authority = Authority::parse("301").unwrap();
    for app in TestApp::each("2025-06-30") {
        with_records(&app).await;
        let mut conn = app.database.url.connect().unwrap();
        let mut records = 0;
        for noun in Noun::ALL.iter().copied() {
            let mut recorded = Vec::new();
            let keep = |_: &mut store::Conn, part: Vec<_>| {
                recorded.extend(part);
                Ok::<(), StoreError>(())
            };
            store::scan(&mut conn, noun, authority, keep).unwrap();
            let compare = |read: store::Records<'_>| {
                assert_eq!(read.count_left(), recorded.len());
                for (read, record) in read.zip(&recorded) {
                    let (number, texts) = read?;
                    let fields = noun.kind().fields.iter().zip(record.cells.0.iter().zip(texts.clone()));
                    assert_eq!((number, texts.count()), (record.id.number, noun.kind().fields.len()));
                    for (field, (cell, text)) in fields {
                        // SQLite keeps a flag as a digit, which reads as the same flag.
                        let text = match (field.shape, text) {
                            (Shape::Flag, Some("1")) => Some("true"),
                            (Shape::Flag, Some("0")) => Some("false"),
                            (_, text) => text,
                        };
                        assert_eq!(text, cell.as_deref(), "{} on {}", field.name, app.database.name);
                    }
                    records += 1;
                }
                Ok::<(), StoreError>(())
            };
            store::with_records(&mut conn, noun, authority, |_| true, compare).unwrap();
        }
        assert_eq!(records, 6, "five, and the child that came with its request");
    }
}
