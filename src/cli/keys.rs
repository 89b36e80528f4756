//! `keys`: makes, lists and revokes API keys.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{Failure, open};
use crate::app::NewKey;
use crate::config::{DatabaseArgs, TodayArgs};
use crate::domain::authority::Authority;
use crate::domain::caller::{Reach, Scope};
use crate::domain::field::FieldType;

#[derive(Subcommand)]
pub enum KeysCommand {
    /// Makes a key and shows it once.
    Create(CreateCommand),
    /// Lists the keys: never the keys themselves.
    List(DatabaseArgs),
    /// Revokes a key at once.
    Revoke(RevokeCommand),
}

#[derive(Args)]
pub struct CreateCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    /// What the key is for.
    #[arg(long)]
    name: String,
    /// What its holder may do; may be given several times.
    #[arg(long = "scope", required = true, value_name = "SCOPE", value_parser = read_scope)]
    scopes: Vec<Scope>,
    /// Whose records: `all`, or DfE or GSS codes separated by commas.
    #[arg(long, value_parser = read_reach)]
    authorities: Reach,
    /// Writes the key to this file, readable by its owner only, instead of showing it.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Does nothing if a live key of this name exists.
    #[arg(long)]
    if_missing: bool,
}

#[derive(Args)]
pub struct RevokeCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The id `keys list` shows.
    id: String,
}

const NO_TODAY: TodayArgs = TodayArgs { today: None };

pub fn keys(command: KeysCommand) -> Result<ExitCode, Failure> {
    match command {
        KeysCommand::Create(command) => create(command),
        KeysCommand::List(database) => list(&database),
        KeysCommand::Revoke(command) => {
            if open(&command.database, NO_TODAY)?.revoke_key(&command.id)? {
                println!("Key {} is revoked: it is refused from now on.", command.id);
                Ok(ExitCode::SUCCESS)
            } else {
                Err(format!("there is no live key {}; `twentyweeks keys list` shows all", command.id).into())
            }
        }
    }
}

fn create(command: CreateCommand) -> Result<ExitCode, Failure> {
    let app = open(&command.database, NO_TODAY)?;
    let exists = app.list_keys()?.iter().any(|(name, grant)| *name == command.name && grant.revoked_at.is_none());
    if exists && command.if_missing {
        println!("A live key named {} exists already.", command.name);
        return Ok(ExitCode::SUCCESS);
    }
    let new = NewKey { name: command.name, scopes: command.scopes, reach: command.authorities };
    let key = app.create_key(&new)?;
    if let Some(path) = command.out {
        write_secret(&path, &key)?;
        println!("The key is in {}. It is kept nowhere else.", path.display());
    } else {
        println!("{key}");
        eprintln!("This is the only time the key is shown. Send it as: Authorization: Bearer {key}");
    }
    Ok(ExitCode::SUCCESS)
}

fn write_secret(path: &Path, key: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    file.write_all(key.as_bytes())?;
    Ok(())
}

fn list(database: &DatabaseArgs) -> Result<ExitCode, Failure> {
    let keys = open(database, NO_TODAY)?.list_keys()?;
    if keys.is_empty() {
        println!("No key was ever made: the service listens on loopback only.");
    }
    for (name, grant) in keys {
        let scopes: Vec<_> = grant.caller.scopes.iter().map(|scope| scope.code()).collect();
        let reach = match &grant.caller.reach {
            Reach::All => "all".to_owned(),
            Reach::Only(list) => list.iter().map(|authority| authority.code()).collect::<Vec<_>>().join(","),
        };
        let state = grant.revoked_at.map_or_else(|| "live".to_owned(), |at| format!("revoked {}", at.date_naive()));
        println!(
            "{}  {name}  {}  authorities {reach}  made {}  {state}",
            grant.id,
            scopes.join(" "),
            grant.created_at.date_naive()
        );
    }
    Ok(ExitCode::SUCCESS)
}

fn read_scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text).map_err(|refusal| refusal.message)
}

fn read_reach(text: &str) -> Result<Reach, String> {
    if text == "all" {
        return Ok(Reach::All);
    }
    let unknown = |code: &str| format!("`{code}` is no English authority; write `all`, or codes such as 301,302");
    let list = text.split(',').map(|code| Authority::parse(code.trim()).ok_or_else(|| unknown(code)));
    list.collect::<Result<_, _>>().map(Reach::Only)
}
