-- The document of a determination (认定材料; docs/spec/key-facts.md, section 5): the material of the dossier that it was filed as.
-- INVARIANT: a line is never changed; the latest of a determination is in force, and all stay. The material is named, not tied: versions keep what it was.
create table determination_document (
  id uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  determination_id uuid not null references determination on delete cascade,
  material_id uuid not null,
  -- made: the form, written from the data; attached: what came on paper, as scanned.
  way text not null check (way in ('made', 'attached')),
  made_by uuid not null references account,
  created_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred
);
create index determination_document_in_force on determination_document (determination_id, id desc);
create index determination_document_by_dossier on determination_document (dossier_id, id);

grant select, insert on determination_document to lantai_app;

-- It lies where its dossier lies: whoever reaches that reaches it.
alter table determination_document enable row level security;
alter table determination_document force row level security;
create policy determination_document_reached on determination_document to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy determination_document_whole on determination_document to lantai_owner, lantai_system using (true);
