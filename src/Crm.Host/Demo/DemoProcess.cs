using System.Globalization;
using System.Text.Json.Nodes;

namespace Crm.Host.Demo;

/// <summary>A process of generic records, with ways through it that end in every step.</summary>
/// <param name="Type">The type of its records.</param>
/// <param name="Names">What they are called, one for each path.</param>
/// <param name="Paths">The transitions each has taken, three days apart, parted by blanks.</param>
/// <param name="Fields">What is known of one that was begun on a day.</param>
internal sealed record DemoProcess(string Type, IReadOnlyList<string> Names, IReadOnlyList<string> Paths, Func<DateOnly, JsonObject> Fields)
{
    public static IReadOnlyList<DemoProcess> All { get; } =
    [
        new("ticket",
            ["Invoice does not print", "Password mail never arrives", "Export stops at 1,000 rows", "How do I add a colleague?", "Scanner is not found", "Wrong tax on receipts",
                "Calendar shows yesterday", "Free holidays for everybody!", "Screen stays black", "Backup takes all night"],
            ["", "start", "start ask", "start escalate", "start resolve", "start resolve close", "start resolve reopen", "cancel", "start ask resume", "start escalate hand-back"],
            _ => Object("""
                {"category": "incident", "channel": "email", "priority": "normal", "requesterEmail": "office@acme.test", "product": "Desk 4",
                 "solution": "Installed the current driver.", "finding": "The driver is from 2019."}
                """)),
        new("employee",
            ["Ann Archer", "Bo Lindqvist", "Carla Mendes", "Dario Conti", "Eva Novak", "Farid Haddad", "Greta Olsen", "Hugo Blanc", "Ines Roth", "Jan Peeters"],
            ["", "submit", "submit approve", "submit approve provide-accounts prepare-equipment", "submit approve provide-accounts prepare-equipment welcome",
                "submit approve provide-accounts prepare-equipment welcome complete-orientation", "submit approve provide-accounts prepare-equipment welcome complete-orientation confirm",
                "submit approve provide-accounts prepare-equipment welcome complete-orientation propose-termination",
                "submit approve provide-accounts prepare-equipment welcome complete-orientation propose-termination terminate", "withdraw"],
            begun => Object($$"""
                {"annualSalary": 62000, "currency": "EUR", "department": "Finance", "jobTitle": "Accountant", "employmentType": "permanent", "buddy": "Tom Berger",
                 "goals": "Close a quarter alone", "contractSignedOn": "{{Day(begun, 7)}}", "startOn": "{{Day(begun, 14)}}", "policiesAcceptedOn": "{{Day(begun, 14)}}", "probationEndsOn": "{{Day(begun, 20)}}"}
                """)),
        new("campaign",
            ["Spring fair", "Service contracts", "Winter webinar", "Reorder by post", "New price list", "Customer day", "Newsletter in French", "Trade press", "Radio spot"],
            ["", "plan", "plan submit", "plan submit approve", "plan submit approve launch", "plan submit approve launch pause", "plan submit approve launch finish",
                "plan submit approve launch finish complete", "drop"],
            begun => Object($$"""
                {"objective": "Forty demos booked by existing customers", "audience": "Customers without a service contract", "budget": 20000, "currency": "EUR", "channels": ["email", "event"],
                 "consentBasis": "existing-customers", "landingPage": "https://acme.test/spring", "targetLeads": 40, "startOn": "{{Day(begun, 10)}}", "endOn": "{{Day(begun, 14)}}",
                 "spent": 18500, "leads": 37, "lessons": "Invite a week earlier."}
                """)),
        new("feature",
            ["Reorder with one click", "Dark mode", "Import from spreadsheets", "Offline notes", "Shared calendars", "Faster search", "Sign in with a passkey", "Two currencies on a quote",
                "Chat bot", "Blink tag", "Labels by colour"],
            ["", "explore", "explore commit", "explore commit build", "explore commit build request-review", "explore commit build request-review pass-review",
                "explore commit build request-review pass-review release", "explore commit build request-review pass-review release keep",
                "explore commit build request-review pass-review release remove", "reject", "explore commit build request-review pass-review fail-tests"],
            _ => Object("""
                {"problem": "Regulars type the same order every week.", "hypothesis": "They order more often if it is easy.", "reach": 1200, "impact": 2, "confidence": 0.8, "effort": 6,
                 "interviews": 6, "estimatedCost": 24000, "currency": "EUR", "metric": "Share of orders made by reordering", "target": 0.2,
                 "acceptanceCriteria": ["The last order can be repeated", "Prices are today's"], "testReport": "https://ci.acme.test/runs/7", "releaseNotes": "Order again with one click."}
                """)),
        new("invoice",
            ["Paper, March", "Cleaning", "Server hosting", "Taxi rides", "Consulting", "Office chairs", "Printer ink"],
            ["", "check", "check submit", "check dispute", "check submit approve", "check submit approve pay", "reject"],
            begun => Object($$"""
                {"supplier": "Dunder Ltd", "number": "2026-117", "netAmount": 1000, "taxAmount": 190, "grossAmount": 1190, "currency": "EUR", "iban": "DE89370400440532013000", "costCentre": "4711",
                 "purchaseOrder": "PO-31", "invoicedOn": "{{Day(begun, -1)}}", "goodsReceivedOn": "{{Day(begun, -1)}}", "dueOn": "{{Day(begun, 29)}}"}
                """)),
        new("loan-application",
            ["Loan for a van", "Loan for a kitchen", "Loan for a roof", "Loan for studies", "Loan for a boat", "Loan for a shop", "Loan for a mill", "Loan for a bakery", "Loan for a horse", "Loan for a bike"],
            ["", "submitted-to-partlysubmitted", "submitted-to-partlysubmitted partlysubmitted-to-preaccepted", "submitted-to-partlysubmitted partlysubmitted-to-preaccepted preaccepted-to-accepted",
                "submitted-to-partlysubmitted partlysubmitted-to-declined", "submitted-to-partlysubmitted partlysubmitted-to-cancelled",
                "submitted-to-partlysubmitted partlysubmitted-to-preaccepted preaccepted-to-accepted accepted-to-finalized",
                "submitted-to-partlysubmitted partlysubmitted-to-preaccepted preaccepted-to-accepted accepted-to-finalized finalized-to-approved",
                "submitted-to-partlysubmitted partlysubmitted-to-preaccepted preaccepted-to-accepted accepted-to-finalized finalized-to-registered",
                "submitted-to-partlysubmitted partlysubmitted-to-preaccepted preaccepted-to-accepted accepted-to-finalized finalized-to-activated"],
            _ => Object("""{"amount": 15000}""")),
    ];

