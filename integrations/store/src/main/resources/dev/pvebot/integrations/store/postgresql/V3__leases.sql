-- what only one of several replicas may do at a time, for example hold a chat's gateway session
create table leases (
  name text primary key,
  holder text not null,
  until bigint not null
);
create index heads_by_message on heads (platform, channel, message);
