-- Lists of materials on their way in (docs/spec/manifest.md): an uploaded list that is being filed, and how far it has come. Whose it is stands in
-- account_id alone, as of uploads; nothing of what it lists stands in clear.
create table manifest (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  -- The list itself; thrown away with the upload, a day after it came.
  upload_id uuid references upload on delete set null,
  -- JSON: scheme, unit, cells changed by hand, uploads of images with their paths. Sealed under the upload key.
  body bytea not null,
  state text not null check (state in ('filing', 'done', 'stopped')),
  -- Code of what stopped it.
  code text,
  -- Dossiers of the list, and of them done with, filed and left out.
  total integer not null default 0,
  done integer not null default 0,
  filed integer not null default 0,
  refused integer not null default 0,
  -- Materials made and changed, pages received, images that want a person.
  made integer not null default 0,
  changed integer not null default 0,
  pages integer not null default 0,
  attention integer not null default 0,
  created_at_ms bigint not null,
  changed_at_ms bigint not null
);
create index manifest_by_account on manifest (account_id, id desc);

grant select, insert, update, delete on manifest to lantai_app;
