-- One set of SQL for SQLite and PostgreSQL: text, bigint, boolean, date, timestamp (UTC), bytea, named constraints.
-- Every table of records begins its keys with the authority. Records are numbered by the ledger entry that created
-- them. `seq` is the entry that made the row what it is.

-- Where each authority's ledger ends. Its row is the lock of all writes to that authority.
create table ledger_heads (
    authority text not null primary key,
    seq       bigint not null,
    hash      bytea not null
);

-- Every accepted change, in order and without gaps; each hash covers the entry and the hash before it.
create table ledger_entries (
    authority   text not null,
    seq         bigint not null,
    recorded_at timestamp not null,
    noun        text not null,
    number      bigint not null,
    replaces    bigint,
    written_by  text not null,
    state       text not null,
    hash        bytea not null,
    constraint ledger_entries_key primary key (authority, seq)
);

create table children (
    authority       text not null,
    id              bigint not null,
    seq             bigint not null,
    source_system   text,
    external_id     text,
    child_ref       text not null,
    birth_month     text,
    sex             text,
    ethnicity_group text,
    primary_need    text,
    sen_status      text,
    constraint children_key primary key (authority, id),
    constraint children_reference unique (authority, child_ref),
    constraint children_external unique (authority, source_system, external_id)
);

create table providers (
    authority     text not null,
    id            bigint not null,
    seq           bigint not null,
    source_system text,
    external_id   text,
    provider_ref  text not null,
    name          text,
    provider_type text,
    constraint providers_key primary key (authority, id),
    constraint providers_reference unique (authority, provider_ref),
    constraint providers_external unique (authority, source_system, external_id)
);

create table services (
    authority     text not null,
    id            bigint not null,
    seq           bigint not null,
    source_system text,
    external_id   text,
    service_ref   text not null,
    provider_ref  text not null,
    discipline    text not null,
    name          text,
    opened_on     date,
    closed_on     date,
    constraint services_key primary key (authority, id),
    constraint services_reference unique (authority, service_ref),
    constraint services_external unique (authority, source_system, external_id),
    constraint services_provider foreign key (authority, provider_ref) references providers (authority, provider_ref)
);

create table ehc_requests (
    authority             text not null,
    id                    bigint not null,
    seq                   bigint not null,
    source_system         text,
    external_id           text,
    child_ref             text not null,
    received_on           date,
    became_responsible_on date,
    request_source        text,
    decision              text,
    decision_on           date,
    outcome               text,
    outcome_on            date,
    draft_served_on       date,
    final_sent_on         date,
    withdrawn_on          date,
    request_mediation     boolean,
    request_tribunal      boolean,
    assessment_mediation  boolean,
    assessment_tribunal   boolean,
    constraint ehc_requests_key primary key (authority, id),
    constraint ehc_requests_external unique (authority, source_system, external_id),
    constraint ehc_requests_child foreign key (authority, child_ref) references children (authority, child_ref),
    constraint ehc_requests_decided_after_receipt check (decision_on >= received_on),
    constraint ehc_requests_sent_after_receipt check (final_sent_on >= received_on)
);
create index ehc_requests_by_child on ehc_requests (authority, child_ref);

create table advice_requests (
    authority                   text not null,
    id                          bigint not null,
    seq                         bigint not null,
    source_system               text,
    external_id                 text,
    ehc_request_id              bigint not null,
    advice_type                 text not null,
    provider_ref                text,
    sent_on                     date,
    received_by_body_on         date,
    returned_on                 date,
    sent_back_on                date,
    declined_on                 date,
    missed_appointment_on       date,
    existing_advice_accepted_on date,
    constraint advice_requests_key primary key (authority, id),
    constraint advice_requests_external unique (authority, source_system, external_id),
    constraint advice_requests_case foreign key (authority, ehc_request_id) references ehc_requests (authority, id),
    constraint advice_requests_provider
        foreign key (authority, provider_ref) references providers (authority, provider_ref)
);
create index advice_requests_by_case on advice_requests (authority, ehc_request_id);

create table timescale_exceptions (
    authority           text not null,
    id                  bigint not null,
    seq                 bigint not null,
    source_system       text,
    external_id         text,
    ehc_request_id      bigint not null,
    ground              text not null,
    starts_on           date not null,
    ends_on             date,
    advice_requested_on date,
    evidence_ref        text,
    constraint timescale_exceptions_key primary key (authority, id),
    constraint timescale_exceptions_external unique (authority, source_system, external_id),
    constraint timescale_exceptions_case foreign key (authority, ehc_request_id) references ehc_requests (authority, id)
);
create index timescale_exceptions_by_case on timescale_exceptions (authority, ehc_request_id);

create table referrals (
    authority               text not null,
    id                      bigint not null,
    seq                     bigint not null,
    source_system           text,
    external_id             text,
    child_ref               text not null,
    discipline              text not null,
    received_on             date not null,
    provider_ref            text,
    service_ref             text,
    priority                text,
    referral_source         text,
    purpose                 text,
    ehc_request_id          bigint,
    accepted_on             date,
    rejected_on             date,
    first_contact_on        date,
    assessment_completed_on date,
    discharged_on           date,
    withdrawn_on            date,
    constraint referrals_key primary key (authority, id),
    constraint referrals_external unique (authority, source_system, external_id),
    constraint referrals_child foreign key (authority, child_ref) references children (authority, child_ref),
    constraint referrals_provider foreign key (authority, provider_ref) references providers (authority, provider_ref),
    constraint referrals_service foreign key (authority, service_ref) references services (authority, service_ref),
    constraint referrals_case foreign key (authority, ehc_request_id) references ehc_requests (authority, id),
    constraint referrals_seen_after_receipt check (first_contact_on >= received_on)
);
create index referrals_by_child on referrals (authority, child_ref);

-- One run of an import, and what it has answered so far.
create table imports (
    authority      text not null,
    id             bigint not null,
    noun           text not null,
    written_by     text not null,
    dry_run        boolean not null,
    started_at     timestamp not null,
    last_block_at  timestamp not null,
    finished_at    timestamp,
    state          text not null,
    problem        text,
    unknown_columns text not null,
    rows_created   bigint not null,
    rows_updated   bigint not null,
    rows_unchanged bigint not null,
    rows_rejected  bigint not null,
    constraint imports_key primary key (authority, id)
);

-- The receipts of the rows of one block, written in the transaction that wrote the rows.
create table import_blocks (
    authority text not null,
    import_id bigint not null,
    block     bigint not null,
    receipts  text not null,
    rejected  text not null,
    constraint import_blocks_key primary key (authority, import_id, block),
    constraint import_blocks_import foreign key (authority, import_id) references imports (authority, id)
);

-- What a POST with an Idempotency-Key was answered, in the transaction of its effect.
create table idempotency_keys (
    authority    text not null,
    caller       text not null,
    key          text not null,
    request_hash bytea not null,
    record_seq   bigint not null,
    created_at   timestamp not null,
    constraint idempotency_keys_key primary key (authority, caller, key)
);

-- Callers. Only a hash of each key is kept.
create table api_keys (
    id          text not null primary key,
    name        text not null,
    hash        text not null,
    scopes      text not null,
    authorities text not null,
    created_at  timestamp not null,
    revoked_at  timestamp
);
