//! The columns of capacity, and the cells that stand in them.

use crate::app::{CapacityOutlook, CapacityWeek};
use crate::domain::capacity::ahead::Ahead;
use crate::domain::capacity::ledger::Week;
use crate::domain::capacity::minutes::Use;
use crate::domain::capacity::outlook::{ADVICE_DEADLINE, Demand, FIRST_CONTACT_DEADLINE};
use crate::http::statistics::report::{Cell, Column, ColumnType, column};

use ColumnType::{Count, Date, List, Number, Text};

/// Which week of which therapy.
pub const WEEK: &[Column] =
    &[column("week_starts_on", Date, "Monday of the week."), column("discipline", Text, "The therapy.")];

/// Which service.
pub const SERVICE: &[Column] = &[column("service_ref", Text, "The service of the posts; null of posts without one.")];

/// Where the minutes of a week go, and what comes of them: see [`offer_cells`].
pub const OFFER: &[Column] = &[
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
];

/// What was delivered of it, and what it rests on.
pub const DELIVERED: &[Column] = &[
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
    column(
        "realisation_weeks",
        Count,
        "Weeks it was learned from; 0: from none, and the factor is an assumption; null of more than one authority.",
    ),
    column("realisation_p05", Number, "The factor is lower with a chance of one in twenty."),
    column("realisation_p95", Number, "The factor is higher with a chance of one in twenty."),
    column("first_contacts_expected", Number, "Attended, times the factor of each authority."),
    column("assumed", List, "Settings no rule sets: see meta.assumptions."),
];

/// Whose staff a row is about.
pub const STAFFED: &[Column] = &[
    column(
        "authorities",
        Count,
        "Authorities whose staff is in the row: those where anybody ever held a post of the therapy.",
    ),
    column(
        "authorities_without_staff",
        Count,
        "Authorities of the area asked about where nobody ever held one. What is asked for there is in no figure of the row; of capacity-outlook, those who wait there are.",
    ),
];

/// What is asked for, beside what there is.
pub const DEMAND: &[Column] = &[
    column(
        "figures",
        Text,
        "recorded of a week that is over; expected otherwise: the mean of the last thirteen weeks that are over.",
    ),
    column("referrals", Number, "Referrals received, those for EHC advice left out."),
    column("advice_requests", Number, "Requests for advice to EHC assessments sent."),
    column("follow_ups_needed", Number, "Follow-up contacts that past starts need."),
    column(
        "first_contact_demand_minutes",
        Number,
        "Minutes those referrals take until they are attended: those that are not are taken again.",
    ),
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

/// How it looks from a day.
pub const OUTLOOK: &[Column] = &[
    column("discipline", Text, "The therapy."),
    column("weeks", Count, "How many weeks ahead, from the Monday after the day asked about."),
    column("clinical_minutes", Number, "Minutes the team has for children in those weeks; null without staff."),
    column(
        "demand_minutes",
        Number,
        "Minutes asked for in them of that team, as the last thirteen weeks let expect; null without staff.",
    ),
    column("load", Number, "Demand minutes ÷ clinical minutes; null without staff."),
    column(
        "sustainable",
        Text,
        "yes where as many first contacts can be expected as referrals come, and as much advice as is asked for: no list grows; no otherwise; null without staff.",
    ),
    column(
        "waiting_first_contact",
        Count,
        "Children who wait for a first contact, those of authorities without staff among them.",
    ),
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
    column(
        "outstanding_ehc_advice",
        Count,
        "Requests for advice outstanding, those of authorities without staff among them.",
    ),
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
        "Minutes those who wait where there is staff will take ÷ its weekly clinical minutes without follow-ups.",
    ),
    column("assumed", List, "Settings no rule sets: see meta.assumptions."),
];

