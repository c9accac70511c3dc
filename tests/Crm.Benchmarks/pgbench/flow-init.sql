drop table if exists step;
create table step (id bigint primary key, due_at timestamptz not null, lease int not null default 0, holder int, state text not null);
insert into step select n, clock_timestamp(), 0, null, repeat('x', 350) from generate_series(1, 2000) n;
create index ix_step_due on step (due_at);
create index ix_step_holder on step (holder);
grant all on step to public;
