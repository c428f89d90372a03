-- The house of the main job: who keeps (fonds, unit, account), what is kept (subject, dossier, material, page),
-- how it is kept (stored_object, source_file, import), what was seen on it (reading, finding) and what was done (entry, checkpoint).
-- INVARIANT: every business row carries fonds_id, unit_id, category, level: what a scope is made of.
-- INVARIANT: names, numbers, titles, addresses and text are sealed bytea. Clear are codes, states, years, sex, counts and ids.
-- Words: docs/terms.md. Sealed columns: docs/spec/sealed-column.md.

create table archive (
  one boolean primary key default true check (one),
  archive_id uuid not null,
  kind text not null check (kind in ('trial', 'production')),
  suite text not null check (suite in ('intl', 'gm')),
  log_origin text not null,
  log_key text not null,
  created_at_ms bigint not null
);

create table fonds (
  id uuid primary key,
  code text not null collate "C" unique,
  name bytea not null,
  created_at_ms bigint not null
);

create table unit (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  parent_id uuid references unit,
  code text not null collate "C",
  name bytea not null,
  unique (fonds_id, code)
);

create table account (
  id uuid primary key,
  -- Keyed token of the folded account name: found by name, naming nobody.
  name_token bytea not null unique,
  name bytea not null,
  role text not null check (role in ('system_admin', 'security_admin', 'audit_admin', 'archivist', 'unit_clerk', 'trial_owner')),
  fonds_id uuid references fonds,
  unit_id uuid references unit,
  level_max smallint not null default 1,
  password_hash text not null,
  must_change_password boolean not null default false,
  disabled boolean not null default false,
  failed_count integer not null default 0,
  locked_until_ms bigint not null default 0,
  language text not null default 'zh' check (language in ('zh', 'en')),
  created_at_ms bigint not null
);

create table session (
  token_digest bytea primary key,
  account_id uuid not null references account on delete cascade,
  created_at_ms bigint not null,
  seen_at_ms bigint not null,
  expires_at_ms bigint not null
);

-- One line of the log. The bytes are final at birth; only the position is given later, once, by the sequencer.
create table entry (
  id uuid primary key,
  kind text not null,
  bytes bytea not null,
  salt bytea,
  fonds_id uuid,
  unit_id uuid,
  category text,
  level smallint,
  dossier_id uuid,
  actor_id uuid,
  at_ms bigint not null,
  position bigint unique,
  -- What a reader of the log may know beyond the opaque bytes (a query, a title): sealed under the audit key.
  sealed_detail bytea
);
create index entry_unordered on entry (id) where position is null;
create index entry_by_dossier on entry (dossier_id, id desc) where dossier_id is not null;
create index entry_by_actor on entry (actor_id, id desc);

create table checkpoint (
  size bigint primary key,
  root bytea not null,
  note text not null,
  at_ms bigint not null
);

create table subject (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  kind text not null check (kind in ('person', 'unit', 'matter')),
  key_id uuid not null,
  name bytea not null,
  id_number bytea,
  -- Keyed whole-value token of the ID number: found by exact value, inside one fonds.
  id_number_token bytea,
  birth_year smallint,
  sex text check (sex in ('male', 'female')),
  version integer not null default 1,
  entry_id uuid not null references entry,
  created_at_ms bigint not null
);
create index subject_by_id_number on subject (fonds_id, id_number_token) where id_number_token is not null;

create table dossier (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  subject_id uuid not null references subject,
  scheme text not null,
  copy_set text not null default 'original' check (copy_set in ('original', 'duplicate')),
  code text not null collate "C",
  state text not null default 'open' check (state in ('open', 'in_review', 'filed', 'closed')),
  version integer not null default 1,
  page_count integer not null default 0,
  material_count integer not null default 0,
  tags bytea,
  fields bytea,
  entry_id uuid not null references entry,
  created_at_ms bigint not null,
  changed_at_ms bigint not null,
  unique (fonds_id, code)
);
create index dossier_by_unit on dossier (unit_id, code);
create index dossier_by_subject on dossier (subject_id);
create index dossier_by_change on dossier (fonds_id, changed_at_ms desc, id);

create table material (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  class_code text collate "C",
  sequence integer not null,
  code text collate "C",
  material_year smallint,
  -- Sealed: title, date as a partial date, remarks, tags, archive-defined fields, a record typed into a form.
  title bytea,
  date bytea,
  remarks bytea,
  tags bytea,
  fields bytea,
  record bytea,
  copies smallint not null default 1,
  page_count integer not null default 0,
  origin text not null default 'scanned' check (origin in ('scanned', 'typed', 'received')),
  state text not null default 'draft' check (state in ('draft', 'proposed', 'confirmed')),
  version integer not null default 1,
  entry_id uuid not null references entry,
  created_at_ms bigint not null,
  changed_at_ms bigint not null,
  constraint material_place unique (dossier_id, class_code, sequence) deferrable initially deferred,
  constraint material_code unique (dossier_id, code) deferrable initially deferred
);
create index material_by_class on material (fonds_id, class_code, material_year);

-- A sealed object under its address. A row is written only after the bytes are on disk.
create table stored_object (
  address bytea primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  object_id uuid not null unique,
  kind text not null check (kind in ('raw', 'derived', 'source', 'optimised')),
  suite text not null,
  wrapped_key bytea not null,
  sealed_bytes bigint not null,
  plain_bytes bigint not null,
  created_at_ms bigint not null
);
create index stored_object_by_dossier on stored_object (dossier_id);

