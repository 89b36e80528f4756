//! Facts and records: two ways to the same state of every clock, on random cases.

use proptest::test_runner::{Config, TestRunner};
use twentyweeks::domain::clock::State;

/// Random requests with advice, exceptions and orders.
pub mod random {
    use chrono::{Days, NaiveDate};
    use proptest::prelude::*;
    use twentyweeks::domain::advice_request::{AdviceRequest, AdviceType};
    use twentyweeks::domain::annual_review::{AnnualReview, ReviewDecision};
    use twentyweeks::domain::clock::{Case, Ground, Transfer};
    use twentyweeks::domain::consultation::Consultation;
    use twentyweeks::domain::ehc_plan::EhcPlan;
    use twentyweeks::domain::ehc_request::{Decision, EhcRequest, Outcome};
    use twentyweeks::domain::field::FieldType;
    use twentyweeks::domain::order::{Order, OrderKind, OrderSource};
    use twentyweeks::domain::reference::{ChildRef, EhcPlanLink, EhcRequestLink};
    use twentyweeks::domain::timescale_exception::TimescaleException;

    /// The number of the request in the facts.
    pub const NUMBER: i64 = 7;

    fn link() -> EhcRequestLink {
        EhcRequestLink::parse(&NUMBER.to_string()).unwrap()
    }

    pub fn start() -> NaiveDate {
        NaiveDate::from_ymd_opt(2024, 5, 6).unwrap()
    }

    fn day(from: u64, to: u64) -> impl Strategy<Value = Option<NaiveDate>> {
        prop::option::of((from..to).prop_map(|days| start() + Days::new(days)))
    }

    fn request() -> impl Strategy<Value = EhcRequest> {
        let days = (day(5, 90), day(60, 130), day(70, 180), day(90, 260), day(10, 200));
        (days, prop::bool::ANY, 0..3_usize).prop_map(
            |((decided, outcome_on, draft, sent, withdrawn), refuses, outcome)| EhcRequest {
                child_ref: ChildRef::parse("KID-1").unwrap(),
                received_on: Some(start()),
                became_responsible_on: None,
                request_source: None,
                decision: decided.map(|_| if refuses { Decision::DoNotAssess } else { Decision::Assess }),
                decision_on: decided,
                outcome: [None, Some(Outcome::Plan), Some(Outcome::NoPlan)][outcome],
                outcome_on: outcome_on.filter(|_| outcome > 0),
                draft_served_on: draft,
                final_sent_on: sent.filter(|_| withdrawn.is_none()),
                withdrawn_on: withdrawn,
                request_mediation: None,
                request_tribunal: None,
                assessment_mediation: None,
                assessment_tribunal: None,
                detained: refuses.then_some(outcome == 0),
            },
        )
    }

    fn advice() -> impl Strategy<Value = AdviceRequest> {
        (day(20, 60), day(60, 140), day(60, 140), day(60, 120), day(60, 160), prop::bool::ANY).prop_map(
            |(received, returned, declined, missed, sent_back, accepted)| AdviceRequest {
                ehc_request_id: Some(link()),
                reassessment_id: None,
                own_adviser: Some(accepted),
                advice_type: AdviceType::Medical,
                provider_ref: None,
                sent_on: Some(start() + Days::new(18)),
                received_by_body_on: received,
                returned_on: returned.filter(|_| !accepted),
                sent_back_on: sent_back.filter(|_| !accepted),
                declined_on: declined.filter(|_| returned.is_none() && !accepted),
                missed_appointment_on: missed,
                existing_advice_accepted_on: accepted.then(|| start() + Days::new(30)),
            },
        )
    }

    /// A consultation about the request, which nobody answered.
    pub fn consultation() -> Consultation {
        Consultation {
            ehc_request_id: Some(link()),
            ehc_plan_id: None,
            provider_ref: None,
            consulted_on: start() + Days::new(80),
            replied_on: None,
            withdrawn_on: None,
        }
    }

    fn exception() -> impl Strategy<Value = TimescaleException> {
        (0..4_usize, 0_u64..200, 0_u64..60, day(0, 220)).prop_map(|(ground, first, days, asked)| TimescaleException {
            ehc_request_id: Some(link()),
            reassessment_id: None,
            ground: [
                Ground::SchoolClosure,
                Ground::EarlyYearsClosure,
                Ground::ExceptionalPersonalCircumstances,
                Ground::AbsentFromArea,
            ][ground],
            starts_on: start() + Days::new(first),
            ends_on: Some(start() + Days::new(first + days)),
            advice_requested_on: asked,
            evidence_ref: None,
        })
    }

