-- How many records stand in each step of their noun's process, and what they are worth, by currency: what boards show without counting.
--
-- Every change of a record appends what it changes of the sums; nobody who moves a record waits for a row that others add to. From time to time changes are folded
-- into sums. The truth is both together, read in one statement: exact at any moment, for a change is in the one or in the other. Deleted records are not counted, nor
-- are those without a project. Records that have no amount (generic ones) have the currency ''.

create table crm.step_sum (
  workspace_id uuid not null,
  noun text not null,
  step text not null,
  currency text not null,
  count bigint not null,
  amount numeric not null,
  constraint pk_step_sum primary key (workspace_id, noun, step, currency)
) with (fillfactor = 50);

create table crm.step_change (
  workspace_id uuid not null,
  sequence bigint generated always as identity,
  noun text not null,
  step text not null,
  currency text not null,
  count int not null,
  amount numeric not null,
  constraint pk_step_change primary key (workspace_id, sequence)
);

select crm.protect(array['step_sum', 'step_change']);
-- The triggers and the folding below alone write them; folding goes through all workspaces.
revoke insert, update, delete on crm.step_sum, crm.step_change from crm_app;
create policy fold on crm.step_sum to crm_owner using (true);
create policy fold on crm.step_change to crm_owner using (true);

create function crm.step_sums(p_noun text) returns table (step text, currency text, count bigint, amount numeric)
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select b.step, b.currency, sum(b.count)::bigint, sum(b.amount) from (
    select s.step, s.currency, s.count, s.amount from crm.step_sum s where s.workspace_id = (select wfm.workspace()) and s.noun = p_noun
    union all
    select c.step, c.currency, c.count, c.amount from crm.step_change c where c.workspace_id = (select wfm.workspace()) and c.noun = p_noun) b
  group by b.step, b.currency
  having sum(b.count) <> 0
  $$;
grant execute on function crm.step_sums to crm_app;

-- Folds some changes, of any workspace, that no other host is folding; says how many.
create function crm.fold_step_changes(p_most int) returns int
  language sql security definer set search_path = pg_catalog, pg_temp
  as $$
  with free as materialized (
    select c.workspace_id, c.sequence from crm.step_change c limit p_most for update skip locked
  ), taken as (
    delete from crm.step_change c using free f where c.workspace_id = f.workspace_id and c.sequence = f.sequence
    returning c.*
  ), folded as (
    insert into crm.step_sum (workspace_id, noun, step, currency, count, amount)
      -- In order, so that two hosts that fold changes of the same sums wait for one another instead of for each other.
      select t.workspace_id, t.noun, t.step, t.currency, sum(t.count), sum(t.amount) from taken t group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict on constraint pk_step_sum do update set count = step_sum.count + excluded.count, amount = step_sum.amount + excluded.amount
  )
  select count(*)::int from taken
  $$;
grant execute on function crm.fold_step_changes to crm_app;

-- What a row was is taken off, what it is is put on; of a new one there is no old, of one that is gone no new.
create function crm.count_deal() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into crm.step_change (workspace_id, noun, step, currency, count, amount)
    select r.workspace_id, 'deal', r.step, r.currency, r.count, r.count * coalesce(r.amount, 0)
    from (values (old.workspace_id, old.step, old.currency, -1, old.amount, old.deleted_at), (new.workspace_id, new.step, new.currency, 1, new.amount, new.deleted_at))
      as r (workspace_id, step, currency, count, amount, deleted_at)
    where r.step is not null and r.deleted_at is null;
  return null;
end $$;
create trigger count_row after insert or delete on crm.deal for each row execute function crm.count_deal();
create trigger count_change after update of step, currency, amount, deleted_at on crm.deal for each row
  when ((old.step, old.currency, old.amount, old.deleted_at) is distinct from (new.step, new.currency, new.amount, new.deleted_at)) execute function crm.count_deal();

create function crm.count_lead() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into crm.step_change (workspace_id, noun, step, currency, count, amount)
    select r.workspace_id, 'lead', r.step, r.currency, r.count, r.count * coalesce(r.amount, 0)
    from (values (old.workspace_id, old.step, old.currency, -1, old.budget, old.deleted_at), (new.workspace_id, new.step, new.currency, 1, new.budget, new.deleted_at))
      as r (workspace_id, step, currency, count, amount, deleted_at)
    where r.step is not null and r.deleted_at is null;
  return null;
end $$;
create trigger count_row after insert or delete on crm.lead for each row execute function crm.count_lead();
create trigger count_change after update of step, currency, budget, deleted_at on crm.lead for each row
  when ((old.step, old.currency, old.budget, old.deleted_at) is distinct from (new.step, new.currency, new.budget, new.deleted_at)) execute function crm.count_lead();

-- Generic records have no amount of their own; their noun is their type, marked as one, so that it is never mistaken for a noun of the CRM's.
create function crm.count_record() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  insert into crm.step_change (workspace_id, noun, step, currency, count, amount)
    select r.workspace_id, 'record/' || r.type, r.step, '', r.count, 0
    from (values (old.workspace_id, old.type, old.step, -1, old.deleted_at), (new.workspace_id, new.type, new.step, 1, new.deleted_at)) as r (workspace_id, type, step, count, deleted_at)
    where r.step is not null and r.deleted_at is null;
  return null;
end $$;
create trigger count_row after insert or delete on wfm.record for each row execute function crm.count_record();
create trigger count_change after update of type, step, deleted_at on wfm.record for each row
  when ((old.type, old.step, old.deleted_at) is distinct from (new.type, new.step, new.deleted_at)) execute function crm.count_record();
