namespace Crm.Host.Tests.Processes;

/// <summary>What a first start in Development has to look at.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task Demo_workspace_has_people_records_in_every_step_and_work_due_and_overdue_and_is_made_once()
    {
        await using var checkout = new TemporaryCheckout();
        using (var first = await HostProcess.ServeAsync(checkout.Host, null, "--Crm:Demo=true")) (await first.InterruptAsync()).ShouldBe(0);
        using var second = await HostProcess.ServeAsync(checkout.Host, null, "--Crm:Demo=true");
        await using (var postgres = await checkout.DatabaseAsync())
        {
            (await CountAsync("crm.user where id <> '00000000-0000-0000-0000-000000000000'")).ShouldBe(3);
            (await CountAsync("crm.organization")).ShouldBeGreaterThanOrEqualTo(40);
            (await CountAsync("crm.person")).ShouldBeGreaterThanOrEqualTo(80);
            (await CountAsync("(select id from crm.deal where lead_id is null union all select id from crm.lead) r")).ShouldBe(120);
            (await CountAsync("wfm.step s where s.workflow_version_id in (select workflow_version_id from wfm.project) and not exists (select from wfm.project p where p.workflow_version_id = s.workflow_version_id and p.step = s.key)")).ShouldBe(0);
            (await CountAsync("crm.activity where done_at is null and due_at < now()")).ShouldBeGreaterThan(0);
            (await CountAsync("crm.activity where done_at is null and due_at > now()")).ShouldBeGreaterThan(0);
            (await CountAsync("wfm.history where at > now()")).ShouldBe(0);
            (await CountAsync("wfm.project_type t where not exists (select from wfm.project p where p.project_type = t.key)")).ShouldBe(0);
            (await CountAsync("(select unnest(roles) from crm.user) u (role) right join wfm.role r on r.key = u.role where u.role is null")).ShouldBe(0);
            (await CountAsync("wfm.record r where r.step is null or r.created_at > r.step_entered_at")).ShouldBe(0);

            Task<long> CountAsync(string from) => TemporaryCheckout.CountAsync(postgres, $"select count(*) from {from}");
        }

        (await second.InterruptAsync()).ShouldBe(0);
    }
}
