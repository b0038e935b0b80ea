using Membership.Tests;
using Microsoft.Playwright;
using Xunit;

namespace Membership.EndToEnd.Page;

/// <summary>A browser without a window, started once for the tests that need it, and never where there is none.</summary>
public sealed class PageBrowser : IAsyncLifetime
{
    /// <summary>How long a page may take to show what has happened, on a machine that does much else.</summary>
    internal const float PatienceMs = 90_000;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Chromium.Path is not { } path) return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = path,

            // Chromium's sandbox does not work for root, as whom containers run their builds; the pages are our own.
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
            Timeout = PatienceMs,
        });
        Assertions.SetDefaultExpectTimeout(PatienceMs);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>Opens a page and waits until it is live.</summary>
    internal async Task<OpenedPage> OpenAsync(Uri address, BrowserNewContextOptions? options = null)
    {
        var context = await _browser!.NewContextAsync(options ?? new() { ViewportSize = new() { Width = 1100, Height = 900 } });
        var opened = new OpenedPage(context, await context.NewPageAsync());
        opened.Page.SetDefaultTimeout(PatienceMs);
        await opened.Page.GotoAsync(address.ToString());
        await Assertions.Expect(opened.Page.Locator("#link")).ToHaveTextAsync("Live");
        return opened;
    }

    /// <summary>Where what a test leaves to be looked at is kept.</summary>
    internal static string Kept(string name)
    {
        var folder = Path.Combine(SourceTree.Root, "artifacts", "results");
        Directory.CreateDirectory(folder);
        return Path.Combine(folder, name);
    }
}

/// <summary>A page, and what went wrong within it.</summary>
internal sealed class OpenedPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _faults = [];

    public OpenedPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.PageError += (_, fault) => Note(fault);

        // What the content policy refuses is said here, too.
        page.Console += (_, message) =>
        {
            if (message.Type == "error") Note(message.Text);
        };
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_faults) return [.. _faults];
        }
    }

    public ILocator this[string selector] => Page.Locator(selector);

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(string fault)
    {
        lock (_faults) _faults.Add(fault);
    }
}
