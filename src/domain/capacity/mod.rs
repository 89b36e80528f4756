//! Capacity: what services can really offer, set against what is asked of them.

pub mod waiting_list;
