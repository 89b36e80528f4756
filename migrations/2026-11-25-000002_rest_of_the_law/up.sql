-- What the rest of the law needs: re-assessments with advice and exceptions of their own, amendments without a review,
-- consultations, disputed decisions, and the change of a plan's commissioning body.
create table reassessments (
    authority     text not null,
    id            bigint not null,
    seq           bigint not null,
    source_system text,
    external_id   text,
    ehc_plan_id   bigint not null,
    requested_on  date,
    own_motion_on date,
    decision      text,
    decision_on   date,
    final_sent_on date,
    stopped_on    date,
    constraint reassessments_key primary key (authority, id),
    constraint reassessments_external unique (authority, source_system, external_id),
    constraint reassessments_plan foreign key (authority, ehc_plan_id) references ehc_plans (authority, id)
);
create index reassessments_by_plan on reassessments (authority, ehc_plan_id);

create table plan_amendments (
    authority      text not null,
    id             bigint not null,
    seq            bigint not null,
    source_system  text,
    external_id    text,
    ehc_plan_id    bigint not null,
    notice_sent_on date not null,
    final_sent_on  date,
    not_amended_on date,
    constraint plan_amendments_key primary key (authority, id),
    constraint plan_amendments_external unique (authority, source_system, external_id),
    constraint plan_amendments_plan foreign key (authority, ehc_plan_id) references ehc_plans (authority, id)
);
create index plan_amendments_by_plan on plan_amendments (authority, ehc_plan_id);

create table consultations (
    authority      text not null,
    id             bigint not null,
    seq            bigint not null,
    source_system  text,
    external_id    text,
    ehc_request_id bigint,
    ehc_plan_id    bigint,
    provider_ref   text,
    consulted_on   date not null,
    replied_on     date,
    withdrawn_on   date,
    constraint consultations_key primary key (authority, id),
    constraint consultations_external unique (authority, source_system, external_id),
    constraint consultations_request foreign key (authority, ehc_request_id) references ehc_requests (authority, id),
    constraint consultations_plan foreign key (authority, ehc_plan_id) references ehc_plans (authority, id),
    constraint consultations_provider foreign key (authority, provider_ref) references providers (authority, provider_ref)
);
create index consultations_by_request on consultations (authority, ehc_request_id);
create index consultations_by_plan on consultations (authority, ehc_plan_id);

create table disputes (
    authority                 text not null,
    id                        bigint not null,
    seq                       bigint not null,
    source_system             text,
    external_id               text,
    ehc_request_id            bigint,
    ehc_plan_id               bigint,
    decision                  text not null,
    notice_sent_on            date not null,
    adviser_contacted_on      date,
    mediation_declined_on     date,
    mediation_requested_on    date,
    mediation_about           text,
    icb_informed_on           date,
    mediation_held_on         date,
    certificate_issued_on     date,
    agreed_without_council_on date,
    council_told_on           date,
    appealed_on               date,
    settled_on                date,
    constraint disputes_key primary key (authority, id),
    constraint disputes_external unique (authority, source_system, external_id),
    constraint disputes_request foreign key (authority, ehc_request_id) references ehc_requests (authority, id),
    constraint disputes_plan foreign key (authority, ehc_plan_id) references ehc_plans (authority, id)
);
create index disputes_by_request on disputes (authority, ehc_request_id);
create index disputes_by_plan on disputes (authority, ehc_plan_id);

-- A change of the responsible commissioning body: reg 16.
alter table ehc_plans add column icb_change_known_on date;
alter table ehc_plans add column new_icb_told_on date;
alter table ehc_plans add column icb_review_asked_on date;

-- Advice and exceptions belong to an EHC request or to a re-assessment. Neither engine's way to make a column optional is
-- the other's, so the rows are copied.
create table advice_requests_kept as select authority, id, seq, source_system, external_id, ehc_request_id, advice_type, provider_ref, sent_on, received_by_body_on, returned_on, sent_back_on, declined_on, missed_appointment_on, existing_advice_accepted_on from advice_requests;
drop table advice_requests;
create table advice_requests (
    authority                   text not null,
    id                          bigint not null,
    seq                         bigint not null,
    source_system               text,
    external_id                 text,
    ehc_request_id              bigint,
    reassessment_id             bigint,
    advice_type                 text not null,
    provider_ref                text,
    sent_on                     date,
    received_by_body_on         date,
    returned_on                 date,
    sent_back_on                date,
    declined_on                 date,
    missed_appointment_on       date,
    existing_advice_accepted_on date,
    own_adviser                 boolean,
    constraint advice_requests_key primary key (authority, id),
    constraint advice_requests_external unique (authority, source_system, external_id),
    constraint advice_requests_case foreign key (authority, ehc_request_id) references ehc_requests (authority, id),
    constraint advice_requests_reassessment
        foreign key (authority, reassessment_id) references reassessments (authority, id),
    constraint advice_requests_provider
        foreign key (authority, provider_ref) references providers (authority, provider_ref)
);
create index advice_requests_by_case on advice_requests (authority, ehc_request_id);
create index advice_requests_by_reassessment on advice_requests (authority, reassessment_id);
insert into advice_requests (authority, id, seq, source_system, external_id, ehc_request_id, advice_type, provider_ref, sent_on, received_by_body_on, returned_on, sent_back_on, declined_on, missed_appointment_on, existing_advice_accepted_on) select authority, id, seq, source_system, external_id, ehc_request_id, advice_type, provider_ref, sent_on, received_by_body_on, returned_on, sent_back_on, declined_on, missed_appointment_on, existing_advice_accepted_on from advice_requests_kept;
drop table advice_requests_kept;

create table timescale_exceptions_kept as select authority, id, seq, source_system, external_id, ehc_request_id, ground, starts_on, ends_on, advice_requested_on, evidence_ref from timescale_exceptions;
drop table timescale_exceptions;
create table timescale_exceptions (
    authority           text not null,
    id                  bigint not null,
    seq                 bigint not null,
    source_system       text,
    external_id         text,
    ehc_request_id      bigint,
    reassessment_id     bigint,
    ground              text not null,
    starts_on           date not null,
    ends_on             date,
    advice_requested_on date,
    evidence_ref        text,
    constraint timescale_exceptions_key primary key (authority, id),
    constraint timescale_exceptions_external unique (authority, source_system, external_id),
    constraint timescale_exceptions_case foreign key (authority, ehc_request_id) references ehc_requests (authority, id),
    constraint timescale_exceptions_reassessment
        foreign key (authority, reassessment_id) references reassessments (authority, id)
);
create index timescale_exceptions_by_case on timescale_exceptions (authority, ehc_request_id);
create index timescale_exceptions_by_reassessment on timescale_exceptions (authority, reassessment_id);
insert into timescale_exceptions (authority, id, seq, source_system, external_id, ehc_request_id, ground, starts_on, ends_on, advice_requested_on, evidence_ref) select authority, id, seq, source_system, external_id, ehc_request_id, ground, starts_on, ends_on, advice_requested_on, evidence_ref from timescale_exceptions_kept;
drop table timescale_exceptions_kept;
