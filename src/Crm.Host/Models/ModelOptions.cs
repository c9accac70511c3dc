using System.ComponentModel.DataAnnotations;

namespace Crm.Host.Models;

/// <summary>The language model that flows ask.</summary>
internal sealed class ModelOptions
{
    /// <summary>Gets or sets the model's name, such as <c>gpt-5-mini</c>; empty: this host asks none.</summary>
    [StringLength(200)]
    public string? Name { get; set; }

    /// <summary>Gets or sets where it is asked, by the chat completions of OpenAI, which most servers of models speak. Default <c>https://api.openai.com/v1</c>.</summary>
    [Required, Url]
    public string Endpoint { get; set; } = "https://api.openai.com/v1";

    /// <summary>Gets or sets the key; empty for servers that ask for none.</summary>
    public string? Key { get; set; }
}
