-- Records of kinds that have no table of their own. project_id to probability mirror where the record's default project stands.

create table wfm.record (
  workspace_id uuid not null,
  id uuid not null,
  type text not null,
  name text not null,
  owner_id uuid,
  fields jsonb not null,
  project_id uuid,
  step text,
  step_entered_at timestamptz,
  probability double precision,
  version int not null default 1,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_record primary key (workspace_id, id),
  constraint ck_record_fields check (jsonb_typeof(fields) = 'object')
);
create index ix_record_type on wfm.record (type, workspace_id, id);
-- For boards: a step's records, the last to come first. Partial, so that no reading of one record takes it for the primary key while the table is new.
create index ix_record_board on wfm.record (workspace_id, type, step, step_entered_at, id) where deleted_at is null and step is not null;

select wfm.protect(array['record']);
grant insert, update, delete on wfm.record to wfm_app;
