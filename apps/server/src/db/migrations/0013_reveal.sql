-- What somebody had shown that is masked by default: for one session, of one dossier or page, for some minutes (docs/spec/masking.md).
-- Leave of a moment, like view_token: in no backup.
create table reveal (
  entry_id uuid primary key references entry,
  account_id uuid not null references account on delete cascade,
  session_digest bytea,
  dossier_id uuid not null references dossier on delete cascade,
  -- Null: the catalogue and fields of the dossier. Else the text of this page alone.
  page_id uuid references page on delete cascade,
  kinds text[] not null,
  expires_at_ms bigint not null
);
create index reveal_by_holder on reveal (account_id, dossier_id);
grant select, insert, update, delete on reveal to lantai_app;
