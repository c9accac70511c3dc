-- Cluster-wide roles of a schema, and the schema: idempotent. Runs at the head of every migration, one at a time in a database. Another database of the
-- cluster may be making the same roles at the same moment (advisory locks are a database's own): whoever comes second finds them made.
-- Settings: wfm.schema is the schema; wfm.login the application's login, which is granted the schema's _app role and nothing else.
do $$
declare
  schema text := current_setting('wfm.schema');
  owner text := current_setting('wfm.schema') || '_owner';
  app text := current_setting('wfm.schema') || '_app';
  login text := nullif(current_setting('wfm.login', true), '');
  name text;
begin
  perform pg_advisory_xact_lock(hashtext('wfm.roles'));
  foreach name in array array[owner, app] loop
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
      execute format('grant %I to %I', owner, current_user);
    exception when insufficient_privilege or unique_violation then
      null; -- whoever made the roles may have granted it
    end;
    if not pg_has_role(current_user, owner, 'member') then
      raise exception 'the migrating login % is no member of %', current_user, owner
        using hint = format('grant %I to %I, as whoever made that role', owner, current_user);
    end if;
  end if;
  execute format('create schema if not exists %I authorization %I', schema, owner);
  if exists (select from pg_roles where rolname = login and not rolsuper) and not pg_has_role(login, app, 'member') then
    begin
      execute format('grant %I to %I', app, login);
    exception when unique_violation then
      null;
    end;
  end if;
end $$;
