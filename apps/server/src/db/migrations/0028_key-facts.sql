-- Key facts of personnel dossiers (三龄两历一身份; docs/spec/key-facts.md, section 5): what two persons determined, and what a person marked on a material.

-- A determination (认定): proposed by one person, confirmed or refused by another. A later one supersedes it and never overwrites it.
create table determination (
  id uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  fact text not null check (fact in ('name', 'idNumber', 'birthDate', 'workStart', 'partyDate', 'education', 'experience', 'identity')),
  state text not null check (state in ('proposed', 'confirmed', 'refused', 'withdrawn')),
  -- Value, document number, who decided and when, reasons and materials, as JSON sealed under the dossier's key.
  body bytea not null,
  -- Words of the second person, sealed.
  review bytea,
  made_by uuid not null references account,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  decided_by uuid references account,
  decided_at_ms bigint,
  decision_entry_id uuid references entry deferrable initially deferred,
  check ((state in ('confirmed', 'refused')) = (decided_by is not null and decided_at_ms is not null and review is not null)),
  check (decided_by <> made_by)
);
create index determination_by_dossier on determination (dossier_id, id);
create unique index determination_waiting on determination (dossier_id, fact) where state = 'proposed';

-- INVARIANT: what is settled stays as it was; only its sealed words may be sealed anew.
create function keep_determination() returns trigger language plpgsql as $$
begin
  raise exception 'a determination that is settled is not changed';
end $$;
create trigger determination_kept before update on determination for each row
  when (old.state <> 'proposed' and (old.id, old.dossier_id, old.fact, old.state, old.made_by, old.created_at_ms, old.entry_id, old.decided_by,
    old.decided_at_ms, old.decision_entry_id) is distinct from (new.id, new.dossier_id, new.fact, new.state, new.made_by, new.created_at_ms,
    new.entry_id, new.decided_by, new.decided_at_ms, new.decision_entry_id))
  execute function keep_determination();

-- What a person marked on what a material says of a fact (涂改, 存疑). A material may be taken apart and come back by undo: it is named, not tied.
create table assertion_mark (
  id uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  material_id uuid not null,
  fact text not null check (fact in ('name', 'idNumber', 'birthDate', 'workStart', 'partyDate', 'education', 'experience', 'identity')),
  mark text not null check (mark in ('altered', 'doubted')),
  -- What was seen, sealed under the dossier's key.
  reason bytea not null,
  made_by uuid not null references account,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  ended_by uuid references account,
  ended_at_ms bigint
);
create index assertion_mark_by_dossier on assertion_mark (dossier_id, id);
create unique index assertion_mark_in_force on assertion_mark (dossier_id, material_id, fact) where ended_at_ms is null;

grant select, insert, update on determination, assertion_mark to lantai_app;

-- They lie where their dossier lies: whoever reaches it reaches them.
alter table determination enable row level security;
alter table determination force row level security;
create policy determination_reached on determination to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy determination_whole on determination to lantai_owner, lantai_system using (true);
alter table assertion_mark enable row level security;
alter table assertion_mark force row level security;
create policy assertion_mark_reached on assertion_mark to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy assertion_mark_whole on assertion_mark to lantai_owner, lantai_system using (true);
