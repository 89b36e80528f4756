//! Settings: flags or environment variables of the same names.

use std::ffi::OsStr;
use std::net::SocketAddr;

use chrono::NaiveDate;
use clap::builder::TypedValueParser;
use clap::error::ErrorKind;
use clap::{Arg, Args, Command};

use crate::domain::field::FieldType;
use crate::store::DatabaseUrl;

/// Where the records are kept.
#[derive(Args, Clone, Debug)]
pub struct DatabaseArgs {
    /// `sqlite://PATH` for the embedded engine, `postgres://…` for a server.
    #[arg(long, env = "TWENTYWEEKS_DATABASE", hide_env_values = true, default_value = "sqlite://twentyweeks.db", value_name = "URL", value_parser = UrlParser)]
    pub database: DatabaseUrl,
}

/// Reads the URL of a database. What cannot be read is not repeated: a password may stand in it.
#[derive(Clone, Debug)]
pub struct UrlParser;

impl TypedValueParser for UrlParser {
    type Value = DatabaseUrl;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<DatabaseUrl, clap::Error> {
        let url = value.to_str().ok_or_else(|| "is not UTF-8".to_owned()).and_then(str::parse);
        url.map_err(|problem| {
            let name = arg.map_or_else(String::new, ToString::to_string);
            clap::Error::raw(ErrorKind::ValueValidation, format!("the value of {name} {problem}\n")).with_cmd(command)
        })
    }
}

/// What day it is.
#[derive(Args, Clone, Copy, Debug)]
pub struct TodayArgs {
    /// Pins today, for demos and tests; every answer then says so.
    #[arg(long, env = "TWENTYWEEKS_TODAY", value_name = "YYYY-MM-DD", value_parser = read_date)]
    pub today: Option<NaiveDate>,
}

/// Where the service listens, and what it logs.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Address to listen on. Other than loopback only once an API key exists.
    #[arg(long, env = "TWENTYWEEKS_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,

    /// What to log: `error`, `warn`, `info`, `debug`, or directives such as `info,twentyweeks=debug`.
    #[arg(long, env = "TWENTYWEEKS_LOG", default_value = "warn", value_name = "LEVEL")]
    pub log: String,

    /// How to log: `text` for people, `json` for machines.
    #[arg(long, env = "TWENTYWEEKS_LOG_FORMAT", default_value = "text", value_parser = ["text", "json"], value_name = "FORMAT")]
    pub log_format: String,
}

/// Reads a day from a flag.
fn read_date(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse(text).map_err(|refusal| refusal.message)
}
