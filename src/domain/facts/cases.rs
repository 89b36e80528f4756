//! Facts of EHC requests and of the advice they wait for.

use super::ProviderPlace;
use super::columns::columns;
use super::days::{Day, NEVER, date, day};
use crate::domain::advice_request::{AdviceRequest, AdviceType};
use chrono::NaiveDate;

use crate::domain::clock::{Clock, Event, Events, Exception, Rule, Window};
use crate::domain::ehc_request::{Decision, EhcRequest, Outcome, RequestSource};
use crate::domain::timescale_exception::TimescaleException;

columns! {
    /// EHC requests as columns.
    CaseFacts of
    /// One EHC request.
    CaseFact {
        /// The child's place.
        child: u32,
        /// Who asked, 0 if not recorded.
        source: u8,
        /// Day zero of its clocks; `NEVER` if nobody knows.
        started: Day,
        /// The decision whether to assess was notified.
        decided: Day,
        /// The decision was to assess.
        assesses: bool,
        /// A decision not to issue a plan was notified.
        refused_plan: Day,
        /// The draft was served.
        draft_served: Day,
        /// The final plan was sent.
        issued: Day,
        /// The request was withdrawn.
        withdrawn: Day,
        /// Nothing more to do: issued, refused or withdrawn.
        ended: Day,
        /// Mediation or a tribunal took place: outside DfE's twenty-week measure.
        contested: bool,
        /// The request is of a detained person.
        detained: bool,
        /// The due date of the final plan.
        final_due: Day,
        /// From this day an exception disapplies the limits of reg 10(1) and 13(2).
        exempt_from: Day,
        /// From this day an order, a concession or an agreement replaces those limits.
        replaced: Day,
    }
}

/// The rule of a clock of a request that started on a day, or nobody knows when; detained persons have rules of their own.
fn rule_of_request(clock: Clock, start: Option<NaiveDate>, detained: bool) -> &'static Rule {
    let events = Events::default().with(Event::DetainedRequestReceived, start.filter(|_| detained));
    let of_detained = || clock.rules().find(|rule| rule.triggers.contains(&Event::DetainedRequestReceived));
    let started = clock.started_by(&events).map(|(rule, _)| rule);
    started.or_else(|| of_detained().filter(|_| detained)).unwrap_or_else(|| clock.rule(start))
}

impl CaseFact {
    /// The facts of a request about the child with that place.
    pub fn new(request: &EhcRequest, child: u32) -> Self {
        let started_on = request.started_on();
        let refused = request.outcome == Some(Outcome::NoPlan);
        let flags = [
            request.request_mediation,
            request.request_tribunal,
            request.assessment_mediation,
            request.assessment_tribunal,
        ];
        Self {
            child,
            source: RequestSource::byte(request.request_source),
            started: day(started_on),
            decided: day(request.decision_on),
            assesses: request.decision == Some(Decision::Assess),
            refused_plan: if refused { day(request.outcome_on) } else { NEVER },
            draft_served: day(request.draft_served_on),
            issued: day(request.final_sent_on),
            withdrawn: day(request.withdrawn_on),
            ended: day(request.ended_on()),
            contested: flags.contains(&Some(true)),
            detained: request.detained == Some(true),
            final_due: day(request.window().map(|window| window.last)),
            exempt_from: NEVER,
            replaced: NEVER,
        }
    }
}

impl CaseFacts {
    /// Works out from which day one of `exceptions` disapplies the limit of the final plan, reg 13(3). What began after the
    /// plan was sent excuses nothing.
    pub fn excuse<'a>(&mut self, case: i64, exceptions: impl Iterator<Item = &'a TimescaleException>) {
        let mut exceptions = exceptions.peekable();
        let Ok(place) = self.place(case) else { return };
        // Most requests have none, and need not be looked at.
        let exempt_from = if exceptions.peek().is_some() { self.excused_from(place, exceptions) } else { None };
        if let Some(slot) = self.exempt_from.get_mut(place) {
            *slot = day(exempt_from);
        }
    }

    fn excused_from<'a>(
        &self,
        place: usize,
        exceptions: impl Iterator<Item = &'a TimescaleException>,
    ) -> Option<NaiveDate> {
        let (_, case) = self.row(place)?;
        let (start, due, issued) = (date(case.started), date(case.final_due), date(case.issued));
        let window = start.zip(due).map(|(first, last)| Window { first, last });
        let rule = rule_of_request(Clock::FinalPlan, start, case.detained);
        exceptions
            .map(Exception::from)
            .filter_map(|exception| rule.excused_from(&exception, window))
            .filter(|from| issued.is_none_or(|issued| *from <= issued))
            .min()
    }

    /// Notes from which day an order replaces the limits of the case.
    pub fn replace(&mut self, case: i64, from: Day) {
        let slot = self.place(case).ok().and_then(|place| self.replaced.get_mut(place));
        if let Some(slot) = slot {
            *slot = from;
        }
    }
}

columns! {
    /// Requests for advice as columns.
    AdviceFacts of
    /// One request for advice.
    AdviceFact {
        /// The number of the EHC request or re-assessment.
        case: i64,
        /// Whose advice.
        advice_type: AdviceType,
        /// The body asked: its place in the list of providers, 0 for none.
        provider: ProviderPlace,
        /// Sent to the body.
        sent: Day,
        /// Received by the body.
        received: Day,
        /// Returned, the last time.
        returned: Day,
        /// Sent back to the body as not good enough.
        sent_back: Day,
        /// Earlier advice was accepted by all: no clock runs.
        accepted: Day,
        /// In hand: returned and not sent back since, or earlier advice accepted.
        in_hand: Day,
        /// Declined by the body.
        declined: Day,
        /// An appointment the body made was not kept.
        missed: Day,
    }
}

impl AdviceFact {
    /// The facts of a record whose provider has that place.
    pub fn new(record: &AdviceRequest, provider: ProviderPlace) -> Self {
        Self {
            case: record.assessment(),
            advice_type: record.advice_type,
            provider,
            sent: day(record.sent_on),
            received: day(record.received_by_body_on),
            returned: day(record.returned_on),
            sent_back: day(record.sent_back_on),
            accepted: day(record.existing_advice_accepted_on),
            in_hand: day(record.in_hand_on()),
            declined: day(record.declined_on),
            missed: day(record.missed_appointment_on),
        }
    }

    /// The day since which it was in hand at the end of `as_at`; `NEVER` if it was not. What was sent back later was in hand
    /// until then.
    #[inline]
    pub fn in_hand_by(&self, as_at: Day) -> Day {
        let in_hand = if as_at < self.sent_back { self.returned.min(self.accepted) } else { self.in_hand };
        if in_hand <= as_at { in_hand } else { NEVER }
    }

    /// True if the advice has been asked for and is not in hand at the end of `as_at`.
    pub fn is_outstanding(&self, as_at: Day) -> bool {
        self.sent <= as_at && self.in_hand_by(as_at) == NEVER && self.declined > as_at
    }
}
