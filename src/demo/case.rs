//! Synthetic EHC cases: the request, the child, exceptions, advice, and the referrals the advice makes.

use chrono::NaiveDate;

use super::advice::{self, Advice};
use super::child::child;
use super::dice::Dice;
use super::docket::{Ending, Sketch, weekday};
use super::review::IssuedPlan;
use super::story::Story;
use super::{Records, date, some_date, therapy};
use crate::domain::child::SenStatus;
use crate::domain::clock::Ground;
use crate::domain::ehc_request::{Decision, EhcRequest, Outcome, RequestSource};
use crate::domain::facts::{Day, day};
use crate::domain::fault::Refusal;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::reference::{ChildRef, EhcRequestLink, EvidenceRef};
use crate::domain::timescale_exception::TimescaleException;

const SOURCES: [(RequestSource, u32); 5] = [
    (RequestSource::SchoolOrSetting, 62),
    (RequestSource::ParentOrYoungPerson, 31),
    (RequestSource::HealthProfessional, 3),
    (RequestSource::SocialCare, 2),
    (RequestSource::Other, 2),
];

/// The steps of a case between decision and ending.
struct Steps {
    draft: Option<Day>,
    /// All advice was in hand.
    advice_until: Option<Day>,
}

/// Makes the records of all cases; answers with the plans they led to.
pub fn cases(
    made: &mut Records,
    sketches: &[Sketch],
    story: &Story,
    census: Day,
    dice: &mut Dice,
) -> Result<Vec<IssuedPlan>, Refusal> {
    let mut issued = Vec::new();
    for (number, sketch) in (1..).zip(sketches) {
        let name = made.name("EHC", number);
        let status = match sketch.ending {
            Ending::Plan(_) => SenStatus::EhcPlan,
            _ if dice.chance(80) => SenStatus::SenSupport,
            _ => SenStatus::NoSen,
        };
        let child_ref = child(made, number, status, (3, 17), dice)?;
        let mut steps = steps(sketch, dice);
        let assessed = sketch.decided.filter(|_| sketch.ending != Ending::Refused);
        let advice = match assessed {
            Some(decided) => advice::draw(sketch, decided, steps.advice_until, (story, census), dice),
            None => Vec::new(),
        };
        // A running case whose advice is all in has often a draft.
        let last_in = advice.iter().map(|advice| advice.returned.unwrap_or(census)).max();
        if let (Ending::Open, Some(last)) = (sketch.ending, last_in)
            && last + 30 < census
            && dice.chance(60)
        {
            steps.draft = Some(weekday(last + 28));
        }
        let record = request(sketch, child_ref.clone(), steps.draft, dice);
        made.add(Noun::EhcRequest, &name, &record.to_cells())?;
        if sketch.exempt {
            exception(made, sketch, (&name, number), dice)?;
        }
        for advice in &advice {
            ask(made, advice, (&name, &child_ref), (sketch, census), dice)?;
        }
        if let Ending::Plan(sent) = sketch.ending {
            issued.push(IssuedPlan { child_ref, case: name, issued: sent });
        }
    }
    Ok(issued)
}

fn steps(sketch: &Sketch, dice: &mut Dice) -> Steps {
    match (sketch.ending, sketch.decided) {
        (Ending::Plan(issued), Some(decided)) => {
            let draft = (issued - dice.between(16, 22)).max(decided + 5).min(issued);
            Steps { draft: Some(draft), advice_until: Some((draft - 2).max(decided)) }
        }
        (Ending::NoPlan(told), Some(decided)) => Steps { draft: None, advice_until: Some((told - 5).max(decided)) },
        _ => Steps { draft: None, advice_until: None },
    }
}

