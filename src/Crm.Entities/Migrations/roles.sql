-- Cluster-wide roles and the schema: idempotent. Runs at the head of every migration, one at a time in a database. Another database of the cluster may be
-- making the same roles at the same moment (advisory locks are a database's own): whoever comes second finds them made.
-- The setting crm.login names the application's login; it receives crm_app and nothing else.
do $$
declare
  login text := nullif(current_setting('crm.login', true), '');
  name text;
begin
  perform pg_advisory_xact_lock(hashtext('crm.roles'));
  foreach name in array array['crm_owner', 'crm_app'] loop
    if not exists (select from pg_roles where rolname = name) then
      begin
        execute format('create role %I nologin', name);
      exception when duplicate_object or unique_violation then
        null;
      end;
    end if;
  end loop;
  -- A migrating login that is no superuser has to be able to act as the owner.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    begin
      execute format('grant crm_owner to %I', current_user);
    exception when insufficient_privilege or unique_violation then
      null; -- whoever made the roles has granted it, or the next line says what is missing
    end;
  end if;
  create schema if not exists crm authorization crm_owner;
  if exists (select from pg_roles where rolname = login and not rolsuper) and not pg_has_role(login, 'crm_app', 'member') then
    begin
      execute format('grant crm_app to %I', login);
    exception when unique_violation then
      null;
    end;
  end if;
end $$;
