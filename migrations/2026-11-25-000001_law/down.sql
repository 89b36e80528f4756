alter table ehc_requests drop column detained;
drop table calendar_entries;
drop table orders;
drop table annual_reviews;
drop table ehc_plans;
