//! Capacity on the wire: what teams can offer week by week, what is asked of them, and how that looks from a day.

use actix_web::HttpResponse;
use actix_web::http::Method;
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::answer::{Shape, statistic_from};
use super::axes::{AREAS, common_params, refused, stat_queries};
use super::definitions::{self, Definition};
use super::operation::{Call, Operation, handler};
use super::problem::Problem;
use super::query::{Param, ParamKind};
use super::report::{Cell, Column, ColumnType, PLACE, column, place_cells};
use crate::app::{
    App, CapacityAsk, CapacityKey, CapacityOutlook, CapacityWeek, Measured, Outlooks, StatQuery, WithPremises,
};
use crate::domain::caller::{Caller, Scope};
use crate::domain::capacity::day_book::monday;
use crate::domain::capacity::minutes::Use;
use crate::domain::capacity::outlook::{ADVICE_DEADLINE, Demand, FIRST_CONTACT_DEADLINE, Queue};
use crate::domain::capacity_rule::AppointmentType;
use crate::domain::facts::{Day, date, day};
use crate::domain::field::FieldType;
use crate::domain::service::Discipline;
use crate::domain::statistics::group::Period;

use ColumnType::{Count, Date, List, Number, Text};

const WEEK: &[Column] =
    &[column("week_starts_on", Date, "Monday of the week."), column("discipline", Text, "The therapy.")];

const SERVICE: &[Column] = &[column("service_ref", Text, "The service of the posts; null of posts without one.")];

const CAPACITY: &[Column] = &[
    column(
        "contracted_minutes",
        Number,
        "Minutes contracted: the sum of all columns of minutes but the clinical ones.",
    ),
    column("bank_holiday_minutes", Number, "Bank holidays."),
    column("school_holiday_minutes", Number, "School holidays of those who work in term only."),
    column("maternity_minutes", Number, "Maternity, paternity, adoption and shared parental leave on record."),
    column("sickness_minutes", Number, "Sickness on record, and the expected rate on every other day."),
    column(
        "leave_minutes",
        Number,
        "Leave that is booked, and the rest of the entitlement spread over the leave year.",
    ),
    column("study_minutes", Number, "Study on record, and the rest of the study days of the year."),
    column(
        "non_clinical_minutes",
        Number,
        "Supervision, meetings, development and administration not tied to a contact.",
    ),
    column("ramp_minutes", Number, "What starters do not do yet, and trainees before they qualify."),
    column("supervision_minutes", Number, "What starters take of band 6 and higher."),
    column("follow_up_minutes", Number, "Further contacts with children already seen."),
    column("first_contact_minutes", Number, "First contacts."),
    column("ehc_advice_minutes", Number, "Advice to EHC assessments."),
    column(
        "unallocated_minutes",
        Number,
        "Clinical minutes no job plan gives to an appointment, or of bands too low for one.",
    ),
    column("clinical_minutes", Number, "Follow-ups, first contacts, EHC advice and unallocated."),
    column("first_contact_slots", Count, "Whole slots, rounded person by person with a running sum."),
    column("first_contacts_attended", Number, "Slots that are expected to be attended."),
    column("ehc_advice_slots", Count, "Whole slots."),
    column("ehc_advice_attended", Number, "Slots that are expected to be attended."),
    column("follow_ups", Number, "Follow-up contacts there are minutes for."),
    column(
        "follow_ups_needed",
        Number,
        "Follow-up contacts that past starts need; of one service, its share by contracted minutes.",
    ),
    column(
        "first_contacts_delivered",
        Count,
        "First contacts on record in a week that is over; null of one that is not, and by service.",
    ),
    column(
        "realisation_factor",
        Number,
        "Delivered of planned, learned from the year before the day asked about, weeks of term and of holidays apart; null of more than one authority.",
    ),
    column("realisation_p05", Number, "The factor is lower with a chance of one in twenty."),
    column("realisation_p95", Number, "The factor is higher with a chance of one in twenty."),
    column("first_contacts_expected", Number, "Attended, times the factor of each authority."),
    column("assumed", List, "Settings no rule sets: see meta.assumptions."),
];

