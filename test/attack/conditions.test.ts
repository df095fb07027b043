/**
 * Ways around a rule about arguments. An allowing rule must not fit what leads elsewhere, and a stricter one must not be
 * dodged by another spelling. Each row is one way, with what the same rule does to a call that is meant as it is written.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect } from "vitest";
import type { Condition } from "#core/protocol/command.ts";
import { holds } from "../../electron/host/gate/conditions.ts";
import { linksHere } from "../../electron/host/gate/links.ts";
import { attack } from "../helpers/hostile.ts";

const fits = (op: Condition["op"], value: string, args: unknown, loose: boolean, path = "path"): boolean =>
  holds({ path, op, value }, args, loose);
const allows = (op: Condition["op"], value: string, leaf: unknown): boolean => fits(op, value, { path: leaf }, false);
const denies = (op: Condition["op"], value: string, leaf: unknown): boolean => fits(op, value, { path: leaf }, true);

describe("[CF1] *allow when path is under /notes* does not fit", () => {
  attack.for([
    "/notes/../etc/passwd",
    "/notes/./../etc/passwd",
    "/notes/a/../../etc/passwd",
    "//notes/a",
    "/notes/%2e%2e/etc/passwd",
    "/notes/%2E%2E%2Fetc/passwd",
    "/notes/%252e%252e/etc/passwd",
    "/notes/%c0%ae%c0%ae/etc",
    "/notes/\uff0e\uff0e/etc/passwd",
    "/notes/\u2025/etc/passwd",
    "/notes/..\\..\\etc",
    "/notes/a\u0000/../../etc",
    "/notes/.\u200b./etc",
    "/notes/..;/etc/passwd",
    "/notes/.. /etc/passwd",
    "/notes/... /etc",
    "/notes./a",
    "/notes /a",
    "/NOTES/a",
    "/note\u0073\u0301/a",
    "/notes/a:/etc/passwd",
    "/notes/a /etc/passwd",
    "/notes/a,/etc/passwd",
    "/notes/a\n/etc/passwd",
    "/notes/$HOME/a",
    "/notes/${X}/a",
    "/notes/`x`",
    "file:///notes/a",
    "~/notes/a",
    "notes/a",
    "",
    { toString: "/notes/a" },
    ["/notes/a", "/etc/passwd"],
    [],
    7,
    null,
  ])("%j", async (leaf, { control }) => {
    await control(() => expect(allows("under", "/notes", "/notes/sub/a.txt")).toBe(true));
    expect(allows("under", "/notes", leaf)).toBe(false);
  });
});

describe("[CF1] *deny when path is under /etc* is not dodged by", () => {
  attack.for([
    "/etc/../etc/x",
    "/./etc//x",
    "/notes/../etc/x",
    "/ETC/x",
    "/%65tc/x",
    "/%2565tc/x",
    "/\uff45tc/x",
    "/e\u200btc/x",
    "etc/x",
    "//etc/x",
    "\\etc\\x",
    "/notes/a:/etc/x",
    "/notes/a\n/etc/x",
    "file:///etc/x",
    "$ROOT/x",
    ["/notes/a", "/etc/x"],
    { path: "/etc/x" },
    '["/etc/x"]',
    0,
  ])("%j", async (leaf, { control }) => {
    await control(() => expect(denies("under", "/etc", "/notes/sub/a.txt")).toBe(false));
    expect(denies("under", "/etc", leaf)).toBe(true);
  });
});

describe("[CF1] a pattern that allows does not fit", () => {
  attack.for([
    ["/notes/*", "/notes/../etc/passwd", null],
    ["/notes/*", "/notes/./../x", null],
    ["notes/*", "notes/../x", "notes/a.md"],
    ["notes/*", "notes/a/../../x", "notes/a.md"],
    ["notes/*", "notes//etc", "notes/a.md"],
    ["notes/*", "notes/%2e%2e/x", "notes/a.md"],
    ["notes/*", "notes/..\\x", "notes/a.md"],
    ["notes/*", "notes/a\u0000b", "notes/a.md"],
    ["notes/*", "notes/\uff0e\uff0e", "notes/a.md"],
    ["notes/*", "notes/sub/a.md", "notes/a.md"],
    ["git *", "git x; rm -rf /", "git status"],
    ["git *", "git x && rm y", "git status"],
    ["git *", "git x | sh", "git status"],
    ["git *", "git $(rm x)", "git status"],
    ["git *", "git `rm x`", "git status"],
    ["git *", "git x\nrm y", "git status"],
    ["git *", "git x > y", "git status"],
    ["*.md", "/etc/x.md", "a.md"],
    ["*.md", "a\u202edm.exe.md", "a.md"],
    ["a?c", "a/c", "abc"],
    ["*", 7, "seven"],
  ] as const)("%j: %j", async ([pattern, leaf, plain], { control }) => {
    await control(() =>
      plain === null
        ? expect(allows("under", "/notes", "/notes/a")).toBe(true)
        : expect(allows("matches", pattern, plain)).toBe(true),
    );
    expect(allows("matches", pattern, leaf)).toBe(false);
  });
});

describe("[CF1] a pattern that denies is not dodged by", () => {
  attack.for([
    ["*.env", "/srv/.ENV"],
    ["*.env", ".env "],
    ["*.env", '".env"'],
    ["*.env", ".env/"],
    ["*.env", ".env."],
    ["*.env", "a.env::$DATA"],
    ["*.env", ".%65nv"],
    ["*.env", ".e\u200bnv"],
    ["*.env", "\uff0eenv"],
    ["*.env", ".\\u0065nv"],
    ["rm *", "ls; rm -rf /"],
    ["rm *", "ls\nrm x"],
    ["rm *", "  RM   -rf x"],
    ["rm *", "true && rm x"],
    ["rm *", "$(rm x)"],
    ["rm *", "/bin/rm x"],
    ["secret*", ["ok", "secrets"]],
    ["secret*", { text: "secrets" }],
    ["secret*", "&#115;ecrets"],
  ] as const)("%j: %j", async ([pattern, leaf], { control }) => {
    await control(() => expect(denies("matches", pattern, "plain words about nothing")).toBe(false));
    expect(denies("matches", pattern, leaf)).toBe(true);
  });
});

describe("[CF1] *deny when path is users* is not dodged by", () => {
  attack.for([
    "USERS",
    "Users",
    " users",
    "users ",
    "\tusers\n",
    '"users"',
    "'users'",
    "`users`",
    "[users]",
    "users;",
    "users--",
    "users/**/",
    "public.users",
    "PUBLIC.[Users]",
    "users u",
    "users, secrets",
    "users\u0000",
    "us\u200bers",
    "\uff55\uff53\uff45\uff52\uff53",
    "u\u0301sers",
    "%75sers",
    "%2575sers",
    "\\u0075sers",
    "&#117;sers",
    "&#x75;sers",
    ["ok", "users"],
    ["ok", ["users"]],
    { name: "users" },
    '["users"]',
  ])("%j", async (leaf, { control }) => {
    await control(() =>
      expect([
        denies("equals", "users", "users"),
        denies("equals", "users", "orders"),
        denies("equals", "users", "superusers"),
      ]).toEqual([true, false, false]),
    );
    expect(denies("equals", "users", leaf)).toBe(true);
    expect(allows("equals", "users", leaf)).toBe(false);
  });

  attack.for([
    ["1", "1.0"],
    ["1", "01"],
    ["1", " 1"],
    ["1", "1e0"],
    ["1", "0x1"],
    ["1", true],
    ["1", "+1"],
    ["1", "yes"],
    ["1000", "1,000"],
    ["1000", "1_000"],
    ["1.5", "1,5"],
    ["true", 1],
    ["true", "True"],
    ["true", "on"],
    ["false", 0],
    ["false", ""],
    ["null", null],
    ["null", "None"],
    ["", null],
    ["", "  "],
    ["*", " * "],
    ["*", "a.*"],
  ] as const)("%j: %j", async ([value, leaf], { control }) => {
    await control(() =>
      expect([
        denies("equals", value, value),
        denies("equals", value, "other"),
        allows("equals", value, value),
      ]).toEqual([true, false, true]),
    );
    expect(denies("equals", value, leaf)).toBe(true);
    if (String(leaf) !== value) expect(allows("equals", value, leaf)).toBe(false);
  });
});

