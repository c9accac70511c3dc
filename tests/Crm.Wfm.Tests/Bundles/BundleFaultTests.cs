using System.Text;
using Crm.Wfm.Bundles;

namespace Crm.Wfm.Tests.Bundles;

/// <summary>Breaks a good bundle in one place and looks at what is told.</summary>
public class BundleFaultTests
{
    private const string Flow = "/workflows/flow";
    private const string Finish = Flow + "/transitions/finish";
    private const string Test = "/tests/finishes";

    [Fact]
    public void The_bundle_that_is_broken_below_is_good()
    {
        var reading = Samples.Reading(Samples.Small());
        reading.Faults.ShouldBeEmpty();
        reading.Warnings.ShouldBeEmpty();
        reading.Bundle.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("/apiVersion", "\"wfm/v2\"", "/apiVersion", "const")]
    [InlineData("/workflows", null, "/workflows", "required")]
    [InlineData("/bundle/version", "\"1.0\"", "/bundle/version", "pattern")]
    [InlineData("/bundle/key", "\"Small\"", "/bundle/key", "pattern")]
    [InlineData("/bundle/titel", "\"x\"", "/bundle/titel", "additional-property")]
    [InlineData("/statuses/Big", """{"category":"open"}""", "/statuses/Big", "property-name")]
    [InlineData("/statuses/done/category", "\"closed\"", "/statuses/done/category", "enum")]
    [InlineData("/statuses/done/color", "\"green\"", "/statuses/done/color", "pattern")]
    [InlineData("/roles/boss/title", """{"english":"Boss"}""", "/roles/boss/title/english", "property-name")]
    [InlineData("/roles/boss/title", "{}", "/roles/boss/title", "min-properties")]
    [InlineData(Flow + "/steps", "[]", Flow + "/steps", "min-items")]
    [InlineData(Flow + "/steps/0/probability", "50", Flow + "/steps/0/probability", "maximum")]
    [InlineData(Flow + "/steps/0/rotAfter", "\"P1M\"", Flow + "/steps/0/rotAfter", "pattern")]
    [InlineData(Finish + "/from", "\"open\"", Finish + "/from", "any-of")]
    [InlineData(Finish + "/conditions/small/message", null, Finish + "/conditions/small/message", "required")]
    [InlineData(Finish + "/input/proprties", "{}", Finish + "/input/proprties", "unknown-keyword")]
    [InlineData("/subjects/other/schema/if", "{}", "/subjects/other/schema/if", "unknown-keyword")]
    [InlineData("/projectTypes/support/fields/type", "\"map\"", "/projectTypes/support/fields/type", "invalid-keyword")]
    [InlineData(Test + "/given/clock", "1", Test + "/given/clock", "additional-property")]
    public void What_the_schema_forbids_is_refused(string at, string? json, string pointer, string key) => Expect(at, json, pointer, key);

