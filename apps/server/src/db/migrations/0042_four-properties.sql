-- Four-property checks (四性检测, docs/spec/four-properties.md): what was checked of a dossier at which moment, and what persons answered.

-- One run over one dossier. A job fills it; what it found is kept as it was found and never changed.
create table property_check (
  id uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  moment text not null check (moment in ('filing', 'handover', 'keeping')),
  -- Items by which it was checked: id and version of the file of schemes/properties.
  standard text not null,
  state text not null check (state in ('running', 'done', 'stopped')),
  -- Code of what stopped it.
  code text,
  -- Objects of the dossier, and of them looked at.
  total integer not null default 0,
  done integer not null default 0,
  -- Items with their results, as JSON sealed under the dossier's key: they name materials and pages.
  results bytea,
  made_by uuid not null references account,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  ended_at_ms bigint,
  result_entry_id uuid references entry deferrable initially deferred,
  check ((state = 'done') = (results is not null and result_entry_id is not null)),
  check ((state = 'running') = (ended_at_ms is null))
);
create index property_check_by_dossier on property_check (dossier_id, id desc);
-- INVARIANT: one at a time of a dossier.
create unique index property_check_running on property_check (dossier_id) where state = 'running';

-- INVARIANT: what was found stays as it was found; only its sealed text may be sealed anew.
create function keep_property_check() returns trigger language plpgsql as $$
begin
  raise exception 'a four-property check that has ended is not changed';
end $$;
create trigger property_check_kept before update on property_check for each row
  when (old.state <> 'running' and (old.id, old.dossier_id, old.moment, old.standard, old.state, old.code, old.total, old.done, old.made_by,
    old.created_at_ms, old.entry_id, old.ended_at_ms, old.result_entry_id) is distinct from (new.id, new.dossier_id, new.moment, new.standard,
    new.state, new.code, new.total, new.done, new.made_by, new.created_at_ms, new.entry_id, new.ended_at_ms, new.result_entry_id))
  execute function keep_property_check();

-- What a person says of an item that no machine can tell, or that did not run. The last of an item holds; none is overwritten.
create table property_answer (
  id uuid primary key,
  check_id uuid not null references property_check on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  item text not null collate "C",
  -- `skipped`: does not apply here.
  result text not null check (result in ('pass', 'fail', 'skipped')),
  -- What was done and seen, sealed under the dossier's key.
  words bytea not null,
  made_by uuid not null references account,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred
);
create index property_answer_by_check on property_answer (check_id, id);

grant select, insert, update on property_check to lantai_app;
grant select, insert on property_answer to lantai_app;
-- Sealed anew by rekey alone.
grant update (words) on property_answer to lantai_app;

-- They lie where their dossier lies: whoever reaches it reaches them.
alter table property_check enable row level security;
alter table property_check force row level security;
create policy property_check_reached on property_check to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy property_check_whole on property_check to lantai_owner, lantai_system using (true);
alter table property_answer enable row level security;
alter table property_answer force row level security;
create policy property_answer_reached on property_answer to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy property_answer_whole on property_answer to lantai_owner, lantai_system using (true);
