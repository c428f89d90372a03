-- Abnormal use 异常使用 (docs/spec/use-watch.md): what each account did by day, and the alarms that came of it. Accounts, counts and codes alone.

create table use_day (
  account_id uuid not null references account on delete cascade,
  -- Days since 1970-01-01 by the archive's clock.
  day integer not null,
  -- Of the busiest hour: different dossiers; prints, copies, downloads and exports.
  dossiers_an_hour integer not null,
  copies_an_hour integer not null,
  looks_by_hour integer[] not null check (cardinality(looks_by_hour) = 24),
  purposes text[] not null,
  primary key (account_id, day)
);
create index use_day_by_day on use_day (day);

create table use_alarm (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  level text not null check (level in ('warned', 'slowed', 'stopped')),
  points integer not null,
  reasons text[] not null,
  raised_at_ms bigint not null,
  -- A warning and slowness end by themselves, a stop by the security administrator alone.
  ends_at_ms bigint check ((ends_at_ms is null) = (level = 'stopped')),
  entry_id uuid not null references entry,
  decision text check (decision in ('released', 'kept')),
  decided_by uuid references account,
  decided_at_ms bigint,
  decision_entry_id uuid references entry,
  check (num_nonnulls(decision, decided_by, decided_at_ms, decision_entry_id) in (0, 4))
);
create index use_alarm_by_account on use_alarm (account_id, raised_at_ms desc);

grant select, insert, update, delete on use_day, use_alarm to lantai_app;
