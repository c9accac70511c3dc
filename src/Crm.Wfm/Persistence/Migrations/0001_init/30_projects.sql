-- Running work. Nothing a move changes is indexed, but completed_at at a project's end.

create table wfm.project (
  workspace_id uuid not null,
  id uuid not null,
  project_type text not null,
  workflow_version_id uuid not null,
  subject_type text not null,
  subject_id text not null,
  step text not null,
  version int not null,
  fields jsonb not null,
  started_at timestamptz not null,
  entered_at timestamptz not null,
  completed_at timestamptz,
  head bytea not null,
  constraint pk_project primary key (workspace_id, id),
  constraint fk_project_type foreign key (workspace_id, project_type) references wfm.project_type,
  constraint fk_project_workflow_version foreign key (workspace_id, workflow_version_id) references wfm.workflow_version
) with (fillfactor = 80);
-- The workspace comes last: while a table is new, the planner takes any index that begins with it for the primary key, and reads the whole workspace.
create unique index uq_project_open on wfm.project (subject_id, subject_type, project_type, workspace_id) where completed_at is null;
create index ix_project_subject on wfm.project (subject_id, subject_type, workspace_id);

create table wfm.step_count (
  workspace_id uuid not null,
  project_type text not null,
  step text not null,
  count int not null,
  constraint pk_step_count primary key (workspace_id, project_type, step)
) with (fillfactor = 50);

select wfm.protect(array['project', 'step_count']);
