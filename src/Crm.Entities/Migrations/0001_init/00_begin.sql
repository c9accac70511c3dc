-- One migration in several scripts, a noun each. The schema belongs to crm_owner; the application comes in as crm_app.
grant usage on schema wfm to crm_owner;
grant execute on function wfm.workspace to crm_owner;
grant references, trigger on wfm.record to crm_owner;
set local role crm_owner;
grant usage on schema crm to crm_app;

-- Puts a table of tenants' rows under row level security, owner included, and lets the application work in it.
create function crm.protect(p_tables text[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare t text;
begin
  foreach t in array p_tables loop
    execute format('alter table crm.%I enable row level security', t);
    execute format('alter table crm.%I force row level security', t);
    execute format('create policy workspace on crm.%I using (workspace_id = (select wfm.workspace())) with check (workspace_id = (select wfm.workspace()))', t);
    execute format('grant select, insert, update, delete on crm.%I to crm_app', t);
  end loop;
end $$;

