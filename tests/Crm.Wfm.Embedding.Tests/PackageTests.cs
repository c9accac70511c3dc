using System.Diagnostics;
using System.IO.Compression;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using System.Xml.Linq;

namespace Crm.Wfm.Embedding.Tests;

/// <summary>What <c>dotnet pack</c> makes of the library.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("package").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_package_holds_library_docs_schema_readme_and_license()
    {
        await PackAsync();
        using var package = ZipFile.OpenRead(Directory.GetFiles(_folder, "*.nupkg").ShouldHaveSingleItem());

        var nuspec = XDocument.Parse(Text(package, "Crm.Wfm.nuspec")).Root!;
        var metadata = nuspec.Elements().Single();
        string Meta(string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;
        Meta("license").ShouldBe("MIT");
        Meta("readme").ShouldBe("README.md");
        Meta("description").ShouldContain("processes kept as data");
        var dependencies = metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value).ToList();
        dependencies.ShouldContain("Npgsql.EntityFrameworkCore.PostgreSQL");
        dependencies.ShouldAllBe(id => id.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal) || id.StartsWith("Npgsql", StringComparison.Ordinal));
        metadata.Descendants().Where(e => e.Name.LocalName == "frameworkReference").Select(e => e.Attribute("name")!.Value).ShouldBe(["Microsoft.AspNetCore.App"]);

        Text(package, "README.md").ShouldStartWith("# Crm.Wfm");
        Text(package, "lib/net10.0/Crm.Wfm.xml").ShouldContain("M:Crm.Wfm.WfmServices.AddWfm");
        Resources(package).ShouldContain("bundle.schema.json");
    }

    [Fact]
    public async Task A_program_that_has_nothing_but_the_package_builds_and_runs()
    {
        await PackAsync();
        var app = Directory.CreateDirectory(Path.Combine(_folder, "app")).FullName;
        // Offline: the package from where it was packed, what it depends on from where this repository's own restore has put it.
        await File.WriteAllTextAsync(Path.Combine(app, "App.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <Import Project="{Project("Directory.Packages.props")}" />
              <PropertyGroup>
                <CentralPackageVersionsFileImported>true</CentralPackageVersionsFileImported>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <RestoreSources>{_folder}</RestoreSources>
                <RestorePackagesPath>{app}/packages</RestorePackagesPath>
                <RestoreFallbackFolders>{Metadata("NuGetPackageRoot")}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageVersion Include="Crm.Wfm" Version="{Version()}" />
                <PackageReference Include="Crm.Wfm" />
              </ItemGroup>
            </Project>
            """);
        await File.WriteAllTextAsync(Path.Combine(app, "Program.cs"), """System.Console.Write(Crm.Wfm.Bundles.BundleReader.Schema.Source["title"]);""");
        (await DotnetAsync("run", "--project", app)).ShouldBe("\"Process bundle\"");
    }

    // What was built for these tests is packed: nothing is compiled again.
    private Task<string> PackAsync() => DotnetAsync("pack", Project("src/Crm.Wfm"), "--no-build", "--configuration", Configuration, "--output", _folder);

    private string Version() => Path.GetFileNameWithoutExtension(Directory.GetFiles(_folder, "*.nupkg").Single())["Crm.Wfm.".Length..];

    private static string Metadata(string key) => typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private static string Configuration => typeof(WfmServices).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static string Project(string path, [CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", path));

    private static string[] Resources(ZipArchive package)
    {
        var copy = new MemoryStream();
        using (var dll = package.GetEntry("lib/net10.0/Crm.Wfm.dll").ShouldNotBeNull().Open()) dll.CopyTo(copy);
        copy.Position = 0;
        var context = new AssemblyLoadContext("package", isCollectible: true);
        try
        {
            return context.LoadFromStream(copy).GetManifestResourceNames();
        }
        finally
        {
            context.Unload();
        }
    }

    private static string Text(ZipArchive package, string entry)
    {
        using var reader = new StreamReader(package.GetEntry(entry).ShouldNotBeNull(entry).Open());
        return reader.ReadToEnd();
    }

    private static async Task<string> DotnetAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await output + await error);
        return await output;
    }
}
