set local role wfm_flows_owner;

-- Not by the workspace first: while nothing is known of the table, the planner would take it for the primary key and read all runs of the workspace.
drop index wfm_flows.ix_run_definition;
create index ix_run_definition on wfm_flows.run (definition, workspace_id);
reset role;
