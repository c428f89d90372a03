-- Counting (清点; docs/spec/counting.md): what was declared when the paper was taken out, and what did not agree with the images.

-- A processing slip (数字化加工流程单). INVARIANT: a slip is never changed; a later revision supersedes it, and all stay.
create table processing_slip (
  id uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  revision integer not null,
  sheets integer not null check (sheets between 1 and 20000),
  faces integer not null check (faces between sheets and 2 * sheets),
  -- Faces registered as blank that are not scanned: accounted for, and no missing ones.
  blank_faces integer not null check (blank_faces between 0 and faces - 1),
  -- Where the blank faces lie, the state of the paper: sealed under the dossier's key.
  note bytea,
  made_by uuid not null references account,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  unique (dossier_id, revision)
);

-- A report of what did not agree (异常情况登记). The numbers are those of the moment; whoever closes it says why.
create table count_exception (
  id uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  slip_id uuid not null references processing_slip on delete cascade,
  kind text not null check (kind in ('gap', 'surplus')),
  images integer not null,
  blank_images integer not null,
  difference integer not null check (difference <> 0 and (difference < 0) = (kind = 'gap')),
  sheets_missing integer not null,
  -- explained: the numbers stay as they are, for a reason; settled: they agree now; superseded: they differ otherwise now, and another report is open.
  state text not null check (state in ('open', 'explained', 'settled', 'superseded')),
  -- Wording of who closed it, sealed under the dossier's key.
  words bytea,
  made_by uuid not null references account,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  closed_by uuid references account,
  closed_at_ms bigint,
  closing_entry_id uuid references entry deferrable initially deferred,
  check ((state = 'open') = (closed_by is null and closed_at_ms is null and closing_entry_id is null)),
  check ((state in ('explained', 'settled')) = (words is not null))
);
create index count_exception_by_dossier on count_exception (dossier_id, id);
create unique index count_exception_open on count_exception (dossier_id) where state = 'open';

-- INVARIANT: what is closed stays as it was; only its sealed words may be sealed anew.
create function keep_count_exception() returns trigger language plpgsql as $$
begin
  raise exception 'an exception report that is closed is not changed';
end $$;
create trigger count_exception_kept before update on count_exception for each row
  when (old.state <> 'open' and (old.id, old.dossier_id, old.slip_id, old.kind, old.images, old.blank_images, old.difference, old.sheets_missing, old.state,
    old.made_by, old.created_at_ms, old.entry_id, old.closed_by, old.closed_at_ms, old.closing_entry_id) is distinct from (new.id, new.dossier_id,
    new.slip_id, new.kind, new.images, new.blank_images, new.difference, new.sheets_missing, new.state, new.made_by, new.created_at_ms, new.entry_id,
    new.closed_by, new.closed_at_ms, new.closing_entry_id))
  execute function keep_count_exception();

grant select, insert on processing_slip to lantai_app;
-- Sealing anew changes the sealed column alone.
grant update (note) on processing_slip to lantai_app;
grant select, insert, update on count_exception to lantai_app;

-- They lie where their dossier lies: whoever reaches it reaches them.
alter table processing_slip enable row level security;
alter table processing_slip force row level security;
create policy processing_slip_reached on processing_slip to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy processing_slip_whole on processing_slip to lantai_owner, lantai_system using (true);
alter table count_exception enable row level security;
alter table count_exception force row level security;
create policy count_exception_reached on count_exception to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy count_exception_whole on count_exception to lantai_owner, lantai_system using (true);
