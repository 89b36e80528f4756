//! Rebuilds the binary when a migration is added: the embedding macro would not notice a new folder.
fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
