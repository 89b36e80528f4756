//! A calculation: one clock, the events a person knows, and what the law makes of them, with the working in words.

use chrono::NaiveDate;

use super::{Clock, Event, Events, Exception, Ground, Party, Reading, Rule, State, Window, limit, read};
use crate::domain::calendar::is_working_day;
use crate::domain::fault::Faults;

/// What is asked of one clock.
#[derive(Clone, Debug)]
pub struct Question {
    /// Which clock.
    pub clock: Clock,
    /// What is known to have happened, or to be planned.
    pub events: Events,
    /// Facts that may excuse a late act.
    pub exceptions: Vec<Exception>,
    /// The day of the act.
    pub done_on: Option<NaiveDate>,
    /// The day to read the clock on.
    pub as_of: NaiveDate,
}

/// What became of one fact that might excuse.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// The fact.
    pub exception: Exception,
    /// Where its ground stands among the exceptions of the rule; `None` if it is not listed.
    pub provision: Option<&'static str>,
    /// True if its conditions are fulfilled.
    pub holds: bool,
    /// True if they are fulfilled only after the act, or after the day asked about.
    pub too_late: bool,
    /// False for a closure whose advice was asked for outside the time the limit gives: records count no such closure.
    pub in_time: bool,
}

/// What a clock says, and why.
#[derive(Clone, Debug)]
pub struct Calculation {
    /// The rule that was read.
    pub rule: &'static Rule,
    /// The event that started it.
    pub trigger: Event,
    /// The day it started.
    pub started_on: NaiveDate,
    /// What it says.
    pub reading: Reading,
    /// Other dates shown beside the due date, by their names on the wire.
    pub also: Vec<(&'static str, NaiveDate)>,
    /// Every fact that might excuse.
    pub weighed: Vec<Weighed>,
    /// True if the law can be read otherwise here.
    pub is_ambiguous: bool,
    /// The working, one step a sentence.
    pub working: Vec<String>,
}

impl Question {
    /// Answers the question.
    ///
    /// # Errors
    /// An event the clock needs and nobody gave, an act before the event that starts its clock, a start from before the
    /// rule was in force, or a due date beyond the calendar.
    pub fn answer(&self) -> Result<Calculation, Faults> {
        let mut faults = Faults::default();
        // What has happened by then decides; what is said of later days only where nothing has.
        let known = self.events.until(self.as_of);
        let events = if self.clock.started_by(&known).is_some() { &known } else { &self.events };
        let trigger = self.clock.started_by(events).and_then(|(rule, start)| {
            let trigger = rule.triggers.iter().copied().find(|trigger| events.day(*trigger) == Some(start))?;
            Some((rule, start, trigger))
        });
        let Some((rule, started_on, trigger)) = trigger else {
            faults.add("in", "missing_trigger", self.missing_trigger());
            return Err(faults);
        };
        if !rule.is_in_force(started_on) {
            let message = format!("leads to no rule: {} is in force from {} on", rule.id, rule.in_force_from);
            faults.add("in", "not_in_force", message);
        }
        if let Some(done_on) = self.done_on.filter(|day| *day < started_on && !rule.limit.counts_back()) {
            let message = format!("must not be before {}, {started_on}, but is {done_on}", trigger.code());
            faults.add("done", "before_trigger", message);
        }
        // Asked beforehand, the clock has not started; when it will be due is known all the same.
        let due_on = rule.due(started_on, events);
        let reading = Reading { due_on, ..read(rule, events, self.done_on, &self.exceptions, self.as_of) };
        if due_on.is_none() {
            faults.add("in", "date_out_of_range", "leads to a due date beyond the calendar");
        }
        faults.or(())?;
        let window = due_on.map(|last| Window { first: started_on, last });
        let weighed: Vec<_> = self.exceptions.iter().map(|exception| self.weigh(rule, window, *exception)).collect();
        let also =
            rule.also.iter().filter_map(|also| Some((also.name, limit::due_on(events.day(also.from)?, also.limit)?)));
        let later = self
            .done_on
            .filter(|day| *day > self.as_of)
            .map(|day| format!("Done on {day}, after the day asked about: not done yet."));
        let off_work = |day: NaiveDate| !trigger.is_year() && !is_working_day(day);
        Ok(Calculation {
            rule,
            trigger,
            started_on,
            also: also.collect(),
            is_ambiguous: rule.reading.is_some() || off_work(started_on) || reading.due_on.is_some_and(off_work),
            working: working(rule, (trigger, started_on), &reading, &weighed, (self.as_of, later)),
            reading,
            weighed,
        })
    }

