-- Versions (docs/spec/versions.md): what a better scan took the place of, and how a material was catalogued before it was catalogued otherwise.

-- The page whose scan took this one's place. Not a foreign key: what ties the two, with who said so and why, is page_replacement below.
alter table page add column superseded_by uuid;
-- INVARIANT: a page that is superseded lies in no material, so nothing that walks the catalogue meets it twice.
alter table page add constraint page_superseded check (superseded_by is null or (material_id is null and superseded_by <> id));
create index page_by_successor on page (superseded_by) where superseded_by is not null;

-- A bad scan (page_id) replaced by a better one of the same face (by_page_id). Both stay pages with their bytes, reading and receipt.
create table page_replacement (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  page_id uuid not null references page on delete cascade,
  by_page_id uuid not null references page on delete cascade,
  -- Why, in words; sealed under the dossier's key.
  reason bytea not null,
  made_by uuid not null references account,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  -- Taken back.
  ended_by uuid references account,
  ended_at_ms bigint,
  end_entry_id uuid references entry deferrable initially deferred,
  check ((ended_at_ms is null) = (ended_by is null) and (ended_at_ms is null) = (end_entry_id is null))
);
create index page_replacement_by_dossier on page_replacement (dossier_id, id);
create unique index page_replacement_in_force on page_replacement (page_id) where ended_at_ms is null;
create unique index page_replacement_once on page_replacement (by_page_id) where ended_at_ms is null;
select guard_table('page_replacement', 'dossier_id', null);

-- How a confirmed material was catalogued before an act changed it, and how after; both sealed. Who and when stand in the entry.
-- The material is named, not tied: what was taken apart keeps its versions.
create table material_version (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  material_id uuid not null,
  body bytea not null,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred
);
create index material_version_by_material on material_version (dossier_id, material_id, id);
select guard_table('material_version', 'dossier_id', null);

-- INVARIANT: what was is not written anew; only its words may be sealed anew, and its place follows the dossier's.
create function keep_version() returns trigger language plpgsql as $$
begin
  raise exception 'a version is not changed';
end $$;
create trigger material_version_kept before update on material_version for each row
  when ((old.id, old.dossier_id, old.material_id, old.created_at_ms, old.entry_id)
    is distinct from (new.id, new.dossier_id, new.material_id, new.created_at_ms, new.entry_id))
  execute function keep_version();
create trigger page_replacement_kept before update on page_replacement for each row
  when ((old.id, old.dossier_id, old.page_id, old.by_page_id, old.made_by, old.created_at_ms, old.entry_id)
    is distinct from (new.id, new.dossier_id, new.page_id, new.by_page_id, new.made_by, new.created_at_ms, new.entry_id)
    or (old.ended_at_ms is not null and old.ended_at_ms is distinct from new.ended_at_ms))
  execute function keep_version();

grant select, insert, update on page_replacement, material_version to lantai_app;

-- Proposals are due of no page that gave way to another.
drop index page_unproposed;
create index page_unproposed on page (dossier_id) where not proposed and read_state <> 'waiting' and superseded_by is null;
