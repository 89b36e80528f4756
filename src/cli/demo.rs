//! `demo`: synthetic records for every authority of England, and a service over them.

use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::serve::start;
use super::{Failure, open, read_authority};
use crate::app::{App, Clock, Outcome};
use crate::config::{DatabaseArgs, ServeArgs, TodayArgs, UrlParser};
use crate::demo::{SEED, census_day, records};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::noun::Noun;
use crate::domain::planner::STAFF;
use crate::store::DatabaseUrl;

#[derive(Args)]
pub struct DemoCommand {
    /// Where the synthetic records go. The file twentyweeks-demo.db is made anew; any other database must be empty.
    #[arg(long, env = "TWENTYWEEKS_DEMO_DATABASE", hide_env_values = true, default_value = "sqlite://twentyweeks-demo.db", value_name = "URL", value_parser = UrlParser)]
    database: DatabaseUrl,
    #[command(flatten)]
    serve: ServeArgs,
    #[command(flatten)]
    today: TodayArgs,
    /// Only this authority, by DfE or GSS code: ready in seconds. Several are given one by one.
    #[arg(long, value_parser = read_authority)]
    authority: Vec<Authority>,
    /// Other synthetic records; the same seed gives the same records.
    #[arg(long, default_value_t = SEED)]
    seed: u64,
    /// Leaves the staff out, so that sheets of your own can be imported: see deploy/planner.
    #[arg(long)]
    without_staff: bool,
    /// Only makes the records, and does not serve.
    #[arg(long)]
    no_serve: bool,
}

/// The file that is the demonstration's own.
const DEMO_FILE: &str = "twentyweeks-demo.db";

/// Records of one transaction.
const BLOCK: usize = 5_000;

pub fn demo(command: &DemoCommand) -> Result<ExitCode, Failure> {
    let today = command.today.today.unwrap_or_else(census_day);
    remove_earlier(&command.database)?;
    let database = DatabaseArgs { database: command.database.clone() };
    let app = open(&database, TodayArgs { today: Some(today) })?;
    if app.has_records()? {
        return Err(
            format!("{} holds records already; the demonstration needs an empty database", command.database).into()
        );
    }
    let started = Instant::now();
    let only = &command.authority;
    let authorities: Vec<_> =
        Authority::all().filter(|authority| only.is_empty() || only.contains(authority)).collect();
    // The records are written on the census day of the figures, whatever today is said to be.
    let left_out: &[Noun] = if command.without_staff { &STAFF } else { &[] };
    let made = make(&app.at(Clock::still(census_day())), &authorities, command.seed, left_out)?;
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{made} synthetic records of {} in {}, made in {seconds:.1} s.",
        counted(authorities.len()),
        command.database
    );
    println!("Totals of 2024 equal those DfE published (Open Government Licence v3.0); no record is a real child's.");
    if command.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    start(app, &command.serve, |address, keyed| {
        println!("Today is pinned to {today}; every answer says so.");
        if keyed {
            println!("API keys exist in this database: requests need one.");
        }
        say_what_next(&format!("http://{address}"), command.authority.first());
    })
}

fn counted(authorities: usize) -> String {
    if authorities == 1 { "1 authority".to_owned() } else { format!("{authorities} authorities") }
}

/// Makes the records of one authority while those of the one before are written.
fn make(app: &App, authorities: &[Authority], seed: u64, left_out: &[Noun]) -> Result<usize, Failure> {
    let bar = ProgressBar::new(u64::try_from(authorities.len())?);
    bar.set_style(ProgressStyle::with_template("Making records {bar:30} {pos}/{len} authorities  {eta} left")?);
    let (sender, receiver) = sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            for authority in authorities {
                if sender.send((*authority, records(*authority, seed))).is_err() {
                    return;
                }
            }
        });
        let mut made = 0;
        for (authority, batches) in receiver {
            let batches = batches.map_err(|refusal| refusal.message)?;
            for (noun, submissions) in batches.into_iter().filter(|(noun, _)| !left_out.contains(noun)) {
                let mut submissions = submissions.into_iter().peekable();
                while submissions.peek().is_some() {
                    let block: Vec<_> = submissions.by_ref().take(BLOCK).collect();
                    made += block.len();
                    for outcome in app.submit(&Caller::local("demo"), noun, authority, block)? {
                        if let Outcome::Rejected(faults) = outcome {
                            let what = noun.kind().singular;
                            return Err(
                                format!("a synthetic {what} of {} was refused: {faults}", authority.code()).into()
                            );
                        }
                    }
                }
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        Ok(made)
    })
}

/// The demonstration's own file is made anew at each start; a file of another name might hold somebody's records.
fn remove_earlier(database: &DatabaseUrl) -> Result<(), Failure> {
    let DatabaseUrl::Sqlite(path) = database else { return Ok(()) };
    if Path::new(path).file_name().is_none_or(|name| name != DEMO_FILE) {
        return Ok(());
    }
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{path}{suffix}");
        if Path::new(&file).exists() {
            std::fs::remove_file(&file).map_err(|error| format!("cannot remove the earlier {file}: {error}"))?;
        }
    }
    Ok(())
}

fn say_what_next(url: &str, first: Option<&Authority>) {
    let code = first.map_or("301", |authority| authority.code());
    println!();
    println!("TwentyWeeks is ready. Open next:");
    println!(
        "  how each authority did in 2024   {url}/v1/stats/ehc-timeliness?group_by=authority&issued_from=2024-01-01&issued_to=2024-12-31"
    );
    println!("  who waits for therapy in {code}     {url}/v1/stats/waiting-list?authority={code}");
    println!("  which plans are late there       {url}/v1/ehc-plan-delays?authority={code}&state=overdue");
    println!(
        "  whose advice they wait for       {url}/v1/ehc-plan-delays/summary?authority={code}&group_by=outstanding_advice"
    );
    println!(
        "  what is due there this fortnight {url}/v1/deadlines?authority={code}&due_from=2025-01-16&due_to=2025-01-30"
    );
    println!("  metrics for Prometheus           {url}/metrics");
    println!("  everything else it offers        {url}/docs");
    println!("Add &format=csv for a spreadsheet. Stop with Ctrl-C.");
}
