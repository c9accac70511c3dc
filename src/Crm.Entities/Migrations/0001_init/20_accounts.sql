-- Who signs in. An account belongs to a person and is the same in every workspace; a user is its membership in one. Tables that cross workspaces have no
-- row level security and no grants: the application reaches them through the functions below alone.

create table crm.account (
  id uuid not null,
  email text not null,
  password_hash text not null,
  created_at timestamptz not null,
  password_changed_at timestamptz not null,
  constraint pk_account primary key (id)
);
create unique index uq_account_email on crm.account (lower(email));

-- Attempts in a row without a success, by the digest of the address that was typed: whether or not somebody has it, so that one looks like the other.
create table crm.sign_in_attempt (
  email_hash bytea not null,
  count int not null,
  last_at timestamptz not null,
  constraint pk_sign_in_attempt primary key (email_hash)
);
create index ix_sign_in_attempt_last on crm.sign_in_attempt (last_at);

-- What protects tokens and cookies: shared by all hosts, so that each takes what another gave out.
create table crm.data_protection_key (
  name text not null,
  xml text not null,
  created_at timestamptz not null,
  constraint pk_data_protection_key primary key (name)
);

create table crm.user (
  workspace_id uuid not null,
  id uuid not null,
  account_id uuid,
  name text not null,
  email text,
  roles text[] not null default '{}',
  is_active boolean not null default true,
  version int not null default 1,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz,
  updated_by uuid,
  constraint pk_user primary key (workspace_id, id),
  constraint uq_user_account unique (account_id, workspace_id),
  constraint fk_user_workspace foreign key (workspace_id) references crm.workspace,
  constraint fk_user_account foreign key (account_id) references crm.account,
  constraint ck_user_name check (char_length(name) between 1 and 200)
);
create unique index uq_user_email on crm.user (lower(email), workspace_id) where email is not null;

-- A pending invitation: one a user, gone when accepted.
create table crm.invitation (
  workspace_id uuid not null,
  user_id uuid not null,
  secret_hash bytea not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  created_by uuid not null,
  constraint pk_invitation primary key (workspace_id, user_id),
  constraint fk_invitation_user foreign key (workspace_id, user_id) references crm.user
);

-- A sign-in that lasts. generation counts the refresh tokens given out: only the last one is good.
create table crm.session (
  workspace_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  generation int not null default 0,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  constraint pk_session primary key (workspace_id, id),
  constraint fk_session_user foreign key (workspace_id, user_id) references crm.user
);
create index ix_session_user on crm.session (user_id, workspace_id);

create table crm.api_key (
  workspace_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  name text not null,
  scopes text[] not null,
  secret_hash bytea not null,
  last_four text not null,
  created_at timestamptz not null,
  created_by uuid not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  constraint pk_api_key primary key (workspace_id, id),
  constraint uq_api_key_id unique (id),
  constraint fk_api_key_user foreign key (workspace_id, user_id) references crm.user,
  constraint ck_api_key_name check (char_length(name) between 1 and 200)
);
create index ix_api_key_user on crm.api_key (user_id, workspace_id);

create table crm.team (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  version int not null default 1,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz,
  updated_by uuid,
  -- Whose turn it was last, for records that are given out in turn: no change of the team.
  turn_user_id uuid,
  constraint pk_team primary key (workspace_id, id),
  constraint ck_team_name check (char_length(name) between 1 and 200)
);

create table crm.team_member (
  workspace_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  constraint pk_team_member primary key (workspace_id, team_id, user_id),
  constraint fk_team_member_team foreign key (workspace_id, team_id) references crm.team on delete cascade,
  constraint fk_team_member_user foreign key (workspace_id, user_id) references crm.user
);
create index ix_team_member_user on crm.team_member (user_id, workspace_id);

select crm.protect(array['user', 'invitation', 'session', 'api_key', 'team', 'team_member']);
-- For look-ups before a workspace is known, and for what concerns an account in all of its workspaces: only the owner's own functions are the owner.
create policy look_up on crm.user for select to crm_owner using (true);
create policy look_up on crm.api_key for select to crm_owner using (true);
create policy look_up on crm.session for select to crm_owner using (true);
create policy end_everywhere on crm.session for delete to crm_owner using (true);

-- The account of an address, with its memberships; one row with nulls where it has none.
create function crm.find_login(p_email text) returns table (account_id uuid, password_hash text, workspace_id uuid, workspace text, user_id uuid)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
  select a.id, a.password_hash, w.id, w.name, u.id
  from crm.account a
  left join crm.user u on u.account_id = a.id and u.is_active
  left join crm.workspace w on w.id = u.workspace_id
  where lower(a.email) = lower(p_email)
  order by w.name, w.id
  $$;
grant execute on function crm.find_login to crm_app;

