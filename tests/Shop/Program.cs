using Shop;

// A shop that governs its orders with Crm.Wfm and knows nothing of a CRM: a web application, or a worker without HTTP.
using IHost host = args is ["worker", .. var rest] ? ShopWorker.Build(rest) : ShopWeb.Build(args);
await host.MigrateShopAsync();
await host.RunAsync();
