-- Currencies of ISO 4217 with the digits of their minor unit. A reference for every workspace: amounts point here, so that there is one rule on every path.
create table crm.currency (
  code text not null,
  digits int not null,
  constraint pk_currency primary key (code)
);
insert into crm.currency (code, digits)
  select code, case when code in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
                    when code in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
                    when code in ('CLF', 'UYW') then 4
                    else 2 end
  from unnest(string_to_array('AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD '
    'EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP '
    'MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD '
    'TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG', ' ')) as code;

create function crm.currencies() returns setof crm.currency
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select * from crm.currency order by code $$;
grant execute on function crm.currencies to crm_app;

create function crm.default_currency() returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select w.currency from crm.workspace w where w.id = wfm.workspace() $$;
grant execute on function crm.default_currency to crm_app;

-- Every record: who and when, a version, the workspace's own fields, and when it was deleted (moves of its project then find none; restoring resumes).
-- The workspace is part of every key, so that no link leads out of it.

create table crm.organization (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  domain text,
  website text,
  email text,
  phone text,
  industry text,
  employees int,
  street text,
  postal_code text,
  city text,
  country text,
  owner_id uuid,
  previous_owner_id uuid,
  custom jsonb not null default '{}',
  version int not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_organization primary key (workspace_id, id),
  constraint fk_organization_owner foreign key (workspace_id, owner_id) references crm.user,
  constraint ck_organization_name check (char_length(name) between 1 and 200),
  constraint ck_organization_employees check (employees >= 0)
);

create table crm.person (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  first_name text,
  last_name text,
  email text,
  phone text,
  job_title text,
  organization_id uuid,
  owner_id uuid,
  previous_owner_id uuid,
  custom jsonb not null default '{}',
  version int not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_person primary key (workspace_id, id),
  constraint fk_person_organization foreign key (workspace_id, organization_id) references crm.organization,
  constraint fk_person_owner foreign key (workspace_id, owner_id) references crm.user,
  constraint ck_person_name check (char_length(name) between 1 and 200)
);
create index ix_person_organization on crm.person (organization_id, workspace_id) where organization_id is not null;

-- project_id, step, step_entered_at and probability mirror where the record's project stands; the engine alone writes them, in the move's transaction.

create table crm.lead (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  company text,
  job_title text,
  email text,
  phone text,
  website text,
  source text,
  budget numeric(20, 4),
  currency text not null,
  authority text,
  need text,
  timeline text,
  owner_id uuid,
  previous_owner_id uuid,
  qualified_at timestamptz,
  disqualified_reason text,
  converted_at timestamptz,
  converted_deal_id uuid,
  converted_person_id uuid,
  converted_organization_id uuid,
  project_id uuid,
  step text,
  step_entered_at timestamptz,
  probability double precision,
  custom jsonb not null default '{}',
  version int not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_lead primary key (workspace_id, id),
  constraint fk_lead_currency foreign key (currency) references crm.currency,
  constraint fk_lead_owner foreign key (workspace_id, owner_id) references crm.user,
  constraint ck_lead_name check (char_length(name) between 1 and 200),
  constraint ck_lead_company check (char_length(company) between 1 and 200),
  constraint ck_lead_authority check (authority in ('decides', 'influences', 'none')),
  constraint ck_lead_timeline check (timeline in ('this-quarter', 'this-year', 'later')),
  constraint ck_lead_budget check (budget >= 0)
);

create table crm.deal (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  amount numeric(20, 4),
  currency text not null,
  owner_id uuid,
  previous_owner_id uuid,
  person_id uuid,
  organization_id uuid,
  lead_id uuid,
  expected_close_on date,
  discount numeric(5, 4),
  closed_at timestamptz,
  lost_reason text,
  project_id uuid,
  step text,
  step_entered_at timestamptz,
  probability double precision,
  custom jsonb not null default '{}',
  version int not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_deal primary key (workspace_id, id),
  constraint fk_deal_currency foreign key (currency) references crm.currency,
  constraint fk_deal_owner foreign key (workspace_id, owner_id) references crm.user,
  constraint fk_deal_person foreign key (workspace_id, person_id) references crm.person,
  constraint fk_deal_organization foreign key (workspace_id, organization_id) references crm.organization,
  constraint fk_deal_lead foreign key (workspace_id, lead_id) references crm.lead,
  constraint ck_deal_name check (char_length(name) between 1 and 200),
  constraint ck_deal_amount check (amount >= 0),
  constraint ck_deal_discount check (discount between 0 and 1)
);
create index ix_deal_person on crm.deal (person_id, workspace_id) where person_id is not null;
create index ix_deal_organization on crm.deal (organization_id, workspace_id) where organization_id is not null;

