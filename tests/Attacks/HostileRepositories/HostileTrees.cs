using System.Text.Json.Nodes;
using static McpInfra.Attacks.HostileRepositories.Hostile;

namespace McpInfra.Attacks.HostileRepositories;

/// <summary>Trees, git directories and states that lie in wait for whoever opens them.</summary>
internal static class HostileTrees
{
    private const string Script = "#!/bin/sh\ntouch @OWNED@/NAME\ncat\n";
    private const string Nothing = "1 to delete. Environment test";

    public static IEnumerable<Hostile> All => [.. Edits, .. Gits, .. States];

    private static IEnumerable<Hostile> Edits =>
    [
        Edit("an edit outside the repository", Layer.Edit, "An edit does not apply", "../outside.tf", Harmless),
        Edit("an edit of a hook", Layer.Edit, "An edit does not apply", ".git/hooks/post-checkout", "x"),
        Edit("an edit of git's configuration, in other letters", Layer.Edit, "An edit does not apply", ".GIT/config", "x"),
        Edit("an edit at an absolute path", Layer.Edit, "An edit does not apply", "/etc/cron.d/evil.tf", "x"),
        Edit("an edit through a link of the tree", Layer.Edit, "An edit does not apply", "home/evil.tf", Harmless, ("home@", "@OWNED@")),
        Code("links where a run of ours writes", Layer.Edit, Nothing, Harmless, ("result.tfplan@", "@OWNED@/plan"), ("data@", "@OWNED@"), ("state/terraform.tfstate@", "@OWNED@/state"), ("mcp_infra_override.txt@", "@OWNED@/override")),
        Edit("an edit of the state", Layer.Edit, "An edit does not apply", "terraform.tfstate", "{}"),
    ];

    private static IEnumerable<Hostile> Gits =>
    [
        new("a bare repository inside the tree", Layer.Git, Nothing)
        {
            Files = new Dictionary<string, string>
            {
                ["main.tf"] = Harmless,
                ["inner/HEAD"] = "ref: refs/heads/main\n",
                ["inner/config"] = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n\tworktree = ..\n\tfsmonitor = \"touch @OWNED@/inner-fsmonitor\"\n\thooksPath = hooks\n",
                ["inner/refs/heads/keep"] = "",
                ["inner/objects/keep"] = "",
                ["inner/hooks/post-index-change"] = Script,
            },
            From = "worktree",
        },
        Waiting("a monitor in git's configuration", "[core]\n\tfsmonitor = \"touch @OWNED@/fsmonitor\"\n\tfsmonitorHookVersion = 2\n"),
        Waiting("a filter that git's attributes name", "[filter \"evil\"]\n\tclean = touch @OWNED@/clean\n\tsmudge = touch @OWNED@/smudge\n\tprocess = touch @OWNED@/process\n\trequired = true\n", (".gitattributes", "* filter=evil diff=evil merge=evil\n")),
        Waiting("programs that git starts for a look", "[core]\n\tpager = touch @OWNED@/pager\n\teditor = touch @OWNED@/editor\n\tsshCommand = touch @OWNED@/ssh\n\taskPass = @OWNED@/askpass\n[diff]\n\texternal = touch @OWNED@/diff\n[diff \"evil\"]\n\ttextconv = touch @OWNED@/textconv\n"),
        Waiting("a submodule that is a program", "[protocol \"ext\"]\n\tallow = always\n[submodule \"m\"]\n\turl = ext::sh -c touch% @OWNED@/submodule\n\tactive = true\n\tupdate = !touch @OWNED@/update\n", (".gitmodules", "[submodule \"m\"]\n\tpath = m\n\turl = ext::sh -c touch% @OWNED@/submodule\n")),
        Waiting("a configuration that includes another", "[include]\n\tpath = ../include.ini\n", ("include.ini", "[core]\n\tfsmonitor = touch @OWNED@/included\n")),
        Proposed("hooks of the working copy", (work, places) =>
        {
            foreach (var hook in new[] { "pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-checkout", "pre-push", "post-index-change", "update" })
            {
                Write(work, $".git/hooks/{hook}", places.In(Script.Replace("NAME", hook, StringComparison.Ordinal)));
            }
        }),
        Proposed("a program that signs commits", (work, places) =>
            File.AppendAllText(Path.Combine(work, ".git", "config"), places.In("[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = @OWNED@/../sign\n[core]\n\thooksPath = ../evil-hooks\n[user]\n\tsigningKey = x\n"))),
        Proposed("a template of messages and a helper of credentials", (work, places) =>
            File.AppendAllText(Path.Combine(work, ".git", "config"), places.In("[credential]\n\thelper = \"!touch @OWNED@/helper\"\n[commit]\n\ttemplate = @HOME@/.aws/credentials\n[init]\n\ttemplateDir = @HOME@\n"))),
    ];

