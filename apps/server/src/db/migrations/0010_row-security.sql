-- Row-level security: the second net under every predicate (docs/adr/0120). A statement that forgets its scope sees nothing.
-- lantai_app sees and writes what the settings of its transaction reach (apps/server/src/db/reach.ts); lantai_system, which jobs ask for by
-- name, and the owner, who migrates and restores, see all by a policy of their own: nobody is outside.
-- INVARIANT: every later table with a subject's data gets both policies by guard_table(); row-security.test.ts finds those that have none.
-- Not here: the blind index (see 0002), the log, accounts, the tree and the registers of access; the test has the reason for each.

-- Settings of the transaction; null without one. After a transaction PostgreSQL leaves an empty text where nothing was.
-- Plain expressions, so that the planner takes them in: a policy costs a statement three values, worked out once and before any row.
create function reach_level() returns smallint language sql stable parallel safe
  as $$ select nullif(current_setting('lantai.level', true), '')::smallint $$;
create function reach_closed() returns text[] language sql stable parallel safe
  as $$ select nullif(current_setting('lantai.closed', true), '')::text[] $$;
-- Ids of fonds, units and dossiers together; the nil id among them stands for everywhere.
create function reach_places() returns uuid[] language sql stable parallel safe
  as $$ select nullif(current_setting('lantai.places', true), '')::uuid[] $$;

-- What hangs on named dossiers and has no dossier's id of its own. As the owner, since they are asked inside policies: both give ids of what
-- belongs to named dossiers alone, and are asked only where no place holds a row.
create function reach_named_pages() returns uuid[] language sql stable security definer set search_path = public
  as $$ select array_agg(id) from page where dossier_id = any(reach_places()) $$;
create function reach_named_subjects() returns uuid[] language sql stable security definer set search_path = public
  as $$ select array_agg(id) from (
    select subject_id as id from dossier where id = any(reach_places())
    union select s.subject_id from page p join page_subject s on s.page_id = p.id where p.dossier_id = any(reach_places())) named $$;

-- Lays both policies on a table that carries fonds_id, unit_id, category and level.
-- `own` is its column with a dossier's id; a table without one gives null, and `named`, a condition for what belongs to a named dossier.
create function guard_table(guarded text, own text, named text) returns void language plpgsql as $$
begin
  execute format('alter table %I enable row level security', guarded);
  execute format('alter table %I force row level security', guarded);
  execute format('create policy %I on %I to lantai_app using (
      level <= (select reach_level()) and category <> all ((select reach_closed())::text[])
      and (array[''00000000-0000-0000-0000-000000000000'', fonds_id, unit_id%s] && (select reach_places())%s))',
    guarded || '_reached', guarded, coalesce(', ' || quote_ident(own), ''), coalesce(' or ' || named, ''));
  execute format('create policy %I on %I to lantai_owner, lantai_system using (true)', guarded || '_whole', guarded);
end $$;
revoke execute on function guard_table(text, text, text) from public;

select guard_table('dossier', 'id', null);
select guard_table(name, 'dossier_id', null)
  from unnest(array['material', 'stored_object', 'import', 'source_file', 'page', 'finding', 'undo', 'view_token']) as name;
select guard_table('subject', null, 'id = any ((select reach_named_subjects())::uuid[])');
select guard_table(name, null, 'page_id = any ((select reach_named_pages())::uuid[])') from unnest(array['page_subject', 'reading']) as name;

-- Who signs out, or is signed out, takes the looks along, whatever anybody reaches: as the owner, since it only ever closes.
create function end_looks(of_account uuid, of_session bytea, kept_session bytea) returns void
  language sql security definer set search_path = public
  as $$ delete from view_token where (of_account is null or account_id = of_account) and (of_session is null or session_digest = of_session)
    and (kept_session is null or session_digest <> kept_session) $$;

-- Paths of uploaded files may name somebody: whoever reaches the import reaches them.
alter table import_upload enable row level security;
alter table import_upload force row level security;
create policy import_upload_reached on import_upload to lantai_app using (exists (select 1 from import i where i.id = import_id));
create policy import_upload_whole on import_upload to lantai_owner, lantai_system using (true);
