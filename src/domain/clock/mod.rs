//! The clocks of the law: rules as dated data, and the one reader of them all.
//!
//! A rule counts from the day after its trigger, so an act on the due date is in time. An exception disapplies a limit;
//! it never moves a due date. See [`rules::RULES`] for the law and [`read`] for what a rule says on a day.

mod case;
mod exception;
pub mod rules;

use chrono::{Days, NaiveDate};

pub use case::{AdviceClock, Case, CaseClocks};
pub use exception::{Exception, Ground, Window};
pub use rules::{Certainty, Clock, Limit, Rule, Trigger};

/// What a clock says on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Its trigger has not happened, or nobody wrote it down.
    NotStarted,
    /// It cannot bind this case: a refused request has no final plan.
    NotApplicable,
    /// The request was withdrawn before the act.
    Stopped,
    /// The time for a refusal has passed with nothing decided: no breach, for only a refusal is bound by it.
    Lapsed,
    /// The act is due in so many days; 0 on the due date itself.
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
            Self::Lapsed => "lapsed",
            Self::Open { .. } => "open",
            Self::Met => "met",
            Self::Overdue { .. } => "overdue",
            Self::Breached { .. } => "breached",
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

/// The last day on which a limit counted from `start` is still kept.
///
/// The day of the event is day zero: six weeks from a Monday end on a Monday, and that Monday is in time. Calendar days
/// count; weekends, bank holidays and school holidays neither stop the count nor move its end.
/// Source: the general rule for "within N weeks of"; no provision to the contrary in SI 2014/1530.
///
/// `None` if the day lies beyond the calendar.
///
/// # Examples
///
/// ```
/// use twentyweeks::domain::clock::{Limit, due_on};
/// let monday = "2025-01-06".parse()?;
/// assert_eq!(due_on(monday, Limit::Weeks(20)), Some("2025-05-26".parse()?));
/// # Ok::<(), chrono::ParseError>(())
/// ```
pub fn due_on(start: NaiveDate, limit: Limit) -> Option<NaiveDate> {
    start.checked_add_days(Days::new(u64::from(limit.days())))
}

/// Reads `rule` as at the end of `as_of`: what happened later has not happened yet.
///
/// `started_on` is the trigger, `done_on` the act. An exception counts from the day its conditions are fulfilled.
pub fn read(
    rule: &'static Rule,
    started_on: Option<NaiveDate>,
    done_on: Option<NaiveDate>,
    exceptions: &[Exception],
    as_of: NaiveDate,
) -> Reading {
    let happened = |date: &NaiveDate| *date <= as_of;
    let started_on = started_on.filter(happened);
    let done_on = done_on.filter(happened);
    let due = started_on.and_then(|start| due_on(start, rule.limit).map(|due| (start, due)));
    let Some((start, due)) = due else {
        return Reading { rule, due_on: None, done_on, state: State::NotStarted, ground: None };
    };
    let days_past = (done_on.unwrap_or(as_of) - due).num_days();
    let window = Window { first: start, last: due };
    let excuse = exceptions.iter().find(|exception| {
        rule.excuses(exception.ground) && exception.holds_from(Some(window)).is_some_and(|from| from <= as_of)
    });
    let ground = excuse.map(|exception| exception.ground).filter(|_| days_past > 0);
    let state = match (done_on, ground) {
        (Some(_), _) if days_past <= 0 => State::Met,
        (None, _) if days_past <= 0 => State::Open { days_left: -days_past },
        (_, Some(_)) => State::Exempt { days_past },
        (Some(_), None) => State::Breached { days_late: days_past },
        (None, None) => State::Overdue { days_late: days_past },
    };
    Reading { rule, due_on: Some(due), done_on, state, ground }
}
