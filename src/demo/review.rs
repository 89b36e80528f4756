//! Synthetic EHC plans and their reviews: as many as were published, with the published outcomes and times.

use super::child::child;
use super::dice::Dice;
use super::docket::{Year, weekday};
use super::{Records, date, some_date};
use crate::domain::annual_review::{AnnualReview, ReviewDecision};
use crate::domain::child::SenStatus;
use crate::domain::clock::Transfer;
use crate::domain::ehc_plan::{EhcPlan, SettingType};
use crate::domain::facts::Day;
use crate::domain::fault::Refusal;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::published::Reviews;
use crate::domain::reference::{ChildRef, EhcPlanLink, EhcRequestLink};

/// A plan that an EHC case of the docket led to.
pub struct IssuedPlan {
    /// The child.
    pub child_ref: ChildRef,
    /// The external id of the case.
    pub case: String,
    /// The final plan was sent.
    pub issued: Day,
}

const SETTINGS: [(SettingType, u32); 6] = [
    (SettingType::MainstreamSchool, 43),
    (SettingType::SpecialSchool, 31),
    (SettingType::PostSixteen, 12),
    (SettingType::IndependentSpecialSchool, 7),
    (SettingType::UnitOrResourcedProvision, 4),
    (SettingType::OtherwiseByCouncil, 3),
];

/// What is left of the published totals of reviews.
struct Left {
    decisions: Vec<(Option<ReviewDecision>, u64)>,
    within: u64,
    over: u64,
    meetings: [(Day, Day, u64); 3],
}

/// Makes the plans of an authority, those of the docket first, and the last review of each that had one.
pub fn plans(
    made: &mut Records,
    issued: Vec<IssuedPlan>,
    reviews: Option<&Reviews>,
    year: Year,
    dice: &mut Dice,
) -> Result<(), Refusal> {
    let of_docket = issued.len();
    for (number, plan) in (1..).zip(issued) {
        let link = EhcRequestLink::parse(&plan.case)?;
        let record = EhcPlan { ehc_request_id: Some(link), ..of(plan.child_ref, plan.issued, year, dice) };
        made.add(Noun::EhcPlan, &made.name("PLAN", number), &record.to_cells())?;
    }
    let Some(reviews) = reviews else { return Ok(()) };
    let mut left = Left::of(reviews, year);
    let met: u64 = left.meetings.iter().map(|(.., count)| count).sum();
    let older = reviews.plans.saturating_sub(u64::try_from(of_docket).unwrap_or(u64::MAX));
    for place in 0..older {
        let number = 100_000 + of_docket + usize::try_from(place).unwrap_or_default();
        let name = made.name("PLAN", number);
        let child_ref = child(made, number, SenStatus::EhcPlan, (5, 20), dice)?;
        let meeting = if place < met { left.meeting(dice) } else { None };
        // A plan that was reviewed was made about a year before; one that was not is young, or its review is overdue.
        let made_on = match meeting {
            Some(meeting) => meeting - dice.between(300, 380),
            None => year.census - dice.between(1, 700),
        };
        let record = of(child_ref, weekday(made_on), year, dice);
        made.add(Noun::EhcPlan, &name, &record.to_cells())?;
        if let Some(meeting) = meeting {
            let review = left.review(EhcPlanLink::parse(&name)?, meeting, year.census, dice);
            made.add(Noun::AnnualReview, &made.name("REV", number), &review.to_cells())?;
        }
    }
    Ok(())
}

fn of(child_ref: ChildRef, issued: Day, year: Year, dice: &mut Dice) -> EhcPlan {
    // Of a hundred plans, some move to secondary school or to college in the year or in the year after.
    let transfer = match dice.below(100) {
        0..=4 => Some((Transfer::PrimaryToSecondary, year.first + 244, 45)),
        5..=8 => Some((Transfer::SecondaryToPost16, year.first + 244, 89)),
        9..=14 => Some((Transfer::PrimaryToSecondary, year.last + 244, 45)),
        _ => None,
    }
    .filter(|(_, move_on, _)| issued < move_on - 220);
    // Most are named in the fortnight before the day the law has, some late, some not yet.
    let named = transfer.and_then(|(_, move_on, before)| {
        let new_year = move_on - 244;
        let on = weekday(new_year + before - 14 + dice.nearer(0, 60));
        (on <= year.census && dice.chance(95)).then_some(on.max(issued))
    });
    EhcPlan {
        child_ref,
        issued_on: date(issued),
        ehc_request_id: None,
        primary_need: None,
        secondary_need: None,
        setting_type: dice.weighted(&SETTINGS),
        ceased_on: None,
        cease_reason: None,
        phase_transfer: transfer.map(|(transfer, ..)| transfer),
        phase_transfer_on: some_date(transfer.map(|(_, move_on, _)| move_on)),
        phase_transfer_final_on: some_date(named),
        move_known_on: None,
        moves_on: None,
        transferred_out_on: None,
        transferred_in_on: None,
        icb_change_known_on: None,
        new_icb_told_on: None,
        icb_review_asked_on: None,
        transfer_informed_on: None,
    }
}

impl Left {
    fn of(reviews: &Reviews, year: Year) -> Self {
        let decided = reviews.amend + reviews.cease + reviews.maintain;
        let met = reviews.met_after + reviews.met_in_year + reviews.met_before;
        let decisions = vec![
            (Some(ReviewDecision::Amend), reviews.amend),
            (Some(ReviewDecision::Cease), reviews.cease),
            // Last, because where more outcomes than meetings were published, the surplus is missing here.
            (Some(ReviewDecision::Maintain), reviews.maintain),
            (None, met.saturating_sub(decided)),
        ];
        // The oldest meetings first: late decisions need the time.
        let meetings = [
            (year.first - 400, year.first - 1, reviews.met_before),
            (year.first, year.last, reviews.met_in_year),
            (year.last + 1, year.census, reviews.met_after),
        ];
        Self { decisions, within: reviews.within_four_weeks, over: reviews.over_four_weeks, meetings }
    }

    fn meeting(&mut self, dice: &mut Dice) -> Option<Day> {
        let (first, last, left) = self.meetings.iter_mut().find(|(.., left)| *left > 0)?;
        *left -= 1;
        Some(weekday(dice.between(*first, *last)).max(*first))
    }

    fn review(&mut self, plan: EhcPlanLink, meeting: Day, census: Day, dice: &mut Dice) -> AnnualReview {
        let decision = self.decisions.iter_mut().find(|(_, left)| *left > 0).and_then(|(decision, left)| {
            *left -= 1;
            *decision
        });
        let decided = if self.over > 0 && meeting + 29 <= census {
            self.over -= 1;
            Some((meeting + 29 + dice.nearer(0, 90)).min(census))
        } else if self.within > 0 {
            self.within -= 1;
            Some((meeting + dice.between(7, 28)).min(census))
        } else {
            None
        };
        let notice = decided.filter(|_| decision == Some(ReviewDecision::Amend)).filter(|_| dice.chance(80));
        AnnualReview {
            ehc_plan_id: plan,
            meeting_on: Some(date(meeting)),
            notice_sent_on: Some(date(weekday(meeting - dice.between(10, 24)))),
            report_sent_on: some_date(Some(meeting + dice.between(5, 18)).filter(|day| *day <= census)),
            decision,
            decision_on: some_date(decided),
            amendment_notice_sent_on: some_date(notice),
            final_sent_on: some_date(notice.map(|day| day + dice.between(35, 70)).filter(|day| *day <= census)),
            not_amended_on: None,
        }
    }
}
