set local role wfm_owner;
grant usage on schema wfm to wfm_app;

-- The workspace of this transaction; null (and so: no rows) when none was set.
create function wfm.workspace() returns uuid
  language sql stable parallel safe
  as $$ select nullif(current_setting('wfm.workspace', true), '')::uuid $$;

-- Published processes: inserted by wfm.publish, never changed.

create table wfm.bundle (
  workspace_id uuid not null,
  key text not null,
  version text not null,
  content_hash text not null,
  document text not null,
  published_at timestamptz not null,
  published_by uuid not null,
  recorded_at timestamptz not null default clock_timestamp(),
  constraint pk_bundle primary key (workspace_id, key, version)
);

create table wfm.workflow_version (
  workspace_id uuid not null,
  id uuid not null,
  workflow_key text not null,
  bundle_key text not null,
  bundle_version text not null,
  content_hash text not null,
  definition jsonb not null,
  constraint pk_workflow_version primary key (workspace_id, id),
  constraint uq_workflow_version_content unique (workspace_id, workflow_key, content_hash),
  constraint fk_workflow_version_bundle foreign key (workspace_id, bundle_key, bundle_version) references wfm.bundle
);

create table wfm.step (
  workspace_id uuid not null,
  workflow_version_id uuid not null,
  key text not null,
  category text not null,
  is_initial boolean not null,
  is_final boolean not null,
  wip_limit int,
  constraint pk_step primary key (workspace_id, workflow_version_id, key),
  constraint fk_step_workflow_version foreign key (workspace_id, workflow_version_id) references wfm.workflow_version
);

create table wfm.edge (
  workspace_id uuid not null,
  workflow_version_id uuid not null,
  from_step text not null,
  transition text not null,
  to_step text not null,
  not_same_actor_as text[],
  constraint pk_edge primary key (workspace_id, workflow_version_id, from_step, transition),
  constraint fk_edge_from foreign key (workspace_id, workflow_version_id, from_step) references wfm.step,
  constraint fk_edge_to foreign key (workspace_id, workflow_version_id, to_step) references wfm.step
);

create table wfm.project_type (
  workspace_id uuid not null,
  key text not null,
  bundle_key text not null,
  subject_type text not null,
  is_default boolean not null,
  is_retired boolean not null default false,
  title jsonb,
  workflow_version_id uuid not null,
  constraint pk_project_type primary key (workspace_id, key),
  constraint fk_project_type_workflow_version foreign key (workspace_id, workflow_version_id) references wfm.workflow_version
);
create unique index uq_project_type_default on wfm.project_type (workspace_id, subject_type) where is_default;

create table wfm.role (
  workspace_id uuid not null,
  key text not null,
  bundle_key text not null,
  title jsonb,
  constraint pk_role primary key (workspace_id, key)
);

-- Records of kinds that have no table of their own. project_id to probability mirror where the record's default project stands.

create table wfm.record (
  workspace_id uuid not null,
  id uuid not null,
  type text not null,
  name text not null,
  owner_id uuid,
  fields jsonb not null,
  project_id uuid,
  step text,
  step_entered_at timestamptz,
  probability double precision,
  version int not null default 1,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_record primary key (workspace_id, id),
  constraint ck_record_fields check (jsonb_typeof(fields) = 'object')
);
create index ix_record_type on wfm.record (type, workspace_id, id);

-- Running work. Nothing a move changes is indexed, but completed_at at a project's end.

create table wfm.project (
  workspace_id uuid not null,
  id uuid not null,
  project_type text not null,
  workflow_version_id uuid not null,
  subject_type text not null,
  subject_id text not null,
  step text not null,
  version int not null,
  fields jsonb not null,
  started_at timestamptz not null,
  entered_at timestamptz not null,
  completed_at timestamptz,
  head bytea not null,
  constraint pk_project primary key (workspace_id, id),
  constraint fk_project_type foreign key (workspace_id, project_type) references wfm.project_type,
  constraint fk_project_workflow_version foreign key (workspace_id, workflow_version_id) references wfm.workflow_version
) with (fillfactor = 80);
-- The workspace comes last: while a table is new, the planner takes any index that begins with it for the primary key, and reads the whole workspace.
create unique index uq_project_open on wfm.project (subject_id, subject_type, project_type, workspace_id) where completed_at is null;
create index ix_project_subject on wfm.project (subject_id, subject_type, workspace_id);

