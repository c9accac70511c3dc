using System.Net;
using Crm.Entities;
using Crm.Testing;
using Crm.Wfm.Bundles;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Crm.Host.Tests.Http;

/// <summary>The host with every sample published, on a clock that tests move.</summary>
public sealed class SampleHost : BareHost
{
    /// <summary>The samples by file name.</summary>
    public static IReadOnlyDictionary<string, Bundle> Bundles { get; } = Directory.GetFiles(Path.GetDirectoryName(Samples.Bundle("sales-pipeline"))!, "*.json")
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), file => BundleReader.Read(File.ReadAllBytes(file), CrmServices.PostActions).Bundle.ShouldNotBeNull(file));

    public TestClock Clock { get; } = new();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var bundle in Bundles.Values) (await Admin.PostAsync("/api/v1/bundles", bundle.ToText())).Status.ShouldBeOneOf(HttpStatusCode.Created, HttpStatusCode.OK);
    }

    protected override void Configure(WebApplicationBuilder builder) => builder.Services.AddSingleton<TimeProvider>(Clock);
}
