//! `demo`: synthetic records for every authority in England, and a service over them.

use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use chrono::NaiveDate;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::serve::start;
use super::{Failure, open, read_authority};
use crate::app::{App, Clock, Outcome};
use crate::config::{DatabaseArgs, ServeArgs, TodayArgs};
use crate::demo::{SEED, default_today, records};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::store::DatabaseUrl;

#[derive(Args)]
pub struct DemoCommand {
    /// Where the synthetic records go. A file named twentyweeks-demo.db is made anew; any other database must be empty.
    #[arg(long, default_value = "sqlite://twentyweeks-demo.db", value_name = "URL")]
    database: DatabaseUrl,
    #[command(flatten)]
    serve: ServeArgs,
    #[command(flatten)]
    today: TodayArgs,
    /// Only this authority: ready in seconds.
    #[arg(long, value_parser = read_authority)]
    authority: Option<Authority>,
    /// Other synthetic records; the same seed gives the same bytes.
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Only makes the records, and does not serve.
    #[arg(long)]
    no_serve: bool,
}

/// The file that is the demo's own.
const DEMO_FILE: &str = "twentyweeks-demo.db";

/// Records of one transaction.
const BLOCK: usize = 5_000;

pub fn demo(command: DemoCommand) -> Result<ExitCode, Failure> {
    let today = command.today.today.unwrap_or_else(default_today);
    remove_earlier(&command.database)?;
    let database = DatabaseArgs { database: command.database.clone() };
    let app = open(&database, TodayArgs { today: Some(today) })?;
    if app.has_records()? {
        return Err(format!("{} holds records already; the demo needs an empty database", command.database).into());
    }
    let started = Instant::now();
    let authorities: Vec<_> = Authority::all().filter(|authority| command.authority.is_none_or(|only| only == *authority)).collect();
    let made = make(&app.at(Clock::still(today)), &authorities, command.seed, today)?;
    println!("{made} synthetic records for {} authorities, made in {:.0} s.", authorities.len(), started.elapsed().as_secs_f64());
    println!("Totals of 2024 equal DfE's published ones (Open Government Licence v3.0); no record is a real child's.");
    if command.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    start(app, &command.serve, |address, _| say_what_next(&format!("http://{address}"), today))
}

/// Makes the records of one authority while those of the one before are written.
fn make(app: &App, authorities: &[Authority], seed: u64, today: NaiveDate) -> Result<usize, Failure> {
    let bar = ProgressBar::new(u64::try_from(authorities.len())?);
    bar.set_style(ProgressStyle::with_template("Making records {bar:30} {pos}/{len} authorities  {eta} left")?);
    let caller = Caller::local("demo");
    let (sender, receiver) = sync_channel(2);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for authority in authorities {
                if sender.send((*authority, records(*authority, seed, today))).is_err() {
                    return;
                }
            }
        });
        let mut made = 0;
        for (authority, nouns) in receiver {
            for (noun, submissions) in nouns {
                let mut submissions = submissions.into_iter().peekable();
                while submissions.peek().is_some() {
                    let block: Vec<_> = submissions.by_ref().take(BLOCK).collect();
                    for outcome in app.submit(&caller, noun, authority, block)? {
                        if let Outcome::Rejected(faults) = outcome {
                            return Err(format!("a synthetic record of {} was rejected: {faults}", noun.kind().plural).into());
                        }
                        made += 1;
                    }
                }
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(made)
    })
}

/// The demo's own file is made anew at each start; a file of another name might be somebody's records.
fn remove_earlier(database: &DatabaseUrl) -> Result<(), Failure> {
    let DatabaseUrl::Sqlite(path) = database else { return Ok(()) };
    if Path::new(path).file_name().is_none_or(|name| name != DEMO_FILE) {
        return Ok(());
    }
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{path}{suffix}");
        if Path::new(&file).exists() {
            std::fs::remove_file(&file).map_err(|error| format!("cannot remove the earlier demo, {file}: {error}"))?;
        }
    }
    Ok(())
}

fn say_what_next(url: &str, today: NaiveDate) {
    println!();
    println!("TwentyWeeks is ready. Today is pinned to {today}; every answer says so. Open next:");
    println!("  what it offers            {url}/docs");
    println!("  how England did in 2024   {url}/v1/stats/ehc-timeliness?group_by=authority&issued_from=2024-01-01&issued_to=2024-12-31");
    println!("  who waits for therapy     {url}/v1/stats/waiting-list?authority=301");
    println!("  which cases are late      {url}/v1/ehc-plan-delays?authority=301&state=overdue");
    println!("  what they wait for        {url}/v1/ehc-plan-delays/summary?authority=301&group_by=authority,outstanding_advice");
    println!("  metrics                   {url}/metrics");
    println!("Add &format=csv for a spreadsheet. Stop with Ctrl-C.");
}
