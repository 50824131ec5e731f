import { createInterface } from "node:readline";
import type { Clock, Person } from "../ports";

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  date: () => new Date().toISOString(),
  sleep: (durationMs, signal) =>
    new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, durationMs);
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
    }),
};

/** Whoever sits at this process's terminal: results to stdout, questions and progress to stderr. */
export const personAtTerminal: Person = {
  isPresent: process.stdin.isTTY === true,
  ask: (question) =>
    new Promise((resolve) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      lines.once("SIGINT", () => lines.close());
      const giveUp = () => {
        process.stderr.write("\n");
        resolve("");
      };
      lines.once("close", giveUp);
      lines.question(question, (answer) => {
        lines.off("close", giveUp);
        lines.close();
        resolve(answer);
      });
    }),
  show: (text) => void process.stdout.write(text),
  tell: (text) => void process.stderr.write(text),
};
