//! The rules: law, nouns and arithmetic as pure functions over values. Knows no clock, no database, no wire.
#![warn(missing_docs, clippy::missing_errors_doc, clippy::wildcard_enum_match_arm)]

pub mod advice_request;
pub mod annual_review;
pub mod authority;
pub mod calendar;
pub mod calendar_entry;
pub mod caller;
pub mod check;
pub mod child;
pub mod clock;
pub mod ehc_plan;
pub mod ehc_request;
pub mod facts;
pub mod fault;
pub mod field;
pub mod identifier;
pub mod ledger;
pub mod noun;
pub mod order;
pub mod provider;
pub mod published;
pub mod reference;
pub mod referral;
pub mod service;
pub mod statistics;
pub mod timescale_exception;
