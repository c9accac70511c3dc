-- What becomes of runs that fail, that somebody intervenes in, or that have to wait for others; and signals that come before, or while, somebody begins to wait.
set local role wfm_flows_owner;

-- crashes counts tries that were begun and never came back, or failed as a whole: a claim alone says nothing, for a host that dies leaves runs it had not begun.
-- control is what somebody told the run to do, taken by its next burst. starts_at is when it was to begin: a run that waits for its concurrency key has no due_at.
-- debounce_key is held by a run that still gathers events, until it is claimed; throttle_key by those whose beginnings are counted together.
alter table wfm_flows.run
  add column crashes int not null default 0,
  add column control text,
  add column starts_at timestamptz,
  add column throttle_key text,
  add column debounce_key text;
create unique index uq_run_debounce on wfm_flows.run (workspace_id, debounce_key) where debounce_key is not null;
create index ix_run_throttle on wfm_flows.run (workspace_id, throttle_key, starts_at) where throttle_key is not null;
create index ix_run_parent on wfm_flows.run (workspace_id, parent_id) where parent_id is not null;
create index ix_run_finished on wfm_flows.run (workspace_id, finished_at) where finished_at is not null;

-- since: the feed's position when the burst began that came to wait for an event, until it is sure that the pump sees the bookmark.
alter table wfm_flows.bookmark add column since bigint;
create index ix_bookmark_since on wfm_flows.bookmark (workspace_id) where since is not null;

-- is_kept: somebody else is to have it if the run ends without having taken it.
alter table wfm_flows.delivery add column is_kept boolean not null default false;

-- Leases up to so many runs that are due, a fair share for each workspace, those that have waited longest first. The work then happens in each run's own workspace.
drop function wfm_flows.claim_runs;
create function wfm_flows.claim_runs(p_limit int, p_now timestamptz, p_lease interval)
  returns table (workspace_id uuid, id uuid, lease int, definition int, attempts int, crashes int, due_at timestamptz)
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
  -- Each workspace by its earliest run, in one step of the index each: those that sleep are not looked at.
  with recursive earliest as (
    (select d.workspace_id, d.due_at from wfm_flows.run d where d.due_at is not null order by d.workspace_id, d.due_at limit 1)
    union all
    select n.workspace_id, n.due_at from earliest e cross join lateral (
      select d.workspace_id, d.due_at from wfm_flows.run d where d.due_at is not null and d.workspace_id > e.workspace_id order by d.workspace_id, d.due_at limit 1) n),
  busy as (select e.workspace_id, count(*) over () as n from earliest e where e.due_at <= p_now order by random() limit p_limit),
  due as (
    select r.workspace_id, r.id from busy b cross join lateral (
      select d.workspace_id, d.id from wfm_flows.run d
      where d.workspace_id = b.workspace_id and d.due_at <= p_now and (d.leased_until is null or d.leased_until < clock_timestamp())
      order by d.due_at limit greatest(1, p_limit / b.n) for update skip locked) r
    limit p_limit)
  update wfm_flows.run r set lease = r.lease + 1, attempts = r.attempts + 1, debounce_key = null, leased_until = clock_timestamp() + p_lease
  from due where r.workspace_id = due.workspace_id and r.id = due.id
  returning r.workspace_id, r.id, r.lease, r.definition, r.attempts, r.crashes, r.due_at
  $$;

-- Gives signals that came before anybody waited to those who wait by now, the oldest of each name to one that has none of that name to take yet. Runs under way are left for the next time.
drop function wfm_flows.settle_signals;
create function wfm_flows.settle_signals(p_now timestamptz) returns int
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  early record;
  waiting uuid;
  given int := 0;
begin
  for early in
    select distinct on (d.workspace_id, d.signal) d.workspace_id, d.number, d.signal from wfm_flows.delivery d
    where d.run_id is null and exists (select from wfm_flows.bookmark b where b.workspace_id = d.workspace_id and b.signal = d.signal)
    order by d.workspace_id, d.signal, d.number limit 1000
  loop
    select r.id into waiting from wfm_flows.bookmark b join wfm_flows.run r on r.workspace_id = b.workspace_id and r.id = b.run_id
    where b.workspace_id = early.workspace_id and b.signal = early.signal and r.finished_at is null
      and not exists (select from wfm_flows.delivery o where o.workspace_id = b.workspace_id and o.run_id = b.run_id and o.signal = b.signal)
    order by b.run_id limit 1 for update of r skip locked;
    continue when not found;
    -- What was waited for when the statement began need not be any more, now that the run is locked.
    continue when not exists (select from wfm_flows.bookmark b where b.workspace_id = early.workspace_id and b.run_id = waiting and b.signal = early.signal);
    update wfm_flows.delivery d set run_id = waiting, is_kept = true where d.workspace_id = early.workspace_id and d.number = early.number and d.run_id is null;
    continue when not found;
    update wfm_flows.run r set due_at = least(r.due_at, p_now) where r.workspace_id = early.workspace_id and r.id = waiting;
    given := given + 1;
  end loop;
  return given;
end
  $$;

-- Where somebody began to wait for an event and it is not sure yet that the pump knows.
create function wfm_flows.unsettled_workspaces() returns setof uuid
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select distinct b.workspace_id from wfm_flows.bookmark b where b.since is not null $$;

revoke execute on function wfm_flows.claim_runs, wfm_flows.settle_signals, wfm_flows.unsettled_workspaces from public;
grant execute on function wfm_flows.claim_runs, wfm_flows.settle_signals, wfm_flows.unsettled_workspaces to wfm_flows_app;
reset role;
