-- Hints of alteration on the fields that key facts rest on (涂改; docs/spec/alteration-hints.md): for the eye of a person, never a verdict.

-- Pages whose fields were looked at, and for which places by what version: looked at again when a field lies elsewhere or the check is newer.
create table alteration_look (
  page_id uuid primary key references page on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  -- Version of the check and digest of the places; tells nothing of what stands there.
  looked_as text not null,
  entry_id uuid not null references entry deferrable initially deferred,
  created_at_ms bigint not null
);
create index alteration_look_by_dossier on alteration_look (dossier_id);

-- One hint: what was measured where. A material may be taken apart and come back by undo: it is named, not tied.
create table alteration_hint (
  id uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  page_id uuid not null references page on delete cascade,
  material_id uuid not null,
  fact text not null check (fact in ('name', 'idNumber', 'birthDate', 'workStart', 'partyDate', 'education', 'experience', 'identity')),
  code text not null check (code in ('ink', 'density', 'rough', 'covered', 'struck', 'uneven')),
  -- Of the page as it was turned then.
  box integer[] not null check (cardinality(box) = 4),
  turned smallint not null check (turned in (0, 90, 180, 270)),
  measured real not null,
  limit_value real not null,
  version text not null,
  state text not null check (state in ('open', 'no_concern', 'concern')),
  -- What a person saw, sealed under the dossier's key.
  reason bytea,
  answered_by uuid references account,
  answered_at_ms bigint,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  check ((state = 'open') = (answered_by is null and answered_at_ms is null and reason is null))
);
create index alteration_hint_by_dossier on alteration_hint (dossier_id, id);
create index alteration_hint_by_page on alteration_hint (page_id);

grant select, insert, update, delete on alteration_look, alteration_hint to lantai_app;

-- They lie where their dossier lies: whoever reaches it reaches them.
alter table alteration_look enable row level security;
alter table alteration_look force row level security;
create policy alteration_look_reached on alteration_look to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy alteration_look_whole on alteration_look to lantai_owner, lantai_system using (true);
alter table alteration_hint enable row level security;
alter table alteration_hint force row level security;
create policy alteration_hint_reached on alteration_hint to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy alteration_hint_whole on alteration_hint to lantai_owner, lantai_system using (true);
