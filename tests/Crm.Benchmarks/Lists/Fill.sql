-- Fills one workspace, which is set, with so many deals and what belongs to them. Triggers are at work: what is searched for, filtered by and counted is kept as it is in production.
set synchronous_commit = off;
select setseed(0.5);

create temp table size as select current_setting('bench.deals')::int as deals, wfm.workspace() as ws, date_trunc('second', now()) - interval '1 minute' as at;

-- Ids begin with their time, as the host's do.
create or replace function pg_temp.id(p_what text, p_n bigint, p_at timestamptz) returns uuid
  language sql stable
  as $$ select overlay(md5(p_what || p_n || current_setting('wfm.workspace')) placing lpad(to_hex((extract(epoch from p_at) * 1000)::bigint), 12, '0') || '7' from 1 for 13)::uuid $$;

-- A word of a list, the first ones oftener.
create or replace function pg_temp.word(p_words text) returns text
  language sql volatile
  as $$ select w[1 + floor(cardinality(w) * power(random(), 1.5))::int] from (select string_to_array(p_words, ' ') as w) x $$;

create temp table people as select n, pg_temp.id('user', n, s.at) as id from size s, generate_series(1, 50) n;
insert into crm.user (workspace_id, id, name, email, roles, created_at, created_by)
  select s.ws, p.id, 'Seller ' || p.n, 'seller' || p.n || '@' || s.ws || '.test', '{sales-rep}', s.at, s.ws from size s, people p;

create temp table organizations as select n, pg_temp.id('organization', n, s.at - n * interval '1 hour') as id from size s, generate_series(1, s.deals / 20) n;
insert into crm.organization (workspace_id, id, name, domain, industry, employees, city, country, owner_id, version, created_at, created_by, updated_at, updated_by)
  select s.ws, o.id, pg_temp.word('Acme Globex Initech Umbrella Stark Wayne Hooli Vandelay Soylent Cyberdyne') || ' ' || pg_temp.word('Trading Systems Logistics Foods Energy Media') || ' ' || o.n,
         'o' || o.n || '.test', pg_temp.word('retail banking energy media health'), 10 + o.n % 5000, pg_temp.word('Berlin Paris Rome Madrid Vienna Oslo'), 'DE', p.id, 1, s.at - o.n * interval '1 hour', s.ws, s.at, s.ws
  from size s, organizations o join people p on p.n = 1 + o.n % 49;

create temp table contacts as select n, pg_temp.id('person', n, s.at - n * interval '20 min') as id from size s, generate_series(1, s.deals / 5) n;
insert into crm.person (workspace_id, id, name, email, phone, job_title, organization_id, owner_id, version, created_at, created_by, updated_at, updated_by)
  select s.ws, c.id, pg_temp.word('Ada Grace Alan Edsger Barbara Donald Tony Niklaus') || ' ' || pg_temp.word('Lovelace Hopper Turing Dijkstra Liskov Knuth Hoare Wirth') || ' ' || c.n,
         'p' || c.n || '@o' || 1 + c.n % (s.deals / 20) || '.test', '+49 30 ' || 100000 + c.n, pg_temp.word('Buyer Director Engineer Lawyer'), o.id, p.id, 1, s.at - c.n * interval '20 min', s.ws, s.at, s.ws
  from size s, contacts c join organizations o on o.n = 1 + c.n % (select deals / 20 from size) join people p on p.n = 1 + c.n % 49;

insert into crm.custom_field (workspace_id, id, record_type, key, kind, title, options, is_required, is_filterable, version, created_at, created_by, updated_at, updated_by)
  select s.ws, pg_temp.id('field', f.n, s.at), 'deal', f.key, f.kind, to_jsonb(f.key), f.options, false, true, 1, s.at, s.ws, s.at, s.ws
  from size s, (values (1, 'region', 'choice', '[{"key":"north","title":"North"},{"key":"south","title":"South"},{"key":"islands","title":"Islands"}]'::jsonb), (2, 'score', 'number', null)) as f (n, key, kind, options);

-- Three fifths are won: a column of 60,000 cards. The last owner has three deals, of long ago; one currency is rare; every twelfth deal is deleted.
create temp table deals as
  select d.n, pg_temp.id('deal', d.n, d.at) as id, pg_temp.id('project', d.n, d.at) as project, d.at, d.r,
         case when d.n % 5000 = 7 then 'negotiation' when d.r < 0.6 then 'closed-won' when d.r < 0.75 then 'closed-lost' when d.r < 0.84 then 'qualification'
              when d.r < 0.91 then 'initial-contact' when d.r < 0.96 then 'discovery' else 'proposal' end as step,
         case when d.n in (101, 202, 303) then 50 else 1 + floor(49 * power(random(), 2))::int end as owner,
         case when random() < 0.8 then round(exp(6 + 5 * random())::numeric, 2) end as amount,
         case when d.n % 2000 = 11 then 'JPY' when d.r < 0.5 then 'EUR' when d.r < 0.8 then 'USD' else 'GBP' end as currency,
         case when d.n % 12 = 5 then d.at + interval '1 hour' end as deleted_at
  from (select n, random() as r, s.at - (s.deals - n) * interval '5 min' as at from size s, generate_series(1, s.deals) n) d;