fn request(sketch: &Sketch, child_ref: ChildRef, draft: Option<Day>, dice: &mut Dice) -> EhcRequest {
    let refused = sketch.ending == Ending::Refused;
    let decision = if refused { Decision::DoNotAssess } else { Decision::Assess };
    let (outcome, outcome_on, final_sent_on, withdrawn_on) = match sketch.ending {
        Ending::Plan(issued) => (Some(Outcome::Plan), draft, Some(issued), None),
        Ending::NoPlan(told) => (Some(Outcome::NoPlan), Some(told), None, None),
        Ending::Withdrawn(on) => (None, None, None, Some(on)),
        Ending::Refused | Ending::Open => (None, None, None, None),
    };
    let tribunal = sketch.contested && dice.chance(55);
    EhcRequest {
        child_ref,
        received_on: some_date(sketch.started),
        became_responsible_on: None,
        request_source: dice.weighted(&SOURCES),
        decision: sketch.decided.map(|_| decision),
        decision_on: some_date(sketch.decided),
        outcome,
        outcome_on: some_date(outcome_on),
        draft_served_on: some_date(draft),
        final_sent_on: some_date(final_sent_on),
        withdrawn_on: some_date(withdrawn_on),
        request_mediation: (refused && dice.chance(20)).then_some(true),
        request_tribunal: (refused && dice.chance(9)).then_some(true),
        assessment_mediation: (sketch.contested && !tribunal).then_some(true),
        assessment_tribunal: tribunal.then_some(true),
        detained: None,
    }
}

/// Year, month and day.
type Ymd = (i32, u32, u32);

/// Summer holidays of the years of the demonstration: first day closed, last day closed.
const SUMMERS: [(Ymd, Ymd); 3] =
    [((2022, 7, 22), (2022, 9, 1)), ((2023, 7, 24), (2023, 9, 3)), ((2024, 7, 24), (2024, 9, 2))];

/// Makes an exception whose conditions are fulfilled.
fn exception(
    made: &mut Records,
    sketch: &Sketch,
    (case, place): (&str, usize),
    dice: &mut Dice,
) -> Result<(), Refusal> {
    let Ending::Plan(issued) = sketch.ending else { return Ok(()) };
    let started = sketch.started.unwrap_or(issued - 120);
    let asked = sketch.decided.unwrap_or(started) + dice.between(0, 6);
    let number = |(year, month, of_month): Ymd| day(NaiveDate::from_ymd_opt(year, month, of_month));
    let mut summers = SUMMERS.iter().map(|(first, last)| (number(*first), number(*last)));
    let closed = summers.find(|(first, last)| first - 7 <= asked && asked <= last - 6);
    let (ground, starts, ends, advice_requested) = match closed {
        Some((first, last)) => (Ground::SchoolClosure, first, last, Some(asked)),
        None if dice.chance(25) => {
            let first = started + dice.between(10, 60);
            (Ground::AbsentFromArea, first, first + dice.between(30, 70), None)
        }
        None => {
            let first = started + dice.between(5, 80);
            (Ground::ExceptionalPersonalCircumstances, first, first + dice.between(14, 90), None)
        }
    };
    let record = TimescaleException {
        ehc_request_id: Some(EhcRequestLink::parse(case)?),
        reassessment_id: None,
        ground,
        starts_on: date(starts),
        ends_on: Some(date(ends)),
        advice_requested_on: some_date(advice_requested),
        evidence_ref: Some(EvidenceRef::parse(&made.name("FILE", place))?),
    };
    made.add(Noun::TimescaleException, &made.name("EXC", place), &record.to_cells())
}

/// Makes one request for advice, and the referral it is to a therapy service.
fn ask(
    made: &mut Records,
    advice: &Advice,
    (case, child_ref): (&str, &ChildRef),
    (sketch, census): (&Sketch, Day),
    dice: &mut Dice,
) -> Result<(), Refusal> {
    let code = therapy::advice_code(advice.gives);
    let name = format!("{code}-{case}");
    let link = EhcRequestLink::parse(case)?;
    let discipline = therapy::discipline(advice.gives);
    let provider = therapy::provider(made.authority, discipline.is_some() || advice.is_health())?;
    made.add(Noun::AdviceRequest, &name, &advice.record(link.clone(), provider).to_cells())?;
    match discipline {
        Some(discipline) if advice.is_work() => {
            let ended = matches!(sketch.ending, Ending::Plan(_) | Ending::NoPlan(_));
            therapy::advice_referral(made, (discipline, *advice, ended), (&name, link, child_ref), census, dice)
        }
        _ => Ok(()),
    }
}
