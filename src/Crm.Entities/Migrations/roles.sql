-- Cluster-wide roles and the schema: idempotent, and alone at a time. The setting crm.login names the application's login.
do $$
declare
  login text := nullif(current_setting('crm.login', true), '');
begin
  perform pg_advisory_xact_lock(hashtext('crm.roles'));
  if not exists (select from pg_roles where rolname = 'crm_owner') then
    create role crm_owner nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'crm_app') then
    create role crm_app nologin;
  end if;
  if not (select rolsuper from pg_roles where rolname = current_user) then
    begin
      execute format('grant crm_owner to %I', current_user);
    exception when insufficient_privilege then
      null; -- whoever made the roles has granted it, or the next line says what is missing
    end;
  end if;
  create schema if not exists crm authorization crm_owner;
  if exists (select from pg_roles where rolname = login and not rolsuper) and not pg_has_role(login, 'crm_app', 'member') then
    execute format('grant crm_app to %I', login);
  end if;
end $$;
