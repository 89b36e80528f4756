//! An independent calculator, written from the words of the regulations, that shares no code with the engine: not even
//! the arithmetic of days. The engine must agree with it on 100,000 random cases over all clocks.

use std::collections::{BTreeMap, HashSet};

use chrono::{Datelike, NaiveDate};
use twentyweeks::domain::clock::{Bound, Clock, Event, Events, Exception, Ground, Question, State};
use twentyweeks::domain::field::FieldType;

use super::support::vectors;

/// Days since 1 March of the year 0, in the proleptic Gregorian calendar.
fn number(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
}

fn is_leap(year: i64) -> bool {
    (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
}

fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Year, month and day, found by counting up: slow and plain.
fn civil(day: i64) -> (i64, i64, i64) {
    let mut year = day / 366;
    while number(year + 1, 1, 1) <= day {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && number(year, month + 1, 1) <= day {
        month += 1;
    }
    (year, month, day - number(year, month, 1) + 1)
}

/// The corresponding date so many months on, or back; the last day of a month that has none.
fn corresponding(day: i64, months: i64) -> i64 {
    let (year, month, of_month) = civil(day);
    let count = year * 12 + month - 1 + months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
    number(year, month, of_month.min(length(year, month)))
}

/// The last day of a period of months beginning with a day: the day before the corresponding date, if there is one.
fn period_of_months(first: i64, months: i64) -> i64 {
    let end = corresponding(first, months);
    if civil(end).2 == civil(first).2 { end - 1 } else { end }
}

struct Law {
    holidays: HashSet<i64>,
}

/// What the words of the law say about one clock and some facts.
struct Says {
    start: i64,
    due: i64,
    /// The act must come after the due date, not by it.
    is_window: bool,
    grounds: &'static str,
}

type Facts = BTreeMap<&'static str, i64>;

/// School closure, early years closure, circumstances, absence of four weeks: as regs 5(4), 10(4) and 27(3) list them.
const ASSESSMENT: &str = "school early_years circumstances absence28";
/// The advice-giving body: reg 8(2).
const ADVICE: &str = "circumstances absence28 appointment";
/// The Tribunal's orders: reg 44(3).
const ORDER: &str = "school early_years circumstances absence14";

impl Law {
    fn works(&self, day: i64) -> bool {
        // Day 0, 1 March of the year 0, is a Wednesday.
        let weekday = (day + 2) % 7;
        weekday < 5 && !self.holidays.contains(&day)
    }

    /// The last of so many working days, counting `first` if it is one.
    fn working_days(&self, first: i64, count: i64) -> i64 {
        (first..).filter(|day| self.works(*day)).nth(usize::try_from(count - 1).unwrap()).unwrap()
    }

    fn says(&self, clock: &str, facts: &Facts) -> Option<Says> {
        let of = |name: &str| facts.get(name).copied();
        let request = || of("request_received").or(of("became_responsible"));
        let order = || of("order_date").or(of("agreement_date"));
        let conceded = || of("la_notified_tribunal");
        let by = |start: Option<i64>, days: i64, grounds| {
            start.map(|start| Says { start, due: start + days, is_window: false, grounds })
        };
        let until = |start: i64, due: i64| Some(Says { start, due, is_window: false, grounds: "" });
        let window =
            |start: Option<i64>| start.map(|start| Says { start, due: start + 14, is_window: true, grounds: "" });
        match clock {
            // "within 6 weeks of receiving the request": the day of receipt does not count.
            "decide_to_assess" => by(request(), 42, ASSESSMENT).or(by(of("detained_request_received"), 42, ASSESSMENT)),
            "refuse_to_assess" => by(request().or(of("detained_request_received")), 42, ""),
            // Of the council's own advisers guidance expects the same.
            "advice_return" | "reassess_advice" => {
                by(of("advice_request_received_by_body").or(of("advice_request_received_by_own_adviser")), 42, ADVICE)
            }
            "decide_not_to_issue" => by(request(), 112, ASSESSMENT).or(by(
                of("detained_request_received"),
                112,
                "school early_years circumstances",
            )),
            "final_plan" => by(request(), 140, ASSESSMENT).or(by(
                of("detained_request_received"),
                140,
                "school early_years circumstances",
            )),
            // "at least 15 days, beginning with the day on which the draft plan was served".
            "representation_window" => {
                window(of("draft_served")).or(window(of("deemed_served"))).or(by(request(), 125, ""))
            }
            "review_representation_window" => window(of("amendment_notice_served").or(of("amendment_notice_sent"))),
            "school_consultation" => by(of("setting_consulted"), 15, ""),
            "reassess_decision" => by(of("reassessment_request_received"), 15, ""),
            "reassess_final" => by(of("reg25_notification").or(of("own_motion_decision")), 98, ASSESSMENT),
            "annual_review_12m" => {
                of("last_review").or(of("plan_first_made")).and_then(|start| until(start, period_of_months(start, 12)))
            }
            // Two weeks of clear days lie between the notice and the meeting.
            "review_meeting_notice" => of("review_meeting").and_then(|meeting| until(meeting, meeting - 15)),
            "review_report" => by(of("review_meeting"), 14, ""),
            "review_decision" | "review_amendment_notice" => by(of("review_meeting"), 28, ""),
            "review_final_plan" => {
                let sent = of("amendment_notice_sent")?;
                let outer = of("review_meeting").map_or(i64::MAX, |meeting| meeting + 84);
                until(sent, (sent + 56).min(outer))
            }
            "review_no_amend_after_notice" | "amend_without_review" => by(of("amendment_notice_sent"), 56, ""),
            "phase_transfer" => {
                let before =
                    |name: &str, month, day| of(name).map(|first| (first, number(civil(first).0, month, day) - 1));
                let transfer = || of("transfer_date").map(|move_on| (move_on, corresponding(move_on, -5)));
                let (start, due) = before("school_transfer_year", 2, 15)
                    .or(before("post_sixteen_transfer_year", 3, 31))
                    .or_else(transfer)?;
                until(start, due)
            }
            _ => self.says_of_transfers_and_appeals(clock, &of, order(), conceded()),
        }
    }

    fn says_of_transfers_and_appeals(
        &self,
        clock: &str,
        of: &dyn Fn(&str) -> Option<i64>,
        order: Option<i64>,
        conceded: Option<i64>,
    ) -> Option<Says> {
        let by = |start: Option<i64>, days: i64, grounds| {
            start.map(|start| Says { start, due: start + days, is_window: false, grounds })
        };
        let until = |start: i64, due: i64| Some(Says { start, due, is_window: false, grounds: "" });
        match clock {
            "la_transfer" => {
                let aware = of("old_la_aware")?;
                until(aware, self.working_days(aware, 15).max(of("move_date").unwrap_or(i64::MIN)))
            }
            "la_transfer_inform" => by(of("transfer_date"), 42, ""),
            "la_transfer_review" => {
                let transfer = of("transfer_date")?;
                let review = of("last_review").or(of("plan_first_made")).map(|day| period_of_months(day, 12));
                until(transfer, period_of_months(transfer, 3).max(review.unwrap_or(i64::MIN)))
            }
            "icb_change" => of("old_icb_aware").and_then(|day| until(day, self.working_days(day, 15))),
            "icb_change_request" => of("new_icb_told").and_then(|day| until(day, self.working_days(day, 15))),
            "mediation_contact" => of("decision_notice_sent").and_then(|day| until(day, corresponding(day, 2))),
            "appeal_window" => {
                let sent = of("decision_notice_sent")?;
                let certificate = of("mediation_certificate_issued").map(|day| corresponding(day, 1));
                until(sent, corresponding(sent, 2).max(certificate.unwrap_or(i64::MIN)))
            }
            // About health alone the commissioning body has the thirty days, from when the council told it.
            "mediation_arranged" => by(of("parent_told_la").or(of("icb_told_of_mediation")), 30, ""),
            "mediation_inform_icb" => of("parent_told_la").and_then(|day| until(day, self.working_days(day + 1, 3))),
            "mediation_certificate" => of("mediation_ended").and_then(|day| until(day, self.working_days(day + 1, 3))),
            "mediation_non_appealable" => by(of("agreement_date"), 14, ""),
            "mediation_notify_la" => by(of("agreement_date"), 7, ""),
            "tribunal_cease" | "tribunal_continue" => by(order, 0, ORDER),
            "tribunal_assess_notify" | "tribunal_reconsider" | "tribunal_amend_school_only" => by(order, 14, ORDER),
            "tribunal_assess_refuse_plan" => by(order, 70, ORDER),
            "tribunal_assess_make_plan" => by(order, 98, ORDER),
            "tribunal_make_plan_draft" | "tribunal_amend_plan" => by(order, 35, ORDER),
            "tribunal_make_plan_final" => by(order, 77, ORDER),
            "tribunal_recommendation" => by(of("recommendation_made"), 35, ""),
            "unopposed_assess_notify" | "unopposed_school_only" => by(conceded, 14, ORDER),
            "unopposed_assess_refuse_plan" => by(conceded, 70, ORDER),
            "unopposed_assess_make_plan" => by(conceded, 98, ORDER),
            "unopposed_make_plan_draft" | "unopposed_contents" => by(conceded, 35, ORDER),
            "unopposed_make_plan_final" => by(conceded, 77, ORDER),
            "chs_wait" => by(of("referral_received"), 126, ""),
            other => panic!("the independent calculator does not know {other}"),
        }
    }
}

/// A fact that might excuse: ground, first day, last day, day advice was asked for.
type Fact = (&'static str, i64, i64, i64);

/// The first day on which the conditions of a listed ground are fulfilled.
fn holds_from(says: &Says, (ground, first, last, asked): Fact) -> Option<i64> {
    let listed = |word: &str| says.grounds.split(' ').any(|known| known == word);
    let (from, to) = (first.max(says.start), last.min(says.due));
    let absence = |days: i64| (to - from + 1 >= days).then_some(from + days - 1);
    match ground {
        // Closed for not less than 4 weeks, and asked between a week before closing and a week before re-opening.
        "school" | "early_years" if listed(ground) => {
            let opens = last + 1;
            (opens - first >= 28 && first - 7 <= asked && asked <= opens - 7).then_some(asked)
        }
        "circumstances" if listed(ground) => (from <= to).then_some(from),
        "absence" if listed("absence28") => absence(28),
        "absence" if listed("absence14") => absence(14),
        "appointment" if listed(ground) => (says.start <= first && first <= says.due).then_some(first),
        _ => None,
    }
}

/// The word and the days of the state of a clock that has begun.
fn state(says: &Says, done: Option<i64>, facts: &[Fact], as_of: i64) -> (&'static str, i64) {
    let done = done.filter(|day| *day <= as_of);
    let past = done.unwrap_or(as_of) - says.due;
    let excused = facts.iter().any(|fact| holds_from(says, *fact).is_some_and(|from| from <= done.unwrap_or(as_of)));
    match (past <= 0, done) {
        (true, Some(_)) if says.is_window => ("procedural_breach", 1 - past),
        (true, Some(_)) => ("met", 0),
        (true, None) => ("open", -past),
        (false, Some(_)) if says.is_window => ("met", 0),
        (false, None) if says.is_window => ("elapsed", 0),
        (false, _) if excused => ("exempt", past),
        (false, Some(_)) => ("breached", past),
        (false, None) => ("overdue", past),
    }
}

/// Chance, the same at each run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, count: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i64::try_from(self.0 % u64::try_from(count).unwrap()).unwrap()
    }
}

fn date(day: i64) -> NaiveDate {
    let (year, month, of_month) = civil(day);
    NaiveDate::from_ymd_opt(
        i32::try_from(year).unwrap(),
        u32::try_from(month).unwrap(),
        u32::try_from(of_month).unwrap(),
    )
    .unwrap()
}

fn ground(word: &str) -> Ground {
    match word {
        "school" => Ground::SchoolClosure,
        "early_years" => Ground::EarlyYearsClosure,
        "circumstances" => Ground::ExceptionalPersonalCircumstances,
        "absence" => Ground::AbsentFromArea,
        _ => Ground::MissedAppointment,
    }
}

/// Facts drawn for one clock: each of its events as likely as not, around one day.
fn draw(chance: &mut Chance, clock: Clock) -> (Facts, Vec<Fact>, Option<i64>, i64) {
    // Every rule is in force from here on.
    let base = number(2018, 5, 1) + chance.below(3_700);
    let mut facts = Facts::new();
    let names: Vec<_> = clock
        .rules()
        .flat_map(|rule| {
            let bound = match rule.bound {
                Some(Bound::NotAfter(events, _) | Bound::NotBefore(events, _)) => events,
                None => &[],
            };
            rule.triggers.iter().chain(bound)
        })
        .collect();
    for event in names {
        let day = if event.is_year() { number(civil(base).0, 1, 1) } else { base + chance.below(60) };
        if chance.below(2) == 0 {
            facts.insert(event.code(), day);
        }
    }
    let count = chance.below(4);
    let words = ["school", "early_years", "circumstances", "absence", "appointment"];
    let excuses = (0..count).map(|_| {
        let first = base - 20 + chance.below(180);
        let last = first + chance.below(60);
        let word = words[usize::try_from(chance.below(5)).unwrap()];
        let last = if word == "appointment" { first } else { last };
        (word, first, last, first - 15 + chance.below(80))
    });
    let excuses = excuses.collect();
    let done = (chance.below(3) > 0).then(|| base + chance.below(320));
    (facts, excuses, done, base + chance.below(460))
}

#[test]
fn an_independent_calculator_agrees_on_a_hundred_thousand_random_cases() {
    let mut holidays = HashSet::new();
    for line in vectors("bank_holidays.jsonl") {
        for day in line["weekdays"].as_array().unwrap() {
            let parts: Vec<i64> = day.as_str().unwrap().split('-').map(|part| part.parse().unwrap()).collect();
            holidays.insert(number(parts[0], parts[1], parts[2]));
        }
    }
    let law = Law { holidays };
    let mut chance = Chance(0x2000_0000_0014);
    let (mut compared, mut states) = (0, BTreeMap::<&str, u32>::new());
    while compared < 100_000 {
        let clock = Clock::ALL[usize::try_from(chance.below(i64::try_from(Clock::ALL.len()).unwrap())).unwrap()];
        let (facts, excuses, done, as_of) = draw(&mut chance, clock);
        let Some(says) = law.says(clock.code(), &facts) else {
            continue;
        };
        // What is asked before the clock starts, or done before it, is refused or not started: other tests say so.
        let (done, as_of) = (done.map(|day| day.max(says.start)), as_of.max(says.start));
        // Meetings, moves and transfers are known before they happen; everything else only from its day on.
        let mut known = facts.clone();
        known.retain(|name, day| {
            *day <= as_of || ["meeting", "move", "transfer"].iter().any(|planned| name.contains(planned))
        });
        let Some(says) = law.says(clock.code(), &known) else { continue };
        let events = facts
            .iter()
            .fold(Events::default(), |events, (name, day)| events.with(Event::parse(name).unwrap(), Some(date(*day))));
        let exceptions = excuses.iter().map(|(word, first, last, asked)| Exception {
            ground: ground(word),
            starts_on: date(*first),
            ends_on: Some(date(*last)),
            advice_requested_on: Some(date(*asked)),
        });
        let question =
            Question { clock, events, exceptions: exceptions.collect(), done_on: done.map(date), as_of: date(as_of) };
        let reading = question.answer().unwrap().reading;
        let days = match reading.state {
            State::Open { days_left: days }
            | State::Overdue { days_late: days }
            | State::Breached { days_late: days }
            | State::Exempt { days_past: days }
            | State::CutShort { days_early: days } => days,
            _ => 0,
        };
        let wanted = (Some(date(says.due)), state(&says, done, &excuses, as_of));
        assert_eq!(
            (reading.due_on, (reading.state.code(), days)),
            wanted,
            "{clock:?} {facts:?} {excuses:?} done {done:?} as of {as_of}"
        );
        compared += 1;
        *states.entry(reading.state.code()).or_default() += 1;
    }
    for word in ["met", "open", "overdue", "breached", "exempt", "procedural_breach", "elapsed"] {
        assert!(states.get(word).is_some_and(|count| *count > 200), "{word} was hardly tried: {states:?}");
    }
}

#[test]
fn its_own_calendar_is_right() {
    for day in [number(2016, 2, 29), number(2024, 12, 31), number(2000, 3, 1)] {
        let (year, month, of_month) = civil(day);
        assert_eq!(number(year, month, of_month), day);
        let weekday = i64::from(date(day).weekday().num_days_from_monday());
        assert_eq!((day + 2) % 7, weekday, "{}", date(day));
    }
}
