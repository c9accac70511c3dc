-- What lists and boards read in order, page by page. A page is "the workspace's rows, in this order, beyond that one": so these indexes begin with the workspace
-- and end with the id.
--
-- Each is partial by something a reading of one row never says, for while a table is new the planner takes any other index that begins with the workspace for the
-- primary key, and reads the whole workspace: lists say "version > 0" (which always holds), boards "step is not null"
-- (ListPlanTests.Single_rows_are_read_by_their_key_while_the_table_is_new).
--
-- Under row level security an index serves leakproof comparisons alone, and those of numeric are not: an amount is sorted by as double precision. To compare
-- (gte, lt) it stays what it is.

alter table crm.deal add column amount_key double precision generated always as (amount::double precision) stored;
alter table crm.lead add column budget_key double precision generated always as (budget::double precision) stored;

create index ix_organization_created on crm.organization (workspace_id, created_at, id) where deleted_at is null and version > 0;
create index ix_organization_name on crm.organization (workspace_id, name collate "und-x-icu", id) where deleted_at is null and version > 0;
create index ix_organization_owner on crm.organization (workspace_id, owner_id, created_at, id) where deleted_at is null and version > 0;

create index ix_person_created on crm.person (workspace_id, created_at, id) where deleted_at is null and version > 0;
create index ix_person_name on crm.person (workspace_id, name collate "und-x-icu", id) where deleted_at is null and version > 0;
create index ix_person_owner on crm.person (workspace_id, owner_id, created_at, id) where deleted_at is null and version > 0;

create index ix_lead_created on crm.lead (workspace_id, created_at, id) where deleted_at is null and version > 0;
create index ix_lead_owner on crm.lead (workspace_id, owner_id, created_at, id) where deleted_at is null and version > 0;
create index ix_lead_name on crm.lead (workspace_id, name collate "und-x-icu", id) where deleted_at is null and version > 0;
create index ix_lead_board on crm.lead (workspace_id, step, step_entered_at, id) where deleted_at is null and step is not null;

create index ix_deal_created on crm.deal (workspace_id, created_at, id) where deleted_at is null and version > 0;
create index ix_deal_owner on crm.deal (workspace_id, owner_id, created_at, id) where deleted_at is null and version > 0;
create index ix_deal_name on crm.deal (workspace_id, name collate "und-x-icu", id) where deleted_at is null and version > 0;
create index ix_deal_amount on crm.deal (workspace_id, amount_key, id) where deleted_at is null and version > 0;
-- Amounts compare within a currency, and one may be rare.
create index ix_deal_currency on crm.deal (workspace_id, currency, amount_key, id) where deleted_at is null and version > 0;
create index ix_deal_updated on crm.deal (workspace_id, updated_at, id) where deleted_at is null and version > 0;
create index ix_deal_closed on crm.deal (workspace_id, closed_at, id) where deleted_at is null and version > 0;
create index ix_deal_close on crm.deal (workspace_id, expected_close_on, id) where deleted_at is null and version > 0;
create index ix_deal_board on crm.deal (workspace_id, step, step_entered_at, id) where deleted_at is null and step is not null;

create index ix_activity_created on crm.activity (workspace_id, created_at, id) where deleted_at is null and version > 0;
create index ix_activity_assignee on crm.activity (workspace_id, assignee_id, due_at, id) where deleted_at is null and version > 0;
create index ix_note_created on crm.note (workspace_id, created_at, id) where deleted_at is null and version > 0;

-- The deleted ones, in the order of most lists; to those that are there they cost nothing.
create index ix_organization_deleted on crm.organization (workspace_id, created_at, id) where deleted_at is not null;
create index ix_person_deleted on crm.person (workspace_id, created_at, id) where deleted_at is not null;
create index ix_lead_deleted on crm.lead (workspace_id, created_at, id) where deleted_at is not null;
create index ix_deal_deleted on crm.deal (workspace_id, created_at, id) where deleted_at is not null;
create index ix_activity_deleted on crm.activity (workspace_id, created_at, id) where deleted_at is not null;
create index ix_note_deleted on crm.note (workspace_id, created_at, id) where deleted_at is not null;
