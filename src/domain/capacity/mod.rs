//! Capacity: what services can really offer, set against what is asked of them.

pub mod ahead;
pub mod day_book;
pub mod expected;
pub mod ledger;
pub mod list_record;
pub mod list_summary;
pub mod minutes;
pub mod outlook;
pub mod parameters;
pub mod person;
pub mod projection;
pub mod queueing;
pub mod realisation;
pub mod rounding;
pub mod school_year;
pub mod team;
pub mod timetable;
pub mod vacancy;
pub mod waiting_list;
pub mod weekly_slots;
