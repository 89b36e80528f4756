//! Milestones of a case, worked out from the limits of the law: the slack that is left, and from when a late plan could
//! no longer be avoided, and whose step made it so.

use chrono::{Days, NaiveDate};

use super::instance::of_advice;
use super::{Case, Clock, Event, Events};
use crate::domain::advice_request::{AdviceRequest, AdviceType};
use crate::domain::ehc_request::EhcRequest;

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
    /// The case as it stood at the end of a day: what happened later has not happened.
    fn as_at(&self, as_of: NaiveDate) -> Self {
        let happened = |day: Option<NaiveDate>| day.filter(|day| *day <= as_of);
        let mut case = self.clone();
        let request = &mut case.request;
        request.decision_on = happened(request.decision_on);
        request.decision = request.decision.filter(|_| request.decision_on.is_some());
        request.outcome_on = happened(request.outcome_on);
        request.outcome = request.outcome.filter(|_| request.outcome_on.is_some());
        request.draft_served_on = happened(request.draft_served_on);
        request.final_sent_on = happened(request.final_sent_on);
        request.withdrawn_on = happened(request.withdrawn_on);
        case.orders.retain(|order| order.made_on <= as_of);
        case.advice
            .retain(|advice| advice.sent_on.or(advice.existing_advice_accepted_on).is_none_or(|day| day <= as_of));
        for advice in &mut case.advice {
            advice.received_by_body_on = happened(advice.received_by_body_on);
            advice.returned_on = happened(advice.returned_on);
            advice.sent_back_on = happened(advice.sent_back_on);
            advice.declined_on = happened(advice.declined_on);
            advice.existing_advice_accepted_on = happened(advice.existing_advice_accepted_on);
        }
        case
    }

    /// Works out the milestones as at the end of `as_of`, with so many days to draft the plan once all advice is in hand.
    ///
    /// `None` where nobody knows when the case started. Source: regs 5(1), 8(1), 13(1) and 13(2), put together.
    pub fn milestones(&self, as_of: NaiveDate, drafting_days: u32) -> Option<Milestones> {
        self.as_at(as_of).milestones_now(as_of, drafting_days)
    }

    fn milestones_now(&self, as_of: NaiveDate, drafting_days: u32) -> Option<Milestones> {
        let window = self.request.window()?;
        let (start, due) = (window.first, window.last);
        let on = |days: u64| start.checked_add_days(Days::new(days));
        let limits = Limits::of(&self.request, drafting_days)?;
        let days = [
            ("decision_due", on(42), "whether to assess must be notified by then"),
            ("advice_due_if_asked_on_the_day_of_decision", on(84), "six weeks after a decision on its last day"),
            (
                "draft_by_practice",
                on(112),
                "week sixteen: a limit only for a decision not to issue; practice for the draft",
            ),
            ("last_day_for_advice", Some(limits.advice), "advice in hand later leaves too little time to draft"),
            (
                "last_day_to_serve_a_draft",
                Some(limits.service),
                "a draft served later leaves fewer than fifteen full days",
            ),
            ("final_due", Some(due), "the final plan must be sent by then"),
        ];
        let days =
            days.into_iter().filter_map(|(name, day, about)| Some(Milestone { name, on: day?, about })).collect();
        let advice_due = self.advice.iter().filter_map(|advice| of_advice(advice, None).due_on()).max();
        // Refused, withdrawn, without a plan or under an order: nothing is left of the twenty weeks.
        let sent_on = self.request.final_sent_on;
        let ended_on = EhcRequest { final_sent_on: None, ..self.request.clone() }.ended_on();
        let over_on = self.replaced_on().into_iter().chain(ended_on).min();
        let is_over = over_on.is_some_and(|over_on| sent_on.is_none_or(|sent_on| over_on < sent_on));
        let earliest = match sent_on {
            _ if is_over || as_of < start => None,
            Some(sent_on) => Some(sent_on),
            None => self.earliest_lawful_final(as_of, drafting_days),
        };
        let forced = earliest.map_or(0, |earliest| (earliest - due).num_days().max(0));
        Some(Milestones {
            days,
            advice_slack_days: advice_due.map(|due| (limits.advice - due).num_days()),
            earliest_lawful_final_on: earliest,
            forced_breach_days: forced,
            unavoidable: if forced > 0 { self.unavoidable(as_of, &limits) } else { None },
        })
    }

    /// The first day on which the plan can be final: fifteen days after its draft, which follows the last advice.
    fn earliest_lawful_final(&self, as_of: NaiveDate, drafting_days: u32) -> Option<NaiveDate> {
        let draft_on = self.request.draft_served_on.or_else(|| {
            // Advice that is still out cannot come back before tomorrow.
            let settled =
                |advice: &AdviceRequest| advice.in_hand_on().or(advice.declined_on).or_else(|| as_of.succ_opt());
            let last = self.advice.iter().filter_map(settled).max().or(self.request.decision_on).unwrap_or(as_of);
            Some(last.checked_add_days(Days::new(u64::from(drafting_days)))?.max(as_of))
        })?;
        Some(draft_on.checked_add_days(REPRESENTATIONS)?.max(as_of))
    }

    /// When a late plan could no longer be avoided, and whose step made it so: an adviser's only if its own six weeks had
    /// ended by the last day for advice; asked too late, it is the council's. With a draft served in time it could be
    /// avoided to the last.
    fn unavoidable(&self, as_of: NaiveDate, limits: &Limits) -> Option<(NaiveDate, Vec<Cause>)> {
        if self.request.draft_served_on.is_some_and(|day| day <= limits.service) {
            return None;
        }
        let late = self.advice.iter().filter(|advice| {
            let settled = advice.in_hand_on().or(advice.declined_on);
            settled.is_none_or(|day| day > limits.advice)
        });
        let mut causes: Vec<_> = late
            .map(|advice| match of_advice(advice, None).due_on() {
                Some(due) if due <= limits.advice => Cause::Advice(advice.advice_type),
                _ => Cause::Council,
            })
            .collect();
        causes.sort_unstable();
        causes.dedup();
        if !causes.is_empty() && as_of > limits.advice {
            return Some((limits.advice.succ_opt()?, causes));
        }
        (as_of > limits.service).then(|| Some((limits.service.succ_opt()?, vec![Cause::Council])))?
    }
}

/// The last days of the steps before the final plan.
struct Limits {
    /// For advice to be in hand.
    advice: NaiveDate,
    /// To serve the draft.
    service: NaiveDate,
}

impl Limits {
    fn of(request: &EhcRequest, drafting_days: u32) -> Option<Self> {
        let start = Events::just(Event::RequestReceived, request.started_on()?);
        let (rule, first) = Clock::RepresentationWindow.started_by(&start)?;
        let service = rule.due(first, &start)?;
        Some(Self { advice: service.checked_sub_days(Days::new(u64::from(drafting_days)))?, service })
    }
}