alter table crm.lead
  add constraint fk_lead_converted_deal foreign key (workspace_id, converted_deal_id) references crm.deal,
  add constraint fk_lead_converted_person foreign key (workspace_id, converted_person_id) references crm.person,
  add constraint fk_lead_converted_organization foreign key (workspace_id, converted_organization_id) references crm.organization;

-- What people do about a record, and what they note down about it. Each points to one record at most; columns, not (type, id), so that the database checks the link.

create table crm.activity (
  workspace_id uuid not null,
  id uuid not null,
  kind text not null,
  subject text not null,
  body text,
  assignee_id uuid,
  due_at timestamptz,
  starts_at timestamptz,
  ends_at timestamptz,
  done_at timestamptz,
  done_by uuid,
  -- Its place in a timeline: what is done by when it was, what is to do by when it was written down. An expression would be no leakproof one.
  happened_at timestamptz not null generated always as (coalesce(done_at, created_at)) stored,
  is_system boolean not null default false,
  cause_event_id uuid,
  deal_id uuid,
  lead_id uuid,
  person_id uuid,
  organization_id uuid,
  record_id uuid,
  custom jsonb not null default '{}',
  version int not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_activity primary key (workspace_id, id),
  constraint fk_activity_assignee foreign key (workspace_id, assignee_id) references crm.user,
  constraint fk_activity_deal foreign key (workspace_id, deal_id) references crm.deal,
  constraint fk_activity_lead foreign key (workspace_id, lead_id) references crm.lead,
  constraint fk_activity_person foreign key (workspace_id, person_id) references crm.person,
  constraint fk_activity_organization foreign key (workspace_id, organization_id) references crm.organization,
  constraint fk_activity_record foreign key (workspace_id, record_id) references wfm.record (workspace_id, id),
  constraint ck_activity_kind check (kind in ('task', 'call', 'meeting', 'email', 'note')),
  constraint ck_activity_subject check (char_length(subject) between 1 and 400),
  constraint ck_activity_body check (char_length(body) <= 20000),
  constraint ck_activity_about check (num_nonnulls(deal_id, lead_id, person_id, organization_id, record_id) <= 1),
  constraint ck_activity_ends_at check (ends_at >= starts_at)
);
-- In the order of a record's timeline.
create index ix_activity_deal on crm.activity (deal_id, happened_at, id, workspace_id) where deal_id is not null;
create index ix_activity_lead on crm.activity (lead_id, happened_at, id, workspace_id) where lead_id is not null;
create index ix_activity_person on crm.activity (person_id, happened_at, id, workspace_id) where person_id is not null;
create index ix_activity_organization on crm.activity (organization_id, happened_at, id, workspace_id) where organization_id is not null;
create index ix_activity_record on crm.activity (record_id, happened_at, id, workspace_id) where record_id is not null;
create index ix_activity_due on crm.activity (assignee_id, due_at, workspace_id) where done_at is null and deleted_at is null;

create table crm.note (
  workspace_id uuid not null,
  id uuid not null,
  body text not null,
  deal_id uuid,
  lead_id uuid,
  person_id uuid,
  organization_id uuid,
  record_id uuid,
  version int not null,
  created_at timestamptz not null,
  created_by uuid not null,
  updated_at timestamptz not null,
  updated_by uuid not null,
  deleted_at timestamptz,
  constraint pk_note primary key (workspace_id, id),
  constraint fk_note_deal foreign key (workspace_id, deal_id) references crm.deal,
  constraint fk_note_lead foreign key (workspace_id, lead_id) references crm.lead,
  constraint fk_note_person foreign key (workspace_id, person_id) references crm.person,
  constraint fk_note_organization foreign key (workspace_id, organization_id) references crm.organization,
  constraint fk_note_record foreign key (workspace_id, record_id) references wfm.record (workspace_id, id),
  constraint ck_note_body check (char_length(body) between 1 and 20000),
  constraint ck_note_about check (num_nonnulls(deal_id, lead_id, person_id, organization_id, record_id) = 1)
);
create index ix_note_deal on crm.note (deal_id, created_at, id, workspace_id) where deal_id is not null;
create index ix_note_lead on crm.note (lead_id, created_at, id, workspace_id) where lead_id is not null;
create index ix_note_person on crm.note (person_id, created_at, id, workspace_id) where person_id is not null;
create index ix_note_organization on crm.note (organization_id, created_at, id, workspace_id) where organization_id is not null;
create index ix_note_record on crm.note (record_id, created_at, id, workspace_id) where record_id is not null;

select crm.protect(array['organization', 'person', 'lead', 'deal', 'activity', 'note']);
