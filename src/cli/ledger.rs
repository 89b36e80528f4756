//! `ledger verify`: proof that nothing was altered.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{Failure, open, read_authority};
use crate::config::{DatabaseArgs, TodayArgs};
use crate::domain::authority::Authority;

#[derive(Subcommand)]
pub enum LedgerCommand {
    /// Reads every entry and every record, and names what is not as it was written.
    Verify(VerifyCommand),
}

#[derive(Args)]
pub struct VerifyCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    /// Only this authority's ledger.
    #[arg(long, value_parser = read_authority)]
    authority: Option<Authority>,
}

pub fn ledger(LedgerCommand::Verify(command): &LedgerCommand) -> Result<ExitCode, Failure> {
    let checks = open(&command.database, TodayArgs { today: None })?.verify_ledger(command.authority)?;
    if checks.is_empty() {
        let (whose, code) = match command.authority {
            Some(authority) => (format!(" of authority {}", authority.code()), ExitCode::FAILURE),
            None => (String::new(), ExitCode::SUCCESS),
        };
        println!(
            "There was nothing to check: {} holds no head, no entry and no record{whose}.",
            command.database.database
        );
        return Ok(code);
    }
    let mut flaws = 0;
    let mut entries = 0;
    for check in &checks {
        entries += check.entries;
        for flaw in &check.flaws {
            flaws += 1;
            match flaw.seq {
                0 => println!("{}: {}", check.authority, flaw.problem),
                seq => println!("{}: entry {seq} {}", check.authority, flaw.problem),
            }
        }
    }
    if flaws == 0 {
        println!("{entries} entries of {} ledger(s) are as they were written, and so is every record.", checks.len());
        return Ok(ExitCode::SUCCESS);
    }
    println!("{flaws} flaw(s) in {entries} entries. Compare with a backup before anything else is written.");
    Ok(ExitCode::FAILURE)
}
