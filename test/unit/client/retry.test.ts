/** When what was refused is tried again, on a clock of its own. */
import { describe, expect, test } from "vitest";
import { createNetworkWatch } from "../../../electron/host/workspaces/network-watch.ts";
import { createRetry } from "#client/link/retry.ts";

const setup = (random = 1) => {
  let at = 0;
  const retry = createRetry(
    () => at,
    () => random,
  );
  /** ms until it is due. */
  const due = (): number => {
    for (let passed = 0; passed <= 3_600_000; passed += 500, at += 500) if (retry.due()) return passed;
    return -1;
  };
  return { retry, due, pass: (ms: number) => void (at += ms) };
};

describe("[LY11] what was refused is tried again", () => {
  test("in pauses that grow to four minutes and no further", () => {
    const { retry, due } = setup();
    const pauses = Array.from({ length: 9 }, () => {
      retry.failed();
      return due();
    });
    expect(pauses).toEqual([4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 240_000, 240_000, 240_000]);
  });

  test("never in step with others: each pause is shortened by up to a half", () => {
    const { retry, due } = setup(0);
    const pauses = Array.from({ length: 8 }, () => {
      retry.failed();
      return due();
    });
    expect(pauses).toEqual([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 120_000, 120_000]);
  });

  test("once for each refusal, and not at all where nothing was refused", () => {
    const { retry, due } = setup();
    expect(due()).toBe(-1);
    retry.failed();
    retry.failed();
    expect([due(), due()]).toEqual([4_000, -1]);
  });

  test("at once where it is urgent, but only the first time: a server that says so for ever is not asked in a loop", () => {
    const { retry, due } = setup();
    retry.failed(true);
    expect(due()).toBe(0);
    retry.failed(true);
    expect(due()).toBe(8_000);
  });

  test("at once where it is urgent, also after something else was refused, and again after a minute", () => {
    const { retry, due, pass } = setup();
    // The list of own requests was closed before the log, which is what brings the reason.
    retry.failed();
    retry.failed(true);
    expect(due()).toBe(0);
    retry.failed();
    retry.failed(true);
    expect(due()).toBe(8_000);
    for (let i = 0; i < 5; i += 1) {
      retry.failed();
      due();
    }
    pass(60_001);
    retry.failed(true);
    expect(due()).toBe(0);
  });

  test("with the first pause again after ten minutes of calm, or when somebody connects on purpose", () => {
    const { retry, due, pass } = setup();
    for (let i = 0; i < 5; i += 1) {
      retry.failed();
      due();
    }
    pass(600_001);
    retry.failed();
    expect(due()).toBe(4_000);
    retry.failed();
    retry.reset();
    expect(due()).toBe(-1);
    retry.failed();
    expect(due()).toBe(4_000);
  });

  test("at once where the network changed or the computer slept", () => {
    const { retry, due } = setup();
    retry.soon();
    expect(due()).toBe(-1);
    for (let i = 0; i < 8; i += 1) {
      retry.failed();
      due();
    }
    retry.failed();
    retry.soon();
    expect(due()).toBe(0);
  });
});

test("[LY11] a change of this computer's addresses, and a tick that comes long after the last, are told once", () => {
  let [addresses, at] = ["wlan0 10.0.0.7", 0];
  const moved = createNetworkWatch(
    () => addresses,
    () => at,
  );
  const look = (ms: number): boolean => {
    at += ms;
    return moved();
  };
  expect(look(5_000)).toBe(false);
  addresses = "wlan0 192.168.1.20";
  expect([look(5_000), look(5_000)]).toEqual([true, false]);
  expect([look(3_600_000), look(5_000)]).toEqual([true, false]);
});