    [Theory]
    [InlineData(Flow + "/steps/1/status", "\"doen\"", Flow + "/steps/1/status", "there is no status 'doen'; did you mean 'done'?")]
    [InlineData(Finish + "/to", "\"done\"", Finish + "/to", "there is no step 'done'")]
    [InlineData(Finish + "/from/-", "\"openn\"", Finish + "/from/1", "there is no step 'openn'; did you mean 'open'?")]
    [InlineData(Flow + "/transitions/reopen/notSameActorAs/0", "\"finsh\"", Flow + "/transitions/reopen/notSameActorAs/0", "there is no transition 'finsh'; did you mean 'finish'?")]
    [InlineData(Finish + "/allow/0/roles/0", "\"clerc\"", Finish + "/allow/0/roles/0", "there is no role 'clerc'; did you mean 'clerk'?")]
    [InlineData(Finish + "/approvals", """{"quorum":1,"roles":["boss","chef"]}""", Finish + "/approvals/roles/1", "there is no role 'chef'")]
    [InlineData("/projectTypes/side/workflow", "\"asid\"", "/projectTypes/side/workflow", "there is no workflow 'asid'; did you mean 'aside'?")]
    [InlineData("/projectTypes/side/subject", "\"others\"", "/projectTypes/side/subject", "there is no subject 'others'; did you mean 'other'?")]
    [InlineData(Flow + "/steps/0/sla", """{"dueIn":"PT8H","calendar":"office"}""", Flow + "/steps/0/sla/calendar", "there is no calendar 'office'")]
    [InlineData(Flow + "/steps/0/sla", """{"dueIn":"PT8H","escalate":"bos"}""", Flow + "/steps/0/sla/escalate", "there is no role 'bos'; did you mean 'boss'?")]
    [InlineData(Finish + "/conditions/small/rule", """{"var":"param.limt"}""", Finish + "/conditions/small/rule", "there is no param 'limt'; did you mean 'limit'?")]
    [InlineData("/migrations", """[{"workflow":"flwo","from":"<1.0.0"}]""", "/migrations/0/workflow", "there is no workflow 'flwo'; did you mean 'flow'?")]
    [InlineData("/migrations", """[{"workflow":"flow","from":"<1.0.0","steps":{"old":"opened"}}]""", "/migrations/0/steps/old", "there is no step 'opened'; did you mean 'open'?")]
    [InlineData(Test + "/workflow", "\"flaw\"", Test + "/workflow", "there is no workflow 'flaw'; did you mean 'flow'?")]
    [InlineData(Test + "/given/step", "\"opne\"", Test + "/given/step", "there is no step 'opne'; did you mean 'open'?")]
    [InlineData(Test + "/given/actor/roles/0", "\"clrk\"", Test + "/given/actor/roles/0", "there is no role 'clrk'; did you mean 'clerk'?")]
    [InlineData(Test + "/given/params", """{"limits":1}""", Test + "/given/params/limits", "there is no param 'limits'; did you mean 'limit'?")]
    [InlineData(Test + "/steps/0/do", "\"finis\"", Test + "/steps/0/do", "there is no transition 'finis'; did you mean 'finish'?")]
    [InlineData(Test + "/steps/0/as", """{"roles":["bosss"]}""", Test + "/steps/0/as/roles/0", "there is no role 'bosss'; did you mean 'boss'?")]
    [InlineData(Test + "/steps/0/expect/step", "\"finish\"", Test + "/steps/0/expect/step", "there is no step 'finish'; did you mean 'finished'?")]
    [InlineData(Test + "/steps/0/expect/available", """["re-open"]""", Test + "/steps/0/expect/available/0", "there is no transition 're-open'; did you mean 'reopen'?")]
    [InlineData(Test + "/steps/0/expect/blockedBy", """["exit/payed","small","no-edge"]""", Test + "/steps/0/expect/blockedBy/0", "there is no reason key 'exit/payed'; did you mean 'exit/paid'?")]
    [InlineData(Test + "/steps/0/expect/warnings", """["smal"]""", Test + "/steps/0/expect/warnings/0", "there is no reason key 'smal'; did you mean 'small'?")]
    public void A_key_nobody_defined_is_refused_with_a_guess(string at, string json, string pointer, string message) =>
        Expect(at, json, pointer, "unknown-reference").Message.ShouldBe(message);

