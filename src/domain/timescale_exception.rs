//! Exceptions to the time limits: a listed ground, its dates, and where its evidence is kept.

use chrono::NaiveDate;

use super::check;
use super::clock::Ground;
use super::fault::Faults;
use super::noun::noun;
use super::reference::{EhcRequestLink, EvidenceRef, ReassessmentLink, assessment};

noun! {
    /// A fact that may excuse a late step of one EHC request or re-assessment. It never moves a due date; shortage of staff is never one.
    TimescaleException: "exc", "timescale exception", "timescale-exceptions", "timescale_exceptions" {
        /// The EHC request it belongs to.
        optional ehc_request_id: EhcRequestLink,
        /// The re-assessment it belongs to, reg 27(3).
        optional reassessment_id: ReassessmentLink,
        /// The ground, one of those the regulations list.
        required ground: Ground,
        /// First day of the closure, the absence or the circumstances; the day of a missed appointment.
        required starts_on: NaiveDate,
        /// Last day of it, inclusive. A school re-opens on the day after.
        optional ends_on: NaiveDate,
        /// For a closure: the day advice was asked of the head teacher or early years provider.
        optional advice_requested_on: NaiveDate,
        /// Where the evidence is kept.
        optional evidence_ref: EvidenceRef,
    }
}

impl Draft {
    fn check(&self, today: NaiveDate, faults: &mut Faults) {
        let request = ("ehc_request_id", self.ehc_request_id.is_some());
        check::one_link(request, ("reassessment_id", self.reassessment_id.is_some()), "an exception", faults);
        check::in_order(&[("starts_on", self.starts_on)], &[("ends_on", self.ends_on)], faults);
        check::not_after(today, &[("advice_requested_on", self.advice_requested_on)], faults);
        if self.ground == Some(Ground::MissedAppointment) {
            let message = "must not be missed_appointment: it excuses the body whose appointment it was, so record it as missed_appointment_on of that advice request";
            faults.add("ground", "not_allowed", message);
        }
        let closure = matches!(self.ground, Some(Ground::SchoolClosure | Ground::EarlyYearsClosure));
        if closure && self.ends_on.is_none() {
            faults.add(
                "ends_on",
                "required",
                "is required for a closure: regulations 5(4) and 10(4) ask for four weeks",
            );
        }
        if closure && self.advice_requested_on.is_none() {
            faults.add(
                "advice_requested_on",
                "required",
                "is required for a closure: the exception turns on when advice was asked for",
            );
        }
    }
}

impl TimescaleException {
    /// The number of the EHC request or re-assessment it belongs to.
    pub fn assessment(&self) -> i64 {
        assessment(self.ehc_request_id.as_ref(), self.reassessment_id.as_ref())
    }
}
