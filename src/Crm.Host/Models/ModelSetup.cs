using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OpenAI;

namespace Crm.Host.Models;

/// <summary>Lets flows ask the model the settings name.</summary>
internal static class ModelSetup
{
    private const string NoKey = "none";

    public static void AddModel(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration["Crm:Model:Name"])) return;
        builder.Services.AddSingleton(p => Client(p.GetRequiredService<IOptions<ModelOptions>>().Value));
    }

    // The flow tries again, at its own pace.
    private static IChatClient Client(ModelOptions options) =>
        new OpenAIClient(new ApiKeyCredential(string.IsNullOrEmpty(options.Key) ? NoKey : options.Key), new OpenAIClientOptions { Endpoint = new(options.Endpoint), RetryPolicy = new ClientRetryPolicy(0) })
            .GetChatClient(options.Name).AsIChatClient();
}
