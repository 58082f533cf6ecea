create table counters (
  name text primary key,
  value bigint not null
);
insert into counters (name, value) values ('operation', 0), ('locks', 0), ('audit', 0);

-- the whole plan is kept as JSON; what is searched for has a column of its own
create table operations (
  id bigint primary key,
  plan text not null,
  title text not null,
  cluster text,
  state text not null,
  requested_by text not null,
  said text not null,
  platform text not null,
  channel text not null,
  thread text,
  created_at bigint not null,
  started_at bigint,
  ended_at bigint,
  state_reason text,
  epoch bigint not null,
  owner text,
  last_event bigint not null,
  order_given text not null,
  order_by text,
  order_why text
);
create index operations_by_state on operations (state);

create table steps (
  operation bigint not null references operations (id),
  step text not null,
  state text not null,
  facts text not null,
  intended_at bigint,
  task text,
  output text,
  note text,
  attempts integer not null,
  started_at bigint,
  ended_at bigint,
  primary key (operation, step)
);

create table events (
  operation bigint not null references operations (id),
  seq bigint not null,
  at bigint not null,
  event text not null,
  primary key (operation, seq)
);

create table questions (
  operation bigint not null references operations (id),
  step text not null,
  title text not null,
  text text not null,
  choices text not null,
  asked_at bigint not null,
  answer text,
  answered_by text,
  answered_at bigint,
  primary key (operation, step)
);

-- a row for each operation to which something was said that its owner has not heard
create table signals (
  operation bigint primary key references operations (id)
);

create table locks (
  operation bigint not null references operations (id),
  name text not null,
  exclusive integer not null,
  asked_at bigint not null,
  held_since bigint,
  primary key (operation, name)
);

create table reservations (
  vmid integer primary key,
  operation bigint not null references operations (id)
);

create table resting (
  vmid integer primary key,
  until bigint not null
);

create table created_guests (
  operation bigint not null references operations (id),
  vmid integer not null,
  name text not null,
  uuid text,
  at bigint not null,
  primary key (operation, vmid)
);

create table approvals (
  operation bigint not null references operations (id),
  kind text not null,
  state text not null,
  tries_left integer not null,
  asked_at bigint not null,
  expires_at bigint not null,
  decided_by text,
  decided_at bigint,
  why text,
  primary key (operation, kind)
);
create index approvals_by_state on approvals (state);

create table hold (
  one integer primary key check (one = 1),
  held_by text not null,
  since bigint not null,
  reason text not null
);

create table audit (
  seq bigint primary key,
  at bigint not null,
  who text not null,
  what text not null,
  operation bigint,
  facts text not null,
  previous text not null,
  hash text not null
);

create table heads (
  operation bigint not null references operations (id),
  platform text not null,
  channel text not null,
  thread text,
  message text not null,
  primary key (operation, platform)
);

create table told (
  operation bigint not null references operations (id),
  conversation text not null,
  posted bigint not null,
  posting bigint not null,
  primary key (operation, conversation)
);

create table messages (
  platform text not null,
  message text not null,
  at bigint not null,
  primary key (platform, message)
);
create index messages_by_time on messages (at);

-- one row for each start of each process that runs operations
create table owners (
  name text primary key,
  seen_at bigint not null,
  dead integer not null
);

-- db-scheduler's table, as its documentation gives it
create table scheduled_tasks (
  task_name text not null,
  task_instance text not null,
  task_data blob,
  execution_time timestamp not null,
  picked integer not null,
  picked_by text,
  last_success timestamp,
  last_failure timestamp,
  consecutive_failures integer,
  last_heartbeat timestamp,
  version bigint not null,
  priority smallint,
  primary key (task_name, task_instance)
);
create index execution_time_idx on scheduled_tasks (execution_time);
create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);

create trigger audit_is_never_changed before update on audit
begin
  select raise(abort, 'rows of the audit are never changed');
end;
create trigger audit_is_never_cut before delete on audit
begin
  select raise(abort, 'rows of the audit are never deleted');
end;