describe("[CF1] a host that is allowed is not", () => {
  attack.for([
    "https://example.org@evil.test/",
    "https://example.org:443@evil.test/",
    "https://evil.test\\@example.org/",
    "https://evil.test#@example.org/",
    "https://example.org.evil.test/",
    "https://evilexample.org/",
    "https://example.org./",
    "https://example.org%2eevil.test/",
    "https://ex\u0430mple.org/",
    "https://example\uff0eorg/",
    "https://example\u3002org/",
    "https://exa\u00admple.org/",
    "//example.org/",
    "https:example.org",
    "https:/example.org/",
    "https:///example.org/",
    "example.org",
    "ftp://example.org/",
    "https://example.org\t/",
    "https://example.org/ https://evil.test/",
    "https://[::1]/",
    "https://127.1/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://example.org:8080/",
    "https://example.org:443:80/",
    ["https://example.org/", "https://evil.test/"],
    { url: "https://example.org/" },
    null,
  ])("%j", async (leaf, { control }) => {
    await control(() =>
      expect([
        allows("host-in", "example.org:443", "https://EXAMPLE.org/a?b#c"),
        allows("host-in", "*.example.org:443", "https://a.b.example.org/"),
      ]).toEqual([true, true]),
    );
    expect(allows("host-in", "example.org:443, *.example.org:443", leaf)).toBe(false);
  });
});

