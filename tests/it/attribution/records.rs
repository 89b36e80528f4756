//! Paths of cases, read from records.

use chrono::{Days, NaiveDate};
use proptest::test_runner::{Config, TestRunner};
use twentyweeks::domain::advice_request::{AdviceRequest, AdviceType};
use twentyweeks::domain::ehc_request::{Decision, EhcRequest, Outcome};
use twentyweeks::domain::facts::{Day, Facts, day};
use twentyweeks::domain::noun::Noun;
use twentyweeks::domain::reference::{ChildRef, EhcRequestLink};
use twentyweeks::domain::statistics::attribution::{Paths, Share, Step, path_of};

use super::super::facts::random::{self, NUMBER, start};
use super::{
    EducationalPsychology, FieldType, Medical, OccupationalTherapy, Path, Rule, asked, by, saves, sum, whole_days,
};

/// Days after the start of a case on which something happened, if it did.
type OnDays = [Option<u64>; 3];

/// The day so many days after the start of a case.
fn on(days: u64) -> NaiveDate {
    start() + Days::new(days)
}

fn at(days: u64) -> Day {
    day(Some(on(days)))
}

/// A request by the days of its decision, draft and final plan.
fn request([decided, draft, sent]: OnDays) -> EhcRequest {
    EhcRequest {
        child_ref: ChildRef::parse("KID-1").unwrap(),
        received_on: Some(start()),
        became_responsible_on: None,
        request_source: None,
        decision: decided.map(|_| Decision::Assess),
        decision_on: decided.map(on),
        outcome: sent.map(|_| Outcome::Plan),
        outcome_on: None,
        draft_served_on: draft.map(on),
        final_sent_on: sent.map(on),
        withdrawn_on: None,
        request_mediation: None,
        request_tribunal: None,
        assessment_mediation: None,
        assessment_tribunal: None,
        detained: None,
    }
}

/// A request for advice by the days on which it was sent, received, and answered.
fn advice(advice_type: AdviceType, [sent, received, returned]: OnDays) -> AdviceRequest {
    AdviceRequest {
        ehc_request_id: Some(EhcRequestLink::parse(&NUMBER.to_string()).unwrap()),
        reassessment_id: None,
        own_adviser: None,
        advice_type,
        provider_ref: None,
        sent_on: sent.map(on),
        received_by_body_on: received.map(on),
        returned_on: returned.map(on),
        sent_back_on: None,
        declined_on: None,
        missed_appointment_on: None,
        existing_advice_accepted_on: None,
    }
}

fn facts(request: &EhcRequest, advice: &[AdviceRequest]) -> Facts {
    let mut facts = Facts::default();
    // Advice on other cases lies between, by number.
    let other = AdviceRequest {
        ehc_request_id: Some(EhcRequestLink::parse("8").unwrap()),
        ..self::advice(Medical, [Some(1), None, None])
    };
    facts.apply(Noun::EhcRequest, NUMBER, &request.to_cells()).unwrap();
    for (number, advice) in (100..).step_by(2).zip(advice) {
        facts.apply(Noun::AdviceRequest, number, &advice.to_cells()).unwrap();
        facts.apply(Noun::AdviceRequest, number + 1, &other.to_cells()).unwrap();
    }
    facts
}

fn path(request: &EhcRequest, advice: &[AdviceRequest], as_at: u64) -> Option<Path> {
    let facts = facts(request, advice);
    let path = path_of(&facts, NUMBER, at(as_at));
    assert_eq!(path, Paths::new(&facts).of(NUMBER, at(as_at)));
    path
}

/// The shares of the steps that have one, in whole days, which both rules give alike.
fn shares(path: &Path) -> Vec<(Step, i64)> {
    let of = |rule| {
        let found = by(rule, path);
        assert_eq!(sum(&found), Share::of_days(found.delay_days));
        let days = found.shares.iter().map(|(step, _)| (step, whole_days(&found, step)));
        days.filter(|(_, days)| *days > 0).collect::<Vec<_>>()
    };
    assert_eq!(of(Rule::Shapley), of(Rule::CriticalPath));
    of(Rule::Shapley)
}

