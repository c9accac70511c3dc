-- Fields a workspace gives its records. What a field is, is a row; its values live in the record's jsonb and are checked here, so that there is one rule
-- for every path: a form, a move that sets fields, an import, an automation.

create table crm.custom_field (
  workspace_id uuid not null,
  id uuid not null,
  record_type text not null,
  key text not null,
  kind text not null,
  title jsonb not null,
  options jsonb,
  is_required boolean not null,
  is_filterable boolean not null,
  version int not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_custom_field primary key (workspace_id, id),
  constraint uq_custom_field_key unique (workspace_id, record_type, key),
  constraint fk_custom_field_workspace foreign key (workspace_id) references crm.workspace,
  constraint ck_custom_field_record_type check (record_type in ('deal', 'lead', 'person', 'organization', 'activity')),
  constraint ck_custom_field_key check (key ~ '^[a-z][a-zA-Z0-9]{0,62}$'),
  constraint ck_custom_field_kind check (
    kind in ('text', 'long-text', 'number', 'boolean', 'date', 'date-time', 'choice', 'multi-choice', 'user', 'url', 'email')),
  constraint ck_custom_field_options check ((kind in ('choice', 'multi-choice')) = (options is not null)),
  constraint ck_custom_field_filterable check (not is_filterable or kind not in ('long-text', 'url'))
);

-- Values of filterable fields once more, of types whose comparisons row level security trusts: on jsonb it would keep every index from being used.
-- A number is in number, a date or time in time, everything else in text. A list has a row for each of its items.
create table crm.custom_value (
  workspace_id uuid not null,
  record_id uuid not null,
  field_id uuid not null,
  item int not null,
  text text,
  number double precision,
  time timestamptz,
  constraint pk_custom_value primary key (workspace_id, record_id, field_id, item),
  constraint fk_custom_value_field foreign key (workspace_id, field_id) references crm.custom_field on delete cascade,
  constraint ck_custom_value_one check (num_nonnulls(text, number, time) = 1)
);
create index ix_custom_value_text on crm.custom_value (field_id, text, record_id, workspace_id) where text is not null;
create index ix_custom_value_number on crm.custom_value (field_id, number, record_id, workspace_id) where number is not null;
create index ix_custom_value_time on crm.custom_value (field_id, time, record_id, workspace_id) where time is not null;

select crm.protect(array['custom_field', 'custom_value']);
-- The triggers below alone write values.
revoke insert, update, delete on crm.custom_value from crm_app;