create table wfm.step_count (
  workspace_id uuid not null,
  project_type text not null,
  step text not null,
  count int not null,
  constraint pk_step_count primary key (workspace_id, project_type, step)
) with (fillfactor = 50);

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

create table wfm.event (
  workspace_id uuid not null,
  sequence bigint generated always as identity,
  id uuid not null,
  type text not null,
  subject text not null,
  time timestamptz not null,
  actor_id uuid not null,
  correlation_id uuid not null,
  causation_id uuid,
  depth int not null,
  traceparent text,
  data jsonb not null,
  recorded_at timestamptz not null default clock_timestamp(),
  constraint pk_event primary key (sequence),
  constraint uq_event_id unique (workspace_id, id)
);
create index ix_event_subject on wfm.event (subject, workspace_id, sequence);

create table wfm.idempotency (
  workspace_id uuid not null,
  actor_id uuid not null,
  route text not null,
  key text not null,
  request_hash bytea not null,
  answer text,
  created_at timestamptz not null,
  constraint pk_idempotency primary key (workspace_id, actor_id, route, key)
);

-- Row level security: every table, owner included. The owner's functions compare the workspace as well.
do $$
declare t text;
begin
  foreach t in array array['bundle', 'workflow_version', 'step', 'edge', 'project_type', 'role', 'record', 'project', 'step_count', 'history', 'event', 'idempotency'] loop
    execute format('alter table wfm.%I enable row level security', t);
    execute format('alter table wfm.%I force row level security', t);
    execute format('create policy workspace on wfm.%I using (workspace_id = (select wfm.workspace())) with check (workspace_id = (select wfm.workspace()))', t);
    execute format('grant select on wfm.%I to wfm_app', t);
  end loop;
end $$;
grant insert, update, delete on wfm.record, wfm.idempotency to wfm_app;

-- Publishing. The edges are derived here from the definition that is stored, so the two cannot disagree.

create function wfm.lock_publishing() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  perform pg_advisory_xact_lock(hashtext('wfm.publish'), hashtext(wfm.workspace()::text));
end $$;

create function wfm.publish(p_key text, p_version text, p_hash text, p_document text, p_workflows jsonb, p_types jsonb, p_roles jsonb, p_actor uuid, p_at timestamptz) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  ws uuid := wfm.workspace();
  w record;
