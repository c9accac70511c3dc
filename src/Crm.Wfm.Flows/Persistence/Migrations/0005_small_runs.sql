-- Millions of runs sleep: what lies still is to be small.
set local role wfm_flows_owner;

-- What the last burst's activities did stands in the run itself; the next burst puts it with those before. Most runs have one burst, and no row elsewhere.
alter table wfm_flows.run add column journal text;

-- Ids are UUIDs of version 7: in their order runs were started.
drop index wfm_flows.ix_run_created;
reset role;
