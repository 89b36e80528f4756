//! What a rule of the law is: one entry of data for each version of each rule.

use chrono::NaiveDate;

use super::clock::Clock;
use super::event::Event;
use super::limit::Limit;
use super::{Exception, Excuse, Ground, Window};
use crate::domain::field::codes;

codes! {
    /// How sure the reading of a rule is.
    Certainty {
        /// The text of the law was read.
        LawRead = "V",
        /// Read in a secondary source that quotes the law.
        SecondarySource = "S",
        /// General knowledge, not read again: check it before relying on it.
        Recalled = "R",
    }
}

impl Certainty {
    /// The mark in words.
    pub fn about(self) -> &'static str {
        match self {
            Self::LawRead => "the text of the law was read",
            Self::SecondarySource => "read in a secondary source",
            Self::Recalled => "recalled, not read again; check it before relying on it",
        }
    }
}

codes! {
    /// Who must act in time.
    Party {
        /// The council.
        Council = "council",
        /// The council that is responsible until the move.
        OldCouncil = "old_council",
        /// The council that is responsible from the move on.
        NewCouncil = "new_council",
        /// The body asked for advice.
        AdviceGiver = "advice_giver",
        /// A school or other setting.
        Setting = "setting",
        /// The responsible commissioning body: an integrated care board.
        CommissioningBody = "commissioning_body",
        /// The mediation adviser.
        MediationAdviser = "mediation_adviser",
        /// The therapy service.
        TherapyService = "therapy_service",
        /// The parent or young person: a window that closes, never a breach by the council.
        ParentOrYoungPerson = "parent_or_young_person",
    }
}

codes! {
    /// What stands behind a limit.
    Force {
        /// A statutory limit.
        Law = "law",
        /// Statutory guidance: must be had regard to.
        Guidance = "guidance",
        /// Worked out from limits of the law; no limit itself.
        Derived = "derived",
        /// A planning standard of the NHS.
        PlanningStandard = "planning_standard",
    }
}

/// What the due date is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The last day in time for the act.
    Latest,
    /// The last day of a window that must be left open: the act is too early up to and on it.
    Window,
}

/// A second date that bounds the due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// The due date is never later than this limit, counted from the first of the events that is known.
    NotAfter(&'static [Event], Limit),
    /// The due date is never earlier than this limit, counted from the first of the events that is known.
    NotBefore(&'static [Event], Limit),
}

/// Another date shown beside the due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Also {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// The event it counts from.
    pub from: Event,
    /// How it counts.
    pub limit: Limit,
}

/// One rule of the law.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name of this version of the rule.
    pub id: &'static str,
    /// The clock it runs.
    pub clock: Clock,
    /// What starts it; the first that is known.
    pub triggers: &'static [Event],
    /// What must happen.
    pub act: &'static str,
    /// Who must act.
    pub binds: Party,
    /// How long there is.
    pub limit: Limit,
    /// A second date that bounds the due date.
    pub bound: Option<Bound>,
    /// What the due date is.
    pub kind: Kind,
    /// Other dates shown beside it.
    pub also: &'static [Also],
    /// Where it stands.
    pub regulation: &'static str,
    /// What stands behind it.
    pub force: Force,
    /// The grounds that disapply it, and where each stands.
    pub exceptions: &'static [Excuse],
    /// First trigger day it applies to.
    pub in_force_from: NaiveDate,
    /// Last trigger day it applies to; `None` while it is the law.
    pub in_force_to: Option<NaiveDate>,
    /// How sure the reading is.
    pub certainty: Certainty,
    /// What is ambiguous, and which reading is taken.
    pub reading: Option<&'static str>,
}

/// SI 2014/1530 came into force.
pub(super) const SEND_REGULATIONS_IN_FORCE: NaiveDate = ymd(2014, 9, 1);

/// A day of the calendar, in a constant.
pub(super) const fn ymd(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(date) => date,
        None => NaiveDate::MIN,
    }
}

impl Rule {
    /// What most rules have in common: they bind the council, stand in the Regulations, and have no exception.
    pub(super) const COMMON: Self = Self {
        id: "",
        clock: Clock::FinalPlan,
        triggers: &[],
        act: "",
        binds: Party::Council,
        limit: Limit::Days(0),
        bound: None,
        kind: Kind::Latest,
        also: &[],
        regulation: "",
        force: Force::Law,
        exceptions: &[],
        in_force_from: SEND_REGULATIONS_IN_FORCE,
        in_force_to: None,
        certainty: Certainty::LawRead,
        reading: None,
    };

    /// The entry for `ground`, if it is one of those listed for this rule.
    pub fn excuse(&self, ground: Ground) -> Option<&'static Excuse> {
        self.exceptions.iter().find(|excuse| excuse.ground == ground)
    }

    /// The first day on which `exception` disapplies it for a record's clock with that window; `None` if never.
    pub fn excused_from(&self, exception: &Exception, window: Option<Window>) -> Option<NaiveDate> {
        let excuse = self.excuse(exception.ground).filter(|_| exception.bears_on(window))?;
        exception.holds_from(excuse, window)
    }

    /// True if it applies to what was triggered on that day.
    pub fn is_in_force(&self, day: NaiveDate) -> bool {
        self.in_force_from <= day && self.in_force_to.is_none_or(|to| day <= to)
    }
}