-- What a field keeps of a value: the value, with times and ids spelled the one way that compares as text; null when it is no value of its kind.
create function crm.custom_value_of(f crm.custom_field, v jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare t text := v #>> '{}';
begin
  case
    when f.kind = 'number' then
      return case when jsonb_typeof(v) = 'number' and abs(t::numeric) <= 9007199254740991 then to_jsonb(t::double precision) end;
    when f.kind = 'boolean' then
      return case when jsonb_typeof(v) = 'boolean' then v end;
    when f.kind = 'multi-choice' then
      return case when jsonb_typeof(v) = 'array' and (
        select count(distinct o) = count(*) and coalesce(bool_and(f.options @> jsonb_build_array(jsonb_build_object('key', o))), true) from jsonb_array_elements(v) o) then v end;
    when jsonb_typeof(v) <> 'string' then
      return null;
    when f.kind = 'text' then
      return case when char_length(t) <= 500 then v end;
    when f.kind = 'long-text' then
      return case when char_length(t) <= 5000 then v end;
    when f.kind = 'choice' then
      return case when f.options @> jsonb_build_array(jsonb_build_object('key', t)) then v end;
    when f.kind = 'date' then
      return case when t ~ '^\d{4}-\d\d-\d\d$' then to_jsonb(t::date) end;
    when f.kind = 'date-time' then
      return case when t ~ '^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$'
        then to_jsonb(to_char(t::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end;
    when f.kind = 'user' then
      return case when t ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
        then (select to_jsonb(u.id) from crm.user u where u.workspace_id = f.workspace_id and u.id = t::uuid) end;
    when f.kind = 'url' then
      return case when char_length(t) <= 2000 and t ~* '^https?://[^\s/]\S*$' then v end;
    when f.kind = 'email' then
      return case when char_length(t) <= 320 and t ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' then v end;
  end case;
exception when data_exception then -- 31 February, or less than a double can hold
  return null;
end $$;

-- The column is a JSON Pointer: a detail would be kept from clients, for it may tell values.
create function crm.refuse_custom(p_key text, p_why text) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
begin
  raise exception using errcode = 'check_violation', constraint = 'custom', column = '/custom' || coalesce('/' || p_key, ''), message = p_why;
end $$;

create function crm.say_custom(f crm.custom_field) returns text
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select case f.kind
    when 'text' then 'must be a text of at most 500 characters'
    when 'long-text' then 'must be a text of at most 5000 characters'
    when 'number' then 'must be a number, at most 2^53 - 1'
    when 'boolean' then 'must be true or false'
    when 'date' then 'must be a date, such as 2027-01-31'
    when 'date-time' then 'must be a time with its offset from UTC, such as 2027-01-31T09:00:00Z'
    when 'choice' then 'must be one of: ' || o.keys
    when 'multi-choice' then 'must be a list of these, each once: ' || o.keys
    when 'user' then 'must be a user of this workspace'
    when 'url' then 'must be a web address of at most 2000 characters, such as https://acme.test'
    when 'email' then 'must be an e-mail address'
  end
  from (select string_agg(x->>'key', ', ') as keys from jsonb_array_elements(f.options) x) o
  $$;

-- Checks what is new or different: values of before stay even where their field has been archived or has lost an option since.
create function crm.check_custom() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
declare
  f crm.custom_field;
  k text;
  v jsonb;
  before jsonb := case when tg_op = 'UPDATE' then old.custom else '{}' end;
begin
  if jsonb_typeof(new.custom) <> 'object' then
    perform crm.refuse_custom(null, 'must be an object');
  end if;
  for k, v in select * from jsonb_each(new.custom) loop
    continue when before->k = v;
    select * into f from crm.custom_field x where x.workspace_id = new.workspace_id and x.record_type = tg_table_name and x.key = k and x.deleted_at is null;
    if not found then
      perform crm.refuse_custom(replace(replace(k, '~', '~0'), '/', '~1'), format('There is no such field of %s %s.', case when tg_table_name ~ '^[aeiou]' then 'an' else 'a' end, tg_table_name));
    end if;
    if v = 'null' then
      new.custom := new.custom - k;
    else
      v := crm.custom_value_of(f, v);
      if v is null then
        perform crm.refuse_custom(k, crm.say_custom(f));
      end if;
      new.custom := jsonb_set(new.custom, array[k], v);
    end if;
  end loop;
  select x.key into k from crm.custom_field x
    where x.workspace_id = new.workspace_id and x.record_type = tg_table_name and x.is_required and x.deleted_at is null
      and not new.custom ? x.key and (tg_op = 'INSERT' or before ? x.key)
    order by x.key limit 1;
  if found then
    perform crm.refuse_custom(k, 'is required');
  end if;
  return new;
end $$;

-- The values of one field of one record, as crm.custom_value has them.
create function crm.custom_values_of(f crm.custom_field, p_record uuid, p_custom jsonb) returns setof crm.custom_value
  language sql stable set search_path = pg_catalog, pg_temp
  as $$
  select f.workspace_id, p_record, f.id, i.n::int,
         case when f.kind not in ('number', 'date', 'date-time') then i.v end,
         case when f.kind = 'number' then i.v::double precision end,
         case when f.kind = 'date' then i.v::timestamp at time zone 'UTC' when f.kind = 'date-time' then i.v::timestamptz end
  from jsonb_array_elements_text(case when jsonb_typeof(p_custom->f.key) = 'array' then p_custom->f.key else jsonb_build_array(p_custom->f.key) end) with ordinality as i (v, n)
  where p_custom ? f.key
  $$;

-- Keeps the values of filterable fields of one record.
create function crm.keep_custom() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  if tg_op = 'UPDATE' and new.custom = old.custom then
    return null;
  end if;
  if tg_op <> 'INSERT' and old.custom <> '{}' then
    delete from crm.custom_value x where x.workspace_id = old.workspace_id and x.record_id = old.id;
  end if;
  if tg_op <> 'DELETE' and new.custom <> '{}' then
    insert into crm.custom_value
      select v.* from crm.custom_field f cross join lateral crm.custom_values_of(f, new.id, new.custom) v
      where f.workspace_id = new.workspace_id and f.record_type = tg_table_name and f.is_filterable;
  end if;
  return null;
end $$;

do $$
declare t text;
begin
  foreach t in array array['deal', 'lead', 'person', 'organization', 'activity'] loop
    execute format('create trigger check_custom before insert or update of custom on crm.%I for each row execute function crm.check_custom()', t);
    execute format('create trigger keep_custom after insert or delete or update of custom on crm.%I for each row execute function crm.keep_custom()', t);
  end loop;
end $$;

-- Keeps the values of all records of a field that becomes filterable, and drops those of one that is so no more.
create function crm.fill_custom() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
begin
  delete from crm.custom_value x where x.workspace_id = new.workspace_id and x.field_id = new.id;
  if new.is_filterable then
    execute format('insert into crm.custom_value select v.* from crm.%I r cross join lateral crm.custom_values_of($1, r.id, r.custom) v where r.workspace_id = $2', new.record_type)
      using new, new.workspace_id;
  end if;
  return null;
end $$;
create trigger fill_custom after update of is_filterable on crm.custom_field for each row when (old.is_filterable <> new.is_filterable) execute function crm.fill_custom();

-- Whether a record, deleted ones included, has a value of a field.
create function crm.is_custom_used(p_field uuid) returns boolean
  language plpgsql stable set search_path = pg_catalog, pg_temp
  as $$
declare
  f crm.custom_field;
  used boolean;
begin
  select * into f from crm.custom_field x where x.workspace_id = wfm.workspace() and x.id = p_field;
  execute format('select exists (select from crm.%I r where r.workspace_id = $1 and r.custom ? $2)', f.record_type) using f.workspace_id, f.key into used;
  return used;
end $$;
grant execute on function crm.is_custom_used to crm_app;
