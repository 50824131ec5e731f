import type { SettingsInput } from "../settings";
import { example } from "./example";
import { production } from "./production";
import { sandbox } from "./sandbox";

/** Every deployment by the name that the `DEPLOYMENT` environment variable picks. */
export const DEPLOYMENTS: Readonly<Record<string, SettingsInput>> = { example, production, sandbox };
