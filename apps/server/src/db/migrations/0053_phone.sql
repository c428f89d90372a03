-- Photographs by telephone (docs/spec/phone.md): a leave of some minutes to send photographs into one dossier, shown as a QR code on the desk.
-- It acts for whoever made it, as long as that session lasts. Neither secret is kept, only its digest.
create table capture_link (
  id uuid primary key,
  -- Of what the QR code says. It is taken once: then the telephone that took it holds another secret.
  token_digest bytea not null unique,
  holder_digest bytea unique,
  account_id uuid not null references account on delete cascade,
  session_id uuid not null references session (id) on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  created_at_ms bigint not null,
  expires_at_ms bigint not null,
  opened_at_ms bigint,
  ended_at_ms bigint,
  -- Uploads begun, and bytes announced by them: a stolen link fills no disk.
  uploads integer not null default 0,
  upload_bytes bigint not null default 0
);
create index capture_link_by_account on capture_link (account_id, id desc);
grant select, insert, update, delete on capture_link to lantai_app;

-- Which link an upload came by; null: its account's own.
alter table upload add column link_id uuid references capture_link on delete set null;
create index upload_by_link on upload (link_id) where link_id is not null;

-- Where the sheet lies on a photograph that is to be laid flat, and the paper that it was said to be: places on a picture, nothing of what it shows.
alter table import_upload add column photo jsonb;
alter table import add column link_id uuid;

-- A page laid flat out of a photograph, which is kept as received: its recipe, sealed (docs/spec/photograph.md).
alter table page add column flat_recipe bytea;
alter table page drop constraint page_origin_check;
alter table page add constraint page_origin_check check (origin in ('as_received', 'embedded', 'rendered', 'flattened'));
