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

select wfm.protect(array['record']);
grant insert, update, delete on wfm.record to wfm_app;
