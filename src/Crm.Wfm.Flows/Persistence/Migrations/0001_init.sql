-- The schema belongs to wfm_flows_owner; the application comes in as wfm_flows_app.
grant usage on schema wfm to wfm_flows_owner;
grant execute on function wfm.workspace to wfm_flows_owner;
set local role wfm_flows_owner;
grant usage on schema wfm_flows to wfm_flows_app;

-- A flow's execution. One for each event that starts it, however often the event is delivered and whatever version of the bundle is live by then.
-- next_at is business time; leases are the database's own: a host that does not come back has its run taken up by another when the lease is over.
-- attempts counts them, the ones nobody came back from too, and is what an attempt is known by: only the last one's writes are accepted.
create table wfm_flows.run (
  workspace_id uuid not null,
  id uuid not null,
  sequence bigint generated always as identity,
  bundle_key text not null,
  bundle_version text not null,
  flow text not null,
  event_id uuid not null,
  status text not null,
  attempts int not null default 0,
  created_at timestamptz not null,
  next_at timestamptz not null,
  leased_until timestamptz,
  finished_at timestamptz,
  error text,
  error_activity text,
  constraint pk_run primary key (workspace_id, id),
  constraint ck_run_status check (status in ('pending', 'finished', 'faulted'))
);
create unique index uq_run_event on wfm_flows.run (event_id, flow, bundle_key, workspace_id);
create index ix_run_sequence on wfm_flows.run (sequence, workspace_id);
create index ix_run_due on wfm_flows.run (next_at, workspace_id) where status = 'pending';

-- What each activity of a run did, in the order they ran.
create table wfm_flows.journal (
  workspace_id uuid not null,
  run_id uuid not null,
  position int not null,
  activity_id text not null,
  activity_type text not null,
  activity_name text not null,
  outcome text,
  inputs jsonb not null,
  outputs jsonb not null,
  duration interval not null,
  constraint pk_journal primary key (workspace_id, run_id, position),
  constraint fk_journal_run foreign key (workspace_id, run_id) references wfm_flows.run
);

do $$
declare t text;
begin
  foreach t in array array['run', 'journal'] loop
    execute format('alter table wfm_flows.%I enable row level security', t);
    execute format('alter table wfm_flows.%I force row level security', t);
    execute format('create policy workspace on wfm_flows.%I using (workspace_id = (select wfm.workspace())) with check (workspace_id = (select wfm.workspace()))', t);
  end loop;
end $$;
grant select, insert, update on wfm_flows.run to wfm_flows_app;
grant select, insert on wfm_flows.journal to wfm_flows_app;

-- To find what is due before its workspace is known: only the owner's own function is the owner.
create policy claim on wfm_flows.run to wfm_flows_owner using (true) with check (true);

-- Leases up to so many runs that are due, those that have waited longest first. The work then happens in each run's own workspace.
create function wfm_flows.claim_runs(p_limit int, p_now timestamptz, p_lease interval) returns table (workspace_id uuid, id uuid, attempt int)
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
  with due as (
    select d.workspace_id, d.id from wfm_flows.run d
    where d.status = 'pending' and d.next_at <= p_now and (d.leased_until is null or d.leased_until < clock_timestamp())
    order by d.next_at limit p_limit for update skip locked)
  update wfm_flows.run r set attempts = r.attempts + 1, leased_until = clock_timestamp() + p_lease
  from due where r.workspace_id = due.workspace_id and r.id = due.id
  returning r.workspace_id, r.id, r.attempts
  $$;

revoke execute on all functions in schema wfm_flows from public;
grant execute on function wfm_flows.claim_runs to wfm_flows_app;
reset role;
