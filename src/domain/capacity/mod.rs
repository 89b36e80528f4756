//! Capacity: what services can really offer, set against what is asked of them.

pub mod day_book;
pub mod ledger;
pub mod minutes;
pub mod parameters;
pub mod person;
pub mod rounding;
pub mod team;
pub mod waiting_list;
