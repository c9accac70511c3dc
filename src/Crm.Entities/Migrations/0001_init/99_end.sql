drop function crm.protect;
revoke execute on all functions in schema crm from public;
reset role;