begin
  if ws is null then
    raise exception 'no workspace is set' using errcode = 'WF003';
  end if;
  insert into wfm.bundle (workspace_id, key, version, content_hash, document, published_at, published_by)
    values (ws, p_key, p_version, p_hash, p_document, p_at, p_actor);

  for w in select x.id, x.key, x.hash, x.definition from jsonb_to_recordset(p_workflows) as x(id uuid, key text, hash text, definition jsonb) loop
    if exists (select from wfm.workflow_version v where v.workspace_id = ws and v.workflow_key = w.key and v.bundle_key <> p_key) then
      raise exception 'workflow % belongs to another bundle', w.key using errcode = 'WF004';
    end if;
    insert into wfm.workflow_version (workspace_id, id, workflow_key, bundle_key, bundle_version, content_hash, definition)
      values (ws, w.id, w.key, p_key, p_version, w.hash, w.definition)
      on conflict on constraint uq_workflow_version_content do nothing;
    continue when not found;
    insert into wfm.step (workspace_id, workflow_version_id, key, category, is_initial, is_final, wip_limit)
      select ws, w.id, coalesce(s->>'key', s->>'status'), w.definition #>> array['statuses', s->>'status', 'category'],
             coalesce((s->'initial')::boolean, false), coalesce((s->'final')::boolean, false), (s->'wipLimit')::int
      from jsonb_array_elements(w.definition #> array['workflows', w.key, 'steps']) s;
    insert into wfm.edge (workspace_id, workflow_version_id, from_step, transition, to_step, not_same_actor_as)
      select ws, w.id, f.step, t.key, t.value->>'to',
             case when t.value ? 'notSameActorAs' then array(select jsonb_array_elements_text(t.value->'notSameActorAs')) end
      from jsonb_each(w.definition #> array['workflows', w.key, 'transitions']) t
      cross join lateral (
        select jsonb_array_elements_text(t.value->'from') as step where jsonb_typeof(t.value->'from') = 'array'
        union all
        select s.key from wfm.step s
        where jsonb_typeof(t.value->'from') is distinct from 'array'
          and s.workspace_id = ws and s.workflow_version_id = w.id and s.key <> t.value->>'to') f;
  end loop;

  if exists (select from wfm.project_type o join jsonb_to_recordset(p_types) as x(key text) on x.key = o.key where o.workspace_id = ws and o.bundle_key <> p_key) then
    raise exception 'a project type belongs to another bundle' using errcode = 'WF004';
  end if;
  -- The default may pass from one type to another, and a type may be gone from the bundle: then its projects go on, and none starts.
  update wfm.project_type o set is_default = false, is_retired = true where o.workspace_id = ws and o.bundle_key = p_key;
  insert into wfm.project_type (workspace_id, key, bundle_key, subject_type, is_default, title, workflow_version_id)
    select ws, x.key, p_key, x.subject, x.is_default, x.title, v.id
    from jsonb_to_recordset(p_types) as x(key text, subject text, is_default boolean, title jsonb, workflow text, hash text)
    join wfm.workflow_version v on v.workspace_id = ws and v.workflow_key = x.workflow and v.content_hash = x.hash
  on conflict on constraint pk_project_type do update
    set subject_type = excluded.subject_type, is_default = excluded.is_default, is_retired = false, title = excluded.title, workflow_version_id = excluded.workflow_version_id;

  insert into wfm.role (workspace_id, key, bundle_key, title)
    select ws, x.key, p_key, x.title from jsonb_to_recordset(p_roles) as x(key text, title jsonb)
  on conflict on constraint pk_role do nothing;

  -- A step that becomes limited is counted once, while no project can move; from then on every move keeps its count.
  if exists (select from wfm.project_type o join wfm.step s on s.workspace_id = ws and s.workflow_version_id = o.workflow_version_id and s.wip_limit is not null
             where o.workspace_id = ws and o.bundle_key = p_key
               and not exists (select from wfm.step_count c where c.workspace_id = ws and c.project_type = o.key and c.step = s.key)) then
    lock table wfm.project in share mode;
    insert into wfm.step_count (workspace_id, project_type, step, count)
      select ws, o.key, s.key, (select count(*) from wfm.project p where p.workspace_id = ws and p.project_type = o.key and p.step = s.key)
      from wfm.project_type o join wfm.step s on s.workspace_id = ws and s.workflow_version_id = o.workflow_version_id and s.wip_limit is not null
      where o.workspace_id = ws and o.bundle_key = p_key
    on conflict on constraint pk_step_count do nothing;
  end if;
end $$;

-- Moving. The only functions that write a project's step and its history.

-- Locks a project, and the counters of the limited steps the transition touches, and says what the gate has to know of them.
create function wfm.lock_project(p_project uuid, p_transition text)
  returns table (project_type text, workflow_version_id uuid, subject_type text, subject_id text, step text, version int, fields jsonb,
                 started_at timestamptz, entered_at timestamptz, completed_at timestamptz, head bytea, wip jsonb, last_actors jsonb)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  p wfm.project;
  e wfm.edge;
begin
  select * into p from wfm.project x where x.workspace_id = wfm.workspace() and x.id = p_project for no key update;
  if not found then
    return;
  end if;
  select * into e from wfm.edge x
    where x.workspace_id = p.workspace_id and x.workflow_version_id = p.workflow_version_id and x.from_step = p.step and x.transition = p_transition;
  if found then
    -- In step order, so that two moves that cross wait for one another instead of for each other.
    perform from wfm.step_count c
      where c.workspace_id = p.workspace_id and c.project_type = p.project_type and c.step in (e.from_step, e.to_step)
      order by c.step for no key update;
    select jsonb_object_agg(c.step, c.count) into wip from wfm.step_count c
      where c.workspace_id = p.workspace_id and c.project_type = p.project_type and c.step = e.to_step;
    if e.not_same_actor_as is not null then
      select jsonb_object_agg(h.transition, h.actor_id) into last_actors from (
        select distinct on (x.transition) x.transition, x.actor_id from wfm.history x
        where x.workspace_id = p.workspace_id and x.project_id = p.id and x.transition = any (e.not_same_actor_as)
        order by x.transition, x.version desc) h;
    end if;
  end if;
  return query select p.project_type, p.workflow_version_id, p.subject_type, p.subject_id, p.step, p.version, p.fields,
                      p.started_at, p.entered_at, p.completed_at, p.head, wip, last_actors;
end $$;

-- Says where a project of a type (null: the subject type's default) would start, locks that step's counter, and finds the open project there may be.
create function wfm.lock_start(p_type text, p_subject_type text, p_subject_id text)
  returns table (project_type text, workflow_version_id uuid, step text, count int, open_project uuid, is_default boolean)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  t wfm.project_type;
begin
  select * into t from wfm.project_type x
    where x.workspace_id = wfm.workspace() and x.subject_type = p_subject_type and not x.is_retired and case when p_type is null then x.is_default else x.key = p_type end;
  if not found then
    return;
  end if;
  select s.key into step from wfm.step s where s.workspace_id = t.workspace_id and s.workflow_version_id = t.workflow_version_id and s.is_initial;
  select c.count into count from wfm.step_count c
    where c.workspace_id = t.workspace_id and c.project_type = t.key and c.step = lock_start.step for no key update;
  select p.id into open_project from wfm.project p
    where p.workspace_id = t.workspace_id and p.subject_type = p_subject_type and p.subject_id = p_subject_id and p.project_type = t.key and p.completed_at is null;
  return query select t.key, t.workflow_version_id, step, count, open_project, t.is_default;
end $$;

create function wfm.append_events(p_events jsonb) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
  insert into wfm.event (workspace_id, id, type, subject, time, actor_id, correlation_id, causation_id, depth, traceparent, data)
    select wfm.workspace(), e.id, e.type, e.subject, e.time, e.actor, e.correlation, e.causation, e.depth, e.traceparent, e.data
    from rows from (jsonb_to_recordset(p_events)
        as (id uuid, type text, subject text, time timestamptz, actor uuid, correlation uuid, causation uuid, depth int, traceparent text, data jsonb))
      with ordinality as e (id, type, subject, time, actor, correlation, causation, depth, traceparent, data, n)
    order by e.n
  $$;

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
revoke execute on function wfm.append_history, wfm.append_events from public;

create function wfm.start(p_body text, p_private jsonb, p_salt bytea, p_fields jsonb, p_events jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  b jsonb := p_body::jsonb;
  p wfm.project;
  t wfm.project_type;
  s wfm.step;
begin
  select * into t from wfm.project_type x where x.workspace_id = wfm.workspace() and x.key = b->>'projectType' and not x.is_retired;
  if not found then
    raise exception 'no project type % in this workspace', b->>'projectType' using errcode = 'WF003';
  end if;
  select * into s from wfm.step x where x.workspace_id = t.workspace_id and x.workflow_version_id = t.workflow_version_id and x.key = b->>'to' and x.is_initial;
  if not found or (b->>'workflow')::uuid is distinct from t.workflow_version_id or (b->>'workspace')::uuid is distinct from t.workspace_id
     or b->>'from' is not null or (b->>'version')::int is distinct from 1 then
    raise exception 'the body does not start % where its published workflow starts', b->>'projectType' using errcode = 'WF002';
  end if;
  p.workspace_id := t.workspace_id;
  p.id := (b->>'project')::uuid;
  p.project_type := t.key;
  p.workflow_version_id := t.workflow_version_id;
  p.subject_type := t.subject_type;
  p.subject_id := b #>> '{subject,id}';
  p.step := s.key;
  p.version := 1;
  p.fields := p_fields;
  p.started_at := (b->>'at')::timestamptz;
  p.entered_at := p.started_at;
  p.completed_at := case when s.is_final then p.started_at end;
  p.head := '';
  insert into wfm.project values (p.*);
  update wfm.step_count c set count = c.count + 1 where c.workspace_id = p.workspace_id and c.project_type = p.project_type and c.step = p.step;
  update wfm.project x set head = wfm.append_history(p, p_body, b, p_private, p_salt) where x.workspace_id = p.workspace_id and x.id = p.id;
  perform wfm.append_events(p_events);
end $$;

create function wfm.move(p_body text, p_private jsonb, p_salt bytea, p_fields jsonb, p_events jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  b jsonb := p_body::jsonb;
  p wfm.project;
  final boolean;
begin
  select * into p from wfm.project x where x.workspace_id = wfm.workspace() and x.id = (b->>'project')::uuid for no key update;
  if not found or (b->>'workspace')::uuid is distinct from p.workspace_id then
    raise exception 'no project % in this workspace', b->>'project' using errcode = 'WF003';
  end if;
  if (b->>'version')::int is distinct from p.version + 1 then
    raise exception 'project % is at version %', p.id, p.version using errcode = 'WF001';
  end if;
  select s.is_final into final
    from wfm.edge e join wfm.step s on s.workspace_id = e.workspace_id and s.workflow_version_id = e.workflow_version_id and s.key = e.to_step
    where e.workspace_id = p.workspace_id and e.workflow_version_id = p.workflow_version_id
      and e.from_step = p.step and e.transition = b->>'transition' and e.to_step = b->>'to';
  if not found or b->>'from' is distinct from p.step or (b->>'workflow')::uuid is distinct from p.workflow_version_id then
    raise exception 'the published workflow has no edge % from % to %', b->>'transition', p.step, b->>'to' using errcode = 'WF002';
  end if;
  update wfm.project x set
      step = b->>'to', version = p.version + 1, entered_at = (b->>'at')::timestamptz,
      completed_at = case when final then (b->>'at')::timestamptz end,
      fields = coalesce(p_fields, p.fields),
      head = wfm.append_history(p, p_body, b, p_private, p_salt)
    where x.workspace_id = p.workspace_id and x.id = p.id;
  if b->>'to' <> p.step then
    update wfm.step_count c set count = c.count + case when c.step = p.step then -1 else 1 end
      where c.workspace_id = p.workspace_id and c.project_type = p.project_type and c.step in (p.step, b->>'to');
  end if;
  perform wfm.append_events(p_events);
end $$;

-- Events of the application's own changes. What the package tells of (wfm.*) comes from the functions above alone.
create function wfm.emit(p_events jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  if exists (select from jsonb_array_elements(p_events) e where e->>'type' like 'wfm.%') then
    raise exception 'events wfm.* are emitted by moves alone' using errcode = 'WF005';
  end if;
  perform wfm.append_events(p_events);
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

revoke execute on all functions in schema wfm from public;
grant execute on function wfm.workspace, wfm.lock_publishing, wfm.publish, wfm.lock_project, wfm.lock_start, wfm.start, wfm.move, wfm.emit, wfm.erase_private, wfm.is_body_of, wfm.broken_link to wfm_app;
reset role;
