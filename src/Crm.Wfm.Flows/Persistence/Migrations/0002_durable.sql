-- Flows that sleep and wait: versions of definitions, the state of runs between bursts, what they wait for, and signals on their way.
set local role wfm_flows_owner;
grant usage on schema wfm_flows to wfm_flows_app;

-- A version of a flow. Drafts are overwritten until they have run or are published; what was published, or has run, never changes.
-- Bundles' automations have theirs here too (bundle_key, bundle_version, automation), read-only.
create table wfm_flows.definition (
  workspace_id uuid not null,
  number int generated always as identity,
  flow int not null,
  id text not null,
  definition_id text not null,
  version int not null,
  name text not null,
  type_name text,
  description text,
  document text not null,
  content_hash text not null,
  is_latest boolean not null,
  is_published boolean not null,
  has_run boolean not null default false,
  bundle_key text,
  bundle_version text,
  automation text,
  created_at timestamptz not null,
  created_by uuid,
  constraint pk_definition primary key (workspace_id, number),
  constraint uq_definition_id unique (workspace_id, id),
  constraint uq_definition_version unique (workspace_id, definition_id, version)
);

-- All versions of a flow share the number of its first one.
create function wfm_flows.number_flow() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.flow := coalesce((select d.flow from wfm_flows.definition d where d.workspace_id = new.workspace_id and d.definition_id = new.definition_id limit 1), new.number);
  return new;
end $$;
create trigger number_flow before insert on wfm_flows.definition for each row execute function wfm_flows.number_flow();
create index ix_definition_type on wfm_flows.definition (workspace_id, type_name) where type_name is not null;
create index ix_definition_bundle on wfm_flows.definition (workspace_id, bundle_key, bundle_version, automation) where bundle_key is not null;

-- What starts published flows: kind 'event' by the event's type, 'http' by method and path, 'timer', 'cron' and 'start-at' by a time (due_at; cron's are fired by the scheduler).
create table wfm_flows.trigger (
  workspace_id uuid not null,
  definition int not null,
  node_id text not null,
  kind text not null,
  key text not null,
  due_at timestamptz,
  leased_until timestamptz,
  constraint pk_trigger primary key (workspace_id, definition, node_id, key),
  constraint fk_trigger_definition foreign key (workspace_id, definition) references wfm_flows.definition on delete cascade
);
create index ix_trigger_key on wfm_flows.trigger (workspace_id, kind, key);
create index ix_trigger_due on wfm_flows.trigger (due_at) where due_at is not null;

-- Runs so far ran in one burst, by bundle and automation; from now on by the definition's number.
alter table wfm_flows.run rename column flow to automation;
alter table wfm_flows.run
  drop constraint ck_run_status,
  add column definition int,
  add column flow int,
  add column trigger text,
  add column state text,
  add column output text,
  add column correlation_id text,
  add column name text,
  add column parent_id uuid,
  add column awaited boolean not null default false,
  add column cause_id uuid,
  add column depth smallint not null default 0,
  add column lease int not null default 0,
  add column idempotency_key text,
  add column concurrency_key text,
  add column incidents smallint not null default 0,
  add column updated_at timestamptz;

alter table wfm_flows.run no force row level security;
insert into wfm_flows.definition (workspace_id, id, definition_id, version, name, document, content_hash, is_latest, is_published, has_run, bundle_key, bundle_version, automation, created_at)
select r.workspace_id, r.bundle_key || '@' || r.bundle_version || '/' || r.automation, r.bundle_key || '/' || r.automation, row_number() over (partition by r.workspace_id, r.bundle_key, r.automation order by min(r.created_at)),
  r.automation, '', '', false, false, true, r.bundle_key, r.bundle_version, r.automation, min(r.created_at)
from wfm_flows.run r group by r.workspace_id, r.bundle_key, r.bundle_version, r.automation;
update wfm_flows.run r set definition = d.number, flow = d.flow, lease = r.attempts, updated_at = coalesce(r.finished_at, r.created_at)
from wfm_flows.definition d where d.workspace_id = r.workspace_id and d.bundle_key = r.bundle_key and d.bundle_version = r.bundle_version and d.automation = r.automation;
alter table wfm_flows.run force row level security;

drop index wfm_flows.uq_run_event;
drop index wfm_flows.ix_run_due;
drop index wfm_flows.ix_run_sequence;
drop function wfm_flows.claim_runs;
alter table wfm_flows.run rename column next_at to due_at;
alter table wfm_flows.run
  alter column definition set not null,
  alter column updated_at set not null,
  alter column event_id drop not null,
  alter column due_at drop not null,
  alter column flow set not null,
  drop column bundle_key, drop column bundle_version, drop column automation, drop column sequence,
  add constraint ck_run_status check (status in ('pending', 'suspended', 'finished', 'faulted', 'cancelled', 'discarded', 'waiting')),
  add constraint fk_run_definition foreign key (workspace_id, definition) references wfm_flows.definition;
update wfm_flows.run set due_at = null where status in ('finished', 'faulted');

-- A flow's execution. due_at is when it has something to do by itself: now when it was started or a signal came, the earliest of its times when it sleeps, its next try.
-- lease counts how often it was claimed and is what a claim is known by: only the last one's writes are accepted. attempts counts the claims since something was last committed.
create index ix_run_due on wfm_flows.run (workspace_id, due_at) where due_at is not null;
create index ix_run_created on wfm_flows.run (workspace_id, created_at, id);
create unique index uq_run_event on wfm_flows.run (event_id, flow, workspace_id) where event_id is not null;
create unique index uq_run_idempotency on wfm_flows.run (workspace_id, idempotency_key) where idempotency_key is not null;
create index ix_run_concurrency on wfm_flows.run (workspace_id, concurrency_key, created_at) where concurrency_key is not null and finished_at is null;
create index ix_run_status on wfm_flows.run (workspace_id, status, updated_at) where status in ('faulted');

