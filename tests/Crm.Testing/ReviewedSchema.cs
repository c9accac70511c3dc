using Npgsql;

namespace Crm.Testing;

/// <summary>
/// What somebody has looked at and found right about a schema of tenants' tables. <see cref="FindingsAsync"/> tells where the database's catalogue
/// differs: whatever is new has to be reviewed before it passes.
/// </summary>
/// <param name="Name">The schema; its roles are <c>{Name}_owner</c> and <c>{Name}_app</c>.</param>
public sealed record ReviewedSchema(string Name)
{
    /// <summary>What the application may do with each table of tenants' rows, such as <c>SELECT INSERT</c>, in alphabetical order.</summary>
    public required IReadOnlyDictionary<string, string> Grants { get; init; }

    /// <summary>Tables that precede or cross workspaces: without row level security, and without grants.</summary>
    public IReadOnlyCollection<string> Global { get; init; } = [];

    /// <summary>Unique indexes without <c>workspace_id</c>.</summary>
    public IReadOnlyCollection<string> GlobalKeys { get; init; } = [];

    /// <summary>Policies beside <c>workspace</c>, as <c>table.policy</c>; none of them is for the application.</summary>
    public IReadOnlyCollection<string> OwnersPolicies { get; init; } = [];

    /// <summary>Functions that run as the owner and may be called by the application.</summary>
    public IReadOnlyCollection<string> Doors { get; init; } = [];

    /// <summary>Functions for the owner's own use: of triggers, and of other functions.</summary>
    public IReadOnlyCollection<string> Inner { get; init; } = [];

    /// <summary>Functions that run as the caller and may be called by the application.</summary>
    public IReadOnlyCollection<string> Plain { get; init; } = [];

    /// <summary>Triggers, as <c>table.trigger</c>.</summary>
    public IReadOnlyCollection<string> Triggers { get; init; } = [];

    private string AppRole => Name + "_app";

    private string OwnerRole => Name + "_owner";

