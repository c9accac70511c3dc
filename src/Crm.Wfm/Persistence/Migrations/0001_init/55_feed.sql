-- A workspace's events in the order they are told in: positions have no gaps, and what is committed later comes later. (wfm.event.sequence is the order of
-- writing: it has gaps, and a lower number may become visible after a higher one.) The highest position has to stay: the next one is counted from it.
create table wfm.feed (
  workspace_id uuid not null,
  position bigint not null,
  sequence bigint not null,
  constraint pk_feed primary key (workspace_id, position)
);
create unique index uq_feed_sequence on wfm.feed (sequence, workspace_id);

-- What a consumer threw on, until it does not. next_at is when it is tried again, null: when somebody says so.
create table wfm.parked_event (
  workspace_id uuid not null,
  position bigint not null,
  consumer text not null,
  attempts int not null,
  error text not null,
  next_at timestamptz,
  constraint pk_parked_event primary key (workspace_id, position, consumer),
  constraint fk_parked_event_feed foreign key (workspace_id, position) references wfm.feed
);
create index ix_parked_event_next on wfm.parked_event (next_at, workspace_id) where next_at is not null;

select wfm.protect(array['feed', 'parked_event']);
grant insert, update, delete on wfm.parked_event to wfm_app;
-- To find what is due before its workspace is known: only the owner's own functions are the owner.
create policy look_up on wfm.parked_event for select to wfm_owner using (true);

-- Takes up to so many events out of the outbox, those of one workspace, and gives them their positions; leaves the transaction in that workspace.
-- The workspace whose event has waited longest comes first, unless another transaction is at it: one at a time takes from a workspace until it ends, so
-- that a later event cannot be told before an earlier one.
create function wfm.claim_events(p_limit int) returns table (workspace_id uuid, first_position bigint, last_position bigint)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  head bigint;
  taken int;
begin
  for workspace_id in
    with recursive waiting as (
      (select o.workspace_id, o.sequence from wfm.outbox o order by o.workspace_id, o.sequence limit 1)
      union all
      select n.workspace_id, n.sequence from waiting w cross join lateral (
        select o.workspace_id, o.sequence from wfm.outbox o where o.workspace_id > w.workspace_id order by o.workspace_id, o.sequence limit 1) n)
    select w.workspace_id from waiting w order by w.sequence
  loop
    continue when not pg_try_advisory_xact_lock(hashtext('wfm.feed'), hashtext(workspace_id::text));
    perform set_config('wfm.workspace', workspace_id::text, true);
    -- Statements of their own: they see what was committed before the lock was had.
    head := coalesce((select max(f.position) from wfm.feed f where f.workspace_id = claim_events.workspace_id), 0);
    with t as (
      delete from wfm.outbox o
        where o.workspace_id = claim_events.workspace_id
          and o.sequence = any (array(select x.sequence from wfm.outbox x where x.workspace_id = claim_events.workspace_id order by x.sequence limit p_limit))
        returning o.sequence)
    insert into wfm.feed (workspace_id, position, sequence)
      select claim_events.workspace_id, head + row_number() over (order by t.sequence), t.sequence from t;
    get diagnostics taken = row_count;
    if taken > 0 then
      first_position := head + 1;
      last_position := head + taken;
      return next;
      return;
    end if;
  end loop;
end $$;

-- Takes one parked event of these consumers that is due, and leaves the transaction in its workspace.
create function wfm.claim_parked_event(p_consumers text[], p_now timestamptz) returns table (workspace_id uuid, "position" bigint, consumer text, attempts int)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  due record;
begin
  for due in
    select p.workspace_id, p.position, p.consumer from wfm.parked_event p where p.next_at <= p_now and p.consumer = any (p_consumers) order by p.next_at
  loop
    perform set_config('wfm.workspace', due.workspace_id::text, true);
    return query
      select p.workspace_id, p.position, p.consumer, p.attempts from wfm.parked_event p
      where p.workspace_id = due.workspace_id and p.position = due.position and p.consumer = due.consumer and p.next_at <= p_now for update skip locked;
    if found then
      return;
    end if;
  end loop;
end $$;

grant execute on function wfm.claim_events, wfm.claim_parked_event to wfm_app;
