import { Resolver } from "node:dns/promises";
import { namesThrough, systemNames } from "../../../failover/adapters/names";
import { directReach, reachThrough } from "../../../failover/adapters/reach";
import { QuestionError } from "../../../failover/answer";
import type { Names, Reach } from "../../../failover/ports";
import type { PublicInternet } from "../ports";

/** A chain that is longer is none that a resolver follows. */
const LONGEST_CHAIN = 8;

/** This machine's resolver and trusted authorities. */
export const publicInternet: PublicInternet = {
  ...throughReach(directReach, systemNames),
  async delegation(name, signal) {
    const resolver = new Resolver({ tries: 2, timeout: 1_000 });
    const cancel = () => resolver.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      return await resolver.resolveNs(name);
    } catch (error) {
      const { code = "failed" } = error as NodeJS.ErrnoException;
      if (code === "ENODATA" || code === "ENOTFOUND") return [];
      throw new QuestionError("name servers fail", `NS ${name}: expected an answer; got ${code}; try again`);
    } finally {
      signal.removeEventListener("abort", cancel);
    }
  },
};

/** A drill's names and hosts; nobody delegates its zone to it. */
export function internetThrough(endpoint: string): PublicInternet {
  return {
    ...throughReach(reachThrough(endpoint), namesThrough(endpoint)),
    delegation: async (name) => {
      throw new QuestionError(
        "not asked",
        `NS ${name}: an endpoint on this machine has no parent zone; leave --endpoint out for AWS`,
      );
    },
  };
}

function throughReach(reach: Reach, names: Names): Pick<PublicInternet, "json" | "aliases"> {
  return {
    async json(url, signal) {
      const { host, pathname } = new URL(url);
      const { status, body } = await reach.get(host, pathname, signal);
      if (status !== 200)
        throw new QuestionError(`status ${status}`, `GET ${url}: expected status 200; got ${status}`, true);
      try {
        return JSON.parse(body);
      } catch {
        throw new QuestionError(
          "no JSON",
          `GET ${url}: expected JSON; got ${body.length} bytes of something else`,
          true,
        );
      }
    },
    async aliases(host, signal) {
      const found: string[] = [];
      let name: string | undefined = host;
      while (name !== undefined && found.length < LONGEST_CHAIN) {
        [name] = await names.lookUp(name, "CNAME", signal);
        if (name !== undefined) found.push(name);
      }
      return found;
    },
  };
}
