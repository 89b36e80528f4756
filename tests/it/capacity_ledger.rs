//! The ledger of capacity in the engine alone: published weeks, what always holds, and what a service must not lose.

use proptest::prelude::*;
use serde_json::Value;
use twentyweeks::domain::absence::AbsenceKind;
use twentyweeks::domain::calendar::Calendar;
use twentyweeks::domain::calendar_entry::{CalendarEntry, CalendarKind};
use twentyweeks::domain::capacity::day_book::{DayBook, monday};
use twentyweeks::domain::capacity::expected::Expected;
use twentyweeks::domain::capacity::ledger::{Ledger, Weeks, ledger};
use twentyweeks::domain::capacity::minutes::Use;
use twentyweeks::domain::capacity::parameters::{Entry, Parameters, Ramp, premises};
use twentyweeks::domain::capacity::person::{Absent, Person, Reader};
use twentyweeks::domain::capacity::timetable::Timetable;
use twentyweeks::domain::facts::{Day, NEVER, NOWHERE, day};
use twentyweeks::domain::post::Band;
use twentyweeks::domain::service::Discipline;

use super::support::{date, vectors};

fn day_of(text: &Value) -> Day {
    day(Some(date(text.as_str().unwrap())))
}

fn closure(first: &str, last: &str) -> CalendarEntry {
    CalendarEntry { kind: CalendarKind::SchoolClosure, starts_on: date(first), ends_on: date(last), name: None }
}

/// What is assumed where there is no rule.
fn assumed() -> Parameters {
    Parameters::of(&premises(Discipline::Physiotherapy, &[], date("2026-09-01")))
}

fn whole_time(starts: Day) -> Person {
    Person {
        worker: 0,
        service: NOWHERE,
        band: Band::Six,
        pattern: [450.0, 450.0, 450.0, 450.0, 450.0, 0.0, 0.0],
        starts,
        ends: NEVER,
        productive_from: starts,
        entry: Entry::Experienced,
        term_time_only: false,
        leave_days: None,
        absences: Vec::new(),
        sickness_on_record: None,
    }
}

/// The person of a published line, and the parameters it was worked out with.
fn published(input: &Value) -> (Person, Parameters) {
    let staff = &input["staff"];
    let number = |name: &str| staff[name].as_f64().unwrap();
    let mut person = whole_time(day_of(&staff["start"]));
    for (minutes, given) in person.pattern.iter_mut().zip(staff["pattern"].as_array().unwrap()) {
        *minutes = given.as_f64().unwrap();
    }
    person.leave_days = Some(number("leave_days"));
    for booked in staff["leave_booked"].as_array().into_iter().flatten() {
        let on = day_of(booked);
        person.absences.push(Absent { first: on, last: on, kind: AbsenceKind::BookedLeave });
    }
    let points = staff["ramp"].as_array().into_iter().flatten();
    let ramp = Ramp::new(points.map(|point| (point[0].as_f64().unwrap(), point[1].as_f64().unwrap())));
    let parameters = Parameters {
        study_days: number("study_days"),
        sickness: number("sickness"),
        non_clinical: number("non_clinical"),
        leave_weight: number("leave_weight_holiday"),
        leave_year_month: 9,
        ramps: [ramp.clone(), ramp.clone(), ramp],
        ..assumed()
    };
    (person, parameters)
}

#[test]
fn every_published_week_of_minutes() {
    let lines = vectors("capacity_ledger.jsonl");
    assert_eq!(lines.len(), 5);
    for line in lines {
        let input = &line["input"];
        let (person, parameters) = published(input);
        let spans = input["school_holidays"].as_array().unwrap().iter();
        let closures: Vec<_> =
            spans.map(|span| closure(span[0].as_str().unwrap(), span[1].as_str().unwrap())).collect();
        let days = (day_of(&input["leave_year"][0]), day_of(&input["leave_year"][1]));
        let book = DayBook::new(days, &Calendar::default(), closures.iter());
        let timetable = Timetable::steady(parameters);
        let mut reader = Reader::new(&person, &book, &timetable);
        let mut weeks = |monday: Day, count: i32| {
            (monday..monday + 7 * count).map(|day| reader.day(day).of(Use::Unallocated)).sum::<f64>()
        };
        let of = |told: &Value| told.as_f64().unwrap();
        for (week, told) in line["output"]["weeks"].as_object().unwrap() {
            let ours = weeks(day(Some(date(week))), 1);
            assert!((ours - of(told)).abs() < 1e-8, "{} in the week of {week}: {ours}, not {told}", line["id"]);
        }
        let (ours, told) =
            (weeks(day(Some(date("2026-09-07"))), 51), of(&line["output"]["total_51_weeks_from_2026_09_07"]));
        assert!((ours - told).abs() < 1e-5, "{} in 51 weeks: {ours}, not {told}", line["id"]);
    }
}

