//! What goes over a real connection: uploads that break off, and compressed answers.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use twentyweeks::app::{App, Clock};
use twentyweeks::domain::caller::Caller;
use twentyweeks::metrics::Metrics;
use twentyweeks::store::Store;

use super::process::{rows, serve};
use super::support::{Database, date};

/// Sends a request as it is, says that no more will come, and reads the answer to its end.
fn ask(address: &str, request: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    // A server that closes with bytes unread resets the connection: what came before counts.
    drop(stream.read_to_end(&mut answer));
    answer
}

#[test]
fn an_upload_that_breaks_off_says_so_in_plain_words() {
    let database = Database::sqlite();
    let (mut child, address) = serve(&database);
    let head = "POST /v1/imports?type=referrals&authority=301 HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: 9999\r\n\r\n";
    ask(&address, &format!("{head}{}", rows(3)));
    let app = App::new(Store::open(&database.url).unwrap(), Clock::still(date("2025-03-31")), Metrics::new().unwrap());
    let deadline = Instant::now() + Duration::from_mins(1);
    let problem = loop {
        match app.imports(&Caller::local("t"), 1).unwrap().pop().and_then(|import| import.problem) {
            Some(problem) => break problem,
            None => assert!(Instant::now() < deadline, "the end of the import was not noted"),
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(problem, "the connection closed before all of it had arrived");
}

#[test]
fn answers_are_compressed_for_those_who_take_it() {
    let database = Database::sqlite();
    let (mut child, address) = serve(&database);
    for path in ["/v1/authorities", "/v1/stats/waiting-list?format=csv"] {
        for (accepts, compressed) in [("Accept-Encoding: gzip\r\n", true), ("", false)] {
            let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{accepts}\r\n");
            let answer = ask(&address, &request);
            let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
            let head = String::from_utf8(answer[..end].to_vec()).unwrap().to_ascii_lowercase();
            assert_eq!(head.contains("content-encoding: gzip"), compressed, "{head}");
            assert!(head.contains("vary: accept, accept-encoding"), "{head}");
            assert_eq!(answer[end..].windows(2).any(|bytes| bytes == [0x1f, 0x8b]), compressed, "{head}");
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
