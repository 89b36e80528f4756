//! Milestones of a case, worked out from the limits of the law: the slack that is left, and from when a late plan could
//! no longer be avoided, and whose step made it so.

use chrono::{Days, NaiveDate};

use super::{Case, Clock, Event};
use crate::domain::advice_request::AdviceType;

/// A day that follows from the limits, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestone {
    /// Stable word.
    pub name: &'static str,
    /// The day.
    pub on: NaiveDate,
    /// What it is.
    pub about: &'static str,
}

/// Whose step made a late plan unavoidable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// An adviser, whose advice was not in hand in time.
    Advice(AdviceType),
    /// The council, which did not serve the draft in time.
    Council,
}

/// What follows from the limits for one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Milestones {
    /// Days in order.
    pub days: Vec<Milestone>,
    /// Days between the last day for advice and the day its six weeks end; negative if they end too late.
    pub advice_slack_days: Option<i64>,
    /// The first day on which the plan can be final, given the advice and draft as they are at the end of the day asked about.
    pub earliest_lawful_final_on: Option<NaiveDate>,
    /// How many days past its due date that is; 0 if it can be in time.
    pub forced_breach_days: i64,
    /// The first day on which a late plan could no longer be avoided, and whose step made it so.
    pub unavoidable: Option<(NaiveDate, Vec<Cause>)>,
}

/// Days of representations: the first day a plan may be final is the day after them.
const REPRESENTATIONS: Days = Days::new(15);

impl Case {
    /// Works out the milestones as at the end of `as_of`, with so many days to draft the plan once all advice is in hand.
    ///
    /// `None` where nobody knows when the case started. Source: regs 5(1), 8(1), 13(1) and 13(2), put together.
    pub fn milestones(&self, as_of: NaiveDate, drafting_days: u32) -> Option<Milestones> {
        let window = self.request.window()?;
        let (start, due) = (window.first, window.last);
        let on = |days: u64| start.checked_add_days(Days::new(days));
        let last_service =
            Clock::RepresentationWindow.rules().find(|rule| rule.triggers.contains(&Event::RequestReceived));
        let last_service_on = last_service.and_then(|rule| rule.due(start, &self.request.events()))?;
        let last_advice_on = last_service_on.checked_sub_days(Days::new(u64::from(drafting_days)))?;
        let days = [
            ("decision_due", on(42), "whether to assess must be notified by then"),
            ("advice_due_if_asked_on_the_day_of_decision", on(84), "six weeks after a decision on its last day"),
            (
                "draft_by_practice",
                on(112),
                "week sixteen: a limit only for a decision not to issue; practice for the draft",
            ),
            ("last_day_for_advice", Some(last_advice_on), "advice in hand later leaves too little time to draft"),
            (
                "last_day_to_serve_a_draft",
                Some(last_service_on),
                "a draft served later leaves fewer than fifteen full days",
            ),
            ("final_due", Some(due), "the final plan must be sent by then"),
        ];
        let days =
            days.into_iter().filter_map(|(name, day, about)| Some(Milestone { name, on: day?, about })).collect();
        let earliest = self.earliest_lawful_final(as_of, drafting_days);
        let advice_due =
            self.advice.iter().filter_map(|advice| super::instance::of_advice(advice, None).due_on()).max();
        Some(Milestones {
            days,
            advice_slack_days: advice_due.map(|due| (last_advice_on - due).num_days()),
            earliest_lawful_final_on: earliest,
            forced_breach_days: earliest.map_or(0, |earliest| (earliest - due).num_days().max(0)),
            unavoidable: self.unavoidable(as_of, last_advice_on, last_service_on),
        })
    }

    /// The first day on which the plan can be final: fifteen days after its draft, which follows the last advice.
    fn earliest_lawful_final(&self, as_of: NaiveDate, drafting_days: u32) -> Option<NaiveDate> {
        let served_on = self.request.draft_served_on.filter(|day| *day <= as_of);
        let draft_on = served_on.or_else(|| {
            // Advice that is still out cannot come back before tomorrow.
            let in_hand = self.advice.iter().map(|advice| {
                let known = advice.in_hand_on().or(advice.declined_on).filter(|day| *day <= as_of);
                known.or_else(|| as_of.succ_opt())
            });
            let last = in_hand.flatten().max().or(self.request.decision_on)?;
            let drafted = last.checked_add_days(Days::new(u64::from(drafting_days)))?;
            Some(drafted.max(as_of))
        })?;
        draft_on.checked_add_days(REPRESENTATIONS)
    }

    /// When a late plan could no longer be avoided, as far as the end of `as_of` shows, and whose step made it so.
    fn unavoidable(
        &self,
        as_of: NaiveDate,
        last_advice_on: NaiveDate,
        last_service_on: NaiveDate,
    ) -> Option<(NaiveDate, Vec<Cause>)> {
        let request = &self.request;
        let over = request.ended_on().filter(|day| *day <= as_of);
        let served_late = |day: Option<NaiveDate>| day.is_none_or(|day| day > last_service_on);
        let in_time = request.draft_served_on.is_some_and(|day| day <= last_service_on);
        if in_time || over.is_some_and(|day| day <= last_service_on) {
            return None;
        }
        let late = self.advice.iter().filter(|advice| {
            let settled = advice.in_hand_on().or(advice.declined_on);
            advice.sent_on.is_some() && settled.is_none_or(|day| day > last_advice_on)
        });
        let mut causes: Vec<_> = late.map(|advice| Cause::Advice(advice.advice_type)).collect();
        causes.sort_unstable();
        causes.dedup();
        if !causes.is_empty() && as_of > last_advice_on {
            return Some((last_advice_on.succ_opt()?, causes));
        }
        let council = as_of > last_service_on && served_late(request.draft_served_on);
        council.then(|| Some((last_service_on.succ_opt()?, vec![Cause::Council])))?
    }
}