-- One run of the import action; its lines tell what became of each file.
create table import (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  actor_id uuid not null references account,
  state text not null default 'running' check (state in ('running', 'done', 'stopped')),
  started_at_ms bigint not null,
  ended_at_ms bigint
);

-- A file as received. Its digest is keyed by the fonds, so equality is known inside a fonds only.
create table source_file (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  import_id uuid not null references import on delete cascade,
  content_key bytea not null,
  name bytea not null,
  media_type text,
  byte_count bigint not null,
  object_address bytea references stored_object,
  outcome text not null check (outcome in ('pages', 'refused', 'duplicate', 'needs_person', 'kept')),
  code text,
  page_count integer not null default 0,
  entry_id uuid not null references entry,
  created_at_ms bigint not null
);
create index source_file_by_import on source_file (import_id, id);
-- INVARIANT: the same bytes are stored once in a dossier; a second receipt is a row with outcome 'duplicate'.
create unique index source_file_once on source_file (dossier_id, content_key) where outcome in ('pages', 'kept');

create table page (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  material_id uuid references material,
  -- Place in its material, and place in the dossier as received.
  position integer,
  arrival bigint not null,
  class_code text collate "C",
  material_year smallint,
  source_file_id uuid not null references source_file,
  source_index integer not null,
  origin text not null check (origin in ('as_received', 'embedded', 'rendered')),
  media_type text not null,
  width_px integer not null,
  height_px integer not null,
  resolution_dpi smallint,
  turned smallint not null default 0 check (turned in (0, 90, 180, 270)),
  content_key bytea not null,
  object_address bytea not null references stored_object,
  read_state text not null default 'waiting' check (read_state in ('waiting', 'read', 'needs_person', 'not_needed')),
  read_reason text,
  version integer not null default 1,
  entry_id uuid not null references entry,
  created_at_ms bigint not null,
  unique (source_file_id, source_index),
  constraint page_place unique (material_id, position) deferrable initially deferred
);
create index page_by_dossier on page (dossier_id, arrival);
create index page_waiting on page (read_state, id) where read_state in ('waiting', 'needs_person');

-- A page may name several persons beside the dossier's subject.
create table page_subject (
  page_id uuid not null references page on delete cascade,
  subject_id uuid not null references subject,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  primary key (page_id, subject_id)
);

-- What recognition saw. A newer engine adds a row beside the old one and becomes current.
create table reading (
  page_id uuid not null references page on delete cascade,
  engine text not null,
  version text not null,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  current boolean not null,
  text bytea not null,
  lines bytea not null,
  orientation smallint not null,
  skew_millidegrees integer not null,
  line_count integer not null,
  confidence01 real not null,
  entry_id uuid not null references entry,
  created_at_ms bigint not null,
  primary key (page_id, engine, version)
);
create unique index reading_current on reading (page_id) where current;

create table finding (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  page_id uuid references page on delete cascade,
  source_file_id uuid references source_file on delete cascade,
  code text not null,
  severity text not null check (severity in ('error', 'warning', 'info')),
  step text not null,
  version text not null,
  box integer[],
  params jsonb not null default '{}'
);
create index finding_by_page on finding (page_id, code);
create index finding_by_dossier on finding (dossier_id, code);

-- Operations that can be taken back: the inverse is sealed, it may hold a title.
create table undo (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  actor_id uuid not null references account,
  kind text not null,
  inverse bytea not null,
  done boolean not null default false,
  created_at_ms bigint not null
);
create index undo_by_dossier on undo (dossier_id, id desc);

create table saved_view (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  name bytea not null,
  filters bytea not null,
  created_at_ms bigint not null
);

create table field_definition (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  place text not null check (place in ('dossier', 'material')),
  code text not null collate "C",
  kind text not null check (kind in ('text', 'number', 'date', 'choice')),
  definition jsonb not null,
  unique (fonds_id, place, code)
);

-- Switches that survive a restart: is reading paused.
create table queue_switch (
  queue text primary key,
  paused boolean not null default false
);

-- Short-lived leave to fetch the tiles and the text of a page that was looked at once.
create table view_token (
  token_digest bytea primary key,
  account_id uuid not null references account on delete cascade,
  session_digest bytea,
  purpose text not null,
  kind text not null check (kind in ('page', 'thumbnails')),
  fonds_id uuid not null references fonds,
  unit_id uuid not null references unit,
  category text not null,
  level smallint not null,
  dossier_id uuid not null references dossier on delete cascade,
  page_id uuid references page on delete cascade,
  entry_id uuid not null references entry,
  expires_at_ms bigint not null
);

grant select, insert, update, delete on
  fonds, unit, account, session, subject, dossier, material, stored_object, import, source_file, page, page_subject,
  reading, finding, undo, saved_view, field_definition, queue_switch, view_token to lantai_app;
grant select, insert, update on archive to lantai_app;
-- No tool of the product changes or deletes a line of the log: the role it runs under may only add, and place.
grant select, insert on entry, checkpoint to lantai_app;
grant update (position) on entry to lantai_app;
create schema if not exists pgboss authorization lantai_app;
