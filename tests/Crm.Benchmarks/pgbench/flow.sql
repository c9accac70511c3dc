-- The least a durable runner can do: claims 50 rows that are due, and checkpoints them.
begin;
update step set lease = lease + 1, holder = :client_id where id in (select id from step where due_at <= clock_timestamp() order by due_at limit 50 for update skip locked);
update step set due_at = clock_timestamp(), holder = null, state = repeat('y', 350) where holder = :client_id;
end;
