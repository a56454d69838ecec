import type { EngineContext } from "@/inngest/embedded/engine-context";
import type { CronTrigger, FunctionDefinition } from "@/inngest/embedded/function-definition";

/** Fires functions at their times. Ticks that passed unseen are not made up for, but for the latest one. */
export interface CronSchedule {
  /** Replaces whatever was armed before. */
  arm(definitions: readonly FunctionDefinition[]): void;
  disarm(): void;
}

interface Dependencies {
  context: EngineContext;
  /** True for exactly one of the processes that ask for the same firing. */
  claim(functionId: string, scheduledAt: Date): Promise<boolean>;
  fire(definition: FunctionDefinition, trigger: CronTrigger, scheduledAt: Date): void;
}

// Timers count the time a machine is awake; looking at the clock this often heals sleep and clock jumps.
const LONGEST_NAP_MS = 30_000;
const FIRST_CLAIM_RETRY_MS = 1_000;

export function createCronSchedule({ context, claim, fire }: Dependencies): CronSchedule {
  const { clock, timers, onError } = context;
  const cancels = new Set<() => void>();
  let armed = 0;

  function after(milliseconds: number, action: () => void): void {
    const cancel = timers.after(milliseconds, () => {
      cancels.delete(cancel);
      action();
    });
    cancels.add(cancel);
  }

  function armTrigger(definition: FunctionDefinition, trigger: CronTrigger): void {
    const generation = armed;

    function nap(expected: Date | null): void {
      if (!expected || generation !== armed) return;
      const remaining = expected.getTime() - clock.now().getTime();
      after(Math.min(LONGEST_NAP_MS, Math.max(0, remaining)), () => wake(expected));
    }

    function wake(expected: Date): void {
      const now = clock.now();
      const next = trigger.cron.nextRun(now);
      if (now < expected) {
        // A clock set back makes an earlier tick the next one.
        nap(next && next < expected ? next : expected);
        return;
      }
      const [latest] = trigger.cron.previousRuns(1, new Date(now.getTime() + 1_000));
      void claimAndFire(
        latest && latest > expected && latest <= now ? latest : expected,
        FIRST_CLAIM_RETRY_MS,
      );
      nap(next);
    }

    async function claimAndFire(scheduledAt: Date, retryMs: number): Promise<void> {
      try {
        if (!(await claim(definition.id, scheduledAt)) || generation !== armed) return;
        if (trigger.jitterMs > 0) {
          after(Math.random() * trigger.jitterMs, () => fire(definition, trigger, scheduledAt));
        } else fire(definition, trigger, scheduledAt);
      } catch (error) {
        onError(error, { functionId: definition.id });
        const next = trigger.cron.nextRun(clock.now());
        const retryAt = clock.now().getTime() + retryMs;
        if (generation !== armed || (next && retryAt >= next.getTime())) return;
        after(retryMs, () => void claimAndFire(scheduledAt, retryMs * 2));
      }
    }

    nap(trigger.cron.nextRun(clock.now()));
  }

  function disarm(): void {
    armed++;
    for (const cancel of cancels) cancel();
    cancels.clear();
  }

  return {
    arm(definitions) {
      disarm();
      for (const definition of definitions) {
        for (const trigger of definition.cronTriggers) armTrigger(definition, trigger);
      }
    },
    disarm,
  };
}
