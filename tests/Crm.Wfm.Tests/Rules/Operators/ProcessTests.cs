using static Crm.Wfm.Tests.Rules.Case;

namespace Crm.Wfm.Tests.Rules.Operators;

public class ProcessTests
{
    private const string Facts = """
        {"now":"2026-03-31T12:00:00.000Z","actor":{"roles":["sales","sales-manager"]},"changed":["entity.amount","entity.custom.region"],
         "entity":{"dueAt":"2026-03-31","createdAt":"2026-03-01T23:30:00+02:00"},"lines":[1]}
        """;

    [Theory]
    [InlineData("""{"now":[]}""", "\"2026-03-31T12:00:00.000Z\"")]
    [InlineData("""{"map":[{"var":"lines"},{"now":[]}]}""", """["2026-03-31T12:00:00.000Z"]""")]
    [InlineData("""{"<":[{"date":{"var":"entity.dueAt"}},{"now":[]}]}""", "true")]
    [InlineData("""{"now":[1]}""", "!Invalid Arguments")]
    public void Now_is_a_fact(string rule, string result) => Gives(rule, Facts, result);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"now":5}""")]
    [InlineData("null")]
    public void Without_that_fact_there_is_no_now(string data) => Gives("""{"now":[]}""", data, "!Invalid Arguments");

    [Theory]
    [InlineData("2026-03-01", "2026-03-01T00:00:00.000Z")]
    [InlineData("2026-03-01T09:30Z", "2026-03-01T09:30:00.000Z")]
    [InlineData("2026-03-01T09:30:15Z", "2026-03-01T09:30:15.000Z")]
    [InlineData("2026-03-01T09:30:15.1239999Z", "2026-03-01T09:30:15.123Z")]
    [InlineData("2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00.000Z")]
    [InlineData("2024-02-29", "2024-02-29T00:00:00.000Z")]
    public void Dates_and_times_are_read_into_one_form(string text, string time) => Applied("date", $"[\"{text}\"]", $"\"{time}\"");

    [Theory]
    [InlineData("\"2026-03-01T09:30:15\"")]
    [InlineData("\"2026-02-29\"")]
    [InlineData("\"2026-3-1\"")]
    [InlineData("\"01.03.2026\"")]
    [InlineData("\"2026-03-01 09:30Z\"")]
    [InlineData("\" 2026-03-01\"")]
    [InlineData("\"2026-03-01T25:00Z\"")]
    [InlineData("\"\"")]
    [InlineData("\"Z\"")]
    [InlineData("null")]
    [InlineData("20260301")]
    [InlineData("[\"2026-03-01\"]")]
    public void What_could_be_another_time_elsewhere_is_none(string value) => Applied("date", $"[{value}]", "!Invalid Arguments");

    [Theory]
    [InlineData("2026-03-01", "2026-03-31", "30")]
    [InlineData("2026-03-31", "2026-03-01", "-30")]
    [InlineData("2026-03-01T12:00Z", "2026-03-02T11:59:59.999Z", "0")]
    [InlineData("2026-03-02T11:59Z", "2026-03-01T12:00Z", "0")]
    [InlineData("2026-03-01T23:30:00+02:00", "2026-03-02T21:30Z", "1")]
    [InlineData("0001-01-01", "9999-12-31", "3652058")]
    public void Days_are_of_24_hours_and_whole(string from, string to, string days) => Applied("daysBetween", $"[\"{from}\",\"{to}\"]", days);

    [Theory]
    [InlineData("2026-02-27", "P2D", "\"2026-03-01T00:00:00.000Z\"")]
    [InlineData("2026-02-27", "P1W", "\"2026-03-06T00:00:00.000Z\"")]
    [InlineData("2026-02-27T10:00:00+01:00", "PT1H30M", "\"2026-02-27T10:30:00.000Z\"")]
    [InlineData("2026-03-01", "-P1DT12H", "\"2026-02-27T12:00:00.000Z\"")]
    [InlineData("2026-03-01", "PT0.5S", "\"2026-03-01T00:00:00.500Z\"")]
    [InlineData("2026-03-01", "P1M", "!Invalid Arguments")]
    [InlineData("2026-03-01", "1 day", "!Invalid Arguments")]
    [InlineData("2026-03-01", "", "!Invalid Arguments")]
    [InlineData("2026-03-01", "-", "!Invalid Arguments")]
    [InlineData("9999-12-31", "P1D", "!Invalid Arguments")]
    [InlineData("0001-01-01", "-PT1S", "!Invalid Arguments")]
    [InlineData("soon", "P1D", "!Invalid Arguments")]
    public void Durations_have_a_fixed_length(string time, string duration, string result) => Applied("addDuration", $"[\"{time}\",\"{duration}\"]", result);

    [Theory]
    [InlineData("\"sales-manager\"", "true")]
    [InlineData("""["boss","sales"]""", "true")]
    [InlineData("""["boss"]""", "false")]
    [InlineData("""{"cat":["sales","-manager"]}""", "true")]
    [InlineData("""{"preserve":["boss","sales"]}""", "true")]
    [InlineData("null", "false")]
    [InlineData("[]", "!Invalid Arguments")]
    public void HasRole_asks_the_actors_roles(string roles, string result)
    {
        Gives($$"""{"hasRole":{{roles}}}""", Facts, result);
        if (result != "true") return;
        Gives($$$"""{"all":[{"var":"lines"},{"hasRole":{{{roles}}}}]}""", Facts, "true");
        Gives($$"""{"hasRole":{{roles}}}""", "{}", "false");
    }

    [Theory]
    [InlineData("\"entity.amount\"", "true")]
    [InlineData("\"entity.name\"", "false")]
    [InlineData("\"entity.amounts\"", "false")]
    [InlineData("\"entity\"", "true")]
    [InlineData("\"entity.custom\"", "true")]
    [InlineData("\"entity.custom.region.code\"", "true")]
    [InlineData("\"entity.custom.reg\"", "false")]
    [InlineData("""["entity.name","entity.amount"]""", "true")]
    [InlineData("\"\"", "!Invalid Arguments")]
    [InlineData("[]", "!Invalid Arguments")]
    [InlineData("1", "!Invalid Arguments")]
    [InlineData("""{"cat":"entity.amount"}""", "!Invalid Arguments")]
    public void Changed_asks_for_a_fact_its_parts_and_what_it_is_part_of(string facts, string result)
    {
        Gives($$"""{"changed":{{facts}}}""", Facts, result);
        if (result == "true") Gives($$"""{"changed":{{facts}}}""", "{}", "false");
    }
}
