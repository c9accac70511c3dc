-- Cluster-wide roles of a schema, and the schema: idempotent, and alone at a time. Runs at the head of every migration.
-- Settings: wfm.schema is the schema; wfm.login the application's login, which is granted the schema's _app role and nothing else.
do $$
declare
  schema text := current_setting('wfm.schema');
  owner text := current_setting('wfm.schema') || '_owner';
  app text := current_setting('wfm.schema') || '_app';
  login text := nullif(current_setting('wfm.login', true), '');
begin
  perform pg_advisory_xact_lock(hashtext('wfm.roles'));
  if not exists (select from pg_roles where rolname = owner) then
    execute format('create role %I nologin', owner);
  end if;
  if not exists (select from pg_roles where rolname = app) then
    execute format('create role %I nologin', app);
  end if;
  -- A migrating login that is no superuser has to be able to act as the owner.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    begin
      execute format('grant %I to %I', owner, current_user);
    exception when insufficient_privilege then
      null; -- whoever made the roles may have granted it
    end;
    if not pg_has_role(current_user, owner, 'member') then
      raise exception 'the migrating login % is no member of %', current_user, owner
        using hint = format('grant %I to %I, as whoever made that role', owner, current_user);
    end if;
  end if;
  execute format('create schema if not exists %I authorization %I', schema, owner);
  if exists (select from pg_roles where rolname = login and not rolsuper) and not pg_has_role(login, app, 'member') then
    execute format('grant %I to %I', app, login);
  end if;
end $$;
