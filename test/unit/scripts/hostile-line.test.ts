import { expect, test } from "vitest";
import { hostileLine } from "../../../scripts/hostile-line.ts";
import { attack } from "../../helpers/hostile.ts";

const result = (against: "server" | "client", controls = 1, status = "passed") => ({
  status,
  meta: { hostile: { against, controls } },
});

test("counts attacks and lies that passed and showed a control, and nothing else", () => {
  const report = {
    testResults: [
      {
        assertionResults: [
          result("server"),
          result("server", 3),
          result("server", 0),
          result("server", 1, "failed"),
          { status: "passed", meta: {} },
        ],
      },
      { assertionResults: [result("client"), { status: "passed" }] },
    ],
  };
  expect(hostileLine(report)).toBe(
    "Withstood 2 attacks on the server and 1 lies to the client, each with a positive control.",
  );
  expect(hostileLine({ testResults: [] })).toContain("0 attacks");
});

attack.fails("an attack that shows no control fails", async () => {
  await Promise.resolve();
});
