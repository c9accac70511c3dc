-- Published processes: inserted by wfm.publish, never changed.

create table wfm.bundle (
  workspace_id uuid not null,
  key text not null,
  version text not null,
  content_hash text not null,
  document text not null,
  published_at timestamptz not null,
  published_by uuid not null,
  -- Why it was published although tests of its own failed, and which did; null where all passed.
  despite_failing_tests jsonb,
  recorded_at timestamptz not null default clock_timestamp(),
  constraint pk_bundle primary key (workspace_id, key, version),
  constraint ck_bundle_despite_failing_tests check (despite_failing_tests is null or (btrim(despite_failing_tests->>'reason') <> '' and jsonb_array_length(despite_failing_tests->'tests') > 0))
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

select wfm.protect(array['bundle', 'workflow_version', 'step', 'edge', 'project_type', 'role']);

-- Publishing. The edges are derived here from the definition that is stored, so the two cannot disagree.

create function wfm.lock_publishing() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  perform pg_advisory_xact_lock(hashtext('wfm.publish'), hashtext(wfm.workspace()::text));
end $$;

create function wfm.publish(p_key text, p_version text, p_hash text, p_document text, p_workflows jsonb, p_types jsonb, p_roles jsonb, p_actor uuid, p_at timestamptz, p_despite jsonb) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  ws uuid := wfm.workspace();
  w record;
begin
  if ws is null then
    raise exception 'no workspace is set' using errcode = 'WF003';
  end if;
  insert into wfm.bundle (workspace_id, key, version, content_hash, document, published_at, published_by, despite_failing_tests)
    values (ws, p_key, p_version, p_hash, p_document, p_at, p_actor, p_despite);

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

grant execute on function wfm.lock_publishing, wfm.publish to wfm_app;
