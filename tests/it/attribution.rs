//! Whom late plans waited for: the published vectors, what every attribution must keep, and paths read from records.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;
use twentyweeks::domain::advice_request::AdviceType::{
    self, EducationalPsychology, Medical, OccupationalTherapy, SpeechAndLanguageTherapy,
};
use twentyweeks::domain::field::FieldType;
use twentyweeks::domain::statistics::attribution::{
    Asked, Attribution, PARTS_OF_A_DAY, Path, Rule, Share, Standards, Step, Totals, attribute,
};
use twentyweeks::domain::statistics::group::Sum;

use super::support::vectors;

mod records;

fn asked(advice_type: AdviceType, asked_after: i32, taken: i32) -> Asked {
    Asked { advice_type, asked_after, taken }
}

fn by(rule: Rule, path: &Path) -> Attribution {
    attribute(path, &Standards::default(), rule)
}

fn share(found: &Attribution, step: Step) -> Share {
    found.shares.of(step).unwrap_or_default()
}

fn whole_days(found: &Attribution, step: Step) -> i64 {
    let parts = share(found, step).parts();
    assert_eq!(parts % PARTS_OF_A_DAY, 0, "{step:?}: {found:?}");
    parts / PARTS_OF_A_DAY
}

fn saves(found: &Attribution, step: Step) -> i64 {
    found.saves.of(step).unwrap()
}

fn sum(found: &Attribution) -> Share {
    found.shares.values().sum()
}

fn step_of(name: &str) -> Step {
    match name {
        "decision" => Step::Decision,
        "drafting" => Step::Drafting,
        "consultation" => Step::Consultation,
        adviser => Step::Advice(adviser_of(adviser)),
    }
}

fn adviser_of(name: &str) -> AdviceType {
    match name {
        "ep" => EducationalPsychology,
        "slt" => SpeechAndLanguageTherapy,
        "ot" => OccupationalTherapy,
        other => panic!("no adviser {other}"),
    }
}

#[test]
fn shares_are_those_of_the_published_vectors() {
    for line in vectors("attribution.jsonl") {
        let (given, wanted) = (&line["input"], &line["output"]);
        let number = |value: &Value| i32::try_from(value.as_i64().unwrap()).unwrap();
        let advice = given["advice"].as_object().unwrap();
        let advice = advice.iter().map(|(name, asked_of)| asked(adviser_of(name), 0, number(&asked_of["days"])));
        let [decision, draft, consult] =
            ["decision_day", "draft_days", "consult_days"].map(|name| number(&given[name]));
        let path = Path::new(decision, advice.collect(), draft, consult);
        assert_eq!(path.final_day(), number(&wanted["final_day"]), "{line}");
        let found = by(Rule::Shapley, &path);
        assert_eq!(Value::from(found.delay_days), wanted["delay_days"], "{line}");
        assert_eq!(found.last_adviser, wanted["last_adviser"].as_str().map(adviser_of), "{line}");
        assert_eq!(sum(&found), Share::of_days(found.delay_days), "{line}");
        let shares = wanted["shapley_days"].as_object().unwrap();
        assert_eq!(shares.len() + 1, found.shares.values().count(), "asking comes on top: {line}");
        for (name, days) in shares {
            let gap = share(&found, step_of(name)).days() - days.as_f64().unwrap();
            assert!(gap.abs() < 1e-9, "{name} of {line}");
            assert_eq!(
                Value::from(saves(&found, step_of(name))),
                wanted["fix_only_this_saves"][name],
                "{name} of {line}"
            );
        }
    }
}

#[test]
fn three_advisers_share_what_each_of_them_alone_would_have_cost() {
    let advice = [(EducationalPsychology, 60), (OccupationalTherapy, 100), (SpeechAndLanguageTherapy, 168)];
    let path = Path::new(42, advice.map(|(adviser, taken)| asked(adviser, 0, taken)).to_vec(), 21, 35);
    let found = by(Rule::Shapley, &path);
    assert_eq!(found.delay_days, 126);
    let each = advice.map(|(adviser, _)| Step::Advice(adviser));
    assert_eq!(each.map(|step| whole_days(&found, step)), [6, 26, 94]);
    assert_eq!(each.map(|step| saves(&found, step)), [0, 0, 68]);
    assert_eq!(each.map(|step| whole_days(&by(Rule::CriticalPath, &path), step)), [0, 0, 126]);
}

#[test]
fn an_adviser_who_is_asked_late_is_not_blamed_for_it() {
    let path = Path::new(42, vec![asked(SpeechAndLanguageTherapy, 30, 42)], 21, 35);
    for rule in Rule::ALL {
        let found = by(*rule, &path);
        assert_eq!(whole_days(&found, Step::Asking), 30);
        assert_eq!(whole_days(&found, Step::Advice(SpeechAndLanguageTherapy)), 0);
        assert_eq!(saves(&found, Step::Asking), 30);
    }
}

