-- Two-person mode of cataloguing (双人复核; docs/spec/countercheck.md).

-- Whether materials of a fonds under a scheme must be counterchecked. INVARIANT: a line is never changed; the latest of a fonds and scheme is in force.
create table countercheck_rule (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  scheme text not null collate "C",
  required boolean not null,
  made_by uuid not null references account,
  made_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred
);
create index countercheck_rule_in_force on countercheck_rule (fonds_id, scheme, id desc);

-- What became of a confirmed material as it is catalogued now: who answers for it, and what somebody else said. A change of the material ends the row.
-- The material is named, not tied: what was taken apart keeps its rows.
create table countercheck (
  id uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  material_id uuid not null,
  -- overtaken: catalogued otherwise since, or answered.
  state text not null check (state in ('waiting', 'passed', 'returned', 'overtaken')),
  -- Who put something into it that nobody else has passed.
  first_by uuid[] not null,
  -- Whether others did of whom nothing was kept: what was confirmed before the mode was on.
  first_unknown boolean not null,
  -- What a first said to a return, sealed under the dossier's key.
  answer bytea,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  second_by uuid references account,
  decided_at_ms bigint,
  -- Why it was returned, sealed likewise.
  words bytea,
  decision_entry_id uuid references entry deferrable initially deferred,
  ended_at_ms bigint,
  check (cardinality(first_by) > 0 or first_unknown),
  check ((second_by is null) = (decided_at_ms is null) and (second_by is null) = (decision_entry_id is null)),
  check (state <> 'waiting' or second_by is null),
  check (state not in ('passed', 'returned') or second_by is not null),
  check (state = 'overtaken' or (state = 'returned') = (words is not null)),
  check ((state = 'overtaken') = (ended_at_ms is not null)),
  -- INVARIANT: nobody counterchecks what is one's own; other accounts of the same person are refused in the act.
  check (second_by is null or second_by <> all (first_by))
);
create unique index countercheck_in_force on countercheck (material_id) where state <> 'overtaken';
create index countercheck_by_dossier on countercheck (dossier_id, id);
create index countercheck_open on countercheck (created_at_ms, id) where state in ('waiting', 'returned');

-- INVARIANT: what was decided stays as it was, until it is overtaken; what is overtaken stays for ever. Only sealed words may be sealed anew.
create function keep_countercheck() returns trigger language plpgsql as $$
begin
  raise exception 'a countercheck that was decided is not changed';
end $$;
create trigger countercheck_kept before update on countercheck for each row
  when (old.state <> 'waiting' and ((old.id, old.dossier_id, old.material_id, old.first_by, old.first_unknown, old.created_at_ms, old.entry_id, old.second_by,
      old.decided_at_ms, old.decision_entry_id) is distinct from (new.id, new.dossier_id, new.material_id, new.first_by, new.first_unknown, new.created_at_ms,
      new.entry_id, new.second_by, new.decided_at_ms, new.decision_entry_id)
    or (new.state <> old.state and (old.state = 'overtaken' or new.state <> 'overtaken'))))
  execute function keep_countercheck();

grant select, insert on countercheck_rule to lantai_app;
grant select, insert, update on countercheck to lantai_app;

-- It lies where its dossier lies: whoever reaches that reaches it.
alter table countercheck enable row level security;
alter table countercheck force row level security;
create policy countercheck_reached on countercheck to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy countercheck_whole on countercheck to lantai_owner, lantai_system using (true);
