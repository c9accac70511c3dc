namespace Crm.Host.Timeline;

/// <summary>What happened to a record, the newest first: one statement for each noun, made of constants. Each branch reads no more than a page in its index's order, so that a long history costs nothing.</summary>
internal static class TimelineSql
{
    private const string Beyond = "({1}, {2}, {3}, {4})"; // where the page before ended: time, kind, id, version

    /// <summary>Gets the statement: {0} is the record's id, {1} to {4} the cursor, {5} how many rows.</summary>
    public static IReadOnlyDictionary<string, string> ByNoun { get; } = new Dictionary<string, string>
    {
        ["deal"] = Of("select id, 'deal' as type from crm.deal where id = {0} and deleted_at is null", "deal_id"),
        ["lead"] = Of("select id, 'lead' as type from crm.lead where id = {0} and deleted_at is null", "lead_id"),
        ["person"] = Of("select id, 'person' as type from crm.person where id = {0} and deleted_at is null", "person_id"),
        ["organization"] = Of("select id, 'organization' as type from crm.organization where id = {0} and deleted_at is null", "organization_id"),
        ["record"] = Of("select id, type from wfm.record where id = {0} and deleted_at is null", "record_id"),
    };

    private static string Of(string record, string column) => $$"""
        select t.kind as "Kind", t.id as "Id", t.version as "Version", t.at as "At", t.by as "By", (select u.name from crm.user u where u.id = t.by) as "ByName",
               t.project_type as "ProjectType", t.transition as "Transition", t.from_step as "FromStep", t.to_step as "ToStep",
               t.activity_kind as "ActivityKind", t.subject as "Subject", t.body as "Body", t.assignee_id as "AssigneeId", t.due_at as "DueAt", t.done_at as "DoneAt", t.is_system as "IsSystem"
        from ({{record}}) r
        left join lateral (
          (select 'move' as kind, p.id, h.version, h.at, h.actor_id as by, p.project_type, h.transition, h.from_step, h.to_step,
                  null as activity_kind, null as subject, h.private->>'reason' as body, null::uuid as assignee_id, null::timestamptz as due_at, null::timestamptz as done_at, null::boolean as is_system
           from wfm.project p cross join lateral (
             select * from wfm.history x where x.project_id = p.id and x.at <= {1} and (x.at, 'move', p.id, x.version) < {{Beyond}} order by x.at desc, x.version desc limit {5}) h
           where p.subject_id = r.id::text and p.subject_type = r.type)
          union all
          (select 'activity', a.id, 0, a.happened_at, coalesce(a.done_by, a.created_by), null, null, null, null,
                  a.kind, a.subject, a.body, a.assignee_id, a.due_at, a.done_at, a.is_system
           from crm.activity a where a.{{column}} = r.id and a.deleted_at is null and a.happened_at <= {1} and (a.happened_at, 'activity', a.id, 0) < {{Beyond}}
           order by a.happened_at desc, a.id desc limit {5})
          union all
          (select 'note', n.id, 0, n.created_at, n.created_by, null, null, null, null, null, null, n.body, null, null, null, null
           from crm.note n where n.{{column}} = r.id and n.deleted_at is null and n.created_at <= {1} and (n.created_at, 'note', n.id, 0) < {{Beyond}}
           order by n.created_at desc, n.id desc limit {5})
          order by at desc, kind desc, id desc, version desc limit {5}) t on true
        order by t.at desc, t.kind desc, t.id desc, t.version desc
        """;
}
