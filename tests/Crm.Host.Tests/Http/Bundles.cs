namespace Crm.Host.Tests.Http;

/// <summary>Bundles for tests.</summary>
internal static class Bundles
{
    /// <summary>The same with a test that fails.</summary>
    public static string Failing(string key) => Small(key).TrimEnd()[..^1] + $$"""
        , "tests": { "stays-open": { "workflow": "{{key}}", "given": {}, "steps": [{ "do": "finish", "expect": { "step": "open" } }] } } }
        """;

    /// <summary>Two steps and a transition, under keys of its own.</summary>
    public static string Small(string key, string version = "1.0.0", string open = "\"initial\": true", string transitions = """ "finish": { "from": ["open"], "to": "done" } """, string schema = "\"type\": \"object\"") => $$"""
        {
          "$schema": "urn:crm-wfm:schema:process-bundle:v1",
          "apiVersion": "wfm/v1",
          "kind": "ProcessBundle",
          "bundle": { "key": "{{key}}", "version": "{{version}}", "title": "Small", "defaultLanguage": "en" },
          "projectTypes": { "{{key}}": { "subject": "{{key}}", "workflow": "{{key}}", "title": "Small", "default": true } },
          "statuses": { "open": { "category": "open", "title": "Open" }, "done": { "category": "done", "title": "Done" } },
          "subjects": { "{{key}}": { "schema": { {{schema}} } } },
          "workflows": { "{{key}}": { "title": "Small", "steps": [{ "status": "open", {{open}} }, { "status": "done", "final": true }], "transitions": { {{transitions}} } } }
        }
        """;
}
