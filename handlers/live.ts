import type { LiveEnvironment } from "./environment";
import { EnvironmentReader } from "./environment-reader";
import { makeLiveHandler } from "./operations/live";

export const handler = makeLiveHandler(new EnvironmentReader<LiveEnvironment>(process.env).ownRegion());
