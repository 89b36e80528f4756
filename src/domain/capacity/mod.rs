//! Capacity: what services can really offer, set against what is asked of them.

pub mod list_record;
pub mod list_summary;
pub mod projection;
pub mod queueing;
pub mod rounding;
pub mod vacancy;
pub mod waiting_list;
pub mod weekly_slots;
