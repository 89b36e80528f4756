//! Events: the dated facts that start clocks or bound them.

use chrono::{Datelike, NaiveDate};
use smallvec::{SmallVec, smallvec};

use crate::domain::calendar::Calendar;
use crate::domain::field::codes;

codes! {
    /// A dated fact that the law counts from.
    Event {
        /// The council received a request for an EHC needs assessment: section 36(1).
        RequestReceived = "request_received",
        /// The council became responsible for the child: section 24.
        BecameResponsible = "became_responsible",
        /// A detained person's request was received, or responsibility for one arose: SI 2015/62.
        DetainedRequestReceived = "detained_request_received",
        /// The body received the request for its advice.
        AdviceRequestReceivedByBody = "advice_request_received_by_body",
        /// An adviser whom the council employs or buys in itself received the request for advice.
        AdviceRequestReceivedByOwnAdviser = "advice_request_received_by_own_adviser",
        /// The draft plan was served.
        DraftServed = "draft_served",
        /// The draft plan counts as served, where it was posted.
        DeemedServed = "deemed_served",
        /// The council consulted a school or other setting.
        SettingConsulted = "setting_consulted",
        /// The council received a request for a re-assessment.
        ReassessmentRequestReceived = "reassessment_request_received",
        /// The council notified, under reg 25(1), that it re-assesses.
        Reg25Notification = "reg25_notification",
        /// The council decided of its own motion to re-assess: section 44(3).
        OwnMotionDecision = "own_motion_decision",
        /// The plan was first made.
        PlanFirstMade = "plan_first_made",
        /// The last review was completed.
        LastReview = "last_review",
        /// The review meeting takes place.
        ReviewMeeting = "review_meeting",
        /// The notice of proposed amendments was sent.
        AmendmentNoticeSent = "amendment_notice_sent",
        /// The notice of proposed amendments was served.
        AmendmentNoticeServed = "amendment_notice_served",
        /// The child moves to another phase of school in this year.
        SchoolTransferYear = "school_transfer_year",
        /// The young person moves from school to a post-16 institution in this year.
        PostSixteenTransferYear = "post_sixteen_transfer_year",
        /// The transfer takes place: to another post-16 institution, or of the plan to another council.
        TransferDate = "transfer_date",
        /// The old council became aware of the move.
        OldLaAware = "old_la_aware",
        /// The child moves to another council's area.
        MoveDate = "move_date",
        /// The old commissioning body became aware of the change.
        OldIcbAware = "old_icb_aware",
        /// The new commissioning body was told.
        NewIcbTold = "new_icb_told",
        /// The tribunal made its order.
        OrderDate = "order_date",
        /// The council told the tribunal that it does not oppose the appeal.
        LaNotifiedTribunal = "la_notified_tribunal",
        /// The tribunal made a recommendation about health or social care.
        RecommendationMade = "recommendation_made",
        /// The mediation agreement was recorded.
        AgreementDate = "agreement_date",
        /// The notice of the decision was sent to the parent or young person.
        DecisionNoticeSent = "decision_notice_sent",
        /// The parent or young person told the council that they want mediation.
        ParentToldLa = "parent_told_la",
        /// The council told the commissioning body that mediation about health provision alone is wanted.
        IcbToldOfMediation = "icb_told_of_mediation",
        /// The mediation meeting ended, or the parent or young person told the adviser that they want none.
        MediationEnded = "mediation_ended",
        /// The mediation certificate was issued.
        MediationCertificateIssued = "mediation_certificate_issued",
        /// A child's wait for therapy began.
        ReferralReceived = "referral_received",
    }
}

