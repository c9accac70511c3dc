create table wfm.history (
  workspace_id uuid not null,
  project_id uuid not null,
  version int not null,
  transition text,
  from_step text,
  to_step text not null,
  actor_id uuid not null,
  at timestamptz not null,
  recorded_at timestamptz not null default clock_timestamp(),
  workflow_version_id uuid not null,
  body text not null,
  private jsonb,
  salt bytea,
  prev bytea not null,
  hash bytea not null,
  constraint pk_history primary key (workspace_id, project_id, version),
  constraint fk_history_project foreign key (workspace_id, project_id) references wfm.project
);
-- The newest moves first, whatever their versions: an import may have its own times.
create index ix_history_at on wfm.history (project_id, at, version, workspace_id);

select wfm.protect(array['history']);

create function wfm.append_history(p wfm.project, p_body text, b jsonb, p_private jsonb, p_salt bytea) returns bytea
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  h bytea := sha256(p.head || convert_to(p_body, 'UTF8'));
begin
  insert into wfm.history (workspace_id, project_id, version, transition, from_step, to_step, actor_id, at, workflow_version_id, body, private, salt, prev, hash)
    values (p.workspace_id, p.id, (b->>'version')::int, b->>'transition', b->>'from', b->>'to', (b->>'actor')::uuid, (b->>'at')::timestamptz,
            p.workflow_version_id, p_body, p_private, p_salt, p.head, h);
  return h;
end $$;

-- Takes the personal part out of a project's history: input, reason, facts. The chain holds, for it only has their salted digest.
create function wfm.erase_private(p_project uuid) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare n int;
begin
  update wfm.history h set private = null, salt = null where h.workspace_id = wfm.workspace() and h.project_id = p_project and h.private is not null;
  get diagnostics n = row_count;
  return n;
end $$;

-- Whether a history row's columns say what its body says. A body somebody has made no JSON of says nothing.
create function wfm.is_body_of(h wfm.history) returns boolean
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare b jsonb;
begin
  b := h.body::jsonb;
  return (b->>'version')::int = h.version and b->>'from' is not distinct from h.from_step and b->>'to' = h.to_step
     and b->>'transition' is not distinct from h.transition and (b->>'actor')::uuid = h.actor_id and (b->>'at')::timestamptz = h.at;
exception when data_exception then
  return false;
end $$;

-- The first version at which a project's chain breaks, null when it holds.
create function wfm.broken_link(p_project uuid) returns int
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select min(l.version) from (
    select p.version, exists (select from wfm.history h where h.workspace_id = p.workspace_id and h.project_id = p.id and h.version = p.version) as holds
    from wfm.project p where p.workspace_id = wfm.workspace() and p.id = p_project
    union all
    select h.version,
           h.hash = sha256(h.prev || convert_to(h.body, 'UTF8'))
           and h.prev = coalesce(lag(h.hash) over w, '')
           and h.version = row_number() over w
           and wfm.is_body_of(h)
           and (h.version < p.version or (h.version = p.version and h.hash = p.head and h.to_step = p.step)) as holds
    from wfm.history h
    join wfm.project p on p.workspace_id = h.workspace_id and p.id = h.project_id
    where h.workspace_id = wfm.workspace() and h.project_id = p_project
    window w as (order by h.version)) l
  where l.holds is not true
  $$;

grant execute on function wfm.erase_private, wfm.is_body_of, wfm.broken_link to wfm_app;
