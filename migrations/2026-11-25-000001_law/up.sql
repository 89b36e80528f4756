-- What the law needs beside the assessment: plans and their transfers, reviews, orders, and the calendar of an authority.
create table ehc_plans (
    authority               text not null,
    id                      bigint not null,
    seq                     bigint not null,
    source_system           text,
    external_id             text,
    child_ref               text not null,
    issued_on               date not null,
    ehc_request_id          bigint,
    primary_need            text,
    secondary_need          text,
    setting_type            text,
    ceased_on               date,
    cease_reason            text,
    phase_transfer          text,
    phase_transfer_on       date,
    phase_transfer_final_on date,
    move_known_on           date,
    moves_on                date,
    transferred_out_on      date,
    transferred_in_on       date,
    transfer_informed_on    date,
    constraint ehc_plans_key primary key (authority, id),
    constraint ehc_plans_external unique (authority, source_system, external_id),
    constraint ehc_plans_child foreign key (authority, child_ref) references children (authority, child_ref),
    constraint ehc_plans_request foreign key (authority, ehc_request_id) references ehc_requests (authority, id),
    constraint ehc_plans_ceased_after_issue check (ceased_on >= issued_on)
);
create index ehc_plans_by_request on ehc_plans (authority, ehc_request_id);

create table annual_reviews (
    authority                text not null,
    id                       bigint not null,
    seq                      bigint not null,
    source_system            text,
    external_id              text,
    ehc_plan_id              bigint not null,
    meeting_on               date,
    notice_sent_on           date,
    report_sent_on           date,
    decision                 text,
    decision_on              date,
    amendment_notice_sent_on date,
    final_sent_on            date,
    not_amended_on           date,
    constraint annual_reviews_key primary key (authority, id),
    constraint annual_reviews_external unique (authority, source_system, external_id),
    constraint annual_reviews_plan foreign key (authority, ehc_plan_id) references ehc_plans (authority, id)
);
create index annual_reviews_by_plan on annual_reviews (authority, ehc_plan_id);

create table orders (
    authority       text not null,
    id              bigint not null,
    seq             bigint not null,
    source_system   text,
    external_id     text,
    source          text not null,
    kind            text not null,
    made_on         date not null,
    ehc_request_id  bigint,
    ehc_plan_id     bigint,
    directed_by     date,
    notified_on     date,
    refused_plan_on date,
    draft_issued_on date,
    final_sent_on   date,
    complied_on     date,
    constraint orders_key primary key (authority, id),
    constraint orders_external unique (authority, source_system, external_id),
    constraint orders_request foreign key (authority, ehc_request_id) references ehc_requests (authority, id),
    constraint orders_plan foreign key (authority, ehc_plan_id) references ehc_plans (authority, id)
);
create index orders_by_request on orders (authority, ehc_request_id);
create index orders_by_plan on orders (authority, ehc_plan_id);

create table calendar_entries (
    authority     text not null,
    id            bigint not null,
    seq           bigint not null,
    source_system text,
    external_id   text,
    kind          text not null,
    starts_on     date not null,
    ends_on       date not null,
    name          text,
    constraint calendar_entries_key primary key (authority, id),
    constraint calendar_entries_external unique (authority, source_system, external_id),
    constraint calendar_entries_in_order check (ends_on >= starts_on)
);

-- The request is of a detained person: SI 2015/62.
alter table ehc_requests add column detained boolean;