#[test]
fn a_step_faster_than_its_standard_makes_up_for_another() {
    // Drafted in 11 days instead of 21: of 20 days of late decision and 30 of late advice 40 are left.
    let path = Path::new(62, vec![asked(Medical, 0, 72)], 11, 35);
    let fair = by(Rule::Shapley, &path);
    assert_eq!(fair.delay_days, 40);
    assert_eq!([Step::Decision, Step::Advice(Medical)].map(|step| whole_days(&fair, step)), [15, 25]);
    let backwards = by(Rule::CriticalPath, &path);
    assert_eq!([Step::Decision, Step::Advice(Medical)].map(|step| whole_days(&backwards, step)), [10, 30]);
}

#[test]
fn several_requests_for_one_type_of_advice_are_one_step() {
    let twice = vec![asked(Medical, 0, 62), asked(Medical, 10, 52), asked(OccupationalTherapy, 0, 62)];
    let found = by(Rule::Shapley, &Path::new(42, twice, 21, 35));
    assert_eq!(found.delay_days, 20);
    let steps: Vec<_> = found.shares.iter().map(|(step, _)| step.code()).collect();
    let wanted = ["decision", "asking", "advice_occupational_therapy", "advice_medical", "drafting", "consultation"];
    assert_eq!(steps, wanted);
    assert_eq!(sum(&found), Share::of_days(20));
    assert_eq!(found.last_adviser, Some(Medical), "of two of 62 days the first word in the alphabet");
}

#[test]
fn advice_in_hand_before_the_decision_is_waited_for_by_nobody() {
    let path = Path::new(80, vec![asked(Medical, -70, 60)], 21, 39);
    assert_eq!(path.delay_days(), 0);
    let path = Path::new(100, vec![asked(Medical, -70, 60)], 21, 39);
    for rule in Rule::ALL {
        let found = by(*rule, &path);
        assert_eq!(found.delay_days, 20);
        assert_eq!(whole_days(&found, Step::Advice(Medical)), 0);
        assert_eq!(sum(&found), Share::of_days(20));
    }
}

#[test]
fn standards_sum_to_twenty_weeks() {
    assert_eq!(Standards::new(42, 0, 42, 21, 35), Ok(Standards::default()));
    assert_eq!(Standards::new(35, 7, 42, 41, 15).unwrap().asking(), 7);
    assert_eq!(Standards::new(42, 0, 42, 21, 34).unwrap_err().code, "wrong_sum");
    assert_eq!(Standards::new(-1, 43, 42, 21, 35).unwrap_err().code, "out_of_range");
}

#[test]
fn words_are_stable_and_tell_steps_apart() {
    let mut words: Vec<_> = Step::all().map(Step::code).collect();
    for step in Step::all() {
        let adviser = step.adviser().map(|adviser| format!("advice_{}", adviser.code()));
        assert!(adviser.is_none_or(|word| word == step.code()), "{step:?}");
    }
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), Step::all().count());
    assert_eq!(Rule::CODES, ["shapley", "critical_path"]);
    assert!(Rule::ALL.iter().all(|rule| rule.about().contains("sum to the delay")));
}

/// The measured days a path is made of.
#[derive(Clone, Debug)]
struct Measured {
    decision: i32,
    advice: Vec<Asked>,
    drafting: i32,
    consultation: i32,
}

impl Measured {
    fn path(&self) -> Path {
        Path::new(self.decision, self.advice.clone(), self.drafting, self.consultation)
    }

    /// The same case had some steps kept the default standards.
    fn mended(&self, is_mended: impl Fn(Step) -> bool) -> Path {
        let mend = |step, days: i32, standard| if is_mended(step) { days.min(standard) } else { days };
        let advice = self.advice.iter().map(|request| Asked {
            asked_after: mend(Step::Asking, request.asked_after, 0),
            taken: mend(Step::Advice(request.advice_type), request.taken, 42),
            ..*request
        });
        Path::new(
            mend(Step::Decision, self.decision, 42),
            advice.collect(),
            mend(Step::Drafting, self.drafting, 21),
            mend(Step::Consultation, self.consultation, 35),
        )
    }
}

fn measured(advisers: std::ops::Range<usize>) -> impl Strategy<Value = Measured> {
    let kept_or = |standard: i32, days: std::ops::Range<i32>| prop_oneof![1 => Just(standard), 3 => days];
    let advice = (prop::sample::select(AdviceType::ALL), kept_or(0, -30..40), kept_or(42, 0..160))
        .prop_map(|(advice_type, asked_after, taken)| asked(advice_type, asked_after, taken));
    let stages = (kept_or(42, 10..90), kept_or(21, 0..80), kept_or(35, 10..90));
    (stages, prop::collection::vec(advice, advisers))
        .prop_map(|((decision, drafting, consultation), advice)| Measured { decision, advice, drafting, consultation })
}

