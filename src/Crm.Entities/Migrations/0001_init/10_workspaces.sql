-- Precedes every workspace: no row level security, no grants; reached through the functions below alone.
create table crm.workspace (
  id uuid not null,
  name text not null,
  created_at timestamptz not null,
  constraint pk_workspace primary key (id)
);

create table crm.user (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  roles text[] not null default '{}',
  created_at timestamptz not null,
  constraint pk_user primary key (workspace_id, id),
  constraint fk_user_workspace foreign key (workspace_id) references crm.workspace
);

create table crm.api_key (
  workspace_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  secret_hash bytea not null,
  created_at timestamptz not null,
  revoked_at timestamptz,
  constraint pk_api_key primary key (workspace_id, id),
  constraint uq_api_key_id unique (id),
  constraint fk_api_key_user foreign key (workspace_id, user_id) references crm.user
);

select crm.protect(array['user', 'api_key']);
-- For the look-up before a workspace is known: only the owner's own functions are the owner.
create policy look_up on crm.user for select to crm_owner using (true);
create policy look_up on crm.api_key for select to crm_owner using (true);

create function crm.create_workspace(p_id uuid, p_name text, p_at timestamptz) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into crm.workspace (id, name, created_at) values (p_id, p_name, p_at) on conflict do nothing;
  return found;
end $$;
grant execute on function crm.create_workspace to crm_app;

create function crm.find_api_key(p_id uuid) returns table (workspace_id uuid, user_id uuid, secret_hash bytea, roles text[])
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
  select k.workspace_id, k.user_id, k.secret_hash, u.roles
  from crm.api_key k join crm.user u on u.workspace_id = k.workspace_id and u.id = k.user_id
  where k.id = p_id and k.revoked_at is null
  $$;
grant execute on function crm.find_api_key to crm_app;
