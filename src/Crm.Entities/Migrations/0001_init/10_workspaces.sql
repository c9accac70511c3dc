-- Precedes every workspace: no row level security, no grants; reached through the functions below alone.
create table crm.workspace (
  id uuid not null,
  name text not null,
  time_zone text not null default 'UTC',
  currency text not null default 'EUR',
  locale text not null default 'en',
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz,
  updated_by uuid,
  constraint pk_workspace primary key (id),
  constraint ck_workspace_name check (char_length(name) between 1 and 200)
);

create function crm.create_workspace(p_id uuid, p_name text, p_at timestamptz) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into crm.workspace (id, name, created_at) values (p_id, p_name, p_at) on conflict do nothing;
  return found;
end $$;
grant execute on function crm.create_workspace to crm_app;

-- The current workspace's own row: no other one can be asked for.
create function crm.current_workspace() returns setof crm.workspace
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select * from crm.workspace w where w.id = wfm.workspace() $$;
grant execute on function crm.current_workspace to crm_app;

-- Changes the current workspace; null is kept. No row, when somebody else changed it first.
create function crm.change_workspace(p_name text, p_time_zone text, p_currency text, p_locale text, p_version int, p_by uuid, p_at timestamptz) returns setof crm.workspace
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
  update crm.workspace w set
      name = coalesce(p_name, w.name), time_zone = coalesce(p_time_zone, w.time_zone), currency = coalesce(p_currency, w.currency), locale = coalesce(p_locale, w.locale),
      version = w.version + 1, updated_at = p_at, updated_by = p_by
    where w.id = wfm.workspace() and w.version = p_version
    returning w.*
  $$;
grant execute on function crm.change_workspace to crm_app;