const DEMAND: &[Column] = &[
    column(
        "figures",
        Text,
        "recorded of a week that is over; expected otherwise: the mean of the last thirteen weeks that are over.",
    ),
    column("referrals", Number, "Referrals received, those for EHC advice left out."),
    column("advice_requests", Number, "Requests for advice to EHC assessments sent."),
    column("follow_ups_needed", Number, "Follow-up contacts that past starts need."),
    column("first_contact_demand_minutes", Number, "Minutes those referrals take."),
    column("ehc_advice_demand_minutes", Number, "Minutes that advice takes."),
    column("follow_up_demand_minutes", Number, "Minutes those follow-ups take."),
    column("demand_minutes", Number, "Minutes of all three."),
    column("clinical_minutes", Number, "Minutes the team has for children."),
    column("load", Number, "Demand minutes ÷ clinical minutes; null without staff. Over 1, what is left undone grows."),
    column(
        "largest_list_first_contact",
        Count,
        "The most who may wait at the end of the week so that all are seen within 126 days.",
    ),
    column(
        "largest_list_ehc_advice",
        Count,
        "The most advice that may be outstanding so that all is given within 42 days.",
    ),
    column("assumed", List, "Settings no rule sets: see meta.assumptions."),
];

const OUTLOOK: &[Column] = &[
    column("discipline", Text, "The therapy."),
    column("weeks", Count, "How many weeks ahead, from the Monday after the day asked about."),
    column("clinical_minutes", Number, "Minutes the team has for children in those weeks."),
    column("demand_minutes", Number, "Minutes asked for in them, as the last thirteen weeks let expect."),
    column("load", Number, "Demand minutes ÷ clinical minutes; null without staff."),
    column("sustainable", Text, "yes where the load is below 1: the list shrinks; no otherwise; null without staff."),
    column("waiting_first_contact", Count, "Children who wait for a first contact."),
    column("first_contact_slots", Count, "Whole slots in those weeks."),
    column(
        "next_first_contact_days",
        Count,
        "Days until one more child can be expected to be seen, after all who wait; null beyond two years, and of more than one authority.",
    ),
    column(
        "first_contact_pressure",
        Number,
        "Those days ÷ 126: over 1, the next child will wait longer than eighteen weeks.",
    ),
    column("largest_list_first_contact", Count, "The most who may wait so that all are seen within 126 days."),
    column("outstanding_ehc_advice", Count, "Requests for advice outstanding."),
    column("ehc_advice_slots", Count, "Whole slots in those weeks."),
    column(
        "next_ehc_advice_days",
        Count,
        "Days until one more piece of advice can be expected, after all that is outstanding.",
    ),
    column("ehc_advice_pressure", Number, "Those days ÷ 42, the six weeks of reg 8."),
    column("largest_list_ehc_advice", Count, "The most that may be outstanding so that all is given within 42 days."),
    column(
        "weeks_of_work_waiting",
        Number,
        "Minutes those who wait will take ÷ weekly clinical minutes without follow-ups.",
    ),
    column("assumed", List, "Settings no rule sets: see meta.assumptions."),
];

/// The columns of each report, for the contract.
pub const REPORTS: &[(&str, &[&[Column]])] = &[
    ("Capacity", &[PLACE, WEEK, SERVICE, CAPACITY]),
    ("CapacityDemand", &[PLACE, WEEK, DEMAND]),
    ("CapacityOutlook", &[PLACE, OUTLOOK]),
];

const GROUPS: &[&str] = &["england", "region", "authority", "discipline", "service_ref"];

/// Most weeks one question may ask about: five years.
const MOST_WEEKS: i32 = 260;

/// The operations of this file.
pub fn operations() -> Vec<Operation> {
    let params = |groups: &'static [&'static str], about: &str| {
        let mut params = common_params();
        params.push(Param::new("group_by", about, ParamKind::Words(groups)));
        params.push(Param::new("discipline", "Only these therapies.", ParamKind::Words(Discipline::CODES)));
        params
    };
    let weeks = |mut params: Vec<Param>| {
        params.push(Param::new("from", "From the week of this day on; this week, if left out.", ParamKind::Date));
        params.push(Param::new(
            "to",
            "Up to the week of this day; three weeks after the first, if left out. It may lie ahead.",
            ParamKind::Date,
        ));
        params
    };
    let mut ahead = params(AREAS, "The area.");
    ahead.push(Param::new(
        "weeks",
        "How many weeks ahead load is summed over; 13, if left out.",
        ParamKind::Whole(1, 104),
    ));
    let operation =
        |path: &str, id: &str, handler| Operation::new(Method::GET, path, id, Some(Scope::StatsRead), handler);
    vec![
        operation("/v1/stats/capacity", "stats_capacity", handler!(capacity))
            .says("statistics", "What staff can offer", "For each week and discipline: contracted minutes, every deduction, and the appointments that come of the rest, from posts, who holds them, absences and capacity rules. Weeks that are over show what was delivered beside it.")
            .takes(weeks(params(GROUPS, "The area; a row for each service with service_ref.")))
            .reports("One row for each week, area and discipline.", &["Capacity"]),
        operation("/v1/stats/capacity-demand", "stats_capacity_demand", handler!(demand))
            .says("statistics", "Demand against capacity", "For each week and discipline: minutes that referrals, requests for advice and follow-ups ask for, beside the clinical minutes there are, and the largest list that still meets its deadline.")
            .takes(weeks(params(AREAS, "The area.")))
            .reports("One row for each week, area and discipline.", &["CapacityDemand"]),
        operation("/v1/stats/capacity-outlook", "stats_capacity_outlook", handler!(outlook))
            .says("statistics", "Whether staff is enough", "As at a day, for each discipline: load of the weeks ahead, whether that can be kept up, how long the next child would wait, and the weeks of work that wait.")
            .takes(ahead)
            .reports("One row for each area and discipline.", &["CapacityOutlook"]),
    ]
}

