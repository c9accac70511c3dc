-- One migration in several scripts, a subject each. The schema belongs to wfm_owner; the application comes in as wfm_app.
set local role wfm_owner;
grant usage on schema wfm to wfm_app;

-- The workspace of this transaction; null (and so: no rows) when none was set.
create function wfm.workspace() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('wfm.workspace', true), '')::uuid $$;
grant execute on function wfm.workspace to wfm_app;

-- Puts a table under row level security, owner included, and lets the application read it. The owner's functions compare the workspace as well.
create function wfm.protect(p_tables text[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
declare t text;
begin
  foreach t in array p_tables loop
    execute format('alter table wfm.%I enable row level security', t);
    execute format('alter table wfm.%I force row level security', t);
    execute format('create policy workspace on wfm.%I using (workspace_id = (select wfm.workspace())) with check (workspace_id = (select wfm.workspace()))', t);
    execute format('grant select on wfm.%I to wfm_app', t);
  end loop;
end $$;
