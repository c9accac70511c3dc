-- The statements of one move in the engine's two round trips. What the engine decides and words in C# between them is put together in SQL here.
\set first :client_id * 1000 + 500
\set project random(:first, :first + :projects - 1)
\startpipeline
begin;
select set_config('wfm.workspace', '00000000-0000-0000-0000-000000000001', true);
select l.project_type, l.workflow_version_id, l.subject_type, l.subject_id, l.step, l.version, l.fields, l.started_at, l.entered_at, l.wip, l.last_actors
  from wfm.project p, lateral wfm.lock_project(p.id, case p.step when 'here' then 'go' else 'return' end) l where p.id = lpad(:project::text, 32, '0')::uuid;
select id, name, owner_id, fields, version from wfm.record where id = lpad(:project::text, 32, '0')::uuid and type = 'parcel' and deleted_at is null for no key update;
\endpipeline
\startpipeline
select wfm.move(body, private, decode('000102030405060708090a0b0c0d0e0f', 'hex'), null, events) from (
  select
    jsonb_build_object('actor', '00000000-0000-0000-0000-0000000000aa', 'at', '2026-01-01T00:00:00.000000Z', 'from', p.step, 'private', repeat('0', 64), 'project', p.id,
      'projectType', p.project_type, 'subject', jsonb_build_object('id', p.subject_id, 'type', p.subject_type), 'to', case p.step when 'here' then 'there' else 'here' end,
      'transition', case p.step when 'here' then 'go' else 'return' end, 'version', p.version + 1, 'workflow', p.workflow_version_id, 'workspace', p.workspace_id)::text as body,
    jsonb_build_object('rules', jsonb_build_object('light', true), 'facts', jsonb_build_object(
      'actor', jsonb_build_object('id', '00000000-0000-0000-0000-0000000000aa', 'relations', '[]'::jsonb, 'roles', '["sender"]'::jsonb),
      'entity', r.fields || jsonb_build_object('id', r.id, 'name', r.name, 'ownerId', r.owner_id), 'event', null, 'input', null, 'now', '2026-01-01T00:00:00.000Z', 'param', '{}'::jsonb,
      'project', jsonb_build_object('enteredAt', p.entered_at, 'id', p.id, 'startedAt', p.started_at, 'type', p.project_type, 'version', p.version),
      'step', jsonb_build_object('category', 'open', 'enteredAt', p.entered_at, 'key', p.step, 'probability', null, 'status', p.step))) as private,
    jsonb_build_array(jsonb_build_object('actor', '00000000-0000-0000-0000-0000000000aa', 'causation', null, 'correlation', gen_random_uuid(), 'depth', 0, 'id', gen_random_uuid(),
      'subject', p.subject_type || '/' || p.subject_id, 'time', '2026-01-01T00:00:00.0000000Z', 'traceparent', null, 'type', 'wfm.project.moved', 'data',
      jsonb_build_object('category', 'open', 'from', p.step, 'project', p.id, 'projectType', p.project_type, 'status', p.step, 'to', p.step, 'transition', 'go', 'version', p.version + 1))) as events
  from wfm.project p join wfm.record r on r.id = p.id
  where p.id = lpad(:project::text, 32, '0')::uuid) written;
commit;
\endpipeline