create index on deals (n);
analyze deals, people, contacts, organizations;

insert into crm.deal (workspace_id, id, name, amount, currency, owner_id, person_id, organization_id, expected_close_on, discount, closed_at, project_id, step, step_entered_at, probability,
                      custom, version, created_at, created_by, updated_at, updated_by, deleted_at)
  select s.ws, d.id, pg_temp.word('Renewal Upgrade License Support Rollout Pilot Migration Training') || ' ' || pg_temp.word('contract offer deal order project') || ' ' || d.n, d.amount, d.currency, p.id, c.id, o.id,
         (d.at + interval '60 days')::date, 0.05, case when d.step like 'closed%' then d.at + interval '1 day' end, d.project, d.step, d.at + interval '1 hour', 0.5,
         case when d.n % 3 = 0 then jsonb_build_object('score', d.n % 1000, 'region', case when d.n % 1500 = 0 then 'islands' when d.r < 0.3 then 'north' else 'south' end) else '{}' end,
         2, d.at, p.id, d.at + interval '1 hour', p.id, d.deleted_at
  from size s, deals d join people p on p.n = d.owner
  left join contacts c on c.n = 1 + d.n % (select deals / 5 from size)
  left join organizations o on o.n = 1 + d.n % (select deals / 20 from size)
  order by d.n;

insert into wfm.project (workspace_id, id, project_type, workflow_version_id, subject_type, subject_id, step, version, fields, started_at, entered_at, completed_at, head)
  select s.ws, d.project, t.key, t.workflow_version_id, 'deal', d.id::text, d.step, case when d.n % 1000 = 1 then 100 else 2 end, '{}', d.at, d.at + interval '1 hour',
         case when d.step like 'closed%' then d.at + interval '1 day' end, sha256('')
  from size s, deals d, wfm.project_type t where t.workspace_id = s.ws and t.key = 'sales-deal' order by d.n;
update wfm.step_count c set count = (select count(*) from deals d where d.step = c.step) from size s where c.workspace_id = s.ws;

-- Every thousandth deal has had a long life: 100 moves, 60 activities and 40 notes.
insert into wfm.history (workspace_id, project_id, version, transition, from_step, to_step, actor_id, at, workflow_version_id, body, private, salt, prev, hash)
  select s.ws, d.project, v, case when v > 1 then 'go' end, case when v > 1 then 'qualification' end, d.step, p.id, d.at + v * interval '10 min', t.workflow_version_id,
         format('{"project":"%s","version":%s,"text":"%s"}', d.project, v, repeat('x', 300)), jsonb_build_object('reason', 'Because ' || v, 'facts', repeat('y', 500)), sha256('salt'), sha256(''), sha256('')
  from size s, deals d join people p on p.n = d.owner, generate_series(1, case when d.n % 1000 = 1 then 100 else 2 end) v, wfm.project_type t
  where t.workspace_id = s.ws and t.key = 'sales-deal' order by d.n, v;
insert into crm.activity (workspace_id, id, kind, subject, body, assignee_id, due_at, done_at, deal_id, version, created_at, created_by, updated_at, updated_by)
  select s.ws, pg_temp.id('activity' || d.n, i, d.at), case when i % 2 = 0 then 'call' else 'task' end, 'Talk about the ' || pg_temp.word('price scope contract date'), 'They said what they say.', p.id,
         d.at + i * interval '1 day', case when i % 3 > 0 then d.at + i * interval '17 min' end, d.id, 1, d.at + i * interval '16 min', p.id, d.at, p.id
  from size s, deals d join people p on p.n = d.owner, generate_series(1, case when d.n % 1000 = 1 then 60 when d.n % 2 = 0 then 1 else 0 end) i order by d.n, i;
insert into crm.note (workspace_id, id, body, deal_id, version, created_at, created_by, updated_at, updated_by)
  select s.ws, pg_temp.id('note' || d.n, i, d.at), 'They are ' || pg_temp.word('glad slow keen busy') || ' and want it ' || pg_temp.word('soon cheap green'), d.id, 1, d.at + i * interval '25 min', p.id, d.at, p.id
  from size s, deals d join people p on p.n = d.owner, generate_series(1, case when d.n % 1000 = 1 then 40 when d.n % 5 = 0 then 1 else 0 end) i order by d.n, i;

drop table size, people, organizations, contacts, deals;
