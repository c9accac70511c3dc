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
  constraint pk_event primary key (workspace_id, sequence)
);
create unique index uq_event_id on wfm.event (id, workspace_id);
create index ix_event_subject on wfm.event (subject, workspace_id, sequence);

select wfm.protect(array['event']);

-- Events nobody has been handed yet: written beside the event, deleted when the event gets its place in the feed. Crosses workspaces, and so has no grants.
create table wfm.outbox (
  workspace_id uuid not null,
  sequence bigint not null,
  constraint pk_outbox primary key (workspace_id, sequence)
);

create function wfm.append_events(p_events jsonb) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
  with written as (
    insert into wfm.event (workspace_id, id, type, subject, time, actor_id, correlation_id, causation_id, depth, traceparent, data)
      select wfm.workspace(), e.id, e.type, e.subject, e.time, e.actor, e.correlation, e.causation, e.depth, e.traceparent, e.data
      from rows from (jsonb_to_recordset(p_events)
          as (id uuid, type text, subject text, time timestamptz, actor uuid, correlation uuid, causation uuid, depth int, traceparent text, data jsonb))
        with ordinality as e (id, type, subject, time, actor, correlation, causation, depth, traceparent, data, n)
      order by e.n
      returning workspace_id, sequence)
  insert into wfm.outbox (workspace_id, sequence) select w.workspace_id, w.sequence from written w
  $$;

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

grant execute on function wfm.emit to wfm_app;
