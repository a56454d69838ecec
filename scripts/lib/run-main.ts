import { complain, describeFailure } from "./output";

/** Runs a program's body; a failure is said in words and becomes exit code 1. */
export function runMain(main: () => Promise<number>): void {
  main().then(
    (code) => process.exit(code),
    (error: unknown) => {
      complain(`\n${describeFailure(error)}`);
      process.exit(1);
    },
  );
}