    fn missing_trigger(&self) -> String {
        let words: Vec<_> = self.clock.rules().flat_map(|rule| rule.triggers).map(|event| event.code()).collect();
        let mut known = Vec::new();
        for word in words {
            if !known.contains(&word) {
                known.push(word);
            }
        }
        format!("must hold the event that starts {}: {}", self.clock.code(), known.join(" or "))
    }

    fn weigh(&self, rule: &'static Rule, window: Option<Window>, exception: Exception) -> Weighed {
        let excuse = rule.excuse(exception.ground);
        // What began after the act, or after the day asked about, excuses nothing.
        let until = self.done_on.map_or(self.as_of, |done| done.min(self.as_of));
        let from = excuse.and_then(|excuse| exception.holds_from(excuse, window));
        Weighed {
            in_time: exception.bears_on(window),
            exception,
            provision: excuse.map(|excuse| excuse.provision),
            holds: from.is_some_and(|from| from <= until),
            too_late: from.is_some_and(|from| from > until),
        }
    }
}

/// The working in sentences.
fn working(
    rule: &Rule,
    (trigger, started_on): (Event, NaiveDate),
    reading: &Reading,
    weighed: &[Weighed],
    (as_of, ignored): (NaiveDate, Option<String>),
) -> Vec<String> {
    let mut steps = vec![
        format!("{} on {}.", say(trigger), trigger.say(started_on)),
        format!("{}: {}.", rule.regulation, rule.limit.say()),
    ];
    if let Some(due_on) = reading.due_on {
        steps.push(match rule.bound {
            Some(_) => format!("With the second date of the rule, the last day is {due_on}."),
            None => format!("The last day is {due_on}."),
        });
        if !is_working_day(due_on) {
            steps.push("It is no working day; nothing in the Regulations moves it.".to_owned());
        }
    }
    steps.extend(weighed.iter().map(say_weighed));
    steps.extend(ignored);
    steps.push(say_state(reading, as_of));
    steps.extend(rule.reading.map(|reading| format!("Ambiguous: {reading}.")));
    steps
}

fn say(event: Event) -> String {
    let words = event.code().replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn say_weighed(weighed: &Weighed) -> String {
    let ground = weighed.exception.ground.code();
    match (weighed.provision, weighed.holds) {
        (None, _) => format!("{ground} is not among the exceptions of this rule."),
        (Some(provision), true) if !weighed.in_time => format!(
            "{ground} fulfils the words of {provision}, but advice was asked for outside the time the limit gives: a record counts no such closure."
        ),
        (Some(provision), true) => {
            format!(
                "{ground} fulfils the conditions of {provision}; the act must also have been impractical because of it."
            )
        }
        (Some(provision), false) if weighed.too_late => format!(
            "{ground} fulfils the conditions of {provision} only after the act, or after the day asked about, and excuses nothing before."
        ),
        (Some(provision), false) => {
            format!("{ground} does not fulfil the conditions of {provision}: {}.", condition(weighed.exception.ground))
        }
    }
}

fn condition(ground: Ground) -> &'static str {
    match ground {
        Ground::SchoolClosure | Ground::EarlyYearsClosure => {
            "closed for 28 days or more, and advice asked for between one week before it closes and one week before it re-opens"
        }
        Ground::AbsentFromArea => "long enough without a break, during the time the limit gives",
        Ground::ExceptionalPersonalCircumstances | Ground::MissedAppointment => "during the time the limit gives",
    }
}

fn say_state(reading: &Reading, as_of: NaiveDate) -> String {
    if reading.rule.binds == Party::ParentOrYoungPerson
        && let State::Breached { days_late } | State::Overdue { days_late } = reading.state
    {
        return format!("The window had closed by {days_late} days; nobody is in breach.");
    }
    let done = reading.done_on.map_or_else(String::new, |day| format!("Done on {day}: "));
    match reading.state {
        State::Met => format!("{done}in time."),
        State::Open { days_left } => format!("Not done by {as_of}: {days_left} days left."),
        State::Overdue { days_late } => format!("Not done by {as_of}: {days_late} days late."),
        State::Breached { days_late } => format!("{done}{days_late} days late."),
        State::Exempt { days_past } => {
            format!(
                "{done}{days_past} days past the nominal due date; an exception disapplies the limit and moves no date."
            )
        }
        State::CutShort { days_early } => format!("{done}{days_early} days before the window had passed."),
        State::Elapsed => format!("The window had passed by {as_of}."),
        State::NotStarted => format!("The clock has not started by {as_of}."),
        State::NotApplicable | State::Stopped | State::Replaced | State::Lapsed => {
            "The clock does not bind the case.".to_owned()
        }
    }
}
