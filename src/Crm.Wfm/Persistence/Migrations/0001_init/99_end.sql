drop function wfm.protect;
-- What was granted to wfm_app stays; nothing is anybody else's.
revoke execute on all functions in schema wfm from public;
reset role;
