//! `serve` and `healthcheck`.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use chrono::TimeDelta;
use clap::Args;
use tracing_subscriber::EnvFilter;

use super::{Failure, open};
use crate::app::App;
use crate::config::{DatabaseArgs, ServeArgs, TodayArgs};
use crate::domain::ledger::hex;
use crate::http::{self, RequestIds};

#[derive(Args)]
pub struct ServeCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    serve: ServeArgs,
    #[command(flatten)]
    today: TodayArgs,
}

pub fn serve(command: &ServeCommand) -> Result<ExitCode, Failure> {
    let app = open(&command.database, command.today)?;
    let database = command.database.database.to_string();
    start(app, &command.serve, |address, keyed| {
        println!("TwentyWeeks listens on http://{address}, with its records in {database}.");
        println!("What it offers: http://{address}/docs");
        if !keyed {
            println!("No API key exists yet: anyone on this machine may do everything, and nobody else can reach it.");
            println!("Make one with: twentyweeks keys create --name NAME --scope records:read --authorities 301");
        }
        if let Some(today) = command.today.today {
            println!("Today is pinned to {today}; every answer says so.");
        }
    })
}

/// Starts the service, and says so through `say` once it listens: the address, and whether callers need keys.
pub fn start(app: App, args: &ServeArgs, say: impl FnOnce(SocketAddr, bool)) -> Result<ExitCode, Failure> {
    let filter = EnvFilter::try_new(&args.log).map_err(|error| format!("--log {}: {error}", args.log))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    if args.log_format == "json" {
        log.json().flatten_event(true).init();
    } else {
        log.init();
    }
    let keyed = app.needs_keys()?;
    if !keyed && !args.listen.ip().is_loopback() {
        let hint =
            "make an API key first (twentyweeks keys create …): without one the service listens on loopback only";
        return Err(format!("will not listen on {}: {hint}", args.listen).into());
    }
    let ahead = app.clone();
    std::thread::Builder::new().name("ahead".to_owned()).spawn(move || work_ahead(&ahead))?;
    let mut prefix = [0_u8; 3];
    getrandom::fill(&mut prefix).map_err(|error| error.to_string())?;
    let served = http::serve(app, args.listen, RequestIds::new(&hex(&prefix)), |address| say(address, keyed));
    let in_use =
        |error: std::io::Error| format!("cannot listen on {}: {error}; choose another with --listen", args.listen);
    actix_web::rt::System::new().block_on(served).map_err(in_use)?;
    Ok(ExitCode::SUCCESS)
}

/// How often the calendar is looked at, and how soon what failed is tried again.
const LOOKED_AT: TimeDelta = TimeDelta::minutes(10);

/// Reads the facts, so that the first question need not wait for them, and makes the publications of each month as it begins.
/// Ends with the process.
fn work_ahead(app: &App) {
    if let Err(error) = app.warm() {
        tracing::warn!(error = %error, "the facts could not be read ahead");
    }
    loop {
        let next = app.publish_ahead().unwrap_or_else(|error| {
            tracing::warn!(error = %error, "the publications of the month could not be made ahead");
            app.clock().now() + LOOKED_AT
        });
        // In short naps, for a machine that is put to sleep does not count them.
        while let Ok(left) = (next - app.clock().now()).min(LOOKED_AT).to_std() {
            std::thread::sleep(left.max(Duration::from_secs(1)));
        }
    }
}

#[derive(Args)]
pub struct HealthcheckCommand {
    #[command(flatten)]
    serve: ServeArgs,
}

/// Asks `/health/ready` of the service on this machine; succeeds if it answers 200.
pub fn healthcheck(command: &HealthcheckCommand) -> ExitCode {
    let mut address = command.serve.listen;
    if address.ip().is_unspecified() {
        address.set_ip(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    match ask(address) {
        Ok(status) if status.starts_with("HTTP/1.1 200") => ExitCode::SUCCESS,
        Ok(status) => {
            eprintln!("http://{address}/health/ready answered {status}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("http://{address}/health/ready: {error}");
            ExitCode::FAILURE
        }
    }
}

fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(3))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET /health/ready HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}