-- Whether a password is still the one that was looked at; if so it stays until this transaction ends, and a session begun in it is seen by whoever changes it next.
create function crm.hold_password(p_account uuid, p_hash text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  perform from crm.account a where a.id = p_account and a.password_hash = p_hash for share;
  return found;
end $$;
grant execute on function crm.hold_password to crm_app;

-- Counts an attempt before its password is looked at, so that many at once count as many. Null: go on; else the time until which to wait.
create function crm.count_sign_in_attempt(p_email text, p_at timestamptz, p_free int, p_first_wait interval, p_longest_wait interval) returns timestamptz
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  h bytea := sha256(convert_to(lower(p_email), 'UTF8'));
  a crm.sign_in_attempt;
  wait interval;
begin
  insert into crm.sign_in_attempt (email_hash, count, last_at) values (h, 0, p_at) on conflict do nothing;
  select * into a from crm.sign_in_attempt x where x.email_hash = h for update;
  if a.last_at < p_at - interval '1 day' then
    a.count := 0;
  end if;
  if a.count >= p_free then
    wait := least(p_longest_wait, p_first_wait * power(2, least(a.count - p_free, 20)));
    if a.last_at + wait > p_at then
      return a.last_at + wait;
    end if;
  end if;
  update crm.sign_in_attempt x set count = a.count + 1, last_at = greatest(a.last_at, p_at) where x.email_hash = h;
  return null;
end $$;
grant execute on function crm.count_sign_in_attempt to crm_app;

-- Forgets the attempts of somebody who has signed in, and some that are too old to count.
create function crm.forget_sign_in_attempts(p_email text, p_at timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  delete from crm.sign_in_attempt x where x.email_hash = sha256(convert_to(lower(p_email), 'UTF8'));
  delete from crm.sign_in_attempt x where x.email_hash in (
    select o.email_hash from crm.sign_in_attempt o where o.last_at < p_at - interval '1 day' order by o.last_at limit 100 for update skip locked);
end $$;
grant execute on function crm.forget_sign_in_attempts to crm_app;

create function crm.create_account(p_id uuid, p_email text, p_hash text, p_at timestamptz) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into crm.account (id, email, password_hash, created_at, password_changed_at) values (p_id, p_email, p_hash, p_at, p_at) on conflict do nothing;
  return found;
end $$;
grant execute on function crm.create_account to crm_app;

-- The account behind a user of the current workspace.
create function crm.account_of(p_user uuid) returns table (account_id uuid, email text, password_hash text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
  select a.id, a.email, a.password_hash
  from crm.user u join crm.account a on a.id = u.account_id
  where u.workspace_id = wfm.workspace() and u.id = p_user
  $$;
grant execute on function crm.account_of to crm_app;

-- Puts a password in place of the one its holder has shown to know, and ends the account's other sessions everywhere. False: it has been changed meanwhile.
create function crm.change_password(p_user uuid, p_old_hash text, p_hash text, p_keep_session uuid, p_at timestamptz) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  v_account uuid := (select u.account_id from crm.user u where u.workspace_id = wfm.workspace() and u.id = p_user);
begin
  update crm.account a set password_hash = p_hash, password_changed_at = p_at where a.id = v_account and a.password_hash = p_old_hash;
  if not found then
    return false;
  end if;
  delete from crm.session s using crm.user u
    where u.account_id = v_account and s.workspace_id = u.workspace_id and s.user_id = u.id and s.id is distinct from p_keep_session;
  return true;
end $$;
grant execute on function crm.change_password to crm_app;

-- Gives a user of the current workspace another password and ends all sessions. False: the account is a member elsewhere too, and no workspace alone has a say over it.
create function crm.reset_password(p_user uuid, p_hash text, p_at timestamptz) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  v_account uuid := (select u.account_id from crm.user u where u.workspace_id = wfm.workspace() and u.id = p_user);
begin
  -- Before the look at the memberships: a new one waits for this lock, or is seen.
  perform from crm.account a where a.id = v_account for update;
  if not found or exists (select from crm.user u where u.account_id = v_account and u.workspace_id <> wfm.workspace()) then
    return false;
  end if;
  update crm.account a set password_hash = p_hash, password_changed_at = p_at where a.id = v_account;
  delete from crm.session s using crm.user u
    where u.account_id = v_account and s.workspace_id = u.workspace_id and s.user_id = u.id;
  return true;
end $$;
grant execute on function crm.reset_password to crm_app;

create function crm.find_api_key(p_id uuid) returns table (workspace_id uuid, user_id uuid, roles text[], scopes text[], expires_at timestamptz, secret_hash bytea)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
  select k.workspace_id, k.user_id, u.roles, k.scopes, k.expires_at, k.secret_hash
  from crm.api_key k join crm.user u on u.workspace_id = k.workspace_id and u.id = k.user_id
  where k.id = p_id and k.revoked_at is null and u.is_active
  $$;
grant execute on function crm.find_api_key to crm_app;

create function crm.data_protection_keys() returns setof text
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select k.xml from crm.data_protection_key k order by k.created_at, k.name $$;
grant execute on function crm.data_protection_keys to crm_app;

-- Of hosts that make a key at the same time, as first starts do, the first one's is kept: each reads the keys again after it has made one, so all use the same.
create function crm.add_data_protection_key(p_name text, p_xml text, p_at timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  perform pg_advisory_xact_lock(hashtext('crm.data_protection_key'));
  insert into crm.data_protection_key (name, xml, created_at)
    select p_name, p_xml, p_at
    where p_name not like 'key-%' or not exists (select from crm.data_protection_key k where k.name like 'key-%' and k.created_at > p_at - interval '1 minute');
end $$;
grant execute on function crm.add_data_protection_key to crm_app;
