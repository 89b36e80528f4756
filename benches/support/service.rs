//! The built service as a process of its own, asked over its own wire.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A running service; it ends when this is dropped.
pub struct Service {
    child: Child,
    pub address: String,
}

impl Service {
    /// Starts `twentyweeks serve` over a database, on a free port of this machine only.
    pub fn start(database: &str, today: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_twentyweeks"))
            .args(["serve", "--listen", "127.0.0.1:0", "--today", today, "--database", database])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let output = child.stdout.as_mut().expect("its output is piped");
        let said = crate::postgres::read_until(output, ", with its records");
        let address = said.split("http://").nth(1).and_then(|rest| rest.split(',').next());
        let address = address.expect("the service says where it listens").to_owned();
        Self { child, address }
    }

    /// Streams a CSV file to a path; the answer as JSON, and the time from the first byte sent to the last received.
    pub fn post_csv(&self, path: &str, mut file: std::fs::File) -> (Value, Duration) {
        let length = file.metadata().expect("the file is there").len();
        let started = Instant::now();
        let mut stream = TcpStream::connect(&self.address).expect("the service listens");
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: text/csv\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n",
            self.address
        )
        .and_then(|()| std::io::copy(&mut file, &mut stream))
        .expect("the service takes the file");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the service answers");
        let took = started.elapsed();
        let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        (serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {head}\n{body}")), took)
    }

    /// The most memory the process has held so far, in MiB; `None` where there is no `/proc`.
    pub fn peak_memory_mib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kib: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kib / 1024)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("the service ends");
    }
}
