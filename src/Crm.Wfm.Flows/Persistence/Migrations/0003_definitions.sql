-- Definitions as they are drawn, saved and published one by one: what lists and checks ask of them stands in columns of its own.
set local role wfm_flows_owner;

-- uses: the types, definition ids and version ids of the flows it uses as activities.
alter table wfm_flows.definition
  add column activation text not null default 'always',
  add column is_system boolean not null default false,
  add column tool_version text,
  add column uses text[] not null default '{}',
  add constraint ck_definition_activation check (activation in ('always', 'singleton', 'correlation', 'correlatedsingleton'));

-- Ids stand in paths of URLs: no slash in them.
alter table wfm_flows.definition no force row level security;
update wfm_flows.definition set definition_id = bundle_key || '.' || automation, id = bundle_key || '.' || automation || '@' || bundle_version where bundle_key is not null;
alter table wfm_flows.definition force row level security;

create unique index uq_definition_latest on wfm_flows.definition (workspace_id, definition_id) where is_latest;
create unique index uq_definition_published on wfm_flows.definition (workspace_id, definition_id) where is_published;

-- Two flows never answer the same requests.
create unique index uq_trigger_http on wfm_flows.trigger (workspace_id, key) where kind = 'http';
create index ix_trigger_cron on wfm_flows.trigger (workspace_id, definition) where kind = 'cron';
create index ix_run_definition on wfm_flows.run (workspace_id, definition);
create index ix_run_correlation on wfm_flows.run (workspace_id, correlation_id) where correlation_id is not null and finished_at is null;

-- What the scheduler has to fire, in all workspaces.
create function wfm_flows.cron_triggers() returns table (workspace_id uuid, definition int, node_id text, key text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select t.workspace_id, t.definition, t.node_id, t.key from wfm_flows.trigger t where t.kind = 'cron' $$;

revoke execute on all functions in schema wfm_flows from public;
grant execute on function wfm_flows.cron_triggers to wfm_flows_app;
reset role;