/// The cells of [`OFFER`].
pub fn offer_cells(week: &Week) -> Vec<Cell> {
    let minutes = &week.minutes;
    let mut cells = vec![Cell::Number(minutes.contracted)];
    cells.extend(Use::ALL.iter().map(|what| Cell::Number(minutes.of(*what))));
    cells.push(Cell::Number(minutes.clinical()));
    for offer in week.offers {
        cells.extend([Cell::Count(offer.slots), Cell::Number(offer.attended)]);
    }
    cells.extend([week.follow_ups, week.follow_ups_needed].map(Cell::Number));
    cells
}

/// The cells of [`OFFER`] and [`DELIVERED`].
pub fn capacity_cells(row: &CapacityWeek) -> Vec<Cell> {
    let mut cells = offer_cells(&row.week);
    cells.push(Cell::count(row.delivered));
    let factor = row.realisation;
    cells.push(number(factor.map(|factor| factor.mean())));
    cells.push(Cell::count(factor.map(|factor| u64::from(factor.weeks))));
    cells.extend([0.05, 0.95].map(|probability| number(factor.map(|factor| factor.quantile(probability)))));
    cells.push(Cell::Number(row.expected));
    cells.push(Cell::List(row.assumed.iter().map(|setting| setting.code()).collect()));
    cells
}

/// The cells of [`DEMAND`].
pub fn demand_cells(row: &CapacityWeek) -> Vec<Cell> {
    let Demand { referrals, advice_requests, follow_ups, minutes, is_expected } = row.demand;
    let clinical = row.week.minutes.clinical();
    let mut cells = vec![Cell::text(if is_expected { "expected" } else { "recorded" })];
    cells.extend([referrals, advice_requests, follow_ups].map(Cell::Number));
    cells.extend(minutes.map(Cell::Number));
    cells.extend([Cell::Number(row.demand.total()), Cell::Number(clinical), number(row.demand.load(&row.week))]);
    cells.extend(row.largest_lists.map(Cell::Count));
    cells.push(Cell::List(row.assumed.iter().map(|setting| setting.code()).collect()));
    cells
}

/// The cells of [`STAFFED`] of a row with so many authorities of those in its area.
pub fn staffed_cells(authorities: usize, in_area: usize) -> [Cell; 2] {
    [authorities, in_area.saturating_sub(authorities)].map(|number| Cell::count(u64::try_from(number).ok()))
}

/// The cells of [`OUTLOOK`] after the discipline.
pub fn outlook_cells(row: &CapacityOutlook, weeks: i32) -> Vec<Cell> {
    let Ahead { offered, demand, .. } = &row.ahead;
    // Without staff there is no team whose minutes or slots could be 0.
    let of_staff = |cell: Cell| if row.authorities > 0 { cell } else { Cell::Null };
    let load = row.ahead.load();
    let sustainable = row.ahead.is_sustainable().map(|keeps_up| if keeps_up { "yes" } else { "no" });
    let mut cells = vec![
        Cell::count(u64::try_from(weeks).ok()),
        of_staff(Cell::Number(offered.minutes.clinical())),
        of_staff(Cell::Number(demand.total())),
        number(load),
        sustainable.map_or(Cell::Null, Cell::text),
    ];
    for (queue, offer, deadline) in [
        (row.first_contact, offered.first_contacts(), FIRST_CONTACT_DEADLINE),
        (row.ehc_advice, offered.advice(), ADVICE_DEADLINE),
    ] {
        let pressure = queue.next_wait.map(|days| f64::from(days) / f64::from(deadline));
        cells.extend([
            Cell::Count(queue.waiting),
            of_staff(Cell::Count(offer.slots)),
            Cell::count(queue.next_wait.and_then(|days| u64::try_from(days).ok())),
            number(pressure),
            of_staff(Cell::Count(queue.largest_list)),
        ]);
    }
    cells.push(number(row.ahead.weeks_of_work_waiting(weeks)));
    cells.push(Cell::List(row.assumed.iter().map(|setting| setting.code()).collect()));
    cells
}

fn number(value: Option<f64>) -> Cell {
    value.map_or(Cell::Null, Cell::Number)
}
