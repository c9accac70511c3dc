using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Crm.Entities;
using Crm.Entities.Leads;
using Crm.Host.Deals;
using Crm.Wfm.Http;
using Crm.Wfm.Moves;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Crm.Host.Leads;

internal static class ConvertLead // POST /leads/{id}/conversion
{
    public static void Map(IEndpointRouteBuilder leads) => leads.MapPost("/{id:guid}/conversion", Handle).WithName(nameof(ConvertLead))
        .WithSummary("Makes a deal, a person and an organization of a lead, by the move of its process that converts; a converted lead answers what it became")
        .WithIdempotencyKey("leads/conversion").ProducesMoveProblems();

    private static async Task<Results<Created<ConvertLeadResponse>, Ok<ConvertLeadResponse>, ProblemHttpResult>> Handle(
        Guid id, Body<ConvertLeadRequest> body, HttpContext http, CurrentRequest current, CrmDbContext db, MoveEngine engine, LinkGenerator links, CancellationToken ct)
    {
        if (await ReadAsync(db, id, ct) is not { } lead) return Problems.NotFound("lead");
        if (ConvertLeadResponse.Of(lead) is { } before) return TypedResults.Ok(before);
        if (lead.ProjectId is not { } project) return Problems.Conflict("The lead has no process that could convert it.");

        var result = await engine.MoveAsync(new(project, body.Value.Transition, current.Actor) { Input = body.Value.Input() }, ct);
        // Whoever was second finds the lead moved away, and converted.
        var converted = await ReadAsync(db, id, ct) is { } after ? ConvertLeadResponse.Of(after) : null;
        if (converted is null) return result is MoveResult.Moved ? Problems.Conflict($"The process lets {body.Value.Transition} convert nothing.") : Problems.Of(InBody(result), current.Languages);
        if (result is not MoveResult.Moved) return TypedResults.Ok(converted);
        http.Response.Headers.Location = links.GetPathByName(http, nameof(GetDeal), new { id = converted.DealId });
        return TypedResults.Created((string?)null, converted);
    }

    private static Task<Lead?> ReadAsync(CrmDbContext db, Guid id, CancellationToken ct) => db.Leads.AsNoTracking().SingleOrDefaultAsync(l => l.Id == id, ct);

    // What the move calls its input is this request's body.
    private static MoveResult InBody(MoveResult result) => result is MoveResult.Invalid invalid
        ? new MoveResult.Invalid([.. invalid.Faults.Select(f => f.Pointer.StartsWith("/input", StringComparison.Ordinal) ? f with { Pointer = f.Pointer["/input".Length..] } : f)])
        : result;
}

/// <summary>How to convert a lead: all may be left out.</summary>
/// <param name="Transition">The transition of the lead's process that converts.</param>
/// <param name="DealName">The deal's name; left out: the company's, or the lead's own.</param>
/// <param name="Amount">What the deal is worth; left out: the lead's budget.</param>
/// <param name="Currency">The amount's currency; left out: the lead's.</param>
/// <param name="OrganizationId">The organization it is about; left out: the one the person works at, else a new one by the company's name.</param>
/// <param name="PersonId">The contact person; left out: a new one by the lead's name.</param>
internal sealed record ConvertLeadRequest(
    [property: StringLength(64, MinimumLength = 1)] string Transition = "convert", [property: StringLength(200, MinimumLength = 1)] string? DealName = null,
    [property: Range(0, 1e15)] decimal? Amount = null, [property: StringLength(3, MinimumLength = 3)] string? Currency = null, Guid? OrganizationId = null, Guid? PersonId = null)
{
    private static readonly JsonSerializerOptions WhatIsSaid = new(JsonSerializerOptions.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public JsonObject Input() => JsonSerializer.SerializeToNode(new ConversionOptions(DealName, Amount, Currency, OrganizationId, PersonId), WhatIsSaid)!.AsObject();
}

/// <summary>What a lead became.</summary>
internal sealed record ConvertLeadResponse(Guid LeadId, Guid DealId, Guid? PersonId, Guid? OrganizationId, DateTimeOffset ConvertedAt)
{
    public static ConvertLeadResponse? Of(Lead lead) => lead is { ConvertedAt: { } at, ConvertedDealId: { } deal }
        ? new(lead.Id, deal, lead.ConvertedPersonId, lead.ConvertedOrganizationId, at)
        : null;
}
