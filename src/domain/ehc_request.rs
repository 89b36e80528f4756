//! Requests for an EHC needs assessment, from receipt to the final plan.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::ChildRef;

codes! {
    /// Who asked for the assessment, as SEN2 `RequestSource`.
    RequestSource {
        /// The young person or a parent.
        ParentOrYoungPerson = "parent_or_young_person",
        /// A school or other setting.
        SchoolOrSetting = "school_or_setting",
        /// A health professional.
        HealthProfessional = "health_professional",
        /// Social care.
        SocialCare = "social_care",
        /// Anyone else.
        Other = "other",
    }
}

codes! {
    /// Whether to assess: regulation 5.
    Decision {
        /// An assessment is made.
        Assess = "assess",
        /// The request is refused.
        DoNotAssess = "do_not_assess",
    }
}

codes! {
    /// What the assessment led to.
    Outcome {
        /// An EHC plan is to be made.
        Plan = "plan",
        /// No plan is to be made: regulation 10.
        NoPlan = "no_plan",
    }
}

noun! {
    /// A request for an EHC needs assessment, or the council's becoming responsible for a child: the twenty weeks start.
    EhcRequest: "ehc", "EHC request", "ehc-requests", "ehc_requests" {
        /// The child. A new pseudonym creates the child.
        required child_ref: ChildRef,
        /// The day the council received the request: day zero of its clocks.
        optional received_on: NaiveDate,
        /// The day the council became responsible under section 24, where no request was received.
        optional became_responsible_on: NaiveDate,
        /// Who asked.
        optional request_source: RequestSource,
        /// Whether to assess. Keep the first decision if mediation or a tribunal reverses it, and set its flag.
        optional decision: Decision,
        /// The day the decision was notified.
        optional decision_on: NaiveDate,
        /// What the assessment led to.
        optional outcome: Outcome,
        /// The day the outcome was decided; for no plan, the day it was notified.
        optional outcome_on: NaiveDate,
        /// The day the draft plan was served.
        optional draft_served_on: NaiveDate,
        /// The day the final plan was sent: the plan is issued.
        optional final_sent_on: NaiveDate,
        /// The day the request was withdrawn.
        optional withdrawn_on: NaiveDate,
        /// Mediation about the decision whether to assess took place.
        optional request_mediation: bool,
        /// A tribunal appeal about the decision whether to assess took place.
        optional request_tribunal: bool,
        /// Mediation about the outcome of the assessment took place.
        optional assessment_mediation: bool,
        /// A tribunal appeal about the outcome of the assessment took place.
        optional assessment_tribunal: bool,
        /// The request is of a detained person: the same weeks, with fewer exceptions, SI 2015/62.
        optional detained: bool,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let received: Step = ("received_on", self.received_on);
        let responsible: Step = ("became_responsible_on", self.became_responsible_on);
        let decided: Step = ("decision_on", self.decision_on);
        let outcome: Step = ("outcome_on", self.outcome_on);
        let draft: Step = ("draft_served_on", self.draft_served_on);
        let sent: Step = ("final_sent_on", self.final_sent_on);
        let withdrawn: Step = ("withdrawn_on", self.withdrawn_on);

        check::not_after(today, &[received, responsible, decided, outcome, draft, sent, withdrawn], faults);
        check::in_order(&[received, responsible], &[decided, outcome, draft, sent, withdrawn], faults);
        check::in_order(&[decided], &[outcome, draft, sent, withdrawn], faults);
        check::in_order(&[outcome], &[sent, withdrawn], faults);
        check::in_order(&[draft], &[sent, withdrawn], faults);
        check::together(("decision", self.decision.is_some()), decided, faults);
        check::not_both(
            ("received_on", self.received_on.is_some()),
            ("became_responsible_on", self.became_responsible_on.is_some()),
            faults,
        );
        check::not_both(
            ("final_sent_on", self.final_sent_on.is_some()),
            ("withdrawn_on", self.withdrawn_on.is_some()),
            faults,
        );
        self.check_start(faults);
        self.check_outcome(faults);
    }

    /// A case without a start has no clock. It may only be an old one that has ended: it counts in totals, in no band.
    fn check_start(&self, faults: &mut Faults) {
        if self.received_on.or(self.became_responsible_on).is_none() && self.ended_on().is_none() {
            let message = "is required (or became_responsible_on) while the request is open: the clocks start with it";
            faults.add("received_on", "required", message);
        }
    }

    fn ended_on(&self) -> Option<NaiveDate> {
        let (decision, outcome) = ((self.decision, self.decision_on), (self.outcome, self.outcome_on));
        ended_on(decision, outcome, [self.final_sent_on, self.withdrawn_on])
    }

    fn check_outcome(&self, faults: &mut Faults) {
        let reversed = self.request_mediation == Some(true) || self.request_tribunal == Some(true);
        let refused = self.decision == Some(Decision::DoNotAssess) && !reversed;
        let no_plan = self.outcome == Some(Outcome::NoPlan)
            && self.assessment_mediation != Some(true)
            && self.assessment_tribunal != Some(true);
        let steps = [("draft_served_on", self.draft_served_on), ("final_sent_on", self.final_sent_on)];
        for (name, step) in steps {
            if refused && step.is_some() {
                faults.add(name, "contradiction", "must be empty when decision is do_not_assess and neither request_mediation nor request_tribunal is true");
            }
            if no_plan && step.is_some() {
                faults.add(name, "contradiction", "must be empty when outcome is no_plan and neither assessment_mediation nor assessment_tribunal is true");
            }
        }
        if refused && self.outcome.is_some() {
            faults.add("outcome", "contradiction", "must be empty when decision is do_not_assess and neither request_mediation nor request_tribunal is true");
        }
        if self.outcome == Some(Outcome::NoPlan) && self.outcome_on.is_none() {
            faults.add("outcome_on", "required", "is required when outcome is no_plan");
        }
        if self.outcome.is_none() && self.outcome_on.is_some() {
            faults.add("outcome", "required", "is required when outcome_on is given");
        }
    }
}

impl EhcRequest {
    /// Day zero of the case's clocks: receipt, or becoming responsible. Sources: regs 4(1), 5(1), 10(1), 13(2).
    pub fn started_on(&self) -> Option<NaiveDate> {
        self.received_on.or(self.became_responsible_on)
    }

    /// The first day on which nothing more was left to do: refusal, no plan, withdrawal or final plan. A refusal that
    /// mediation or a tribunal reversed ends the case too: what follows runs by the limits of the order.
    pub fn ended_on(&self) -> Option<NaiveDate> {
        let (decision, outcome) = ((self.decision, self.decision_on), (self.outcome, self.outcome_on));
        ended_on(decision, outcome, [self.final_sent_on, self.withdrawn_on])
    }
}

/// See [`EhcRequest::ended_on`]: the decision and the outcome with their days, and the days that end a case by themselves.
fn ended_on(
    (decision, decision_on): (Option<Decision>, Option<NaiveDate>),
    (outcome, outcome_on): (Option<Outcome>, Option<NaiveDate>),
    [sent, withdrawn]: [Option<NaiveDate>; 2],
) -> Option<NaiveDate> {
    let refused = decision_on.filter(|_| decision == Some(Decision::DoNotAssess));
    let no_plan = outcome_on.filter(|_| outcome == Some(Outcome::NoPlan));
    [sent, withdrawn, no_plan, refused].into_iter().flatten().min()
}