/// Every order of `steps`.
fn orders(steps: &[Step]) -> Vec<Vec<Step>> {
    if steps.is_empty() {
        return vec![Vec::new()];
    }
    let first = |place: usize| {
        let mut rest = steps.to_vec();
        let first = rest.remove(place);
        orders(&rest).into_iter().map(move |order| [vec![first], order].concat())
    };
    (0..steps.len()).flat_map(first).collect()
}

/// Shares by walking every order of all steps, those within their standard too.
fn shares_by_orders(case: &Measured, steps: &[Step]) -> BTreeMap<Step, i64> {
    let place = |step: Step| steps.iter().position(|other| *other == step).unwrap();
    let delays: Vec<i64> = (0..1_usize << steps.len())
        .map(|set| i64::from(case.mended(|step| set & (1 << place(step)) != 0).delay_days()))
        .collect();
    let orders = orders(steps);
    let mut parts = BTreeMap::<Step, i64>::new();
    for order in &orders {
        let mut set = 0;
        for step in order {
            let next = set | (1 << place(*step));
            *parts.entry(*step).or_default() += (delays[set] - delays[next]) * PARTS_OF_A_DAY;
            set = next;
        }
    }
    let count = i64::try_from(orders.len()).unwrap();
    assert!(parts.values().all(|sum| sum % count == 0), "parts of a day are whole");
    parts.into_iter().map(|(step, sum)| (step, sum / count)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn shares_sum_to_the_delay_exactly_and_what_kept_its_standard_has_none(case in measured(0..12)) {
        for rule in Rule::ALL {
            let found = by(*rule, &case.path());
            prop_assert_eq!(sum(&found), Share::of_days(found.delay_days));
            for (step, share) in found.shares.iter() {
                prop_assert!(share.parts() >= 0, "{:?}", step);
                if case.mended(|other| other == step) == case.path() {
                    prop_assert_eq!((share.parts(), saves(&found, step)), (0, 0), "{:?} kept its standard", step);
                }
                let without = case.mended(|other| other == step).delay_days();
                prop_assert_eq!(saves(&found, step), found.delay_days - i64::from(without), "{:?}", step);
            }
        }
    }

    #[test]
    fn requests_in_another_order_change_nothing_and_names_change_only_names(case in measured(0..6), shift in 1_usize..9) {
        let mut turned = case.clone();
        turned.advice.reverse();
        for rule in Rule::ALL {
            prop_assert_eq!(by(*rule, &case.path()), by(*rule, &turned.path()));
        }
        let rename = |adviser: AdviceType| {
            let place = AdviceType::ALL.iter().position(|other| *other == adviser).unwrap();
            AdviceType::ALL[(place + shift) % AdviceType::ALL.len()]
        };
        let mut renamed = case.clone();
        renamed.advice.iter_mut().for_each(|request| request.advice_type = rename(request.advice_type));
        let (found, other) = (by(Rule::Shapley, &case.path()), by(Rule::Shapley, &renamed.path()));
        for (step, days) in found.shares.iter() {
            let step = step.adviser().map_or(step, |adviser| Step::Advice(rename(adviser)));
            prop_assert_eq!(days, share(&other, step));
        }
    }

    #[test]
    fn two_equal_advisers_share_equally(case in measured(0..4), asked_after in 0..30, taken in 0..160) {
        let mut case = case;
        let pair = [EducationalPsychology, SpeechAndLanguageTherapy];
        case.advice.retain(|request| !pair.contains(&request.advice_type));
        case.advice.extend(pair.map(|adviser| asked(adviser, asked_after, taken)));
        let found = by(Rule::Shapley, &case.path());
        let [one, other] = pair.map(|adviser| share(&found, Step::Advice(adviser)));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn totals_are_exact_however_they_are_grouped(cases in prop::collection::vec(measured(0..5), 0..12), cut in 0_usize..12) {
        for rule in Rule::ALL {
            let found: Vec<_> = cases.iter().map(|case| by(*rule, &case.path())).collect();
            let total = |found: &[Attribution]| {
                let mut totals = Totals::default();
                for case in found {
                    totals.count(case);
                }
                totals
            };
            let all = total(&found);
            let (some, others) = found.split_at(cut.min(found.len()));
            let mut joined = total(some);
            joined.add(&total(others));
            prop_assert_eq!(&all, &joined);
            prop_assert_eq!(all.shares.values().sum::<Share>(), Share::of_days(all.delay_days));
            prop_assert_eq!(all.cases, u64::try_from(found.iter().filter(|found| found.delay_days > 0).count()).unwrap());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn steps_within_their_standard_left_out_or_not_every_order_gives_the_same_shares(case in measured(0..4)) {
        let found = by(Rule::Shapley, &case.path());
        let steps: Vec<_> = found.shares.iter().map(|(step, _)| step).collect();
        let wanted = shares_by_orders(&case, &steps);
        let found: BTreeMap<_, _> = found.shares.iter().map(|(step, share)| (step, share.parts())).collect();
        prop_assert_eq!(found, wanted);
    }
}
