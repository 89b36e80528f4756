//! What anybody may see: published tables, as data and as pieces of pages.

mod asked;
mod fragment;
pub mod open_data;
pub mod prepared;
pub mod published;

pub use open_data::operations;
