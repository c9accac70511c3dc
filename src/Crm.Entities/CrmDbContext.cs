using Crm.Entities.Accounts;
using Crm.Entities.Activities;
using Crm.Entities.ApiKeys;
using Crm.Entities.CustomFields;
using Crm.Entities.Deals;
using Crm.Entities.Leads;
using Crm.Entities.Notes;
using Crm.Entities.Organizations;
using Crm.Entities.People;
using Crm.Entities.Records;
using Crm.Entities.Teams;
using Crm.Entities.Users;
using Crm.Entities.Views;
using Crm.Wfm.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Crm.Entities;

/// <summary>The CRM's context: its records and the engine's, committed together.</summary>
public sealed class CrmDbContext(DbContextOptions<CrmDbContext> options) : DbContext(options)
{
    /// <summary>The schema of the CRM's tables.</summary>
    public const string Schema = "crm";

    /// <summary>Gets the members of the workspace.</summary>
    public DbSet<User> Users => Set<User>();

    /// <summary>Gets the pending invitations.</summary>
    public DbSet<Invitation> Invitations => Set<Invitation>();

    /// <summary>Gets the sessions.</summary>
    public DbSet<Session> Sessions => Set<Session>();

    /// <summary>Gets the teams.</summary>
    public DbSet<Team> Teams => Set<Team>();

    /// <summary>Gets the API keys of the workspace.</summary>
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    /// <summary>Gets the organizations.</summary>
    public DbSet<Organization> Organizations => Set<Organization>();

    /// <summary>Gets the people.</summary>
    public DbSet<Person> People => Set<Person>();

    /// <summary>Gets the leads.</summary>
    public DbSet<Lead> Leads => Set<Lead>();

    /// <summary>Gets the deals.</summary>
    public DbSet<Deal> Deals => Set<Deal>();

    /// <summary>Gets the activities.</summary>
    public DbSet<Activity> Activities => Set<Activity>();

    /// <summary>Gets the notes.</summary>
    public DbSet<Note> Notes => Set<Note>();

    /// <summary>Gets the fields the workspace gives its records.</summary>
    public DbSet<CustomField> CustomFields => Set<CustomField>();

    /// <summary>Gets the values of those that are filterable.</summary>
    public DbSet<CustomValue> CustomValues => Set<CustomValue>();

    /// <summary>Gets the saved views.</summary>
    public DbSet<SavedView> Views => Set<SavedView>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddWfm();
        modelBuilder.MapAccounts();
        modelBuilder.MapRecord<Organization>("organization").Link<Organization, User>("Owner");
        modelBuilder.MapRecord<Person>("person").Link<Person, User>("Owner").Link<Person, Organization>("Organization");
        modelBuilder.MapRecord<Lead>("lead").Link<Lead, User>("Owner").SortedBy("BudgetKey");
        modelBuilder.MapRecord<Deal>("deal").Link<Deal, User>("Owner").Link<Deal, Person>("Person").Link<Deal, Organization>("Organization").SortedBy("AmountKey");
        modelBuilder.MapRecord<Activity>("activity").Link<Activity, User>("Assignee").LinkAbout();
        modelBuilder.MapRecord<SavedView>("saved_view");
        modelBuilder.MapRecord<Note>("note").LinkAbout();
        modelBuilder.MapCustomFields();
    }
}
