//! How counts are grouped: over which area, and over which time.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::domain::authority::{Authority, Region};
use crate::domain::facts::{Day, date};

/// The area of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// All authorities asked about.
    England,
    /// One region.
    Region(Region),
    /// One authority.
    Authority(Authority),
}

impl Area {
    /// True if `asked` (in the order of the codes) has every authority of the area: only then is a count the area's own.
    pub fn is_whole(self, asked: &[Authority]) -> bool {
        let has = |authority: &Authority| asked.binary_search(authority).is_ok();
        match self {
            Self::England => Authority::all().all(|authority| has(&authority)),
            Self::Region(region) => {
                Authority::all().filter(|authority| authority.region() == region).all(|authority| has(&authority))
            }
            Self::Authority(authority) => has(&authority),
        }
    }
}

/// How wide the areas of a report are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// One area.
    England,
    /// By region.
    Region,
    /// By authority.
    Authority,
}

impl Level {
    /// The area of this width that an authority lies in.
    pub fn area(self, authority: Authority) -> Area {
        match self {
            Self::England => Area::England,
            Self::Region => Area::Region(authority.region()),
            Self::Authority => Area::Authority(authority),
        }
    }
}

/// How long the periods of a report are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Every {
    /// One period.
    Range,
    /// Calendar years.
    Year,
    /// Quarters of calendar years.
    Quarter,
    /// Calendar months.
    Month,
    /// ISO weeks, Monday to Sunday.
    Week,
    /// Days.
    Day,
}

impl Every {
    /// The words of the periods that can be asked for.
    pub const CODES: &'static [&'static str] = &["day", "week", "month", "quarter", "year"];

    /// The periods a word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "day" => Some(Self::Day),
            "week" => Some(Self::Week),
            "month" => Some(Self::Month),
            "quarter" => Some(Self::Quarter),
            "year" => Some(Self::Year),
            _ => None,
        }
    }
}

/// A period of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// The whole range asked for.
    Range,
    /// A calendar year.
    Year(i32),
    /// A quarter of a calendar year, 1 to 4.
    Quarter(i32, u32),
    /// A calendar month.
    Month(i32, u32),
    /// An ISO week: its year, which is not always that of its days, and its number.
    Week(i32, u32),
    /// A day.
    Day(NaiveDate),
}

impl Period {
    /// The calendar year a quarter, month or day lies in, or the year itself; `None` for a range or a week.
    pub fn year(self) -> Option<Self> {
        match self {
            Self::Year(year) | Self::Quarter(year, _) | Self::Month(year, _) => Some(Self::Year(year)),
            Self::Day(day) => Some(Self::Year(day.year())),
            Self::Range | Self::Week(..) => None,
        }
    }

    /// The period as the contract writes it; `None` for the whole range.
    pub fn code(self) -> Option<String> {
        match self {
            Self::Range => None,
            Self::Year(year) => Some(year.to_string()),
            Self::Quarter(year, quarter) => Some(format!("{year}-Q{quarter}")),
            Self::Month(year, month) => Some(format!("{year}-{month:02}")),
            Self::Week(year, week) => Some(format!("{year}-W{week:02}")),
            Self::Day(day) => Some(day.to_string()),
        }
    }
}

/// A range of days cut into periods, with a table from day to period so that a scan need not know the calendar.
#[derive(Clone, Debug)]
pub struct Periods {
    first: Day,
    last: Day,
    list: Vec<Period>,
    of_day: Vec<u16>,
}

impl Periods {
    /// Cuts `first` to `last`, both inclusive, into periods.
    pub fn new(first: Day, last: Day, every: Every) -> Self {
        let mut cut = Self { first, last, list: Vec::new(), of_day: Vec::new() };
        for today in first..=last {
            let period = date(today).map_or(Period::Range, |date| Self::period(date, every));
            if cut.list.last() != Some(&period) {
                cut.list.push(period);
            }
            cut.of_day.push(u16::try_from(cut.list.len() - 1).unwrap_or(u16::MAX));
        }
        cut
    }

    /// One period that no day lies in: for what is counted as at a day and not by one.
    pub fn of_a_day() -> Self {
        Self { first: 0, last: -1, list: vec![Period::Range], of_day: Vec::new() }
    }

    fn period(date: NaiveDate, every: Every) -> Period {
        match every {
            Every::Range => Period::Range,
            Every::Year => Period::Year(date.year()),
            Every::Quarter => Period::Quarter(date.year(), date.month().div_ceil(3)),
            Every::Month => Period::Month(date.year(), date.month()),
            Every::Week => Period::Week(date.iso_week().year(), date.iso_week().week()),
            Every::Day => Period::Day(date),
        }
    }

    /// How many periods.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True if the range is empty.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The first and the last day, if all of them are one period.
    pub fn single(&self) -> Option<(Day, Day)> {
        (self.list.len() == 1).then_some((self.first, self.last))
    }

    /// The place of the period a day lies in; `None` outside the range.
    #[inline]
    pub fn place(&self, day: Day) -> Option<usize> {
        let offset = usize::try_from(day.wrapping_sub(self.first)).ok()?;
        self.of_day.get(offset).map(|place| usize::from(*place))
    }

    /// The first day, and the place of the period of each day from it on up to the end of `last`.
    pub fn places(&self, last: Day) -> (Day, &[u16]) {
        let days = usize::try_from(last.saturating_sub(self.first).saturating_add(1)).unwrap_or(0);
        (self.first, self.of_day.get(..days).unwrap_or(&self.of_day))
    }

    /// How many of the periods have begun by the end of a day.
    pub fn begun_by(&self, day: Day) -> usize {
        if day > self.last { self.list.len() } else { self.place(day).map_or(0, |place| place + 1) }
    }

    /// The last day of each period, in order.
    pub fn last_days(&self) -> Vec<Day> {
        let mut last_days = vec![self.last; self.list.len()];
        for (day, place) in (self.first..).zip(&self.of_day) {
            if let Some(last) = last_days.get_mut(usize::from(*place)) {
                *last = day;
            }
        }
        last_days
    }

    /// The periods in order.
    pub fn iter(&self) -> impl Iterator<Item = Period> {
        self.list.iter().copied()
    }
}

/// Something that can be added up over areas.
pub trait Sum {
    /// Adds another of its kind.
    fn add(&mut self, other: &Self);
}

/// Counts by area and something else, in that order.
pub type ByArea<K, T> = BTreeMap<(Area, K), T>;

/// Adds the counts of authorities up to areas and periods, in the order of area and period.
pub fn by_area<T: Sum + Default>(
    level: Level,
    periods: &Periods,
    counts: impl Iterator<Item = (Authority, Vec<T>)>,
) -> ByArea<Period, T> {
    let mut groups = ByArea::<_, T>::new();
    for (authority, counts) in counts {
        for (period, count) in periods.iter().zip(&counts) {
            groups.entry((level.area(authority), period)).or_default().add(count);
        }
    }
    groups
}
