create table wfm.idempotency (
  workspace_id uuid not null,
  actor_id uuid not null,
  route text not null,
  key text not null,
  request_hash bytea not null,
  answer text,
  created_at timestamptz not null,
  constraint pk_idempotency primary key (workspace_id, actor_id, route, key)
);

select wfm.protect(array['idempotency']);
grant insert, update, delete on wfm.idempotency to wfm_app;
