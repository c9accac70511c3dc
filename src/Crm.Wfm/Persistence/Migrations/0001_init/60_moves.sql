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

grant execute on function wfm.lock_project, wfm.lock_start, wfm.start, wfm.move to wfm_app;
