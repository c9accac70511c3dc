drop function crm.protect;
revoke execute on all functions in schema crm from public;
reset role;
-- A generic record's owner is somebody of its workspace, as everybody's owner is.
alter table wfm.record add constraint fk_record_owner foreign key (workspace_id, owner_id) references crm."user";
