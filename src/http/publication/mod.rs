//! What anybody may see: published tables, as data and as pieces of pages.

mod fragment;
pub mod open_data;
pub mod published;

pub use open_data::operations;