#[test]
fn days_between_terms_are_school_holidays_and_bank_holidays_are_known() {
    let term = |first, last| CalendarEntry { kind: CalendarKind::SchoolTerm, ..closure(first, last) };
    let entries =
        [term("2024-09-02", "2024-10-25"), term("2024-11-04", "2024-12-20"), closure("2024-11-15", "2024-11-15")];
    let days = (day(Some(date("2024-08-01"))), day(Some(date("2025-01-31"))));
    let book = DayBook::new(days, &Calendar::with([date("2024-12-02")]), entries.iter());
    let kind = |text| book.kind(day(Some(date(text))));
    let is_holiday = |text| kind(text).is_school_holiday;
    assert_eq!(
        [
            "2024-08-30",
            "2024-09-02",
            "2024-10-25",
            "2024-10-26",
            "2024-11-03",
            "2024-11-04",
            "2024-11-15",
            "2024-12-21"
        ]
        .map(is_holiday),
        [false, false, false, true, true, false, true, false],
        "nothing is known before the first term and after the last"
    );
    assert!(["2024-08-26", "2024-12-25", "2024-12-02"].map(kind).iter().all(|kind| kind.is_bank_holiday));
}

#[test]
fn lists_and_waits_are_read_off_sums_of_days() {
    let first = origin();
    // Monday to Friday 1, 0.5, 0, 0.5, 1; nothing at the weekend; half as much on the Monday after.
    let expected = Expected::new(first, [1.0, 0.5, 0.0, 0.5, 1.0, 0.0, 0.0, 0.5].into_iter());
    let queue = |waiting, deadline| {
        let queue = expected.queue(waiting, deadline);
        assert_eq!(queue.waiting, waiting);
        (queue.next_wait, queue.largest_list)
    };
    // One more than two is reached on the fifth day; the half of the eighth makes no fourth child.
    assert_eq!(
        [queue(0, 1), queue(1, 4), queue(2, 5), queue(3, 8)],
        [(Some(1), 1), (Some(4), 2), (Some(5), 3), (None, 3)]
    );
    assert_eq!(queue(0, 100), (Some(1), 3), "a deadline beyond the last day is that of the last");
    // After Monday's end: 0.5 on Tuesday, 0.5 on Thursday, 1 on Friday.
    assert_eq!([1, 3, 4, 100].map(|days| expected.after(first, days)), [0, 1, 2, 2]);
    assert_eq!((expected.after(first - 1, 1), expected.after(first + 50, 7)), (1, 0));
    // Ten tenths are one child.
    assert_eq!(Expected::new(first, [0.1; 10].into_iter()).after(first - 1, 10), 1);
}

/// Any pattern, any span, any absences, in a year and a half.
fn anybody() -> impl Strategy<Value = Person> {
    let pattern = proptest::array::uniform7(prop_oneof![Just(0.0), (30_u32..600).prop_map(f64::from)]);
    let entry =
        prop_oneof![Just(Entry::Experienced), Just(Entry::NewlyQualified), Just(Entry::Agency), Just(Entry::Trainee)];
    let absence = (0_i32..700, 0_i32..60, 0_usize..4);
    (
        pattern,
        entry,
        0_i32..400,
        20_i32..400,
        any::<bool>(),
        0_usize..11,
        proptest::collection::vec(absence, 0..4),
        0_u32..1_000_000,
    )
        .prop_map(|(pattern, entry, from, length, term_time_only, band, absences, worker)| {
            let origin = origin();
            let absent = |(from, length, kind): (i32, i32, usize)| Absent {
                first: origin + from,
                last: origin + from + length,
                kind: AbsenceKind::ALL[kind],
            };
            Person {
                worker,
                pattern,
                entry,
                starts: origin + from,
                productive_from: origin + from,
                ends: origin + from + length,
                term_time_only,
                band: Band::ALL[band],
                absences: absences.into_iter().map(absent).collect(),
                ..whole_time(origin)
            }
        })
}

