//! A throw-away PostgreSQL for tests and benches, from the programs on the machine; also as root, which `postgres`
//! refuses to be.

use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

/// A running server, for as long as this test process lives.
pub struct Server {
    port: u16,
    template: Mutex<bool>,
    count: AtomicU32,
}

/// What a test's server may do without: its data need not outlive the power.
const FORGETFUL: &str = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=400";

static SERVER: LazyLock<Option<Server>> = LazyLock::new(|| start(FORGETFUL));

/// The tests' server; `None` where no PostgreSQL is installed.
pub fn server() -> Option<&'static Server> {
    SERVER.as_ref()
}

/// Where `initdb` and `postgres` are: on the path, or where Debian keeps them.
fn programs() -> Option<PathBuf> {
    let on_path =
        std::env::var_os("PATH").into_iter().flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    let mut debian: Vec<_> = versions.collect();
    debian.sort();
    on_path
        .chain(debian.into_iter().rev())
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|id| id.stdout.trim_ascii() == b"0")
}

/// Runs `script` in a shell, as an unprivileged user where this process is root.
fn shell(script: &str) -> Command {
    if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "sh", "-c", script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }
}

/// Starts a server with some settings, given as its flags; `None` where no PostgreSQL is installed.
pub fn start(settings: &str) -> Option<Server> {
    let bin = programs()?;
    let folder = tempfile::Builder::new().prefix("twentyweeks-pg-").tempdir().expect("a temporary folder").keep();
    if is_root() {
        let owned = Command::new("chown").arg("nobody:nogroup").arg(&folder).status().expect("chown");
        assert!(owned.success(), "the data folder must belong to the user who runs the server");
    }
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    run(&bin, &folder, port, settings);
    let server = Server { port, template: Mutex::new(false), count: AtomicU32::new(0) };
    let deadline = Instant::now() + Duration::from_mins(1);
    while let Err(error) = PgConnection::establish(&server.url("postgres")) {
        assert!(Instant::now() < deadline, "PostgreSQL did not start: {error}");
        std::thread::sleep(Duration::from_millis(50));
    }
    Some(server)
}

/// Starts a shell that makes the data folder and runs the server until its standard input closes: that is when this
/// process ends, however it ends. No test runner tells a test when it is the last.
fn run(bin: &Path, folder: &Path, port: u16, settings: &str) {
    let (bin, data) = (bin.display(), folder.display());
    let script = format!(
        "{bin}/initdb --pgdata={data}/data --auth=trust --username=twentyweeks --encoding=UTF8 --locale=C --no-sync >{data}/log 2>&1 || exit 1
         {bin}/postgres -D {data}/data -p {port} -k {data} -h 127.0.0.1 {settings} -c logging_collector=off >>{data}/log 2>&1 </dev/null &
         cat >/dev/null
         kill -QUIT $!
         wait
         rm -rf {data}"
    );
    let child =
        shell(&script).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a shell");
    // Its standard input stays open for as long as this process lives.
    std::mem::forget(child);
}

impl Server {
    fn url(&self, database: &str) -> String {
        format!("postgres://twentyweeks@127.0.0.1:{}/{database}", self.port)
    }

    fn execute(&self, sql: &str) {
        let mut conn = PgConnection::establish(&self.url("postgres")).expect("the server answers");
        conn.batch_execute(sql).expect("the server obeys");
    }

    /// A fresh database, cloned from a template that `prepare` makes once; its URL.
    pub fn database(&self, prepare: impl FnOnce(&str)) -> String {
        // Cloning needs a template nobody is connected to, so it is done one after the other.
        let mut prepared = self.template.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !*prepared {
            self.execute("create database template");
            prepare(&self.url("template"));
            *prepared = true;
        }
        let name = format!("test_{}", self.count.fetch_add(1, Ordering::Relaxed));
        self.execute(&format!("create database {name} template template"));
        self.url(&name)
    }
}

/// The first lines of a child's output, for a test that waits for a program to be ready.
pub fn read_until(output: &mut impl Read, word: &str) -> String {
    let mut text = String::new();
    let mut byte = [0_u8; 1];
    while !text.contains(word) && output.read(&mut byte).is_ok_and(|read| read == 1) {
        text.push(char::from(byte[0]));
    }
    text
}