describe("[CF1] a host that is denied is not reached by", () => {
  attack.for([
    "https://INTERNAL.test/",
    "https://internal.test./",
    "https://internal.test:443/",
    "http://internal.test/",
    "https://user@internal.test/",
    "https://internal%2etest/",
    "https://\uff49nternal.test/",
    "https://internal\u3002test/",
    "//internal.test/",
    "internal.test",
    "https:internal.test",
    "ftp://internal.test/",
    "https://10.0.0.7/",
    "https://[fd00::7]/",
    "https://167772167/",
    "https://0xa.7/",
    "https://ok.test\\@internal.test/",
  ])("%j", async (leaf, { control }) => {
    await control(() => expect(denies("host-in", "internal.test", "https://ok.test/internal.test")).toBe(false));
    expect(denies("host-in", "internal.test", leaf)).toBe(true);
  });
});

describe("[CF1] an amount that is allowed is not", () => {
  attack.for([
    "5",
    "4",
    "1e0",
    "-1",
    -1,
    -1e300,
    "NaN",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    1e300,
    100.0000001,
    "1,000",
    [1, 101],
    [],
    { value: 1 },
    null,
    true,
    "",
  ])("%j", async (leaf, { control }) => {
    await control(() =>
      expect([allows("at-most", "100", 100), allows("at-most", "100", -0), allows("at-most", "-5", -7)]).toEqual([
        true,
        true,
        true,
      ]),
    );
    expect(allows("at-most", "100", leaf)).toBe(false);
  });
});

describe("[CF1] an argument under another name", () => {
  const evasions: readonly unknown[] = [
    { Path: "/etc/x" },
    { PATH: "/etc/x" },
    { "path ": "/etc/x" },
    { "p\u200bath": "/etc/x" },
    { "\uff50ath": "/etc/x" },
    { "pa-th": "/etc/x" },
    { "path[]": "/etc/x" },
    { path: "/notes/a", Path: "/etc/x" },
    { path: { 0: "/etc/x" } },
    { path: [["/etc/x"]] },
  ];
  attack.for(evasions)("%j does not dodge a denying rule, and no allowing rule takes it", async (args, { control }) => {
    await control(() =>
      expect([
        fits("under", "/etc", { path: "/notes/a", other: "/etc/x" }, true),
        fits("under", "/notes", { path: "/notes/a", other: "/etc/x" }, false),
      ]).toEqual([false, true]),
    );
    expect(fits("under", "/etc", args, true)).toBe(true);
    expect(fits("under", "/notes", args, false)).toBe(false);
  });

  attack.for([{ Path: "/notes/a" }, { path: "/notes/a", PATH: "/notes/b" }])(
    "%j is not certain enough to be allowed",
    async (args, { control }) => {
      await control(() => expect(fits("under", "/notes", { path: "/notes/a" }, false)).toBe(true));
      expect(fits("under", "/notes", args, false)).toBe(false);
    },
  );

  const nested: readonly unknown[] = [
    { "options.path": "/etc/x" },
    { "options[path]": "/etc/x" },
    { optionsPath: "/etc/x" },
    { options_path: "/etc/x" },
    { Options: { path: "/etc/x" } },
    { options: { PATH: "/etc/x" } },
    { options: [{ path: "/etc/x" }] },
    { options: { 0: { path: "/etc/x" } } },
    { options: '{"path":"/etc/x"}' },
    { options: ' [{"path":"/etc/x"}]' },
  ];
  attack.for(nested)("%j does not dodge a rule about options.path", async (args, { control }) => {
    await control(() =>
      expect([
        fits("under", "/etc", { options: { path: "/notes/a" } }, true, "options.path"),
        fits("under", "/notes", { options: { path: "/notes/a" } }, false, "options.path"),
      ]).toEqual([false, true]),
    );
    expect(fits("under", "/etc", args, true, "options.path")).toBe(true);
  });
});