/// A Monday.
fn origin() -> Day {
    monday(day(Some(date("2025-09-01"))))
}

fn england(weeks: Weeks) -> DayBook {
    let closures =
        [closure("2025-10-27", "2025-10-31"), closure("2025-12-22", "2026-01-02"), closure("2026-07-22", "2026-08-31")];
    DayBook::new(weeks.days(), &Calendar::default(), closures.iter())
}

fn year_from(first: Day) -> Weeks {
    Weeks { first, last: first + 7 * 77, as_at: first + 30 }
}

/// With follow-ups, which the assumptions do without.
fn busy() -> Parameters {
    Parameters { follow_ups: vec![(1, 0.5), (2, 1.0), (6, 0.7)], ..assumed() }
}

/// Parameters by which nobody takes anything of anybody.
fn each_alone() -> Parameters {
    Parameters { supervision: 0.0, ..assumed() }
}

fn worked_out(people: &[Person], book: &DayBook, parameters: Parameters, weeks: Weeks) -> Ledger {
    ledger(people, (book, &Timetable::steady(parameters)), weeks, |monday| f64::from(monday % 3))
}

fn slots(ledger: &Ledger) -> Vec<[u64; 2]> {
    ledger.values().map(|week| week.offers.map(|offer| offer.slots)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn minutes_are_never_lost_and_never_negative(people in proptest::collection::vec(anybody(), 1..6)) {
        let weeks = year_from(origin());
        let ledger = worked_out(&people, &england(weeks), busy(), weeks);
        for ((monday, _), week) in &ledger {
            prop_assert!(week.minutes.difference().abs() < 1e-6, "{monday}: {week:?}");
            for what in Use::ALL {
                prop_assert!(week.minutes.of(*what) >= -1e-9, "{monday}, {}: {week:?}", what.code());
            }
            // All are of one service: by service the need is shared by contracted minutes, and the minutes by who has any.
            prop_assert!(week.follow_ups <= week.follow_ups_needed + 1e-6, "{monday}: {week:?}");
            prop_assert!(week.minutes.contracted == 0.0 || week.minutes.clinical() <= week.minutes.contracted);
        }
    }

    #[test]
    fn whole_slots_never_run_ahead_or_behind_by_one(person in anybody()) {
        let weeks = year_from(origin());
        let ledger = worked_out(std::slice::from_ref(&person), &england(weeks), busy(), weeks);
        for place in [0, 1] {
            let (mut real, mut whole) = (0.0, 0.0);
            for (monday, week) in ledger.iter().map(|((monday, _), week)| (*monday, week)) {
                if (monday - twentyweeks::domain::capacity::day_book::monday(person.starts)) / 7 % 52 == 0 {
                    (real, whole) = (0.0, 0.0);
                }
                real += week.offers[place].real;
                whole += f64::from(u32::try_from(week.offers[place].slots).unwrap());
                prop_assert!((whole - real).abs() < 1.0, "{monday}: {whole} of {real}");
            }
        }
    }

    #[test]
    fn another_holding_never_removes_a_slot(people in proptest::collection::vec(anybody(), 0..4), more in anybody()) {
        let weeks = year_from(origin());
        let book = england(weeks);
        let before = worked_out(&people, &book, each_alone(), weeks);
        let with: Vec<_> = people.iter().cloned().chain([more]).collect();
        let after = worked_out(&with, &book, each_alone(), weeks);
        for (key, week) in &before {
            for (offer, with) in week.offers.iter().zip(after[key].offers) {
                prop_assert!(with.slots >= offer.slots && with.real >= offer.real - 1e-9, "{key:?}");
            }
        }
    }

    #[test]
    fn one_whole_is_two_halves_of_the_same_pattern(person in anybody()) {
        let weeks = year_from(origin());
        let book = england(weeks);
        let half = Person { pattern: person.pattern.map(|minutes| minutes / 2.0), ..person.clone() };
        let whole = worked_out(&[person], &book, each_alone(), weeks);
        let halves = worked_out(&[half.clone(), half], &book, each_alone(), weeks);
        for (key, week) in &whole {
            let other = &halves[key];
            for what in Use::ALL {
                prop_assert!((week.minutes.of(*what) - other.minutes.of(*what)).abs() < 1e-9, "{}", what.code());
            }
            for (offer, with) in week.offers.iter().zip(other.offers) {
                prop_assert!((offer.real - with.real).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn fifty_two_weeks_later_without_holidays_all_is_the_same(people in proptest::collection::vec(anybody(), 1..4)) {
        let parameters = Parameters { leave_days: 0.0, study_days: 0.0, ..busy() };
        let shift = |person: &Person| Person {
            starts: person.starts + 364,
            productive_from: person.productive_from + 364,
            ends: person.ends + 364,
            absences: person.absences.iter().map(|absent| Absent { first: absent.first + 364, last: absent.last + 364, ..*absent }).collect(),
            ..person.clone()
        };
        let weeks = year_from(origin());
        let later = Weeks { first: weeks.first + 364, last: weeks.last + 364, as_at: weeks.as_at + 364 };
        let no_holidays = |weeks: Weeks| DayBook::without_holidays(weeks.days());
        let here = ledger(&people, (&no_holidays(weeks), &Timetable::steady(parameters.clone())), weeks, |monday| f64::from(monday / 7 % 4));
        let moved: Vec<_> = people.iter().map(shift).collect();
        let there = ledger(&moved, (&no_holidays(later), &Timetable::steady(parameters)), later, |monday| f64::from((monday - 364) / 7 % 4));
        let shifted: Ledger = here.into_iter().map(|((monday, service), week)| ((monday + 364, service), week)).collect();
        prop_assert_eq!(shifted, there);
    }

    #[test]
    fn the_weeks_asked_about_do_not_matter(people in proptest::collection::vec(anybody(), 1..4), skip in 0_i32..60) {
        let weeks = year_from(origin());
        let all = worked_out(&people, &england(weeks), busy(), weeks);
        let part = Weeks { first: weeks.first + 7 * skip, ..weeks };
        let some = worked_out(&people, &england(part), busy(), part);
        let expected: Ledger = all.into_iter().filter(|((monday, _), _)| *monday >= part.first).collect();
        prop_assert_eq!(slots(&expected), slots(&some));
    }
}

#[test]
fn supervision_is_taken_of_those_who_may_and_only_while_it_is_needed() {
    let first = origin();
    let weeks = Weeks { first, last: first + 7 * 12, as_at: first };
    let book = DayBook::without_holidays(weeks.days());
    let supervisor = whole_time(first - 1_000);
    let assistant = Person { band: Band::Four, ..supervisor.clone() };
    let starter = Person { band: Band::Five, ..whole_time(first + 14) };
    let ledger = worked_out(&[supervisor, assistant, starter], &book, assumed(), weeks);
    let supervision: Vec<_> = ledger.values().map(|week| week.minutes.of(Use::Supervision).round()).collect();
    // An hour a week from the starter's first week to the week before full productivity, eight weeks later.
    assert_eq!(supervision, [vec![0.0; 2], vec![60.0; 8], vec![0.0; 3]].concat());
}

#[test]
fn follow_ups_come_before_new_children_but_leave_them_their_share() {
    let first = origin();
    let weeks = Weeks { first, last: first + 7 * 3, as_at: first - 1 };
    let book = DayBook::without_holidays(weeks.days());
    let parameters = |each: f64| Parameters { follow_ups: vec![(1, each)], new_work_minimum: 0.25, ..assumed() };
    let starts = |monday: Day| if monday == first - 7 { 10.0 } else { 0.0 };
    let week = |each: f64| {
        let timetable = Timetable::steady(parameters(each));
        let ledger = ledger(&[whole_time(first - 1_000)], (&book, &timetable), weeks, starts);
        *ledger.values().next().unwrap()
    };
    let some = week(0.5);
    assert!((some.follow_ups_needed - 5.0).abs() < 1e-9 && (some.follow_ups - 5.0).abs() < 1e-9);
    assert!((some.minutes.of(Use::FollowUp) - 300.0).abs() < 1e-9, "five of sixty minutes");
    let too_many = week(9.0);
    assert!((too_many.follow_ups_needed - 90.0).abs() < 1e-9 && too_many.follow_ups < 30.0);
    let new: f64 =
        [Use::FirstContact, Use::EhcAdvice, Use::Unallocated].map(|what| too_many.minutes.of(what)).iter().sum();
    assert!((new / too_many.minutes.clinical() - 0.25).abs() < 1e-9);
}
