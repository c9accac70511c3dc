-- Lists people come back to: which records, in which order, which columns. A private one is its owner's alone; the application keeps it so.
create table crm.saved_view (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  record_type text not null,
  owner_id uuid not null,
  is_shared boolean not null,
  query text not null,
  columns text[] not null,
  version int not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_saved_view primary key (workspace_id, id),
  constraint fk_saved_view_owner foreign key (workspace_id, owner_id) references crm.user,
  constraint ck_saved_view_name check (char_length(name) between 1 and 200),
  constraint ck_saved_view_record_type check (record_type in ('deal', 'lead', 'person', 'organization', 'activity'))
);
select crm.protect(array['saved_view']);
