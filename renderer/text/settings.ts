/** Words of the settings page. */
import { countWords, numberWords } from "./common.ts";
import { words } from "./words.ts";

export const settingsWords = words("settings.settingsWords", {
  title: "Settings",
  you: "You",
  name: "Your name",
  saveName: "Save name",
  nameSaved: ({ told, waiting }: { told: number; waiting: number }) =>
    waiting > 0
      ? "Name saved. Teammates see it once their server is reached."
      : told > 0
        ? "Name changed. Teammates see it now."
        : "Name saved",
  device: "This device",
  inWorkspace: (name: string) => `In ${name}`,
  keys: "Device key",
  keychain: "In the system keychain",
  file: "In a file that only you can read",
  shell: "Window",
  version: "Version",
  models: "Models",
  modelsWhy:
    "A model is what answers in your threads. What you write goes to it with the thread around it. Where that is, is said here and beside each message.",
  noModels: "No model yet. Without one you can still call tools with /.",
  detected: "Programs found on this computer",
  detect: "Look again",
  noneDetected: "No model server answers on this computer. Ollama and LM Studio are found when they run.",
  detectedWhy:
    "They answer on this computer, and may pass on what they are sent. Models that are known to run somewhere else say so.",
  use: (model: string) => `Use ${model}`,
  useThrough: (model: string, to: string) => `Use ${model}, which runs at ${to}`,
  addModel: "Add model",
  addTitle: "Add a model",
  provider: "Provider",
  providers: {
    openai: "OpenAI",
    anthropic: "Anthropic",
    "openai-compatible": "OpenAI-compatible endpoint",
    ollama: "Ollama",
    "lm-studio": "LM Studio",
  },
  modelName: "Name",
  modelNameHelp: "As it shows in the composer.",
  modelId: "Model",
  baseUrl: "Base URL",
  baseUrlHelp: "For example https://llm.example.com/v1",
  key: "API key",
  keyHelp: "Kept by this computer's keychain where there is one. Never synced.",
  keyOptional: "Leave empty when the endpoint needs none.",
  add: "Add model",
  needed: "This is needed.",
  test: "Test",
  testOk: (name: string) => `${name} answered`,
  isDefault: "Default",
  setDefault: "Make default",
  defaultAlready: "New threads have it already.",
  removeModel: "Remove model",
  removeModelTitle: (name: string) => `Remove ${name}?`,
  removeModelWhy:
    "Its key is deleted from this computer. Threads that used it keep their messages and have no model until you choose one.",
  removeDefaultWhy: "It is the default: new threads have no model until you make another one the default.",
  runsHere: "It runs on this computer",
  runsHereVerb: "Say that it runs here",
  runsHereNot: "It may run somewhere else",
  runsHereTitle: (name: string) => `Does ${name} run on this computer?`,
  runsHereWhy: (host: string) =>
    `Bulkhead sends the text to the program at ${host} and cannot see whether that passes it on. If you say that it runs here, the mark beside each message repeats it as your word.`,
  newThreads: (name: string) => `New threads use ${name}; those that have sent something keep their model`,
  hasKey: "key set",
  modelActions: (name: string) => `Actions for ${name}`,
  appearance: "Appearance",
  theme: "Theme",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  takeBack: "Take a vote back for 5 seconds",
  takeBackWhy: "A vote is signed after them. Until then nothing of it has left this computer.",
  notifications: "Notifications",
  notify: "Notify me when a card waits",
  notifyWhy: "It names who asks, the tool and its server, and never the arguments: a locked screen shows none.",
  workspace: "Workspace",
  server: "Server",
  offline: "Work offline",
  offlineWhy: "As if the plug were pulled. Threads, search and ungated tools work; calls that must ask are queued.",
  checkpoint: "Checkpoint",
  checkpointWhy:
    "A signed state of the workspace's log. A new device begins there, and verifies what lies behind it afterwards. An Owner's app signs one by itself every 1,000 entries.",
  noCheckpoint: "None yet",
  signedBy: (name: string) => `Signed by ${name}`,
  entriesSince: (count: number, signed: boolean) =>
    `${countWords(count, "entry", "entries")} ${signed ? "since" : "in the log"}`,
  behind: (have: number, of: number) =>
    `This computer began with a checkpoint and has verified ${numberWords(have)} of ${numberWords(of)} entries behind it.`,
  signCheckpoint: "Sign a checkpoint",
  checkpointSigned: "Checkpoint signed",
  reconnect: "Reconnect now",
  forget: "Forget this workspace",
  forgetTitle: (name: string) => `Forget ${name} on this computer?`,
  forgetWhy:
    "Its threads are deleted from this computer and cannot be brought back. You stay a member on the server until somebody removes you.",
  keyList: "List of keys",
} as const);
