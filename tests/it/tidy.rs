//! The house kept: doors between rooms, purity of the rules, and the size of files, each told in a sentence.

use std::path::{Path, PathBuf};

use super::support::project;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            found.extend(files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
    found
}

/// Every file of some folders, with its text.
fn texts(folders: &[&str]) -> Vec<(String, String)> {
    let read = |path: PathBuf| (path.display().to_string(), std::fs::read_to_string(path).unwrap());
    folders.iter().flat_map(|folder| files(&project(folder))).map(read).collect()
}

#[test]
fn each_room_opens_only_its_own_doors() {
    let doors: [(&str, &[&str]); 7] = [
        ("demo", &["domain", "demo"]),
        ("domain", &["domain"]),
        ("metrics", &["domain", "metrics"]),
        ("store", &["domain", "store"]),
        ("app", &["domain", "store", "metrics", "app"]),
        ("ingest", &["domain", "app", "ingest"]),
        ("http", &["domain", "app", "ingest", "metrics", "http"]),
    ];
    for (room, open) in doors {
        for (path, text) in texts(&[&format!("src/{room}")]) {
            for door in text.split("crate::").skip(1) {
                let name: String = door.chars().take_while(char::is_ascii_lowercase).collect();
                assert!(
                    name.is_empty() || open.contains(&name.as_str()),
                    "{path} opens the door to `{name}`: {room} may use {open:?}"
                );
            }
        }
    }
}

#[test]
fn the_rules_know_no_database_no_wire_and_no_clock() {
    let strangers = ["diesel", "actix", "serde", "prometheus", "tokio", "std::fs", "std::env", "::now("];
    for (path, text) in texts(&["src/domain"]) {
        for stranger in strangers {
            let found = text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(stranger));
            assert!(!found, "{path} uses `{stranger}`: the rules are pure, pass what they need in");
        }
    }
    for (path, text) in texts(&["src"]) {
        let asks = ["Utc::now", "Local::now", "SystemTime::now"].iter().any(|word| text.contains(word));
        assert!(!asks || path.ends_with("app/clock.rs"), "{path} asks what time it is: only src/app/clock.rs may");
    }
}

#[test]
fn every_file_says_what_it_is_and_is_short() {
    for (path, text) in texts(&["src", "tests"]) {
        assert!(text.starts_with("//!"), "{path} must begin with a `//!` sentence");
        let lines = text.lines().count();
        assert!(lines <= 400, "{path} has {lines} lines: split it, 400 are the most");
        let leftovers = [
            concat!("TO", "DO"),
            concat!("FIX", "ME"),
            concat!("dbg", "!("),
            concat!("todo", "!("),
            concat!("#[ig", "nore"),
        ];
        for leftover in leftovers {
            assert!(!text.contains(leftover), "{path} holds `{leftover}`: finish it or write an issue");
        }
    }
}

#[test]
fn the_readme_names_every_setting_and_every_metric() {
    let readme = std::fs::read_to_string(project("README.md")).unwrap();
    let (settings, metrics) = (texts(&["src/cli"]), texts(&["src/metrics"]));
    let config = std::fs::read_to_string(project("src/config.rs")).unwrap();
    let words = |text: &str| text.split('"').map(str::to_owned).collect::<Vec<_>>();
    let named = settings.iter().chain(&metrics).flat_map(|(_, text)| words(text)).chain(words(&config));
    let wanted = named.filter(|word| {
        !word.contains(' ')
            && ["TWENTYWEEKS_", "twentyweeks_", "http_server_"].iter().any(|start| word.starts_with(start))
    });
    for word in wanted {
        assert!(readme.contains(&format!("`{word}`")), "README.md must name `{word}` in its tables");
    }
}
