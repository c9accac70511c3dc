-- One move's statements in the engine's two round trips, with texts like those the engine makes of the decision in between. (Spaces after some colons: pgbench would take what follows for a variable.)
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
select wfm.move(
    format('{"actor":"00000000-0000-0000-0000-0000000000aa","at":"%8$s","from":"%2$s","private":"0000000000000000000000000000000000000000000000000000000000000000","project":"%1$s","projectType":"parcel","subject":{"id":"%1$s","type":"parcel"},"to":"%3$s","transition":"%4$s","version":%5$s,"workflow":"%6$s","workspace":"00000000-0000-0000-0000-000000000001"}',
      p.id, p.step, w.target, w.transition, p.version + 1, p.workflow_version_id, null, p.started_at),
    format('{"facts":{"actor":{"id":"00000000-0000-0000-0000-0000000000aa","relations":[],"roles":["sender"]},"entity":{"id":"%1$s","name":"Parcel","ownerId": null,"weight": 12},"event": null,"input": null,"now":"%8$s","param":{},"project":{"enteredAt":"%8$s","id":"%1$s","startedAt":"%8$s","type":"parcel","version":%3$s},"step":{"category":"open","enteredAt":"%8$s","key":"%2$s","probability": null,"status":"%2$s"}},"rules":{"light": true}}',
      p.id, p.step, p.version, null, null, null, null, p.started_at)::jsonb,
    '\x000102030405060708090a0b0c0d0e0f', null,
    format('[{"actor":"00000000-0000-0000-0000-0000000000aa","causation": null,"correlation":"%7$s","data":{"category":"open","from":"%2$s","project":"%1$s","projectType":"parcel","status":"%3$s","to":"%3$s","transition":"%4$s","version":%5$s},"depth": 0,"id":"%6$s","subject":"parcel/%1$s","time":"%8$s","traceparent": null,"type":"wfm.project.moved"}]',
      p.id, p.step, w.target, w.transition, p.version + 1, gen_random_uuid(), gen_random_uuid(), p.started_at)::jsonb)
  from wfm.project p, lateral (select case p.step when 'here' then 'there' else 'here' end as target, case p.step when 'here' then 'go' else 'return' end as transition) w
  where p.id = lpad(:project::text, 32, '0')::uuid;
commit;
\endpipeline
