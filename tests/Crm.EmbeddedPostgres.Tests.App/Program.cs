using System.Text.Json;
using Crm.Embedded;

// Another process for the tests: takes its options as JSON, says where its server is, and leaves it when its input ends.
try
{
    await using var postgres = await EmbeddedPostgres.StartAsync(JsonSerializer.Deserialize<EmbeddedPostgresOptions>(args[0])!);
    Console.WriteLine(JsonSerializer.Serialize(new { postgres.Port, postgres.Folder, ConnectionString = postgres.ConnectionString() }));
    await Console.In.ReadToEndAsync();
    return 0;
}
catch (EmbeddedPostgresException e)
{
    Console.WriteLine(e.Message);
    return 1;
}