    fn order() -> impl Strategy<Value = Order> {
        let kinds = [OrderKind::MakePlan, OrderKind::AmendPlan, OrderKind::Assess, OrderKind::Reconsider];
        let days = (day(0, 250), day(0, 250), day(0, 250), day(0, 250));
        (0_u64..250, prop::sample::select(kinds.to_vec()), days).prop_map(
            |(made, kind, (by, notified, draft, sent))| Order {
                source: OrderSource::Tribunal,
                kind,
                made_on: start() + Days::new(made),
                ehc_request_id: Some(link()),
                ehc_plan_id: None,
                directed_by: by,
                notified_on: notified,
                refused_plan_on: None,
                draft_issued_on: draft,
                final_sent_on: sent,
                complied_on: None,
            },
        )
    }

    pub fn plan() -> impl Strategy<Value = EhcPlan> {
        let days = (day(0, 300), day(200, 600), day(200, 600), day(100, 400), day(100, 400), day(100, 500));
        (days, prop::option::of(200_u64..400)).prop_map(|((came, ceased, left, known, named, told), moves)| EhcPlan {
            child_ref: ChildRef::parse("KID-1").unwrap(),
            issued_on: start(),
            ehc_request_id: None,
            primary_need: None,
            secondary_need: None,
            setting_type: None,
            ceased_on: ceased,
            cease_reason: None,
            phase_transfer: moves.map(|_| Transfer::PrimaryToSecondary),
            phase_transfer_on: moves.map(|days| start() + Days::new(days)),
            phase_transfer_final_on: named,
            move_known_on: known,
            moves_on: known.map(|day| day + Days::new(30)),
            transferred_out_on: left,
            transferred_in_on: came,
            transfer_informed_on: told,
            icb_change_known_on: known,
            new_icb_told_on: told.filter(|told| known.is_some_and(|known| known <= *told)),
            icb_review_asked_on: None,
        })
    }

    pub fn review() -> impl Strategy<Value = AnnualReview> {
        let days = (day(50, 400), day(50, 400), day(50, 420), day(60, 440), day(60, 460), day(60, 500));
        let decisions =
            [None, Some(ReviewDecision::Amend), Some(ReviewDecision::Cease), Some(ReviewDecision::Maintain)];
        (days, prop::sample::select(decisions.to_vec())).prop_map(
            |((meeting, told, report, decided, notice, sent), decision)| AnnualReview {
                ehc_plan_id: EhcPlanLink::parse(&NUMBER.to_string()).unwrap(),
                meeting_on: meeting,
                notice_sent_on: told,
                report_sent_on: report,
                decision,
                decision_on: decided.filter(|_| decision.is_some()),
                amendment_notice_sent_on: notice,
                final_sent_on: sent,
                not_amended_on: None,
            },
        )
    }

    pub fn case() -> impl Strategy<Value = (Case, NaiveDate)> {
        let parts = (
            request(),
            prop::collection::vec(advice(), 0..3),
            prop::collection::vec(exception(), 0..3),
            prop::collection::vec(order(), 0..2),
        );
        (parts, 0_u64..400).prop_map(|((request, advice, exceptions, orders), as_of)| {
            (Case { request, exceptions, advice, orders }, start() + Days::new(as_of))
        })
    }
}