#[test]
fn an_issued_plan_has_all_its_steps() {
    let asked_for = [
        advice(Medical, [Some(45), Some(47), Some(120)]),
        advice(OccupationalTherapy, [Some(45), None, Some(90)]),
        // Neither held up the draft: one came after it, one never.
        advice(EducationalPsychology, [Some(45), Some(47), Some(151)]),
        advice(AdviceType::SocialCare, [Some(45), None, None]),
    ];
    let found = path(&request([Some(45), Some(150), Some(190)]), &asked_for, 400).unwrap();
    let wanted = vec![asked(Medical, 2, 73), asked(OccupationalTherapy, 0, 45)];
    assert_eq!(found, Path::new(45, wanted, 30, 40));
    assert_eq!(found.delay_days(), 50);
}

#[test]
fn advice_that_came_on_the_day_of_the_draft_held_it_up() {
    let asked_for = [advice(Medical, [Some(42), None, Some(150)])];
    let found = path(&request([Some(42), Some(150), Some(185)]), &asked_for, 400).unwrap();
    assert_eq!(shares(&found), [(Step::Advice(Medical), 45)]);
}

#[test]
fn advice_that_is_still_out_has_taken_until_the_day_of_reading() {
    let asked_for =
        [advice(Medical, [Some(42), Some(42), Some(300)]), advice(OccupationalTherapy, [Some(42), None, Some(60)])];
    let case = request([Some(42), Some(320), Some(340)]);
    for (as_at, days) in [(140, 0), (141, 1), (200, 60)] {
        let found = path(&case, &asked_for, as_at).unwrap();
        assert_eq!((found.final_day(), found.delay_days()), (i32::try_from(as_at).unwrap(), days));
        let wanted = if days == 0 { Vec::new() } else { vec![(Step::Advice(Medical), i64::from(days))] };
        assert_eq!(shares(&found), wanted, "as at day {as_at}");
        assert_eq!(by(Rule::Shapley, &found).last_adviser, Some(Medical));
    }
}

#[test]
fn steps_not_begun_have_taken_no_time() {
    // Ten days late in deciding, and 10 days past the due date: the adviser alone would have put neither draft nor plan late.
    let found = path(&request([Some(52), None, None]), &[advice(Medical, [Some(52), None, None])], 150).unwrap();
    let attribution = by(Rule::Shapley, &found);
    assert_eq!([Step::Decision, Step::Advice(Medical)].map(|step| whole_days(&attribution, step)), [5, 5]);
    assert_eq!([Step::Decision, Step::Advice(Medical)].map(|step| saves(&attribution, step)), [10, 10]);
    assert!(attribution.shares.iter().all(|(step, _)| !matches!(step, Step::Drafting | Step::Consultation)));
}

#[test]
fn the_step_under_way_has_the_days_since_it_began() {
    let returned = [advice(Medical, [Some(42), None, Some(84)])];
    let undecided = path(&request([None; 3]), &[], 150).unwrap();
    assert_eq!(shares(&undecided), [(Step::Decision, 10)]);
    let drafting = path(&request([Some(42), None, None]), &returned, 150).unwrap();
    assert_eq!(shares(&drafting), [(Step::Drafting, 10)]);
    let consulting = path(&request([Some(42), Some(105), None]), &returned, 150).unwrap();
    assert_eq!(shares(&consulting), [(Step::Consultation, 10)]);
    let not_asked = path(&request([Some(42), None, None]), &[], 150).unwrap();
    assert_eq!(shares(&not_asked), [(Step::Unrecorded, 10)]);
}

#[test]
fn what_is_decided_later_is_not_decided_yet() {
    let under_way = path(&request([Some(160), None, None]), &[], 150).unwrap();
    assert_eq!(shares(&under_way), [(Step::Decision, 10)]);
    // Whatever is decided later, the day is read as it was on the day: advice had been sent for, and was out.
    let asked_for = [advice(Medical, [Some(42), None, Some(170)])];
    let found = path(&request([Some(160), None, None]), &asked_for, 150).unwrap();
    assert_eq!(Some(&found), path(&request([None; 3]), &asked_for, 150).as_ref());
    assert_eq!(shares(&found), [(Step::Advice(Medical), 10)]);
}