describe("[CF1] a link", () => {
  const inFolder = async (
    work: (at: {
      root: string;
      inside: (leaf: string, folder?: string) => { allow: boolean; denyEtc: boolean };
    }) => unknown,
  ): Promise<void> => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "links-")));
    for (const name of ["notes/sub", "etc/deep"]) mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, "etc/passwd"), "x");
    const inside = (leaf: string, folder = "notes") => ({
      allow: holds({ path: "path", op: "under", value: join(root, folder) }, { path: leaf }, false, linksHere()),
      denyEtc: holds({ path: "path", op: "under", value: join(root, "etc") }, { path: leaf }, true, linksHere()),
    });
    try {
      await work({ root, inside });
    } finally {
      rmSync(root, { recursive: true });
    }
  };
  const CASES: readonly (readonly [string, (root: string) => string])[] = [
    [
      "to a folder outside",
      (root) => (symlinkSync(join(root, "etc"), join(root, "notes/out")), join(root, "notes/out/passwd")),
    ],
    [
      "to a file outside",
      (root) => (symlinkSync(join(root, "etc/passwd"), join(root, "notes/a.txt")), join(root, "notes/a.txt")),
    ],
    [
      "to a file that is not there yet",
      (root) => (symlinkSync(join(root, "etc/new"), join(root, "notes/a.txt")), join(root, "notes/a.txt")),
    ],
    [
      "above a new file",
      (root) => (symlinkSync("../etc", join(root, "notes/out")), join(root, "notes/out/deep/new/file.txt")),
    ],
    [
      "of a link",
      (root) => (
        symlinkSync(join(root, "etc"), join(root, "hop")),
        symlinkSync(join(root, "hop"), join(root, "notes/out")),
        join(root, "notes/out/x")
      ),
    ],
    [
      "with .. behind it",
      (root) => (symlinkSync(join(root, "etc/deep"), join(root, "notes/out")), `${root}/notes/out/../passwd`),
    ],
    [
      "that leads to itself",
      (root) => (symlinkSync(join(root, "notes/loop"), join(root, "notes/loop")), join(root, "notes/loop/x")),
    ],
  ];
  attack.for(CASES)("%s leads out of an allowed folder, and into a denied one", async ([_what, make], { control }) => {
    await inFolder(async ({ root, inside }) => {
      await control(() => expect(inside(join(root, "notes/sub/new/a.txt"))).toEqual({ allow: true, denyEtc: false }));
      expect(inside(make(root))).toEqual({ allow: false, denyEtc: true });
    });
  });

  attack("made between the judgement and the call is seen when the call is judged again", async ({ control }) => {
    await inFolder(async ({ root, inside }) => {
      const leaf = join(root, "notes/sub/a.txt");
      await control(() => expect(inside(leaf).allow).toBe(true));
      rmSync(join(root, "notes/sub"), { recursive: true });
      symlinkSync(join(root, "etc"), join(root, "notes/sub"));
      expect(inside(leaf)).toEqual({ allow: false, denyEtc: true });
    });
  });

  attack(
    "that is the allowed folder itself does not shut out what is in it, and lets nothing else in",
    async ({ control }) => {
      await inFolder(async ({ root, inside }) => {
        symlinkSync(join(root, "notes"), join(root, "alias"));
        await control(() => expect(inside(join(root, "alias/sub/a"), "alias").allow).toBe(true));
        expect(inside(join(root, "etc/passwd"), "alias").allow).toBe(false);
      });
    },
  );
});
