import type { SettingsInput } from "../settings";
import { example } from "./example";

/** The whole system in an AWS emulator on this machine: state in local files, and nothing protected from removal. */
export const sandbox: SettingsInput = {
  ...example,
  environment: "sandbox",
  backend: { type: "local" },
  tags: { Service: "checkout", Owner: "sandbox" },
  protectData: false,
  emulator: true,
};