    /// <summary>What a transition asks for, taken on a day.</summary>
    public JsonObject? Input(string transition, DateOnly day) => transition switch
    {
        "ask" => Object("""{"question": "Which printer is it?"}"""),
        "cancel" => Object("""{"reason": "spam"}"""),
        "confirm" => Object("""{"assessment": "Closed the quarter alone."}"""),
        "dispute" => Object("""{"reason": "price", "explanation": "Ten cents a sheet were agreed."}"""),
        "escalate" => Object("""{"reason": "Reinstalled it twice, still the same."}"""),
        "fail-tests" => Object("""{"defects": 2, "summary": "Prices are yesterday's."}"""),
        "keep" => Object("""{"measured": 0.24, "learned": "Regulars do reorder."}"""),
        "pause" => Object("""{"reason": "The landing page is down."}"""),
        "pay" => Object($$"""{"paidOn": "{{Day(day, 0)}}", "amount": 1190, "reference": "T-4711"}"""),
        "prepare-equipment" => Object("""{"equipment": ["laptop", "badge"]}"""),
        "propose-termination" => Object("""{"reason": "own-wish"}"""),
        "provide-accounts" => Object("""{"workEmail": "new@crm.test"}"""),
        "reject" => Object($$"""{"reason": "{{(Type == "invoice" ? "not-ordered" : "no-need")}}"}"""),
        "release" => Object("""{"version": "4.2", "rollout": 100}"""),
        "remove" => Object("""{"learned": "Nobody missed it."}"""),
        "reopen" => Object("""{"reason": "It happened again."}"""),
        "request-review" => Object("""{"pullRequest": "https://git.acme.test/desk/7"}"""),
        "resolve" => Object("""{"resolution": "solved"}"""),
        "terminate" => Object($$"""{"lastDayOn": "{{Day(day, 14)}}"}"""),
        "withdraw" => Object("""{"by": "candidate"}"""),
        _ => null,
    };

    private static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    private static string Day(DateOnly day, int later) => day.AddDays(later).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