#[test]
fn time_that_no_record_divides_is_a_step_of_its_own() {
    let asked_for = [advice(Medical, [Some(50), None, Some(92)])];
    let cases: [(OnDays, &[AdviceRequest], (Step, i64)); 6] = [
        // No advice recorded: the draft had until day 105.
        ([Some(42), Some(115), Some(150)], &[], (Step::Unrecorded, 10)),
        ([Some(42), None, Some(150)], &[], (Step::Unrecorded, 10)),
        ([None, Some(115), Some(150)], &[], (Step::Unrecorded, 10)),
        ([None, None, Some(150)], &[], (Step::Unrecorded, 10)),
        // No draft recorded: drafting and consultation are one.
        ([Some(50), None, Some(148)], &asked_for, (Step::Decision, 8)),
        // No decision recorded: it was made by the day advice was first sent for.
        ([None, Some(113), Some(148)], &asked_for, (Step::Decision, 8)),
    ];
    for (days, asked_for, wanted) in cases {
        assert_eq!(shares(&path(&request(days), asked_for, 400).unwrap()), [wanted], "{days:?}");
    }
    let both_late = path(&request([Some(50), None, Some(158)]), &asked_for, 400).unwrap();
    assert_eq!(shares(&both_late), [(Step::Decision, 8), (Step::Drafting, 10)]);
}

#[test]
fn earlier_advice_takes_no_time_and_declined_advice_until_it_is_declined() {
    let accepted = AdviceRequest { existing_advice_accepted_on: Some(on(50)), ..advice(Medical, [None; 3]) };
    let case = request([Some(42), Some(105), Some(150)]);
    assert_eq!(path(&case, std::slice::from_ref(&accepted), 400), Some(Path::new(42, Vec::new(), 63, 45)));
    let asked_again = AdviceRequest { sent_on: Some(on(120)), ..accepted.clone() };
    for as_at in [110, 400] {
        let end = as_at.min(150);
        let consultation = i32::try_from(end - 105).unwrap();
        assert_eq!(
            path(&case, std::slice::from_ref(&asked_again), as_at),
            Some(Path::new(42, Vec::new(), 63, consultation))
        );
    }
    let declined = AdviceRequest { declined_on: Some(on(100)), ..advice(OccupationalTherapy, [Some(42), None, None]) };
    let found = path(&case, &[accepted, declined], 400);
    assert_eq!(found, Some(Path::new(42, vec![asked(OccupationalTherapy, 0, 58)], 5, 45)));
}

#[test]
fn a_case_that_has_not_started_or_ended_without_a_plan_has_no_path() {
    let case = request([Some(42), None, None]);
    let facts = facts(&case, &[]);
    assert_eq!(path_of(&facts, NUMBER, at(0) - 1), None);
    assert_eq!(path_of(&facts, NUMBER + 1, at(0)), None);
    let withdrawn = EhcRequest { withdrawn_on: Some(on(160)), ..case };
    assert!(path(&withdrawn, &[], 159).is_some());
    assert_eq!(path(&withdrawn, &[], 160), None);
}

#[test]
fn paths_of_random_cases_end_when_they_should_and_their_days_are_all_given() {
    let mut runner = TestRunner::new(Config { cases: 3_000, failure_persistence: None, ..Config::default() });
    let checked = runner.run(&random::case(), |(case, as_of)| {
        let as_at = day(Some(as_of));
        let facts = facts(&case.request, &case.advice);
        let fact = facts.cases.find(NUMBER).unwrap();
        let path = path_of(&facts, NUMBER, as_at);
        let gone = fact.ended <= as_at && fact.ended < fact.issued;
        assert_eq!(path.is_none(), gone);
        let Some(path) = path else { return Ok(()) };
        assert_eq!(path.final_day(), fact.issued.min(as_at) - fact.started, "{case:?} as at {as_of}");
        for rule in Rule::ALL {
            let found = by(*rule, &path);
            assert_eq!(found.delay_days, i64::from((fact.issued.min(as_at) - fact.final_due).max(0)));
            assert_eq!(sum(&found), Share::of_days(found.delay_days), "{case:?} as at {as_of}");
        }
        Ok(())
    });
    checked.unwrap();
}