    private static IEnumerable<Hostile> States =>
    [
        new("a state that is a link to the home folder", Layer.State, "Links are not followed")
        {
            Files = new Dictionary<string, string> { ["main.tf"] = Harmless },
            Prepare = (work, places) =>
            {
                File.Delete(Path.Combine(work, "terraform.tfstate"));
                File.CreateSymbolicLink(Path.Combine(work, "terraform.tfstate"), Path.Combine(places.Home, ".aws", "credentials"));
            },
        },
        Code("a secret of the state as an output", Layer.State, "[secret:", "output \"o\" {\n  value = \"is ${terraform_data.s.output.password} so\"\n}\n" + Secretive),
        Code("a secret of the state, encoded", Layer.State, "value: ", "output \"o\" {\n  value = base64encode(terraform_data.s.output.password)\n}\n" + Secretive),
        Code("a secret of the state, reversed", Layer.State, "value: ", "output \"o\" {\n  value = strrev(terraform_data.s.output.password)\n}\n" + Secretive),
        Code("a secret of the state, letter by letter", Layer.State, "create terraform_data.l", "resource \"terraform_data\" \"l\" {\n  for_each = toset([for i in range(length(terraform_data.s.output.password)) : \"${i}${substr(terraform_data.s.output.password, i, 1)}\"])\n}\n" + Secretive),
        Code("a secret of the state in an error message", Layer.State, "said: ", "resource \"terraform_data\" \"e\" {\n  lifecycle {\n    precondition {\n      condition     = terraform_data.s.output.password == \"x\"\n      error_message = \"said: ${strrev(terraform_data.s.output.password)}\"\n    }\n  }\n}\n" + Secretive),
        Code("a sensitive output of the state by its resource", Layer.State, "value: ", "output \"o\" {\n  value = upper(terraform_data.s.output.token_of_output)\n}\n" + Secretive),
        Code("a secret of the state chosen bit by bit", Layer.State, "create terraform_data.b", "locals {\n  bits = flatten([for i in range(length(terraform_data.s.output.password)) : [for b in range(8) : floor(index(split(\"\", \"0123456789abcdefghijklmnopqrstuvwxyz-:[]\"), substr(terraform_data.s.output.password, i, 1)) / pow(2, 7 - b)) % 2]])\n}\nresource \"terraform_data\" \"b\" {\n  input = join(\"\", [for bit in local.bits : tostring(bit)])\n}\n" + Secretive),
    ];

    private const string Secretive = "resource \"terraform_data\" \"s\" {}\n";

    private static Hostile Waiting(string name, string configuration, params (string Path, string Text)[] more) => new(name, Layer.Git, Nothing)
    {
        Files = more.Prepend(("main.tf", Harmless)).ToDictionary(file => file.Item1, file => file.Item2),
        From = "worktree",
        Prepare = (work, places) => File.AppendAllText(Path.Combine(work, ".git", "config"), places.In(configuration)),
    };

    private static Hostile Proposed(string name, Action<string, Places> prepare) => new(name, Layer.Git, "is open with the evidence of its plan")
    {
        Files = new Dictionary<string, string> { ["main.tf"] = Harmless },
        Edits = [new JsonObject { ["path"] = "main.tf", ["find"] = "one", ["replace"] = "two" }],
        Proposes = true,
        Prepare = prepare,
    };

    private static void Write(string work, string path, string text)
    {
        var full = Path.Combine(work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(full, (UnixFileMode)0b111_101_101);
        }
    }
}
