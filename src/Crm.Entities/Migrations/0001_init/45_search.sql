-- Search across everything that has a name or a text. Neither trigram nor full text operators are leakproof, so under row level security no index would serve
-- them: what is searched is kept in a table of its own, and a function of the owner's looks there and compares the workspace itself.
reset role;
-- Both are trusted: the migrating login needs no superuser, but the right to create in this database. Wherever they are or come to be, names below find them.
create extension if not exists pg_trgm;
create extension if not exists btree_gin;
grant trigger on wfm.record to crm_owner;
set local role crm_owner;
select set_config('search_path', 'pg_catalog, ' || string_agg(quote_ident(n.nspname), ', '), true)
  from (select distinct n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname in ('pg_trgm', 'btree_gin')) n;
select show_trgm('a library that is loaded knows its settings');

create table crm.search_entry (
  workspace_id uuid not null,
  type text not null,
  id uuid not null,
  kind text,
  title text not null,
  title_key text collate "C" not null,
  body text not null,
  words tsvector not null,
  about_type text,
  about_id uuid,
  constraint pk_search_entry primary key (workspace_id, type, id)
);
create index ix_search_entry_title on crm.search_entry (workspace_id, title_key);
create index ix_search_entry_trigrams on crm.search_entry using gin (workspace_id, title_key gin_trgm_ops);
create index ix_search_entry_words on crm.search_entry using gin (workspace_id, words);

select crm.protect(array['search_entry']);
revoke insert, update, delete on crm.search_entry from crm_app;
-- Without a security qualification in the way, the owner's function below may use the indexes.
create policy look_up on crm.search_entry to crm_owner using (true) with check (true);

-- One spelling of a text for all its spellings: no matter of case, of composed or decomposed characters, of how many blanks.
create function crm.search_key(p_text text) returns text
  language sql immutable set search_path = pg_catalog, pg_temp
  as $$ select left(btrim(regexp_replace(lower(normalize(p_text, nfkc)), '\s+', ' ', 'g')), 200) $$;

-- Keeps the entry of a row. Arguments: the column that names it (none for a note), the column that says of what kind it is, and the columns of its text.
create function crm.keep_search() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  r jsonb := to_jsonb(new);
  e crm.search_entry;