    /// <summary>Compares with the catalogue, in the transaction at hand.</summary>
    /// <returns>A line for every difference; empty when all is as reviewed.</returns>
    public async Task<IReadOnlyList<string>> FindingsAsync(NpgsqlConnection connection)
    {
        var findings = new List<string>();
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddWithValue("schema", Name);
        command.Parameters.AddWithValue("app", AppRole);
        command.Parameters.AddWithValue("owner", OwnerRole);
        command.Parameters.AddWithValue("tables", Grants.Keys.ToArray());
        command.Parameters.AddWithValue("grants", Grants.Values.ToArray());
        command.Parameters.AddWithValue("global", Global.ToArray());
        command.Parameters.AddWithValue("global_keys", GlobalKeys.ToArray());
        command.Parameters.AddWithValue("owners_policies", OwnersPolicies.ToArray());
        command.Parameters.AddWithValue("doors", Doors.ToArray());
        command.Parameters.AddWithValue("inner", Inner.ToArray());
        command.Parameters.AddWithValue("plain", Plain.ToArray());
        command.Parameters.AddWithValue("triggers", Triggers.ToArray());
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) findings.Add(reader.GetString(0));
        return findings;
    }

    private const string Sql = """
        with t as (
          select c.*, c.relname = any (@global) as is_global from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = @schema and c.relkind in ('r', 'p')
        ), reviewed as (
          select * from unnest(@tables::text[], @grants::text[]) as r(name, grants)
        ), f as (
          select p.*, p.proname = any (@doors) as is_door, p.proname = any (@inner) as is_inner, p.proname = any (@plain) as is_plain
          from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = @schema
        )
        select format('table %s was not reviewed', relname) from t where not is_global and relname not in (select name from reviewed)
        union all select format('table %s is missing', r.name) from reviewed r where r.name not in (select relname from t)
        union all select format('table %s lacks forced row level security', relname) from t where not is_global and not (relrowsecurity and relforcerowsecurity)
        union all select format('table %s has no workspace_id that is not null', relname) from t
          where not is_global and not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'workspace_id' and a.attnotnull)
        union all select format('table %s lacks the policy for every command of everybody that reads the workspace', relname) from t
          where not is_global and not exists (
            select from pg_policy p where p.polrelid = t.oid and p.polname = 'workspace' and p.polcmd = '*' and p.polpermissive and p.polroles = '{0}'
              and pg_get_expr(p.polqual, p.polrelid) = '(workspace_id = ( SELECT wfm.workspace() AS workspace))'
              and pg_get_expr(p.polwithcheck, p.polrelid) = pg_get_expr(p.polqual, p.polrelid))
        union all select format('policy %s.%s was not reviewed', t.relname, p.polname) from t join pg_policy p on p.polrelid = t.oid
          where p.polname <> 'workspace' and not (format('%s.%s', t.relname, p.polname) = any (@owners_policies) and p.polroles = array[to_regrole(@owner)::oid])
        union all select format('unique index %s leaves workspace_id out', i.indexrelid::regclass) from t join pg_index i on i.indrelid = t.oid
          where i.indisunique and not t.is_global and (i.indexrelid::regclass)::text <> all (select format('%I.%I', @schema, k) from unnest(@global_keys::text[]) k)
            and not exists (select from pg_attribute a where a.attrelid = t.oid and a.attname = 'workspace_id' and a.attnum = any (i.indkey[0:i.indnkeyatts - 1]))
        union all select format('foreign key %s leaves workspace_id out', k.conname) from t join pg_constraint k on k.conrelid = t.oid
          where k.contype = 'f' and not exists (select from t g where g.oid = k.confrelid and g.is_global and g.relname <> 'workspace') and not exists (
            select from unnest(k.conkey, k.confkey) as pair(mine, theirs)
            join pg_attribute m on m.attrelid = k.conrelid and m.attnum = pair.mine and m.attname = 'workspace_id'
            join pg_attribute o on o.attrelid = k.confrelid and o.attnum = pair.theirs and o.attname in ('workspace_id', case when k.confrelid::regclass::text like '%.workspace' then 'id' end))
        union all select format('index or constraint %s has no name of ours', n.name)
          from (select (i.indexrelid::regclass)::text as name from t join pg_index i on i.indrelid = t.oid where not t.is_global
                union all select k.conname from t join pg_constraint k on k.conrelid = t.oid where not t.is_global and k.contype <> 'n') n
          where n.name !~ '^([a-z_]+\.)?(pk|uq|ix|fk|ck)_[a-z_]+$'
        union all select format('table %s grants %s to the application, reviewed was %s', coalesce(t.relname, r.name), coalesce(g.held, 'nothing'), coalesce(r.grants, 'nothing'))
          from t left join reviewed r on r.name = t.relname
          left join lateral (select string_agg(a.privilege_type, ' ' order by a.privilege_type) as held from aclexplode(t.relacl) a where a.grantee = to_regrole(@app)) g on true
          where g.held is distinct from r.grants
        union all select format('table %s grants %s to %s', t.relname, a.privilege_type, case when a.grantee = 0 then 'everybody' else a.grantee::regrole::text end)
          from t cross join lateral aclexplode(t.relacl) a where a.grantee not in (t.relowner, to_regrole(@app))
        union all select format('table %s grants single columns', t.relname) from t join pg_attribute a on a.attrelid = t.oid where a.attacl is not null
        union all select format('function %s was not reviewed', proname) from f where not is_inner and not case when prosecdef then is_door else is_plain end
        union all select format('function %s is missing', r) from unnest(@doors::text[] || @inner::text[] || @plain::text[]) r where r not in (select proname from f)
        union all select format('function %s runs as the owner on a search path of the caller', proname) from f
          where prosecdef and not coalesce('search_path=pg_catalog, pg_temp' = any (proconfig), false)
        union all select format('function %s belongs to %s', proname, proowner::regrole) from f where proowner <> to_regrole(@owner)
        union all select format('function %s may be called by %s', f.proname, case when a.grantee = 0 then 'everybody' else a.grantee::regrole::text end)
          from f cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) a
          where a.grantee = 0 or (a.grantee = to_regrole(@app) and f.is_inner)
        union all select format('function %s may not be called by the application', f.proname) from f where (is_door or is_plain) and not has_function_privilege(@app, f.oid, 'execute')
        union all select format('%s %s is neither table nor index nor sequence', case c.relkind when 'v' then 'view' when 'm' then 'materialized view' else c.relkind::text end, c.relname)
          from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = @schema and c.relkind not in ('r', 'p', 'i', 'I', 'S', 't')
        union all select format('trigger %s.%s was not reviewed', t.relname, g.tgname) from t join pg_trigger g on g.tgrelid = t.oid
          where not g.tgisinternal and format('%s.%s', t.relname, g.tgname) <> all (@triggers)
        """;
}
