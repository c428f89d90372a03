-- Uploads on their way in. Their bytes lie sealed under the upload key in <data>/uploads, whole chunk by whole chunk.
create table upload (
  id uuid primary key,
  account_id uuid not null references account on delete cascade,
  byte_count bigint not null check (byte_count >= 0),
  created_at_ms bigint not null,
  expires_at_ms bigint not null
);

-- Uploaded files of an import that are not settled yet; a settled one is a source_file.
create table import_upload (
  import_id uuid not null references import on delete cascade,
  ordinal integer not null,
  upload_id uuid not null references upload,
  -- The path it was sent under, sealed: it may name a person.
  path bytea not null,
  primary key (import_id, ordinal)
);
create unique index import_upload_once on import_upload (upload_id);

grant select, insert, update, delete on upload, import_upload to lantai_app;
