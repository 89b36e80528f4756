-- Staff: posts, who holds them, absences, recruiting, training, and the rules that turn minutes into appointments.
-- Whole numbers are bigint; decimals are text, exact and the same on both engines.
create table posts (
    authority     text not null,
    id            bigint not null,
    seq           bigint not null,
    source_system text,
    external_id   text,
    post_ref      text not null,
    discipline    text not null,
    band          text not null,
    funded_wte    text not null,
    starts_on     date not null,
    ends_on       date,
    service_ref   text,
    constraint posts_key primary key (authority, id),
    constraint posts_reference unique (authority, post_ref),
    constraint posts_external unique (authority, source_system, external_id),
    constraint posts_service foreign key (authority, service_ref) references services (authority, service_ref)
);

create table post_holdings (
    authority              text not null,
    id                     bigint not null,
    seq                    bigint not null,
    source_system          text,
    external_id            text,
    post_ref               text not null,
    worker_ref             text not null,
    wte                    text not null,
    engagement             text not null,
    starts_on              date not null,
    ends_on                date,
    productive_from_on     date,
    newly_qualified        boolean,
    term_time_only         boolean,
    leave_entitlement_days text,
    monday_minutes         bigint,
    tuesday_minutes        bigint,
    wednesday_minutes      bigint,
    thursday_minutes       bigint,
    friday_minutes         bigint,
    saturday_minutes       bigint,
    sunday_minutes         bigint,
    constraint post_holdings_key primary key (authority, id),
    constraint post_holdings_external unique (authority, source_system, external_id),
    constraint post_holdings_post foreign key (authority, post_ref) references posts (authority, post_ref)
);
create index post_holdings_by_worker on post_holdings (authority, worker_ref);

create table absences (
    authority     text not null,
    id            bigint not null,
    seq           bigint not null,
    source_system text,
    external_id   text,
    worker_ref    text not null,
    kind          text not null,
    starts_on     date not null,
    ends_on       date,
    constraint absences_key primary key (authority, id),
    constraint absences_external unique (authority, source_system, external_id)
);

create table recruitments (
    authority     text not null,
    id            bigint not null,
    seq           bigint not null,
    source_system text,
    external_id   text,
    post_ref      text not null,
    round         bigint not null,
    approved_on   date not null,
    advertised_on date,
    offered_on    date,
    starts_on     date,
    outcome       text,
    outcome_on    date,
    constraint recruitments_key primary key (authority, id),
    constraint recruitments_external unique (authority, source_system, external_id),
    constraint recruitments_post foreign key (authority, post_ref) references posts (authority, post_ref)
);

create table trainees (
    authority             text not null,
    id                    bigint not null,
    seq                   bigint not null,
    source_system         text,
    external_id           text,
    trainee_ref           text not null,
    discipline            text not null,
    programme             text not null,
    qualifies_on          date not null,
    retention_probability text not null,
    wte                   text not null,
    started_on            date,
    left_on               date,
    service_ref           text,
    constraint trainees_key primary key (authority, id),
    constraint trainees_reference unique (authority, trainee_ref),
    constraint trainees_external unique (authority, source_system, external_id),
    constraint trainees_service foreign key (authority, service_ref) references services (authority, service_ref)
);

create table capacity_rules (
    authority        text not null,
    id               bigint not null,
    seq              bigint not null,
    source_system    text,
    external_id      text,
    discipline       text not null,
    setting          text not null,
    value            text not null,
    starts_on        date not null,
    ends_on          date,
    appointment_type text,
    week             bigint,
    source           text,
    constraint capacity_rules_key primary key (authority, id),
    constraint capacity_rules_external unique (authority, source_system, external_id)
);
create index capacity_rules_by_discipline on capacity_rules (authority, discipline);
