import { expect, test } from "vitest";
import { isHere } from "#bridge/here.ts";

test("[T37] an address that means whoever dials it is told from one that leads to a server of others", () => {
  for (const here of [
    "http://127.0.0.1:20107",
    "http://127.1.2.3:80",
    "http://localhost:9",
    "https://app.localhost",
    "http://[::1]:5",
    "http://0.0.0.0:5",
    "http://LOCALHOST:1",
  ])
    expect([here, isHere(here)]).toEqual([here, true]);
  for (const there of [
    "http://192.168.1.5:20107",
    "https://sync.example.org",
    "http://[fd00::2]:5",
    "https://127.0.0.1.example.org",
    "https://localhost.example.org",
    "http://12.7.0.1",
  ])
    expect([there, isHere(there)]).toEqual([there, false]);
});
