-- The blind index (docs/spec/blind-index.md): which page or catalogue line holds which keyed tokens, and nothing else.
-- Everything here can be thrown away and built again from the sealed texts; backups leave it out.

-- INVARIANT: no row-level security on this table. Under a policy PostgreSQL does not use its GIN index; the policy sits on `page`,
-- which every search joins. A row says nothing without the key.
create table page_gram (
  page_id uuid primary key references page on delete cascade,
  -- How many of the first elements of g say where the page is filed; the rest say what stands on it. Each part is sorted.
  filing_count smallint not null,
  g integer[] not null,
  -- Uncertain characters with their other candidates; sealed under the dossier's key.
  doubts bytea
) with (toast_tuple_target = 8160);
-- Tokens look random: compressing them costs time and saves nothing. Up to 2,000 of them stay in the row, where a walk tests them.
alter table page_gram alter g set storage external;
-- The server knows token frequencies itself and chooses the plan; statistics here would only make planning slow (3.6 ms).
alter table page_gram alter g set statistics 0;
-- A short pending list, about 300 pages: it makes writing three times as fast, and every search reads it from end to end (1 ms).
-- Disposal flushes it.
create index page_gram_g on page_gram using gin (g) with (fastupdate = on, gin_pending_list_limit = 1024);

-- Persons with their dossier, and materials: names, titles, codes, numbers.
create table catalogue_gram (
  -- The dossier's or the material's id.
  id uuid primary key,
  kind text not null check (kind in ('dossier', 'material')),
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  class_code text collate "C",
  material_year smallint,
  filing_count smallint not null,
  g integer[] not null,
  -- The indexed fields, sealed under the dossier's key: what a candidate is checked against.
  fields bytea not null,
  version integer not null default 1
) with (toast_tuple_target = 8160);
alter table catalogue_gram alter g set storage external;
alter table catalogue_gram alter g set statistics 0;
create index catalogue_gram_g on catalogue_gram using gin (g) with (fastupdate = on, gin_pending_list_limit = 1024);
create index catalogue_gram_by_dossier on catalogue_gram (dossier_id);

-- How common tokens are, counted over a sample of the index; for choosing plans.
create table gram_frequency (
  token integer primary key,
  share01 real not null
);
create table gram_sample (
  one boolean primary key default true check (one),
  line_count bigint not null,
  sampled_count integer not null,
  mean_length real not null,
  sampled_at_ms bigint not null
);

-- What a search cannot have seen: pages of a unit that are not read yet.
create index page_unread_by_unit on page (unit_id) where read_state in ('waiting', 'needs_person');

grant select, insert, update, delete on page_gram, catalogue_gram, gram_frequency, gram_sample to lantai_app;