codes! {
    /// Which move between phases of education.
    Transfer {
        /// From relevant early years education to school.
        EarlyYearsToSchool = "early_years_to_school",
        /// From infant school to junior school.
        InfantToJunior = "infant_to_junior",
        /// From primary school to middle school.
        PrimaryToMiddle = "primary_to_middle",
        /// From primary school to secondary school.
        PrimaryToSecondary = "primary_to_secondary",
        /// From middle school to secondary school.
        MiddleToSecondary = "middle_to_secondary",
        /// From secondary school to a post-16 institution.
        SecondaryToPost16 = "secondary_to_post16",
        /// From one post-16 institution to another.
        Post16ToPost16 = "post16_to_post16",
    }
}

impl Transfer {
    /// The events of such a transfer on that day.
    pub fn events(self, on: NaiveDate) -> Events {
        Events::just(self.event().unwrap_or(Event::TransferDate), on)
    }

    /// The event that a transfer in some year is, or `None` where its day decides: from one post-16 institution to another.
    pub fn event(self) -> Option<Event> {
        match self {
            Self::EarlyYearsToSchool
            | Self::InfantToJunior
            | Self::PrimaryToMiddle
            | Self::PrimaryToSecondary
            | Self::MiddleToSecondary => Some(Event::SchoolTransferYear),
            Self::SecondaryToPost16 => Some(Event::PostSixteenTransferYear),
            Self::Post16ToPost16 => None,
        }
    }
}

/// The events known of one case; each at most once. Few clocks know more than three, so these have a place of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Events {
    days: SmallVec<[(Event, NaiveDate); 3]>,
    calendar: Calendar,
}

impl Events {
    /// No event but this one.
    pub fn just(event: Event, day: NaiveDate) -> Self {
        Self { days: smallvec![(event, day)], calendar: Calendar::default() }
    }

    /// The same events and this one, if it has a day.
    #[must_use]
    pub fn with(mut self, event: Event, day: Option<NaiveDate>) -> Self {
        if let Some(day) = day {
            self.days.retain(|(known, _)| *known != event);
            self.days.push((event, day));
        }
        self
    }

    /// The same events in a place with that calendar: working days are counted by it.
    #[must_use]
    pub fn on(self, calendar: &Calendar) -> Self {
        Self { calendar: calendar.clone(), ..self }
    }

    /// The calendar by which working days are counted.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The same events and a transfer in that year.
    #[must_use]
    pub fn with_year(self, event: Event, year: i32) -> Self {
        self.with(event, NaiveDate::from_ymd_opt(year, 1, 1))
    }

    /// The day of an event.
    pub fn day(&self, event: Event) -> Option<NaiveDate> {
        self.days.iter().find(|(known, _)| *known == event).map(|(_, day)| *day)
    }

    /// Every event with its day, in the order in which they were said.
    pub fn iter(&self) -> impl Iterator<Item = (Event, NaiveDate)> {
        self.days.iter().copied()
    }

    /// The events known at the end of a day.
    #[must_use]
    pub fn until(&self, as_of: NaiveDate) -> Self {
        let days = self.iter().filter(|(event, day)| Self::has_happened(*event, *day, as_of)).collect();
        Self { days, calendar: self.calendar.clone() }
    }

    /// True if an event is known at the end of a day; what is planned, such as a meeting or a move, before it happens.
    pub fn has_happened(event: Event, day: NaiveDate, as_of: NaiveDate) -> bool {
        event.is_planned() || day <= as_of
    }
}

impl Event {
    /// True for what is known beforehand: its clocks run before it happens.
    pub fn is_planned(self) -> bool {
        matches!(
            self,
            Self::ReviewMeeting
                | Self::SchoolTransferYear
                | Self::PostSixteenTransferYear
                | Self::TransferDate
                | Self::MoveDate
        )
    }

    /// True where only the year is known.
    pub fn is_year(self) -> bool {
        matches!(self, Self::SchoolTransferYear | Self::PostSixteenTransferYear)
    }

    /// The day, or the year where only that is known, in words.
    pub fn say(self, day: NaiveDate) -> String {
        if self.is_year() { day.year().to_string() } else { day.to_string() }
    }
}
