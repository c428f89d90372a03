-- What an act changed: a keyed digest of each object's state before and after (docs/spec/log-entry.md, section 6). The entry holds the digest
-- of its lines, so none can be altered, added or taken away unseen; they hold nothing that names anybody.
create table change (
  object_class text not null collate "C",
  -- UUID, code or number of the object.
  object_id text not null collate "C",
  -- From 1, one after the other: a missing line leaves a gap.
  place integer not null check (place > 0),
  -- Which columns the state is made of.
  form smallint not null,
  -- The dossier or subject under whose key the digests are; null: a key of the archive.
  key_id uuid,
  -- `sha256:` or `sm3:` and 64 hexadecimal digits; null: it was not there.
  before text collate "C",
  after text collate "C",
  entry_id uuid not null references entry deferrable initially deferred,
  primary key (object_class, object_id, place)
);
create index change_by_entry on change (entry_id);

-- No tool of the product changes or deletes a line of what was done.
grant select, insert on change to lantai_app;

-- The entry of a change holds the digest of the rows as they then are: it is written after them, in the same transaction. That each of them names
-- an entry is therefore checked when the transaction ends.
do $$
declare link record;
begin
  for link in select conname, conrelid::regclass as child from pg_constraint
    where contype = 'f' and confrelid = 'entry'::regclass and conrelid <> 'change'::regclass loop
    execute format('alter table %s alter constraint %I deferrable initially deferred', link.child, link.conname);
  end loop;
end $$;
