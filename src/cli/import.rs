//! `import`: files from the shell, with a progress bar.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Failure, open, read_authority};
use crate::app::{App, BlockTexts, Import, ImportCounts};
use crate::config::{DatabaseArgs, TodayArgs};
use crate::domain::authority::Authority;
use crate::domain::caller::Caller;
use crate::domain::field::FieldType;
use crate::domain::noun::Noun;
use crate::domain::reference::SourceSystem;
use crate::ingest::{self, DateFormat, FileFormat, ImportJob, SetJob, Sheet, SheetAnswer};

#[derive(Args)]
pub struct ImportCommand {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    today: TodayArgs,
    /// CSV or NDJSON files, in the order in which they refer to each other; or one folder with the sheets of a planner,
    /// in any order.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Whose rows they are.
    #[arg(long, value_parser = read_authority)]
    authority: Authority,
    /// What the rows are; otherwise the name of each file says it, as in referrals.csv.
    #[arg(long = "type", value_parser = read_noun)]
    noun: Option<Noun>,
    /// The source system of rows that do not name theirs.
    #[arg(long, default_value = "import", value_parser = read_source)]
    source_system: String,
    /// How CSV files write dates: never guessed.
    #[arg(long, default_value = "yyyy-mm-dd", value_parser = ["yyyy-mm-dd", "dd/mm/yyyy"])]
    date_format: String,
    /// Answers every row and writes nothing.
    #[arg(long)]
    dry_run: bool,
}