-- What a burst's activities did, in the order they ran: one row a burst, an array of entries.
create table wfm_flows.journal_burst (
  workspace_id uuid not null,
  run_id uuid not null,
  burst int not null,
  entries text not null,
  constraint pk_journal_burst primary key (workspace_id, run_id, burst),
  constraint fk_journal_burst_run foreign key (workspace_id, run_id) references wfm_flows.run on delete cascade
);
drop table wfm_flows.journal;
alter table wfm_flows.journal_burst rename to journal;

-- What a suspended run waits for besides times.
create table wfm_flows.bookmark (
  workspace_id uuid not null,
  run_id uuid not null,
  execution int not null,
  signal text not null,
  constraint pk_bookmark primary key (workspace_id, run_id, execution, signal),
  constraint fk_bookmark_run foreign key (workspace_id, run_id) references wfm_flows.run on delete cascade
);
create index ix_bookmark_signal on wfm_flows.bookmark (workspace_id, signal);

-- Signals on their way to a run, taken by its next burst; and those nobody waits for yet (run_id null), kept until somebody does.
create table wfm_flows.delivery (
  workspace_id uuid not null,
  number bigint generated always as identity,
  run_id uuid,
  signal text not null,
  payload text not null,
  accepted_at timestamptz not null,
  constraint pk_delivery primary key (workspace_id, number),
  constraint fk_delivery_run foreign key (workspace_id, run_id) references wfm_flows.run on delete cascade
);
create index ix_delivery_run on wfm_flows.delivery (workspace_id, run_id, number) where run_id is not null;
create index ix_delivery_signal on wfm_flows.delivery (workspace_id, signal, number) where run_id is null;

do $$
declare t text;
begin
  foreach t in array array['definition', 'trigger', 'journal', 'bookmark', 'delivery'] loop
    execute format('alter table wfm_flows.%I enable row level security', t);
    execute format('alter table wfm_flows.%I force row level security', t);
    execute format('create policy workspace on wfm_flows.%I using (workspace_id = (select wfm.workspace())) with check (workspace_id = (select wfm.workspace()))', t);
  end loop;
end $$;
grant select, insert, update, delete on wfm_flows.definition, wfm_flows.trigger, wfm_flows.bookmark, wfm_flows.delivery to wfm_flows_app;
grant delete on wfm_flows.run to wfm_flows_app;
grant select, insert, delete on wfm_flows.journal to wfm_flows_app;

-- Leases up to so many runs that are due, a fair share for each workspace, those that have waited longest first. The work then happens in each run's own workspace.
create function wfm_flows.claim_runs(p_limit int, p_now timestamptz, p_lease interval) returns table (workspace_id uuid, id uuid, lease int, definition int, attempts int)
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
  update wfm_flows.run r set lease = r.lease + 1, attempts = r.attempts + 1, leased_until = clock_timestamp() + p_lease
  from due where r.workspace_id = due.workspace_id and r.id = due.id
  returning r.workspace_id, r.id, r.lease, r.definition, r.attempts
  $$;

create policy claim on wfm_flows.trigger to wfm_flows_owner using (true) with check (true);

-- Leases triggers whose time has come.
create function wfm_flows.claim_triggers(p_limit int, p_now timestamptz, p_lease interval) returns table (workspace_id uuid, definition int, node_id text, key text, due_at timestamptz)
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
  with due as (
    select t.workspace_id, t.definition, t.node_id, t.key from wfm_flows.trigger t
    where t.due_at <= p_now and (t.leased_until is null or t.leased_until < clock_timestamp())
    order by t.due_at limit p_limit for update skip locked)
  update wfm_flows.trigger t set leased_until = clock_timestamp() + p_lease
  from due where t.workspace_id = due.workspace_id and t.definition = due.definition and t.node_id = due.node_id and t.key = due.key
  returning t.workspace_id, t.definition, t.node_id, t.key, t.due_at
  $$;

create policy settle on wfm_flows.delivery to wfm_flows_owner using (true) with check (true);
create policy settle on wfm_flows.bookmark to wfm_flows_owner using (true) with check (true);

-- Gives signals that came before anybody waited to those who wait by now.
create function wfm_flows.settle_signals(p_now timestamptz) returns int
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
  with early as (
    select d.workspace_id, d.number, (select b.run_id from wfm_flows.bookmark b where b.workspace_id = d.workspace_id and b.signal = d.signal order by b.run_id limit 1) as run_id
    from wfm_flows.delivery d where d.run_id is null for update skip locked),
  given as (
    update wfm_flows.delivery d set run_id = e.run_id from early e
    where e.run_id is not null and d.workspace_id = e.workspace_id and d.number = e.number returning d.workspace_id, d.run_id),
  woken as (
    update wfm_flows.run r set due_at = least(r.due_at, p_now) from (select distinct g.workspace_id, g.run_id from given g) g where r.workspace_id = g.workspace_id and r.id = g.run_id)
  select count(*)::int from given
  $$;

revoke execute on all functions in schema wfm_flows from public;
grant execute on function wfm_flows.claim_runs, wfm_flows.claim_triggers, wfm_flows.settle_signals to wfm_flows_app;
reset role;
