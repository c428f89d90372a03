-- Learning by what persons settled (docs/spec/learning.md): proposals as they were made, with what stood in the end, and the models of them.

-- A proposal of a material as the rules made it, until and after a person settles it. Gone with its dossier, and with nothing before it: whether a
-- model was trained on it is asked when the dossier is destroyed. A material may be taken apart and come back by undo: it is named, not tied.
create table learning_example (
  material_id uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  -- Keyed hashes of what the pages look like, and what the rules proposed, sealed under the dossier's key.
  body bytea not null,
  -- Class and kind of title that stood when a person confirmed the material, sealed likewise.
  stood bytea,
  settled_at_ms bigint,
  -- Whether that differs from what was proposed.
  corrected boolean,
  -- Whether a model was trained on it.
  trained boolean not null default false,
  laid_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  check ((stood is null) = (settled_at_ms is null) and (stood is null) = (corrected is null))
);
create index learning_example_by_dossier on learning_example (dossier_id);
create index learning_example_new on learning_example (dossier_id) where settled_at_ms is not null and not trained;

-- Models, one in force for a fonds and scheme; the earlier ones are kept, so that a person may go back.
create table learning_model (
  id uuid primary key,
  fonds_id uuid not null references fonds,
  scheme text not null,
  number integer not null,
  -- `kept`: once in force; `refused`: not better than what there was; `forgotten`: held what a destroyed dossier taught.
  state text not null check (state in ('in_force', 'kept', 'refused', 'forgotten')),
  -- The model as text, sealed under the fonds' key.
  body bytea,
  -- SHA-256 of the model's text, hexadecimal.
  digest text,
  examples integer not null,
  corrected integer not null,
  -- Counts alone: how it fared on examples it had not seen, and what it changes.
  evaluation jsonb not null,
  changes jsonb not null,
  made_at_ms bigint not null,
  entry_id uuid not null references entry deferrable initially deferred,
  unique (fonds_id, scheme, number),
  check ((state in ('in_force', 'kept')) = (body is not null))
);
create unique index learning_model_in_force on learning_model (fonds_id, scheme) where state = 'in_force';

grant select, insert, update, delete on learning_example, learning_model to lantai_app;

-- Examples lie where their dossier lies: whoever reaches it reaches them.
alter table learning_example enable row level security;
alter table learning_example force row level security;
create policy learning_example_reached on learning_example to lantai_app using (exists (select 1 from dossier d where d.id = dossier_id));
create policy learning_example_whole on learning_example to lantai_owner, lantai_system using (true);