pub fn import(command: &ImportCommand) -> Result<ExitCode, Failure> {
    if let Some(folder) = command.files.iter().find(|path| path.is_dir()) {
        return import_folder(command, folder);
    }
    let missing: Vec<_> =
        command.files.iter().filter(|path| !path.is_file()).map(|path| path.display().to_string()).collect();
    if !missing.is_empty() {
        return Err(format!("there is no such file: {}", missing.join(", ")).into());
    }
    let app = open(&command.database, command.today)?;
    let mut rejected = 0;
    for path in &command.files {
        rejected += import_file(&app, command, path)?;
    }
    Ok(if rejected == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl ImportCommand {
    fn date_format(&self) -> DateFormat {
        if self.date_format == "dd/mm/yyyy" { DateFormat::DayMonthYear } else { DateFormat::Iso }
    }
}

/// Imports the sheets of a planner, and says what is wrong with which row.
fn import_folder(command: &ImportCommand, folder: &Path) -> Result<ExitCode, Failure> {
    if command.files.len() > 1 || command.noun.is_some() {
        return Err("a folder is imported alone, and the name of each file in it says what its rows are".into());
    }
    let job = SetJob {
        authority: command.authority,
        source_system: command.source_system.clone(),
        date_format: command.date_format(),
        dry_run: command.dry_run,
    };
    let sheets = sheets_of(folder)?;
    let app = open(&command.database, command.today)?;
    let answers = ingest::run_set(&app, &Caller::local("cli"), &job, sheets)?;
    let mut rejected = 0;
    for SheetAnswer { import, rows } in &answers {
        let counts = import.counts;
        println!("{}.csv: {}", import.noun.kind().plural, in_words(&counts, command.dry_run));
        say_unused(import);
        for row in rows {
            for error in &row.errors {
                println!("  line {}: {} {} ({})", row.line, error.field, error.message, error.code);
            }
        }
        rejected += counts.rejected;
    }
    if rejected > 0 {
        let kept = if command.dry_run { "" } else { "; what is taken in already stays as it is" };
        println!(
            "Correct these rows from the top and import the folder again{kept}. A row that refers to a rejected row is rejected too."
        );
    }
    Ok(if rejected == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Reads the sheets of a folder: its CSV files, without what was written about rejected rows and what a spreadsheet that
/// is open hides there.
fn sheets_of(folder: &Path) -> Result<Vec<Sheet>, Failure> {
    let cannot = |path: &Path, error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let (mut sheets, mut unknown) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder).map_err(|error| cannot(folder, error))? {
        let path = entry.map_err(|error| cannot(folder, error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        if !is_csv || name.ends_with(".rejected.csv") || name.starts_with(['.', '~']) {
            continue;
        }
        match ingest::sheet_named(&name) {
            Ok(noun) => sheets.push(Sheet { noun, file: std::fs::read(&path).map_err(|error| cannot(&path, error))? }),
            Err(refusal) => unknown.push(format!("{} {}", path.display(), refusal.message)),
        }
    }
    unknown.sort();
    if !unknown.is_empty() {
        return Err(unknown.join("; ").into());
    }
    if sheets.is_empty() {
        let advice = "save each sheet of a workbook there as \"CSV UTF-8 (comma delimited)\", such as posts.csv";
        return Err(format!("{} has no CSV file; {advice}", folder.display()).into());
    }
    Ok(sheets)
}

fn in_words(counts: &ImportCounts, dry_run: bool) -> String {
    let tense = if dry_run { " (nothing was written)" } else { "" };
    format!(
        "{} created, {} updated, {} unchanged, {} rejected{tense}",
        counts.created, counts.updated, counts.unchanged, counts.rejected
    )
}

fn say_unused(import: &Import) {
    if !import.unknown_columns.is_empty() {
        println!("  columns not used: {}", import.unknown_columns.join(", "));
    }
}

/// Imports one file; answers with the number of rejected rows.
fn import_file(app: &App, command: &ImportCommand, path: &Path) -> Result<i64, Failure> {
    let job = ImportJob {
        noun: command.noun.or_else(|| noun_of(path)).ok_or_else(|| unknown_type(path))?,
        authority: command.authority,
        source_system: command.source_system.clone(),
        format: format_of(path),
        date_format: command.date_format(),
        dry_run: command.dry_run,
    };
    let cannot = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let file = File::open(path).map_err(cannot)?;
    let bar = ProgressBar::new(file.metadata().map_err(cannot)?.len());
    let style = ProgressStyle::with_template("{prefix} {bar:30} {percent:>3}%  {msg}  {eta} left")?;
    bar.set_style(style);
    bar.set_prefix(path.display().to_string());
    let progress_bar = bar.clone();
    let mut progress = move |counts: &ImportCounts| progress_bar.set_message(format!("{} rows", counts.rows()));
    let done = ingest::run(app, &Caller::local("cli"), &job, bar.wrap_read(file), &mut progress);
    bar.finish_and_clear();
    let (import, texts) = done.map_err(|error| format!("{}: {error}", path.display()))?;
    let counts = import.counts;
    println!("{}: {}", path.display(), in_words(&counts, job.dry_run));
    say_unused(&import);
    if counts.rejected > 0 {
        let target = path.with_extension("rejected.csv");
        write_rejected(app, &import, &texts, &target)?;
        println!("  the rejected rows and why: {}; correct them there and import that file", target.display());
    }
    Ok(counts.rejected)
}

fn write_rejected(app: &App, import: &Import, dry: &BlockTexts, target: &Path) -> Result<(), Failure> {
    use std::io::Write;
    let cannot = |error: std::io::Error| format!("cannot write {}: {error}", target.display());
    let mut file = File::create(target).map_err(cannot)?;
    file.write_all(dry.rejected.as_bytes()).map_err(cannot)?;
    if import.dry_run {
        return Ok(());
    }
    let mut after = 0;
    loop {
        let blocks = app.import_texts(import.id, after)?;
        let Some((last, _)) = blocks.last() else { return Ok(()) };
        after = *last;
        for (_, texts) in &blocks {
            file.write_all(texts.rejected.as_bytes()).map_err(cannot)?;
        }
    }
}

/// `referrals.csv`, and `referrals.rejected.csv`, hold referrals.
fn noun_of(path: &Path) -> Option<Noun> {
    let name = path.file_name()?.to_str()?;
    Noun::from_plural(&name.split('.').next()?.to_ascii_lowercase().replace('_', "-"))
}

fn unknown_type(path: &Path) -> String {
    format!("cannot tell what the rows of {} are; say --type, one of {}", path.display(), types())
}

fn types() -> String {
    Noun::ALL.iter().map(|noun| noun.kind().plural).collect::<Vec<_>>().join(", ")
}

fn format_of(path: &Path) -> FileFormat {
    let ndjson = ["ndjson", "jsonl"]
        .iter()
        .any(|known| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(known)));
    if ndjson { FileFormat::Ndjson } else { FileFormat::Csv }
}

fn read_noun(text: &str) -> Result<Noun, String> {
    Noun::from_plural(text).ok_or_else(|| format!("must be one of {}", types()))
}

fn read_source(text: &str) -> Result<String, String> {
    SourceSystem::parse(text).map(|source| source.as_str().to_owned()).map_err(|refusal| refusal.message)
}
