//! The clocks of the law: rules as dated data, and the one reader of them all.
//!
//! A rule counts from the day after its trigger, so an act on the due date is in time. An exception disapplies a limit;
//! it never moves a due date. See [`all_rules`] for the law and [`read`] for what a rule says on a day.

mod calculation;
mod case;
#[expect(clippy::module_inception, reason = "the clocks are named in a file of their own")]
mod clock;
mod event;
mod exception;
pub mod instance;
mod limit;
pub mod milestones;
mod rule;
mod rules;

use chrono::NaiveDate;

pub use calculation::{Calculation, Question, Weighed};
pub use case::{AdviceClock, Case, CaseClocks, Possible, possible_exceptions};
pub use clock::Clock;
pub use event::{Event, Events, Transfer};
pub use exception::{Exception, Excuse, Ground, Window};
pub use limit::{Limit, due_in, due_on};
pub use rule::{Also, Bound, Certainty, Force, Kind, Party, Rule};
pub use rules::all_rules;

/// What a clock says on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its trigger has not happened, or nobody wrote it down.
    NotStarted,
    /// It cannot bind this case: a refused request has no final plan.
    NotApplicable,
    /// The request was withdrawn, the plan ceased or left, the body declined, or the review was decided, before the act.
    Stopped,
    /// The time has passed and nobody is in breach: it binds only one of two decisions, and neither was made; or it was
    /// the time of a parent, a young person or a commissioning body, who need not use it, even if they acted afterwards.
    Lapsed,
    /// The act is due in so many days; 0 on the due date itself, and past it while a window waits for what lengthens it.
    Open {
        /// Days left, the due date included.
        days_left: i64,
    },
    /// Done in time.
    Met,
    /// Not done, and the due date has passed by so many days.
    Overdue {
        /// Days past the due date, 1 or more.
        days_late: i64,
    },
    /// Done so many days late.
    Breached {
        /// Days past the due date, 1 or more.
        days_late: i64,
    },
    /// An order, a concession or an agreement set another limit before the act was done.
    Replaced,
    /// The window that had to be left open was cut short by so many days.
    CutShort {
        /// Days between the act and the first day on which it was allowed, 1 or more.
        days_early: i64,
    },
    /// The window that had to be left open has passed.
    Elapsed,
    /// Past the due date, and an exception disapplies the limit.
    Exempt {
        /// Days past the nominal due date, 1 or more.
        days_past: i64,
    },
}

impl State {
    /// The word the wire uses.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::NotApplicable => "not_applicable",
            Self::Stopped => "stopped",
            Self::Replaced => "replaced",
            Self::Lapsed => "lapsed",
            Self::Open { .. } => "open",
            Self::Met => "met",
            Self::Overdue { .. } => "overdue",
            Self::Breached { .. } => "breached",
            Self::CutShort { .. } => "procedural_breach",
            Self::Elapsed => "elapsed",
            Self::Exempt { .. } => "exempt",
        }
    }
}

/// A rule read against one case on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The rule.
    pub rule: &'static Rule,
    /// The last day on which the act is in time; `None` until the clock starts.
    pub due_on: Option<NaiveDate>,
    /// The day of the act, if it has happened.
    pub done_on: Option<NaiveDate>,
    /// What the clock says.
    pub state: State,
    /// The ground that holds, when it is `Exempt`.
    pub ground: Option<Ground>,
}

impl Rule {
    /// The day that starts the rule, as far as it is known at the end of `as_of`.
    fn started_on(&self, events: &Events, as_of: NaiveDate) -> Option<NaiveDate> {
        let known = |event: &Event| events.day(*event).filter(|day| Events::has_happened(*event, *day, as_of));
        self.triggers.iter().find_map(known)
    }

    /// The due date of a clock that `events` started on `start`; `None` if it lies beyond the calendar.
    pub fn due(&self, start: NaiveDate, events: &Events) -> Option<NaiveDate> {
        self.due_as_known(start, events, NaiveDate::MAX)
    }

    /// The due date as it was known at the end of `as_of`: what bounds it and happened later moves nothing yet.
    fn due_as_known(&self, start: NaiveDate, events: &Events, as_of: NaiveDate) -> Option<NaiveDate> {
        let due = due_in(events.calendar(), start, self.limit)?;
        let happened = |event: &Event| events.day(*event).filter(|day| Events::has_happened(*event, *day, as_of));
        let bound = |known: &[Event], limit| {
            let day = known.iter().find_map(happened)?;
            due_in(events.calendar(), day, limit)
        };
        Some(match self.bound {
            Some(Bound::NotAfter(known, limit)) => bound(known, limit).map_or(due, |bound| bound.min(due)),
            Some(Bound::NotBefore(known, limit)) => bound(known, limit).map_or(due, |bound| bound.max(due)),
            None => due,
        })
    }
}

/// Reads `rule` as at the end of `as_of`: what happened later has not happened yet.
///
/// `events` start and bound it, `done_on` is the act. An exception counts from the day its conditions are fulfilled.
pub fn read(
    rule: &'static Rule,
    events: &Events,
    done_on: Option<NaiveDate>,
    exceptions: &[Exception],
    as_of: NaiveDate,
) -> Reading {
    read_from(rule, (events, None), done_on, exceptions, as_of)
}

/// The same for a clock that does not run before a day: what excuses must bear on the time from then on.
fn read_from(
    rule: &'static Rule,
    (events, not_before): (&Events, Option<NaiveDate>),
    done_on: Option<NaiveDate>,
    exceptions: &[Exception],
    as_of: NaiveDate,
) -> Reading {
    let done_on = done_on.filter(|day| *day <= as_of);
    let start = rule.started_on(events, as_of);
    let Some((start, due)) = start.and_then(|start| Some((start, rule.due_as_known(start, events, as_of)?))) else {
        return Reading { rule, due_on: None, done_on, state: State::NotStarted, ground: None };
    };
    let days_past = (done_on.unwrap_or(as_of) - due).num_days();
    let window = Window { first: not_before.map_or(start, |day| start.max(day)), last: due };
    let holds = |exception: &&Exception| {
        let from = rule.excuse(exception.ground).and_then(|excuse| exception.holds_from(excuse, Some(window)));
        // What came about after the act excuses nothing of it.
        from.is_some_and(|from| from <= done_on.unwrap_or(as_of))
    };
    let ground = if days_past > 0 { exceptions.iter().find(holds).map(|exception| exception.ground) } else { None };
    let state = match (rule.kind, done_on, ground) {
        (Kind::Window, Some(_), _) if days_past <= 0 => State::CutShort { days_early: 1 - days_past },
        (Kind::Window, Some(_), _) => State::Met,
        (_, None, _) if days_past <= 0 => State::Open { days_left: -days_past },
        (Kind::Window, None, _) => State::Elapsed,
        (Kind::Latest, Some(_), _) if days_past <= 0 => State::Met,
        (Kind::Latest, _, Some(_)) => State::Exempt { days_past },
        (Kind::Latest, Some(_), None) => State::Breached { days_late: days_past },
        (Kind::Latest, None, None) => State::Overdue { days_late: days_past },
    };
    Reading { rule, due_on: Some(due), done_on, state, ground }
}
