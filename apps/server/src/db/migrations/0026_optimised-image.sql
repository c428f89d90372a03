-- The optimised image beside the raw one (docs/spec/optimised-image.md): upright, level, cut to the sheet, its background cleaned.
-- One a page: a page turned since, or read otherwise, is made anew in its place. The recipe is sealed: it holds the digests of both images.
create table optimised_image (
  page_id uuid primary key references page on delete cascade,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  object_address bytea not null references stored_object,
  -- What it was made for: how the scan lay, and the version of what made it.
  orientation smallint not null check (orientation in (0, 90, 180, 270)),
  skew_millidegrees integer not null,
  recipe_version text not null,
  width_px integer not null,
  height_px integer not null,
  recipe bytea not null,
  version integer not null,
  entry_id uuid not null references entry deferrable initially deferred,
  created_at_ms bigint not null
);
create index optimised_image_by_dossier on optimised_image (dossier_id);
select guard_table('optimised_image', 'dossier_id', null);
grant select, insert, update, delete on optimised_image to lantai_app;

-- Which image a look shows.
alter table view_token add column image text not null default 'raw' check (image in ('raw', 'optimised'));
