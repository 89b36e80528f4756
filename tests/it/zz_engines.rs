//! Says in the last lines which engines were tested.

use std::io::Write;

use super::support::postgres;

#[test]
fn both_engines_were_tested() {
    if postgres::server().is_some() {
        return;
    }
    let words = "PostgreSQL is not installed here: every test ran on SQLite only.\n";
    // Past the runner's capture, so that it is seen although the test passes.
    std::io::stderr().write_all(words.as_bytes()).unwrap();
    assert!(
        std::env::var_os("CI").is_none_or(|ci| ci != "true"),
        "{words}With CI=true that is a failure: install PostgreSQL."
    );
}