/// What a call asks about, in weeks around the last day asked about.
fn ask(call: &Call, queries: &[StatQuery]) -> Result<CapacityAsk, Problem> {
    let as_at = queries.last().map_or_else(|| call.app.clock().today(), |query| query.as_at);
    let number = |date: NaiveDate| day(Some(date));
    let from = call.query.date("from").unwrap_or(as_at);
    let to = call.query.date("to").map_or(number(from) + 21, number);
    let weeks = (monday(to) - monday(number(from))) / 7 + 1;
    if weeks < 1 {
        return Err(refused("to", "out_of_order", &format!("must not be before from, {from}")));
    }
    if weeks > MOST_WEEKS {
        let message = format!("asks for {weeks} weeks, {MOST_WEEKS} are the most");
        return Err(refused("to", "too_many", &message));
    }
    let words = call.query.words("discipline").iter();
    let disciplines = words.filter_map(|word| Discipline::parse(word).ok()).collect();
    let by_service = call.query.words("group_by").contains(&"service_ref");
    Ok(CapacityAsk { from: number(from), to, disciplines, by_service })
}

fn shape(name: &'static str, definition: &'static Definition, columns: &[&[Column]]) -> Shape {
    Shape { name, definition, columns: columns.concat() }
}

async fn capacity(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let ask = ask(&call, &queries)?;
    let by_service = ask.by_service;
    let service = if by_service { SERVICE } else { &[] };
    let shape = shape("capacity", &definitions::CAPACITY, &[PLACE, WEEK, service, CAPACITY]);
    let rows = move |query: &StatQuery, measured: &Measured<WithPremises<CapacityKey, CapacityWeek>>| {
        week_rows(query, measured, |(_, _, _, service), week| {
            let service = service.clone().map_or(Cell::Null, Cell::text);
            [by_service.then_some(service)].into_iter().flatten().chain(capacity_cells(week)).collect()
        })
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.capacity(caller, query, &ask);
    statistic_from(&call, shape, queries, measure, (rows, rests_on)).await
}

async fn demand(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let ask = ask(&call, &queries)?;
    let shape = shape("capacity-demand", &definitions::CAPACITY_DEMAND, &[PLACE, WEEK, DEMAND]);
    let rows = |query: &StatQuery, measured: &Measured<WithPremises<CapacityKey, CapacityWeek>>| {
        week_rows(query, measured, |_, week| demand_cells(week))
    };
    let measure = move |app: &App, caller: &Caller, query: &StatQuery| app.capacity(caller, query, &ask);
    statistic_from(&call, shape, queries, measure, (rows, rests_on)).await
}

async fn outlook(call: Call) -> Result<HttpResponse, Problem> {
    let queries = stat_queries(&call)?;
    let ask = ask(&call, &queries)?;
    let weeks = call.query.whole("weeks").and_then(|weeks| i32::try_from(weeks).ok()).unwrap_or(13);
    let shape = shape("capacity-outlook", &definitions::CAPACITY_OUTLOOK, &[PLACE, OUTLOOK]);
    let measure =
        move |app: &App, caller: &Caller, query: &StatQuery| app.capacity_outlook(caller, query, (&ask, weeks));
    let rows = move |query: &StatQuery, measured: &Outlooks| {
        let each = measured.rows.0.iter().map(|((area, discipline), outlook)| {
            let mut cells = place_cells(query.as_at, *area, Period::Range, &measured.asked);
            cells.push(Cell::text(discipline.code()));
            cells.extend(outlook_cells(outlook, weeks));
            cells
        });
        each.collect()
    };
    statistic_from(&call, shape, queries, measure, (rows, rests_on)).await
}

/// The rows of weeks: place, Monday and discipline, and what `cells` writes of each.
fn week_rows(
    query: &StatQuery,
    measured: &Measured<WithPremises<CapacityKey, CapacityWeek>>,
    cells: impl Fn(&CapacityKey, &CapacityWeek) -> Vec<Cell>,
) -> Vec<Vec<Cell>> {
    let rows = measured.rows.0.iter().map(|(key, week)| {
        let (area, monday, discipline, _) = key;
        let mut row = place_cells(query.as_at, *area, week_period(*monday), &measured.asked);
        row.extend([Cell::date(date(*monday)), Cell::text(discipline.code())]);
        row.extend(cells(key, week));
        row
    });
    rows.collect()
}

fn week_period(monday: Day) -> Period {
    use chrono::Datelike;
    date(monday).map_or(Period::Range, |date| Period::Week(date.iso_week().year(), date.iso_week().week()))
}

fn capacity_cells(row: &CapacityWeek) -> Vec<Cell> {
    let (week, minutes) = (&row.week, &row.week.minutes);
    let mut cells = vec![Cell::Number(minutes.contracted)];
    cells.extend(Use::ALL.iter().map(|what| Cell::Number(minutes.of(*what))));
    cells.push(Cell::Number(minutes.clinical()));
    for offer in week.offers {
        cells.extend([Cell::Count(offer.slots), Cell::Number(offer.attended)]);
    }
    cells.extend([Cell::Number(week.follow_ups), Cell::Number(week.follow_ups_needed), Cell::count(row.delivered)]);
    let factor = row.realisation;
    cells.push(number(factor.map(|factor| factor.mean())));
    cells.extend([0.05, 0.95].map(|probability| number(factor.map(|factor| factor.quantile(probability)))));
    cells.push(Cell::Number(row.expected));
    cells.push(Cell::List(row.assumed.iter().map(|setting| setting.code()).collect()));
    cells
}

fn demand_cells(row: &CapacityWeek) -> Vec<Cell> {
    let Demand { referrals, advice_requests, follow_ups, minutes, is_expected } = row.demand;
    let clinical = row.week.minutes.clinical();
    let mut cells = vec![Cell::text(if is_expected { "expected" } else { "recorded" })];
    cells.extend([referrals, advice_requests, follow_ups].map(Cell::Number));
    cells.extend(minutes.map(Cell::Number));
    cells.extend([
        Cell::Number(row.demand.total()),
        Cell::Number(clinical),
        number(ratio(row.demand.total(), clinical)),
    ]);
    cells.extend(row.largest_lists.map(Cell::Count));
    cells.push(Cell::List(row.assumed.iter().map(|setting| setting.code()).collect()));
    cells
}

fn outlook_cells(row: &CapacityOutlook, weeks: i32) -> Vec<Cell> {
    let clinical = row.offered.minutes.clinical();
    let load = ratio(row.demand.total(), clinical);
    let sustainable = load.map(|load| if load < 1.0 { "yes" } else { "no" });
    let mut cells = vec![
        Cell::count(u64::try_from(weeks).ok()),
        Cell::Number(clinical),
        Cell::Number(row.demand.total()),
        number(load),
        sustainable.map_or(Cell::Null, Cell::text),
    ];
    cells.extend(queue_cells(row.first_contact, row.offered.first_contacts().slots, FIRST_CONTACT_DEADLINE));
    cells.extend(queue_cells(row.ehc_advice, row.offered.advice().slots, ADVICE_DEADLINE));
    let new_work = (clinical - row.offered.minutes.of(Use::FollowUp)) / f64::from(weeks);
    cells.push(number(ratio(row.waiting_minutes, new_work)));
    cells.push(Cell::List(row.assumed.iter().map(|setting| setting.code()).collect()));
    cells
}

/// Those who wait, the slots there are, the wait of the next, that wait over the deadline, and the largest list.
fn queue_cells(queue: Queue, slots: u64, deadline: Day) -> [Cell; 5] {
    let pressure = queue.next_wait.map(|days| f64::from(days) / f64::from(deadline));
    [
        Cell::Count(queue.waiting),
        Cell::Count(slots),
        Cell::count(queue.next_wait.and_then(|days| u64::try_from(days).ok())),
        number(pressure),
        Cell::Count(queue.largest_list),
    ]
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

fn number(value: Option<f64>) -> Cell {
    value.map_or(Cell::Null, Cell::Number)
}

/// The parameters an answer rests on.
fn rests_on<K, T>(measured: &Measured<WithPremises<K, T>>) -> Value {
    let (_, premises) = &measured.rows;

    let each = premises.iter().map(|(premise, authorities)| {
        json!({
            "discipline": premise.discipline.code(),
            "setting": premise.setting.code(),
            "appointment_type": premise.appointment.map(AppointmentType::code),
            "week": premise.week,
            "value": premise.value,
            "source": premise.source,
            "authorities": authorities,
        })
    });
    each.collect()
}
