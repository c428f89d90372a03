-- Details of an entry (a query, a reason) are sealed beside the entry's bytes, which the log commits to and nobody may change. Sealing them
-- under another suite or key replaces the sealed value alone, and only the very value that was read (docs/spec/rekey.md).
create function reseal_entry_detail(entry_id uuid, was bytea, becomes bytea) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update entry set sealed_detail = becomes where id = entry_id and sealed_detail = was;
  return found;
end $$;
revoke all on function reseal_entry_detail(uuid, bytea, bytea) from public;
grant execute on function reseal_entry_detail(uuid, bytea, bytea) to lantai_app;