    [Theory]
    [InlineData(Flow + "/steps/1/key", "\"open\"", Flow + "/steps/1/key", "duplicate-step")]
    [InlineData(Flow + "/steps/-", """{"status":"open"}""", Flow + "/steps/2/status", "duplicate-step")]
    [InlineData(Flow + "/steps/0/initial", "false", Flow + "/steps", "no-initial-step")]
    [InlineData(Flow + "/steps/1/initial", "true", Flow + "/steps/1/initial", "two-initial-steps")]
    [InlineData(Flow + "/steps/1/final", "false", Flow + "/steps", "no-final-step")]
    [InlineData(Flow + "/steps/-", """{"status":"spare"}""", Flow + "/steps/2", "unreachable-step")]
    [InlineData(Finish + "/from", """["finished"]""", Flow + "/steps", "no-path-to-final")]
    [InlineData(Finish + "/from", null, Finish + "/from", "required")]
    [InlineData(Finish + "/trigger", "\"event\"", Finish + "/on", "required")]
    [InlineData(Finish + "/trigger", "\"timer\"", Finish + "/after", "required")]
    [InlineData("/projectTypes/second", """{"workflow":"aside","subject":"ticket","default":true}""", null, null)]
    [InlineData("/bundle/requires", """{"base":"two"}""", "/bundle/requires/base", "invalid-range")]
    [InlineData("/migrations", """[{"workflow":"flow","from":"older"}]""", "/migrations/0/from", "invalid-range")]
    [InlineData("/params/limit/default", "\"10\"", "/params/limit/default", "param-default")]
    [InlineData("/params/token", """{"type":"secret","default":"s3cret"}""", "/params/token/default", "param-default")]
    [InlineData("/params/wait", """{"type":"duration","default":"P1M"}""", "/params/wait/default", "param-default")]
    public void A_process_that_cannot_work_is_refused(string at, string? json, string? pointer, string? key)
    {
        if (pointer is not null) Expect(at, json, pointer, key!);
        else Samples.Reading(Samples.Small().With(at, json)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Two_defaults_for_one_subject_are_refused() =>
        Samples.Reading(Samples.Small().With("/projectTypes/side/subject", "\"ticket\"").With("/projectTypes/side/default", "true").With("/projectTypes/support/default", "true"))
            .Faults.ShouldContain(f => f.Pointer == "/projectTypes/support/default" && f.Key == "two-defaults");

    [Theory]
    [InlineData(Finish + "/conditions/small/rule", """{"<":[{"var":"entity.amuont"},1]}""", Finish + "/conditions/small/rule", "unknown-fact", "ticket has no 'amuont'; did you mean 'amount'?")]
    [InlineData(Flow + "/steps/0/exitCriteria/paid/rule", """{"var":"entity.paid"}""", Flow + "/steps/0/exitCriteria/paid/rule", "unknown-fact", "ticket has no 'paid'")]
    [InlineData(Finish + "/validators/why-given/rule", """{"var":"input.reason"}""", Finish + "/validators/why-given/rule", "unknown-fact", "the input has no 'reason'")]
    [InlineData(Flow + "/transitions/reopen/conditions", """{"asked":{"rule":{"var":"input.why"},"message":"m"}}""", Flow + "/transitions/reopen/conditions/asked/rule", "unknown-fact",
        "the transition asks for no input, so there is no 'input.why'")]
    [InlineData(Finish + "/conditions/small/rule", """{"var":"actor.role"}""", Finish + "/conditions/small/rule", "unknown-fact", "an actor has no 'role'; did you mean 'roles'? (it has id, roles, relations)")]
    [InlineData(Finish + "/conditions/small/rule", """{"var":"entitiy.amount"}""", Finish + "/conditions/small/rule", "unknown-root",
        "'entitiy' is nothing rules know; did you mean 'entity'? (rules know entity, project, step, actor, input, event, param, now, changed)")]
    [InlineData(Finish + "/postActions/0/when", """{"var":"user.id"}""", Finish + "/postActions/0/when", "unknown-root",
        "'user' is nothing rules know (rules know entity, project, step, actor, input, event, param, now, changed)")]
    [InlineData("/automations", """{"hook":{"on":["a.b"],"when":{"var":"evnt.id"},"actions":[{"do":"set"}]}}""", "/automations/hook/when", "unknown-root",
        "'evnt' is nothing rules know; did you mean 'event'? (rules know entity, project, step, actor, input, event, param, now, changed)")]
    [InlineData(Finish + "/conditions/small/fixes/0", "\"/entity/amuont\"", Finish + "/conditions/small/fixes/0", "unknown-fix", "ticket has no 'amuont'; did you mean 'amount'?")]
    [InlineData(Finish + "/conditions/small/fixes/0", "\"/project/nota\"", Finish + "/conditions/small/fixes/0", "unknown-fix", "support has no 'nota'; did you mean 'note'?")]
    [InlineData(Finish + "/conditions/small/fixes/0", "\"/input/wyh\"", Finish + "/conditions/small/fixes/0", "unknown-fix", "the input has no 'wyh'; did you mean 'why'?")]
    [InlineData(Finish + "/conditions/small/fixes/0", "\"/actor/roles\"", Finish + "/conditions/small/fixes/0", "unknown-fix", "must lead to a field below /entity, /project or /input")]
    [InlineData(Flow + "/steps/0/exitCriteria/paid/fixes", """["/input/why"]""", Flow + "/steps/0/exitCriteria/paid/fixes/0", "unknown-fix", "this transition asks for no input")]
    [InlineData(Finish + "/conditions/wip-limit", """{"rule":true,"message":"m"}""", Finish + "/conditions/wip-limit", "reserved-key",
        "'wip-limit' is a reason the engine itself gives; call the guard something else")]
    [InlineData(Finish + "/validators/small", """{"rule":true,"message":"m"}""", Finish + "/validators/small", "duplicate-guard",
        "a condition of this transition is called 'small' too; reasons need keys of their own")]
    [InlineData(Finish + "/postActions/0/do", "\"sett\"", Finish + "/postActions/0/do", "unknown-action", "nobody registered an action 'sett'; did you mean 'set'? (there are set, emit)")]
    [InlineData(Finish + "/postActions/0/target", null, Finish + "/postActions/0/target", "required", "set needs a target such as /entity/closedAt")]
    [InlineData(Finish + "/postActions/0/value", null, Finish + "/postActions/0/value", "required", "set needs a value; null clears the field")]
    [InlineData(Finish + "/postActions/0/target", "\"/entity/closed\"", Finish + "/postActions/0/target", "unknown-target", "the schema of ticket has no 'closed'; did you mean 'closedAt'?")]
    [InlineData(Finish + "/postActions/0/target", "\"/project/notes\"", Finish + "/postActions/0/target", "unknown-target", "not every project type using this workflow has a field 'notes'")]
    [InlineData(Finish + "/postActions/1", """{"do":"emit","value":"wfm.project.moved"}""", Finish + "/postActions/1/value", "event-type", "must be words joined by dots, such as \"crm.deal.won\"; wfm.* is the engine's own")]
    [InlineData(Finish + "/postActions/1", """{"do":"emit","value":"Won!"}""", Finish + "/postActions/1/value", "event-type", "must be words joined by dots, such as \"crm.deal.won\"; wfm.* is the engine's own")]
    [InlineData(Finish + "/postActions/0/target", "\"/entity\"", Finish + "/postActions/0/target", "unknown-target", "must lead to a field below /entity or /project")]
    [InlineData(Finish + "/postActions/2/value", null, Finish + "/postActions/2/value", "required",
        "emit needs the event's type as value, such as \"crm.deal.won\", or a rule that computes it")]
    public void A_rule_or_action_that_speaks_of_nothing_is_refused(string at, string? json, string pointer, string key, string message) =>
        Expect(at, json, pointer, key).Message.ShouldBe(message);

    [Fact]
    public void A_rules_own_faults_are_told_at_their_place_in_the_bundle()
    {
        var faults = Samples.Reading(Samples.Small().With(Finish + "/conditions/small/rule", """{"and":[true,{"no-such-operator":[1]}]}""")).Faults;
        faults.ShouldHaveSingleItem().Pointer.ShouldStartWith(Finish + "/conditions/small/rule/and/1");
    }

    [Fact]
    public void Faults_of_schema_and_meaning_are_told_together() =>
        Samples.Reading(Samples.Small().With("/surprise", "1").With(Finish + "/to", "\"nowhere\"").With(Flow + "/steps/0/initial", "false")).Faults.Select(f => f.Key)
            .ShouldBe(["additional-property", "unknown-reference", "no-initial-step"], ignoreOrder: true);

    [Theory]
    [InlineData(Finish + "/approvals", """{"quorum":1,"roles":["boss"]}""", Finish + "/approvals")]
    [InlineData(Flow + "/steps/0/sla", """{"dueIn":"PT8H"}""", Flow + "/steps/0/sla")]
    [InlineData(Flow + "/steps/0/rotAfter", "\"P14D\"", Flow + "/steps/0/rotAfter")]
    [InlineData(Finish + "/trigger", "\"start\"", Finish + "/trigger")]
    [InlineData("/automations", """{"hook":{"on":["a.b"],"actions":[{"do":"emit"}]}}""", "/automations/hook")]
    [InlineData("/migrations", """[{"workflow":"flow","from":"<1.0.0"}]""", "/migrations/0")]
    [InlineData("/calendars", """{"office":{"timeZone":"Europe/Zurich","week":{"mon":[["08:00","12:00"]]}}}""", "/calendars/office")]
    public void What_is_not_enforced_yet_is_said(string at, string json, string pointer)
    {
        var reading = Samples.Reading(Samples.Small().With(at, json));
        reading.Faults.ShouldBeEmpty();
        reading.Warnings.ShouldHaveSingleItem().ShouldSatisfyAllConditions(w => w.Key.ShouldBe("not-enforced"), w => w.Pointer.ShouldBe(pointer));
    }

    [Fact]
    public void A_fact_an_open_schema_does_not_list_is_a_warning()
    {
        var reading = Samples.Reading(Samples.Small().With("/subjects/ticket/schema/additionalProperties", null).With(Finish + "/conditions/small/rule", """{"var":"entity.amuont"}"""));
        reading.Faults.ShouldBeEmpty();
        reading.Warnings.ShouldBe([new Fault(Finish + "/conditions/small/rule", "unknown-fact", "the schema of ticket says nothing of 'amuont'; did you mean 'amount'?")]);
    }

    [Fact]
    public void A_role_may_come_from_a_required_bundle()
    {
        var reading = Samples.Reading(Samples.Small().With("/bundle/requires", """{"base":"^1.0.0"}""").With(Finish + "/allow/0/roles/0", "\"auditor\""));
        reading.Faults.ShouldBeEmpty();
        reading.Warnings.ShouldHaveSingleItem().Message.ShouldBe("there is no role 'auditor' here; a required bundle has to bring it");
    }

    [Fact]
    public void Actions_the_host_registered_are_known() =>
        Samples.Reading(Samples.Small().With(Finish + "/postActions/-", """{"do":"createActivity","title":"Call"}"""), "createActivity").Faults.ShouldBeEmpty();

    [Fact]
    public void A_file_over_five_megabytes_is_refused_unread() =>
        BundleReader.Read(new byte[BundleReader.MaxBytes + 1]).Faults.ShouldBe([new Fault("", "too-large", "is larger than 5 MB")]);

    [Theory]
    [InlineData("", "", "malformed-json")]
    [InlineData("{\"apiVersion\":", "/apiVersion", "malformed-json")]
    [InlineData("""{"statuses":{"a":{},"a":{}}}""", "/statuses/a", "duplicate-key")]
    [InlineData("[]", "", "type")]
    [InlineData("null", "", "type")]
    public void What_is_no_bundle_at_all_is_refused(string text, string pointer, string key)
    {
        var reading = BundleReader.Read(Encoding.UTF8.GetBytes(text));
        reading.Bundle.ShouldBeNull();
        reading.Faults.ShouldHaveSingleItem().ShouldSatisfyAllConditions(f => f.Pointer.ShouldBe(pointer), f => f.Key.ShouldBe(key));
    }

    private static Fault Expect(string at, string? json, string pointer, string key)
    {
        var reading = Samples.Reading(Samples.Small().With(at, json));
        reading.Bundle.ShouldBeNull();
        return reading.Faults.FirstOrDefault(f => f.Pointer == pointer && f.Key == key).ShouldNotBeNull(string.Join('\n', reading.Faults));
    }
}
