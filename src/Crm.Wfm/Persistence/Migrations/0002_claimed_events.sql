-- Hosts of the version before go on calling it as they do.
set local role wfm_owner;

-- Takes up to so many events out of the outbox, those of one workspace, and gives them their positions; leaves the transaction in that workspace, and says there
-- after which position they come: the batch that claims them reads them as well.
-- The workspace whose event has waited longest comes first, unless another transaction is at it: one at a time takes from a workspace until it ends, so
-- that a later event cannot be told before an earlier one.
create or replace function wfm.claim_events(p_limit int) returns table (workspace_id uuid, first_position bigint, last_position bigint)
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
      perform set_config('wfm.claimed_after', head::text, true);
      return next;
      return;
    end if;
  end loop;
end $$;
reset role;
