//! The tables that are not nouns. A noun's table is described by the noun itself: see `store::records`.

diesel::table! {
    ledger_heads (authority) {
        authority -> Text,
        seq -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    ledger_entries (authority, seq) {
        authority -> Text,
        seq -> BigInt,
        recorded_at -> Timestamp,
        noun -> Text,
        number -> BigInt,
        replaces -> Nullable<BigInt>,
        written_by -> Text,
        state -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    imports (authority, id) {
        authority -> Text,
        id -> BigInt,
        noun -> Text,
        written_by -> Text,
        dry_run -> Bool,
        started_at -> Timestamp,
        last_block_at -> Timestamp,
        finished_at -> Nullable<Timestamp>,
        state -> Text,
        problem -> Nullable<Text>,
        unknown_columns -> Text,
        rows_created -> BigInt,
        rows_updated -> BigInt,
        rows_unchanged -> BigInt,
        rows_rejected -> BigInt,
    }
}

diesel::table! {
    import_blocks (authority, import_id, block) {
        authority -> Text,
        import_id -> BigInt,
        block -> BigInt,
        receipts -> Text,
        rejected -> Text,
    }
}

diesel::table! {
    idempotency_keys (authority, caller, key) {
        authority -> Text,
        caller -> Text,
        key -> Text,
        request_hash -> Binary,
        record_seq -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    api_keys (id) {
        id -> Text,
        name -> Text,
        hash -> Text,
        scopes -> Text,
        authorities -> Text,
        created_at -> Timestamp,
        revoked_at -> Nullable<Timestamp>,
    }
}
