-- conversations that follow an operation that was asked for elsewhere; an empty thread is the channel
create table watches (
  operation bigint not null references operations (id),
  platform text not null,
  channel text not null,
  thread text not null,
  watched_by text not null,
  at bigint not null,
  primary key (operation, platform, channel, thread)
);

insert into counters (name, value) values ('schedule', 0);

-- commands that are said again at set times
create table schedules (
  id bigint primary key,
  command text not null,
  said_when text not null,
  cron text not null,
  zone text not null,
  person text not null,
  platform text not null,
  channel text not null,
  thread text,
  created_at bigint not null,
  next_at bigint not null,
  last_at bigint,
  last_outcome text
);
create index schedules_by_time on schedules (next_at);
