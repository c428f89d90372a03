-- Who leads a unit (领导干部登记), by the subject of a dossier: whose dossier it is weighs when use is watched (docs/spec/use-watch.md).
-- Ids and times alone; kept by whoever keeps accounts.
create table unit_leader (
  id uuid primary key,
  unit_id uuid not null references unit,
  subject_id uuid not null references subject on delete cascade,
  created_at_ms bigint not null,
  ended_at_ms bigint,
  entry_id uuid not null references entry deferrable initially deferred
);
create unique index unit_leader_held on unit_leader (subject_id, unit_id) where ended_at_ms is null;
grant select, insert, update, delete on unit_leader to lantai_app;
