-- Cluster-wide roles and the schema: idempotent, and alone at a time. Runs at the head of every migration.
-- The setting wfm.login names the application's login; it receives wfm_app and nothing else.
do $$
declare
  login text := nullif(current_setting('wfm.login', true), '');
begin
  perform pg_advisory_xact_lock(hashtext('wfm.roles'));
  if not exists (select from pg_roles where rolname = 'wfm_owner') then
    create role wfm_owner nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'wfm_app') then
    create role wfm_app nologin;
  end if;
  -- A migrating login that is no superuser has to be able to act as the owner.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    begin
      execute format('grant wfm_owner to %I', current_user);
    exception when insufficient_privilege then
      null; -- whoever made the roles has granted it, or the next line says what is missing
    end;
  end if;
  create schema if not exists wfm authorization wfm_owner;
  if exists (select from pg_roles where rolname = login and not rolsuper) and not pg_has_role(login, 'wfm_app', 'member') then
    execute format('grant wfm_app to %I', login);
  end if;
end $$;