begin
  if tg_op = 'DELETE' or r->>'deleted_at' is not null then
    delete from crm.search_entry x where x.workspace_id = old.workspace_id and x.type = tg_table_name and x.id = old.id;
    return null;
  end if;
  e.title := coalesce(r->>tg_argv[0], '');
  select coalesce(left(string_agg(t, e'\n'), 20000), '') into e.body from (
    select r->>c as t from unnest(tg_argv[2:]) c
    union all
    select v #>> '{}' from jsonb_path_query(coalesce(r->'custom', r->'fields', '{}'), 'strict $.**') v where jsonb_typeof(v) = 'string') texts;
  if tg_table_name in ('activity', 'note') then
    select t, (r->>(t || '_id'))::uuid into e.about_type, e.about_id
      from unnest(array['deal', 'lead', 'person', 'organization', 'record']) t where r->>(t || '_id') is not null;
  end if;
  -- Addresses are words of their own, and so are their parts.
  insert into crm.search_entry (workspace_id, type, id, kind, title, title_key, body, words, about_type, about_id)
    values (new.workspace_id, tg_table_name, new.id, r->>tg_argv[1], e.title, crm.search_key(e.title), e.body,
            setweight(to_tsvector('simple', e.title), 'A') || to_tsvector('simple', e.body) || to_tsvector('simple', translate(e.title || ' ' || e.body, '@._/:-', '      ')),
            e.about_type, e.about_id)
  on conflict on constraint pk_search_entry do update
    set kind = excluded.kind, title = excluded.title, title_key = excluded.title_key, body = excluded.body, words = excluded.words,
        about_type = excluded.about_type, about_id = excluded.about_id;
  return null;
end $$;

create trigger keep_search after insert or delete or update of name, custom, deleted_at on crm.deal
  for each row execute function crm.keep_search('name', '');
create trigger keep_search after insert or delete or update of name, company, job_title, email, phone, website, custom, deleted_at on crm.lead
  for each row execute function crm.keep_search('name', '', 'company', 'job_title', 'email', 'phone', 'website');
create trigger keep_search after insert or delete or update of name, job_title, email, phone, custom, deleted_at on crm.person
  for each row execute function crm.keep_search('name', '', 'job_title', 'email', 'phone');
create trigger keep_search after insert or delete or update of name, domain, website, email, phone, industry, city, custom, deleted_at on crm.organization
  for each row execute function crm.keep_search('name', '', 'domain', 'website', 'email', 'phone', 'industry', 'city');
create trigger keep_search after insert or delete or update of subject, kind, body, custom, deal_id, lead_id, person_id, organization_id, record_id, deleted_at on crm.activity
  for each row execute function crm.keep_search('subject', 'kind', 'body');
create trigger keep_search after insert or delete or update of body, deal_id, lead_id, person_id, organization_id, record_id, deleted_at on crm.note
  for each row execute function crm.keep_search('', '', 'body');
create trigger keep_search after insert or delete or update of name, fields, deleted_at on wfm.record
  for each row execute function crm.keep_search('name', 'type');

-- Names that begin so, in their order. Nobody can tell beforehand how many there are: so the planner is kept from reading them all to sort them.
create function crm.search_named(p_key text, p_types text[]) returns setof crm.search_entry
  language sql stable set search_path = pg_catalog, pg_temp set enable_bitmapscan = off set enable_seqscan = off
  as $$
  select * from crm.search_entry x
  where x.workspace_id = wfm.workspace() and x.title_key >= p_key and x.title_key < p_key || chr(1114111) and p_key <> '' and x.type = any (p_types)
  order by x.title_key limit 200
  $$;

-- Finds by name (equal, beginning so, each word alike) and by words, and looks at a bounded number of rows each way. Its body is parsed here and now: operators
-- are those of the extensions, wherever these are, whatever the caller's search path. (In quotes, for clients that part statements at every semicolon.)
do $do$ begin execute $create$
create function crm.search(p_query text, p_types text[], p_limit int)
  returns table (type text, id uuid, kind text, title text, excerpt text, about_type text, about_id uuid, about_title text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
  set pg_trgm.word_similarity_threshold = 0.4 -- "acem" is alike "acme"
  set client_min_messages = warning -- no notice of a query that has no words
  begin atomic
    with q as materialized (
      select k.key, a.words as alike, case when a.words[2] is null then a.words[1] end as only, case when a.words[2] is not null then a.words[1] end as first,
             -- The last word may be unfinished. A query without words is null, which finds nothing; as an empty one it would read the whole index.
             case when numnode(k.words) = 0 then null when char_length(k.key) < 2 then k.words else (k.words::text || ':*')::tsquery end as words
      from (select crm.search_key(p_query) as key, plainto_tsquery('simple', left(p_query, 200)) as words) k
      cross join lateral (select array_agg(w) as words from (
        select w from regexp_split_to_table(k.key, ' ') w where char_length(w) >= 3 and cardinality(show_trgm(w)) > 0 group by w order by char_length(w) desc, w limit 3) longest) a
    ), named as (
      select e.type, e.id, e.title_key, case when e.title_key = q.key then 4 else 3 end as class, 1::real as score
      from q cross join lateral crm.search_named(q.key, p_types) e
    ), alike as (
      select e.type, e.id, e.title_key, case when s.score >= 0.7 then 2 else 0 end, s.score
      from q cross join lateral (
        (select * from crm.search_entry x where x.workspace_id = wfm.workspace() and x.title_key %> q.only and x.type = any (p_types) limit 1000)
        union all
        (select * from crm.search_entry x
         where x.workspace_id = wfm.workspace() and x.title_key %> q.first and x.title_key %> q.alike[2] and x.title_key %> all (q.alike) and x.type = any (p_types) limit 1000)) e
      cross join lateral (select avg(word_similarity(w, e.title_key))::real as score from unnest(q.alike) w) s
    ), worded as (
      select e.type, e.id, e.title_key, 1, ts_rank(e.words, q.words)
      from q cross join lateral (
        select * from crm.search_entry x where x.workspace_id = wfm.workspace() and x.words @@ q.words and x.type = any (p_types) limit 1000) e
    ), best as (
      select f.type, f.id, f.title_key, max(f.class) as class, max(f.score) as score
      from (select * from named union all select * from alike union all select * from worded) f
      group by f.type, f.id, f.title_key
      order by class desc, score desc, f.title_key, f.type, f.id limit p_limit
    )
    select e.type, e.id, e.kind, e.title,
           case when e.words @@ q.words then ts_headline('simple', left(e.body, 5000), q.words, 'StartSel="", StopSel="", MaxWords=30, MinWords=10') else left(e.body, 200) end,
           e.about_type, e.about_id, a.title
    from best b
    join crm.search_entry e on e.workspace_id = wfm.workspace() and e.type = b.type and e.id = b.id
    left join crm.search_entry a on a.workspace_id = e.workspace_id and a.type = e.about_type and a.id = e.about_id
    cross join q
    order by b.class desc, b.score desc, b.title_key, b.type, b.id;
  end
$create$; end $do$;
grant execute on function crm.search to crm_app;
reset search_path;
