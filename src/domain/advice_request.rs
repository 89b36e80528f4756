//! Requests for advice to an EHC needs assessment or re-assessment: regulations 6, 8 and 26.

use chrono::NaiveDate;

use super::check::{self, Step};
use super::clock::Clock;
use super::fault::Faults;
use super::field::codes;
use super::noun::noun;
use super::reference::{EhcRequestLink, ProviderRef, ReassessmentLink, assessment};

codes! {
    /// Whose advice is asked for.
    AdviceType {
        /// Speech and language therapy.
        SpeechAndLanguageTherapy = "speech_and_language_therapy",
        /// Occupational therapy.
        OccupationalTherapy = "occupational_therapy",
        /// Physiotherapy.
        Physiotherapy = "physiotherapy",
        /// Educational psychology: reg 6(1)(d).
        EducationalPsychology = "educational_psychology",
        /// Medical: reg 6(1)(c).
        Medical = "medical",
        /// The school or setting: reg 6(1)(b).
        Education = "education",
        /// Social care: reg 6(1)(e).
        SocialCare = "social_care",
        /// The parent or young person: reg 6(1)(a).
        Parental = "parental",
        /// Anyone else: reg 6(1)(f) and (h).
        Other = "other",
    }
}

noun! {
    /// A request for advice to one EHC needs assessment or re-assessment, and what became of it.
    AdviceRequest: "adv", "advice request", "advice-requests", "advice_requests" {
        /// The EHC request it belongs to.
        optional ehc_request_id: EhcRequestLink,
        /// The re-assessment it belongs to, reg 26.
        optional reassessment_id: ReassessmentLink,
        /// Whose advice.
        required advice_type: AdviceType,
        /// The body asked. A new reference creates the provider.
        optional provider_ref: ProviderRef,
        /// The day the council sent the request.
        optional sent_on: NaiveDate,
        /// The day the body received it: its six weeks start, reg 8(1).
        optional received_by_body_on: NaiveDate,
        /// The day the advice came back: the last time, if it was sent back before.
        optional returned_on: NaiveDate,
        /// The day advice was sent back to the body as not good enough.
        optional sent_back_on: NaiveDate,
        /// The day the body declined.
        optional declined_on: NaiveDate,
        /// The day of an appointment the child was not brought to, reg 8(2)(c).
        optional missed_appointment_on: NaiveDate,
        /// The day council, adviser and parent all accepted earlier advice, reg 6(4): no clock runs.
        optional existing_advice_accepted_on: NaiveDate,
        /// The council employs or buys in the adviser itself: six weeks are guidance, reg 8 binds other bodies only.
        optional own_adviser: bool,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let sent: Step = ("sent_on", self.sent_on);
        let received: Step = ("received_by_body_on", self.received_by_body_on);
        let returned: Step = ("returned_on", self.returned_on);
        let sent_back: Step = ("sent_back_on", self.sent_back_on);
        let declined: Step = ("declined_on", self.declined_on);
        let missed: Step = ("missed_appointment_on", self.missed_appointment_on);
        let accepted: Step = ("existing_advice_accepted_on", self.existing_advice_accepted_on);

        let request = ("ehc_request_id", self.ehc_request_id.is_some());
        check::one_link(request, ("reassessment_id", self.reassessment_id.is_some()), "a request for advice", faults);
        check::not_after(today, &[sent, received, returned, sent_back, declined, missed, accepted], faults);
        check::in_order(&[sent], &[received, returned, sent_back, declined, missed], faults);
        check::in_order(&[received], &[returned, sent_back, declined, missed], faults);
        if self.sent_on.is_none() && self.existing_advice_accepted_on.is_none() {
            faults.add("sent_on", "required", "is required unless existing_advice_accepted_on is given");
        }
        check::not_both(
            ("declined_on", self.declined_on.is_some()),
            ("returned_on", self.returned_on.is_some()),
            faults,
        );
        let existing = ("existing_advice_accepted_on", self.existing_advice_accepted_on.is_some());
        for step in [received, returned, declined] {
            check::not_both(existing, (step.0, step.1.is_some()), faults);
        }
    }
}

impl AdviceRequest {
    /// The number of the EHC request or re-assessment it belongs to: within an authority no two records share one.
    pub fn assessment(&self) -> i64 {
        assessment(self.ehc_request_id.as_ref(), self.reassessment_id.as_ref())
    }

    /// The clock that runs for it.
    pub fn clock(&self) -> Clock {
        if self.reassessment_id.is_some() { Clock::ReassessAdvice } else { Clock::AdviceReturn }
    }

    /// True if the council employs or buys in the adviser itself.
    pub fn is_own_adviser(&self) -> bool {
        self.own_adviser == Some(true)
    }

    /// The day the advice is in hand; sent back and not returned since, it is not.
    pub fn in_hand_on(&self) -> Option<NaiveDate> {
        let returned = self.returned_on.filter(|returned| self.sent_back_on.is_none_or(|back| *returned > back));
        returned.or(self.existing_advice_accepted_on)
    }
}