#[test]
fn facts_say_of_every_clock_what_its_record_says() {
    use twentyweeks::domain::clock::Clock;
    use twentyweeks::domain::clock::instance::{of_consultation, of_order};
    use twentyweeks::domain::facts::{Facts, day};
    use twentyweeks::domain::noun::Noun;
    use twentyweeks::domain::statistics::clocks::state;

    let mut runner = TestRunner::new(Config { cases: 3_000, failure_persistence: None, ..Config::default() });
    let checked = runner.run(&random::case(), |(case, as_of)| {
        let mut facts = Facts::default();
        let consultation = random::consultation();
        // What belongs to the request may be known before it, and everything may be applied twice.
        for _ in 0..2 {
            for (number, exception) in (100..).zip(&case.exceptions) {
                facts.apply(Noun::TimescaleException, number, &exception.to_cells()).unwrap();
            }
            for (number, order) in (200..).zip(&case.orders) {
                facts.apply(Noun::Order, number, &order.to_cells()).unwrap();
            }
            facts.apply(Noun::EhcRequest, random::NUMBER, &case.request.to_cells()).unwrap();
            facts.apply(Noun::Consultation, 400, &consultation.to_cells()).unwrap();
            for (number, advice) in (300..).zip(&case.advice) {
                facts.apply(Noun::AdviceRequest, number, &advice.to_cells()).unwrap();
            }
        }
        let clocks = case.clocks(as_of);
        let as_at = day(Some(as_of));
        for reading in &clocks.council {
            let clock = reading.rule.clock;
            let fact = facts.clocks.of(clock).and_then(|clocks| clocks.find(random::NUMBER)).unwrap();
            let said = state(&facts, (clock, random::NUMBER, &fact), None, as_at);
            assert_eq!(said, reading.state, "{clock:?} as at {as_of}");
        }
        let asked = of_consultation(&consultation, case.request.ended_on());
        let fact = facts.clocks.of(asked.clock).and_then(|clocks| clocks.find(400)).unwrap();
        let said = state(&facts, (asked.clock, 400, &fact), None, as_at);
        assert_eq!(said, asked.read(&[], as_of).state, "{asked:?} as at {as_of}");
        for (number, order) in (200..).zip(&case.orders) {
            for instance in of_order(order) {
                let fact = facts.clocks.of(instance.clock).and_then(|clocks| clocks.find(number)).unwrap();
                let said = state(&facts, (instance.clock, number, &fact), None, as_at);
                assert_eq!(said, instance.read(&case.exceptions(), as_of).state, "{order:?} as at {as_of}");
            }
        }
        for (number, advice) in (300..).zip(&clocks.advice) {
            let fact = facts.clocks.of(Clock::AdviceReturn).and_then(|clocks| clocks.find(number)).unwrap();
            let row = facts.advice.find(number);
            let said = state(&facts, (Clock::AdviceReturn, number, &fact), row.as_ref(), as_at);
            assert_eq!(said, advice.reading.state, "advice as at {as_of}");
        }
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn facts_say_of_every_plan_and_review_what_its_records_say() {
    use proptest::collection::vec;
    use twentyweeks::domain::calendar::Calendar;
    use twentyweeks::domain::clock::instance::of_plan;
    use twentyweeks::domain::facts::{Facts, day};
    use twentyweeks::domain::noun::Noun;
    use twentyweeks::domain::statistics::clocks::state;

    let mut runner = TestRunner::new(Config { cases: 3_000, failure_persistence: None, ..Config::default() });
    let drawn = (random::plan(), vec(random::review(), 0..3), 0_u64..700);
    let checked = runner.run(&drawn, |(plan, reviews, later)| {
        let as_of = random::start() + chrono::Days::new(later);
        let mut facts = Facts::default();
        for (number, review) in (100..).zip(&reviews) {
            facts.apply(Noun::AnnualReview, number, &review.to_cells()).unwrap();
        }
        facts.apply(Noun::EhcPlan, random::NUMBER, &plan.to_cells()).unwrap();
        let numbered: Vec<_> = (100..).zip(&reviews).collect();
        for (review, instances) in of_plan(&plan, &numbered, &Calendar::default()) {
            let number = review.unwrap_or(random::NUMBER);
            for instance in instances {
                let fact = facts.clocks.of(instance.clock).and_then(|clocks| clocks.find(number)).unwrap();
                let said = state(&facts, (instance.clock, number, &fact), None, day(Some(as_of)));
                assert_eq!(said, instance.read(&[], as_of).state, "{instance:?} as at {as_of}");
            }
        }
        Ok(())
    });
    checked.unwrap();
}

/// What a clock may say on the day after it said something.
fn may_follow(before: State, after: State) -> bool {
    let rank = |state: State| match state {
        State::NotStarted => 0,
        State::Open { .. } => 1,
        State::Overdue { .. } | State::Exempt { .. } | State::Lapsed | State::Elapsed => 2,
        State::Met
        | State::Breached { .. }
        | State::CutShort { .. }
        | State::NotApplicable
        | State::Stopped
        | State::Replaced => 3,
    };
    match (before, after) {
        (State::Overdue { days_late: one }, State::Overdue { days_late: next }) => next == one + 1,
        (State::Exempt { days_past: one }, State::Exempt { days_past: next }) => next == one + 1 || next == one,
        (State::Open { days_left: one }, State::Open { days_left: next }) => next == one - 1,
        (State::Breached { days_late: one }, after) => after == State::Breached { days_late: one },
        (before, after) => rank(before) <= rank(after),
    }
}

#[test]
fn replayed_day_by_day_a_case_changes_only_in_lawful_ways() {
    let mut runner = TestRunner::new(Config { cases: 300, failure_persistence: None, ..Config::default() });
    let checked = runner.run(&random::case(), |(mut case, _)| {
        // What is sent back is to be done once more: that is the one lawful way back.
        case.advice.iter_mut().for_each(|advice| advice.sent_back_on = None);
        let mut before: Option<Vec<State>> = None;
        for day in random::start().iter_days().take(420) {
            let clocks = case.clocks(day);
            let readings = clocks.council.iter().chain(clocks.advice.iter().map(|advice| &advice.reading));
            let states: Vec<_> = readings.map(|reading| reading.state).collect();
            for (before, after) in before.iter().flatten().zip(&states) {
                assert!(may_follow(*before, *after), "{day}: {before:?} cannot become {after:?}: {case:?}");
            }
            before = Some(states);
        }
        Ok(())
    });
    checked.unwrap();
}
