-- Advice to and exceptions of re-assessments have no place in the tables before: they stay in the ledger alone.
create table advice_requests_kept as select authority, id, seq, source_system, external_id, ehc_request_id, advice_type, provider_ref, sent_on, received_by_body_on, returned_on, sent_back_on, declined_on, missed_appointment_on, existing_advice_accepted_on from advice_requests where ehc_request_id is not null;
drop table advice_requests;
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
insert into advice_requests (authority, id, seq, source_system, external_id, ehc_request_id, advice_type, provider_ref, sent_on, received_by_body_on, returned_on, sent_back_on, declined_on, missed_appointment_on, existing_advice_accepted_on) select authority, id, seq, source_system, external_id, ehc_request_id, advice_type, provider_ref, sent_on, received_by_body_on, returned_on, sent_back_on, declined_on, missed_appointment_on, existing_advice_accepted_on from advice_requests_kept;
drop table advice_requests_kept;

create table timescale_exceptions_kept as select authority, id, seq, source_system, external_id, ehc_request_id, ground, starts_on, ends_on, advice_requested_on, evidence_ref from timescale_exceptions where ehc_request_id is not null;
drop table timescale_exceptions;
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
insert into timescale_exceptions (authority, id, seq, source_system, external_id, ehc_request_id, ground, starts_on, ends_on, advice_requested_on, evidence_ref) select authority, id, seq, source_system, external_id, ehc_request_id, ground, starts_on, ends_on, advice_requested_on, evidence_ref from timescale_exceptions_kept;
drop table timescale_exceptions_kept;

alter table ehc_plans drop column icb_review_asked_on;
alter table ehc_plans drop column new_icb_told_on;
alter table ehc_plans drop column icb_change_known_on;
drop table disputes;
drop table consultations;
drop table plan_amendments;
drop table reassessments;
