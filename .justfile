# Serves the API on this machine.
up:
    cargo run -- serve

# Shows the service over synthetic records.
demo:
    cargo run --release -- demo

# Runs the lints; every warning is an error.
lint:
    cargo lint

# Runs every test, on both engines where PostgreSQL is installed.
test:
    cargo test

# Writes the published contract anew after a change of the wire.
contract:
    UPDATE=1 cargo test contract
