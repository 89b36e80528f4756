//! The command line: one program, one subcommand for each job.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks")]

mod demo;
mod import;
mod keys;
mod ledger;
mod serve;

use std::error::Error;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::{App, Clock};
use crate::config::{DatabaseArgs, TodayArgs};
use crate::domain::authority::Authority;
use crate::metrics::Metrics;
use crate::store::{Store, migrate};

/// A failure with its sentence; what the person should do stands in it.
type Failure = Box<dyn Error>;

/// Joins therapy waiting lists, the staff who could clear them, and the statutory clocks of EHC plans.
#[derive(Parser)]
#[command(name = "twentyweeks", version, about, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the API.
    Serve(serve::ServeCommand),
    /// Serves synthetic records of every authority of England, to look around in.
    Demo(demo::DemoCommand),
    /// Imports CSV or NDJSON files.
    Import(import::ImportCommand),
    /// Brings the database to the present schema.
    Migrate(DatabaseArgs),
    /// Makes, lists and revokes API keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Checks the ledger.
    #[command(subcommand)]
    Ledger(ledger::LedgerCommand),
    /// Prints the published contract, OpenAPI 3.1.
    Openapi,
    /// Asks a running service whether it is ready; for containers.
    Healthcheck(serve::HealthcheckCommand),
}

/// Runs the command the arguments name.
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(command) => demo::demo(&command),
        Command::Serve(command) => serve::serve(&command),
        Command::Import(command) => import::import(&command),
        Command::Migrate(database) => migrate_database(&database),
        Command::Keys(command) => keys::keys(command),
        Command::Ledger(command) => ledger::ledger(&command),
        Command::Openapi => {
            print!("{}", crate::http::openapi::text());
            Ok(ExitCode::SUCCESS)
        }
        Command::Healthcheck(command) => Ok(serve::healthcheck(&command)),
    };
    done.unwrap_or_else(|failure| {
        eprintln!("error: {failure}");
        let mut source = failure.source();
        while let Some(cause) = source {
            eprintln!("  because: {cause}");
            source = cause.source();
        }
        ExitCode::FAILURE
    })
}

fn migrate_database(args: &DatabaseArgs) -> Result<ExitCode, Failure> {
    match migrate(&args.database)? {
        0 => println!("{} is up to date.", args.database),
        applied => println!("{}: {applied} migration(s) applied.", args.database),
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the service over a database.
fn open(database: &DatabaseArgs, today: TodayArgs) -> Result<App, Failure> {
    let clock = today.today.map_or(Clock::REAL, Clock::with_today);
    Ok(App::new(Store::open(&database.database)?, clock, Metrics::new()?))
}

/// Reads an authority from a flag.
fn read_authority(text: &str) -> Result<Authority, String> {
    Authority::parse(text)
        .ok_or_else(|| "must be the DfE code (301) or GSS code (E09000002) of an English authority".to_owned())
}
