drop table capacity_rules;
drop table trainees;
drop table recruitments;
drop table absences;
drop table post_holdings;
drop table posts;
